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
from itertools import islice, pairwise

from sijill.customers.model import Customer
from sijill.database.sql import Dialect

LENGTH = 64
"""Characters of a term that count, in customers and keywords alike."""

MAX_TERMS = 8
"""Terms of a keyword that count: each more is one more walk through an index."""

_LETTERS = {"ٱ": "ا", "ى": "ي", "ی": "ي", "ة": "ه", "ک": "ك", "ـ": ""}
"""Letters written for one another. NFKD takes the other forms of alef, waw and yeh apart."""

_WORD = re.compile(r"[^\W_]+")


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

    The words of both names; the e-mail address, its local part and its host, whole and in parts;
    the mobile in national form, with 0 before it, and with its calling code.
    """
    email = fold(customer.email)
    local, _, host = email.partition("@")
    texts = (fold(customer.first_name), fold(customer.last_name), local, host)
    terms = [spelling for text in texts for spelling in _spellings(text)]
    return _sparse([*terms, _term(email), *_numbers(customer)])


def query_of(keyword: str) -> tuple[str, ...]:
    """
    Return the terms of a keyword, MAX_TERMS at most; () if it has neither letter nor digit.

    A keyword of digits, however spaced, is one number; `00` before it is as `+`. A part with `@` is
    one term, as an address is; other parts are split at each character but letters and digits.
    """
    folded = fold(keyword)
    parts = [folded] if _term(folded).isdecimal() else folded.split()
    terms = dict.fromkeys(term for part in parts for term in _keyword_terms(part))
    return _sparse(islice(terms, MAX_TERMS))


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
