"""
What a customer is found by, and what a keyword asks for: folded terms on both sides.

A customer is found when every term of the keyword begins one of the customer's own. Terms are
letters and digits alone, so that no database needs to take texts apart, and none can do it its way.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import islice, pairwise
from typing import Protocol

LENGTH = 64
"""Characters of a term that count, in a customer and in a keyword alike."""

MOST = 8
"""Terms of a keyword that count: each one more is one more walk through an index."""

_LETTERS = {"ٱ": "ا", "ى": "ي", "ی": "ي", "ة": "ه", "ک": "ك", "ـ": ""}
"""Letters written for one another. The other forms of alef, waw and yeh come apart by NFKD."""

_WORD = re.compile(r"[^\W_]+")


class Findable(Protocol):
    """What is looked at to find a customer; see `domain.customers.Customer`."""

    @property
    def first_name(self) -> str: ...
    @property
    def last_name(self) -> str: ...
    @property
    def mobile(self) -> int | None: ...
    @property
    def mobile_code(self) -> str: ...
    @property
    def email(self) -> str: ...


def fold(text: str) -> str:
    """
    Return a text as it is compared, whoever wrote it: `أحمد` and `احمد`, `٠٥` and `05` are alike.

    Case, diacritics, tatweel, invisible marks and compatibility forms are gone, digits of any
    script are ASCII, forms of alef, waw, yeh and teh marbuta are one. Folded again it is the same.
    Source: Unicode Standard Annex #15, NFKD; Unicode chapter 9.2, "Arabic".
    """
    return text.lower() if text.isascii() else "".join(map(_fold, text))


def terms_of(customer: Findable) -> tuple[str, ...]:
    """
    Return the terms a customer is found by, in order, without those that begin another.

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
    Return the terms a keyword asks for, MOST at most; none where it has no letter and no digit.

    A keyword of digits, however spaced, is one number; `00` before it is as `+`. A part with `@` is
    one term, as an address is; in any other part what is no letter and no digit separates.
    """
    folded = fold(keyword)
    parts = [folded] if _term(folded).isdecimal() else folded.split()
    terms = dict.fromkeys(term for part in parts for term in _asked(part))
    return _sparse(islice(terms, MOST))


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
    for part in text.split():
        yield from map(_term, _WORD.findall(part))
        yield _term(part)
    yield _term(text)


def _asked(part: str) -> list[str]:
    term = _term(part)
    if "@" in part or term.isdecimal():
        return [term]
    return [_term(word) for word in _WORD.findall(part)]


def _numbers(customer: Findable) -> tuple[str, ...]:
    if customer.mobile is None:
        return ()
    national = str(customer.mobile)
    return (national, f"0{national}", f"{customer.mobile_code}{national}")


def _term(text: str) -> str:
    """Return the letters and digits of a folded text; a number without `00` before it."""
    term = "".join(filter(str.isalnum, text))[:LENGTH]
    return term.removeprefix("00") if term.isdecimal() else term


def _sparse(terms: Iterable[str]) -> tuple[str, ...]:
    """Return the terms without those that begin another: whatever asks or finds one does both."""
    ordered = sorted({*terms} - {""})
    return tuple(term for term, after in pairwise([*ordered, ""]) if not after.startswith(term))
