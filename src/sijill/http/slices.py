"""Pages of lists that are the same for everybody and are held in memory."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sijill.http.paging import numbers_of
from sijill.http.parts import Parts
from sijill.http.query import parse_paging, parse_query
from sijill.http.request import Request


class Slice(NamedTuple):
    """One page: its rows, and the pagination object that stands beside them."""

    rows: Sequence[Any]
    pagination: dict[str, Any]


def slice_of(rows: Sequence[Any], request: Request, parts: Parts, no_links: Any = None) -> Slice:
    """Return the page that a request asks for; past the end it is empty. See `numbers_of`."""
    pairs = parse_query(request.query)
    paging = parse_paging(pairs)
    some = rows[paging.offset : paging.offset + paging.per_page]
    numbers = numbers_of(
        request, parts, pairs, paging, count=len(some), total=len(rows), no_links=no_links
    )
    return Slice(some, numbers)
