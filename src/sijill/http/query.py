"""Parse query strings, in every spelling that real clients use."""

import re
from collections.abc import Collection, Sequence
from typing import NamedTuple
from urllib.parse import parse_qsl, urlencode

from sijill.errors import Invalid
from sijill.fields.doors import body_id
from sijill.values.texts import is_blank, trimmed

Pairs = Sequence[tuple[str, str]]

DEFAULT_PER_PAGE, MAX_PER_PAGE = 15, 60
MAX_PAGE = 2**31 - 1
MAX_FIELDS = 64

_FIELDS_KEY = re.compile(r"fields(\[[0-9]*\])?", re.ASCII)
_LEADING_DIGITS = re.compile(r"[0-9]+", re.ASCII)
_ID = re.compile(r"[1-9][0-9]{0,18}", re.ASCII)


def parse_query(query: bytes) -> Pairs:
    """Return the decoded pairs of a query string, in order; malformed UTF-8 is replaced."""
    text = query.decode("latin-1")
    return parse_qsl(text, keep_blank_values=True, errors="replace") if text else ()


def parse_id(segment: str) -> int | None:
    """Return the id in a path segment, or None if it is not ASCII `[1-9][0-9]*` within 63 bits."""
    if _ID.fullmatch(segment) is None:
        return None
    number = int(segment)
    return number if number < 2**63 else None


def parse_fields(pairs: Pairs, known: Collection[str]) -> frozenset[str]:
    """
    Return the extra fields of `fields[]`, `fields[N]` or `fields`, comma-separated or not.

    Unknown names are ignored, a repeated one counts once, at most 64 are read.
    """
    values = [value for key, value in pairs if _FIELDS_KEY.fullmatch(key)]
    names = [trimmed(name) for value in values for name in value.split(",")]
    return frozenset(name for name in names[:MAX_FIELDS] if name in known)


class Paging(NamedTuple):
    """The number of a page, from 1, and its most rows."""

    page: int
    per_page: int

    @property
    def offset(self) -> int:
        """Rows before this page."""
        return (self.page - 1) * self.per_page


def parse_paging(pairs: Pairs, default: int = DEFAULT_PER_PAGE) -> Paging:
    """
    Return the page that a query names. It is never refused: leading digits or the default count.

    Source: Salla "Pagination", whose own sample sends `page=2?per_page=40`.
    """
    page = _leading_number(last(pairs, "page"), default=1)
    per_page = _leading_number(last(pairs, "per_page"), default=default)
    return Paging(min(page, MAX_PAGE), min(per_page, MAX_PER_PAGE))


def parse_customer_id(pairs: Pairs) -> int:
    """
    Return the parameter `customer_id`.

    Raises: Invalid if it is missing or malformed.
    """
    text = last(pairs, "customer_id")
    customer_id = body_id(text)
    if customer_id is None:
        raise Invalid({"customer_id": ["required" if is_blank(text) else "integer"]})
    return customer_id


def page_url(address: str, pairs: Pairs, page: int) -> str:
    """Return the absolute URL of another page, with the other parameters and `page` last."""
    others = [(key, value) for key, value in pairs if key != "page"]
    return f"{address}?{urlencode([*others, ('page', str(page))])}"


def last(pairs: Pairs, name: str) -> str | None:
    """Return a parameter's value; the last of several counts, as in PHP."""
    return next((value for key, value in reversed(pairs) if key == name), None)


def _leading_number(text: str | None, default: int) -> int:
    match = _LEADING_DIGITS.match(text or "")
    if match is None:
        return default
    return int(match[0].lstrip("0")[:12] or 0) or default
