"""The place in an address behind which a page of a list begins: a moment and an id, `17.evt_1`."""

import re
from urllib.parse import urlencode

from sijill.http.query import parse_id, parse_query

AFTER = "after"

_PLACE = re.compile(r"([0-9]{1,19})\.([0-9a-z_]{1,60})", re.ASCII)


def place_in(query: bytes) -> tuple[int, str] | None:
    """
    Return the place that a query names: microseconds of the UTC epoch, and the text of an id.

    None, which is the first page, for a query without a place or with another text.
    """
    match = _PLACE.fullmatch(dict(parse_query(query)).get(AFTER, ""))
    return (int(match[1]), match[2]) if match and int(match[1]) < 2**63 else None


def numbered_place_in(query: bytes) -> tuple[int, int] | None:
    """Return the same of a list whose ids are numbers."""
    at, text = place_in(query) or (0, "")
    number = parse_id(text)
    return None if number is None else (at, number)


def query_of_place(place: tuple[int, int | str] | None, **tab: str) -> str:
    """Return the query of the page behind a place, `?` included; "" for the first page of all."""
    pairs = tab | ({} if place is None else {AFTER: f"{place[0]}.{place[1]}"})
    return f"?{urlencode(pairs)}" if pairs else ""
