"""The pagination of a list, as every noun that is listed has it."""

from typing import Any

from sijill.http.envelope import pagination
from sijill.http.parts import Parts
from sijill.http.query import Paging, Pairs
from sijill.http.request import Request
from sijill.stores.profiles import PROFILES


def numbers_of(
    request: Request,
    parts: Parts,
    pairs: Pairs,
    paging: Paging,
    *,
    count: int,
    total: int,
    no_links: Any = None,
) -> dict[str, Any]:
    """
    Return the pagination object of a page of `count` rows out of `total`.

    `no_links` stands for empty links; where it is None, the store's profile says.
    """
    if no_links is None:
        no_links = PROFILES[request.grant.store.profile].no_links
    return pagination(
        count=count,
        total=total,
        paging=paging,
        address=parts.public_url() + request.path.decode("latin-1"),
        pairs=pairs,
        no_links=no_links,
    )
