"""The envelope of a success: status, success, data, and pagination on lists."""

from typing import Any

import msgspec

from sijill.http.query import Paging, Pairs, page_url

_encoder = msgspec.json.Encoder()
encode = _encoder.encode
"""Compact JSON in UTF-8: nothing beyond what JSON demands is escaped."""


def success(data: Any, status: int = 200) -> bytes:
    """Return the bytes of an answer that holds `data`."""
    return encode({"status": status, "success": True, "data": data})


def listing(data: list[Any], pagination: dict[str, Any]) -> bytes:
    """Return the bytes of a page of a list."""
    return encode({"status": 200, "success": True, "data": data, "pagination": pagination})


def pagination(
    *, count: int, total: int, paging: Paging, address: str, pairs: Pairs, no_links: Any
) -> dict[str, Any]:
    """
    Return the pagination object; `address` is the list's absolute URL without its query.

    Source: Salla "Pagination"; key order as there.
    """
    pages = max(1, -(-total // paging.per_page))
    links = {}
    if paging.page > 1:
        links["previous"] = page_url(address, pairs, paging.page - 1)
    if paging.page < pages:
        links["next"] = page_url(address, pairs, paging.page + 1)
    return {
        "count": count,
        "total": total,
        "perPage": paging.per_page,
        "currentPage": paging.page,
        "totalPages": pages,
        "links": links or no_links,
    }
