"""A page of a list: its rows and its pagination object."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sijill.http.envelope import Pagination, pagination
from sijill.http.query import Paging, Pairs, parse_paging, parse_query
from sijill.http.request import Request


class Page(NamedTuple):
    """One page: its rows and its pagination object."""

    rows: Sequence[Any]
    pagination: Pagination


def paginate(rows: Sequence[Any], request: Request, base: str, *, no_links: Any) -> Page:
    """Return the page that a request names; past the end it is empty. See `pagination_for`."""
    pairs = parse_query(request.query)
    paging = parse_paging(pairs)
    some = rows[paging.offset : paging.offset + paging.per_page]
    numbers = pagination_for(
        request, base, pairs, paging, count=len(some), total=len(rows), no_links=no_links
    )
    return Page(some, numbers)


def pagination_for(
    request: Request,
    base: str,
    pairs: Pairs,
    paging: Paging,
    *,
    count: int,
    total: int,
    no_links: Any,
) -> Pagination:
    """
    Return the pagination object of a page of `count` rows out of `total`.

    `base` is the server's public URL; `no_links` is the value of empty links in the store's
    profile.
    """
    return pagination(
        count=count,
        total=total,
        paging=paging,
        address=base + request.path.decode("latin-1"),
        pairs=pairs,
        no_links=no_links,
    )
