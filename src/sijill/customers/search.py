"""
The search for customers: folded terms of customers and of keywords, and the index of terms.

A customer is found when every term of the keyword begins one of the customer's own. Terms are
letters and digits alone, so that no database takes texts apart in its own way.
Each term stands in the index behind its store, as `17:ahmed`: one store's terms lie together, and
a search in one store cannot touch another's.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from hashlib import blake2b
from itertools import islice, pairwise

from sijill.customers.model import Customer
from sijill.database.sql import Dialect
from sijill.values.mobiles import parse_mobile
from sijill.values.texts import email_key, parse_email, without_point

LENGTH = 64
"""Characters of a term that count, in customers and keywords alike."""

MAX_TERMS = 8
"""Terms of a keyword that count: each more is one more walk through an index."""

_LETTERS = {"ٱ": "ا", "ى": "ي", "ی": "ي", "ة": "ه", "ۃ": "ه", "ہ": "ه", "ھ": "ه", "ک": "ك"}
_LETTERS |= {"ـ": "", "ı": "i"}
"""Letters written for one another. NFKD takes the other forms of alef, waw and yeh apart."""

_WORD = re.compile(r"[^\W_]+")
_COMPOUND = re.compile(r"(?<!\w)(عبد(?=\s+ال)|ابو|ال)\s+|\s+(?=(?:الله|الدين)(?!\w))")
"""The spaces inside a folded name that many write as one word: `عبد الله`, `نور الدين`."""

_WHOLE_HOST = re.compile(r".+\.\w{2,}")
_CODE_AND_PREFIX = re.compile(r"([1-9][0-9]{0,2})(0|\1)[0-9]{6,}")


def fold(text: str) -> str:
    """
    Return the form of a text that is compared: `أحمد` and `احمد`, `٠٥` and `05` are alike.

    Case, diacritics, tatweel, invisible marks and compatibility forms are gone, digits of any
    script are ASCII, forms of alef, waw, yeh and teh marbuta are one. Idempotent.
    Source: Unicode Standard Annex #15, NFKD; Unicode chapter 9.2, "Arabic".
    """
    return text.lower() if text.isascii() else "".join(map(_fold, text))


def terms_of(customer: Customer) -> tuple[str, ...]:
    """
    Return the terms of a customer, in order, without those that begin another.

    The words of both names, compound ones also as one word; the e-mail address, its local part and
    its host, whole and in parts; the mobile in national form, with 0 before it, and with its
    calling code.
    """
    email = fold(customer.email)
    local, _, host = email.partition("@")
    first, last = fold(customer.first_name), fold(customer.last_name)
    terms = [spelling for text in (first, last, local, host) for spelling in _spellings(text)]
    terms += map(_term, _WORD.findall(_compounded(f"{first} {last}")))
    terms += (_term(email), _address_term(customer.email))
    return _sparse([*terms, *_numbers(customer)])


def query_of(keyword: str) -> tuple[str, ...]:
    """
    Return the terms of a keyword, MAX_TERMS at most; () if it has neither letter nor digit.

    A whole e-mail address finds that address alone. A keyword of digits, however spaced, is one
    number; `00` before it is as `+`. A part with `@` is one term, as an address is; other parts
    are split at each character but letters and digits.
    """
    if address := _whole_address(keyword):
        return (_address_term(address),)
    folded = fold(keyword)
    number = without_point(folded.removeprefix("tel:").strip())
    if _term(number).isdecimal():
        return _sparse([_number_term(number)])
    terms = dict.fromkeys(t for part in _compounded(folded).split() for t in _keyword_terms(part))
    return _sparse(islice(terms, MAX_TERMS))


def _whole_address(keyword: str) -> str | None:
    """Return the address that a keyword is, with a host that cannot be the beginning of one."""
    if "@" not in keyword:
        return None
    try:
        email = parse_email(keyword)
    except ValueError:
        return None
    return email if _WHOLE_HOST.fullmatch(email.rpartition("@")[2]) else None


def _address_term(email: str) -> str:
    """Return the term that all spellings of an address share and no other address has."""
    key = email_key(email)
    return (
        ""
        if key is None
        else "mail" + blake2b(key.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()
    )


def _compounded(text: str) -> str:
    """Return a folded text with its compound names as one word each."""
    return _COMPOUND.sub(r"\1", text)


def _number_term(number: str) -> str:
    """Return the digits of a number, without a zero or the code again behind its calling code."""
    digits = _term(number)
    if _CODE_AND_PREFIX.fullmatch(digits):
        try:
            return "".join(map(str, parse_mobile(f"+{digits}", None)))
        except ValueError:
            pass
    return digits


@lru_cache(8192)
def _fold(character: str) -> str:
    plain = unicodedata.normalize("NFKD", character).casefold()
    return "".join(map(_plain, plain))


def _plain(character: str) -> str:
    category = unicodedata.category(character)
    if category.startswith("M") or category == "Cf":
        return ""
    if category == "Nd":
        return str(unicodedata.decimal(character))
    return _LETTERS.get(character, character)


def _spellings(text: str) -> Iterator[str]:
    """Yield the words of a folded text, its parts between spaces, and all of it, each run on."""
    if text.isalnum():  # one word, as most names are
        yield _term(text)
        return
    for part in text.split():
        yield from map(_term, _WORD.findall(part))
        yield _term(part)
    yield _term(text)


def _keyword_terms(part: str) -> list[str]:
    term = _term(part)
    if "@" in part or term.isdecimal():
        return [term]
    return [_term(word) for word in _WORD.findall(part)]


def _numbers(customer: Customer) -> tuple[str, ...]:
    if customer.mobile is None:
        return ()
    national = str(customer.mobile)
    return (national, f"0{national}", f"{customer.mobile_code}{national}")


def _term(text: str) -> str:
    """Return the letters and digits of a folded text; a number without `00` before it."""
    term = (text if text.isalnum() else "".join(filter(str.isalnum, text)))[:LENGTH]
    return term.removeprefix("00") if term.isdecimal() else term


def _sparse(terms: Iterable[str]) -> tuple[str, ...]:
    """Return the terms without those that begin another: a match of the longer one is enough."""
    ordered = sorted({*terms} - {""})
    return tuple(term for term, after in pairwise([*ordered, ""]) if not after.startswith(term))


def indexed_terms(store_id: int, customer: Customer) -> str:
    """Return the terms of a customer as the index takes them: behind the store, between spaces."""
    return " ".join(f"{store_id}:{term}" for term in terms_of(customer))


def matching(dialect: Dialect, store_id: int, terms: Sequence[str]) -> str:
    """
    Return the argument of `found`: each of the terms, at least one, begins one of a customer's.

    Terms are letters and digits, so nothing in them can end the quotes.
    """
    conjunction, prefix = _FORMS[dialect]
    return conjunction.join(prefix(f"{store_id}:{term}") for term in terms)


_FORMS: dict[Dialect, tuple[str, Callable[[str], str]]] = {
    "sqlite": (" AND ", '"{}" *'.format),
    "postgres": (" & ", "'{}':*".format),
}
"""How each database writes that all must match, and that a term is a beginning."""
