"""The JSON envelope of a success: status, success, data, and pagination on lists."""

from typing import Annotated, Any, Generic, TypeVar

import msgspec
from msgspec import UNSET, Struct, UnsetType, field

from sijill.http.query import Paging, Pairs, page_url
from sijill.localized import Localized
from sijill.openapi.keys import key

_encoder = msgspec.json.Encoder()
encode = _encoder.encode
"""Compact JSON in UTF-8; escapes only what JSON demands."""

Status = TypeVar("Status", bound=int)


class Sentence(Struct, Generic[Status], gc=False):
    """The `data` of an answer that only confirms an action."""

    message: Annotated[str, key("جملة ثابتة.", "A fixed sentence.")]
    code: Annotated[Status, key("الحالة أيضًا.", "The status again.")]


class Links(Struct, kw_only=True, gc=False):
    """The pages beside one page."""

    component = "Links"
    words = Localized(
        "عناوين كاملة تحفظ بقية المعاملات، و `page` آخرها.",
        "Absolute addresses that keep the other parameters, `page` last.",
    )

    previous: Annotated[
        str | UnsetType, key("الصفحة السابقة.", "The page before.", format="uri")
    ] = UNSET
    next: Annotated[str | UnsetType, key("الصفحة التالية.", "The page after.", format="uri")] = (
        UNSET
    )


_LINKS = key(
    "الصفحتان المجاورتان؛ وإن لم توجد أي منهما فالقيمة `[]`، وفي الصيغة `observed` هي `{}`.",
    "The pages beside this one; with neither it is `[]`, in the `observed` profile `{}`.",
)


class Pagination(Struct, kw_only=True, gc=False):
    """The numbers of a page. Source: Salla "Pagination"; key order as there."""

    component = "Pagination"
    words = Localized("أرقام صفحات القائمة.", "The numbers of a list's pages.")

    count: Annotated[int, key("عدد العملاء في هذه الصفحة.", "Customers on this page.", ge=0)]
    total: Annotated[int, key("عدد العملاء في كل الصفحات.", "Customers on all pages.", ge=0)]
    per_page: Annotated[
        int, key("أكبر عدد في الصفحة.", "Customers a page holds at most.", ge=1)
    ] = field(name="perPage")
    current_page: Annotated[int, key("رقم هذه الصفحة.", "This page's number.", ge=1)] = field(
        name="currentPage"
    )
    total_pages: Annotated[
        int, key("عدد الصفحات؛ 1 على الأقل.", "Pages in all; at least 1.", ge=1)
    ] = field(name="totalPages")
    links: Annotated[Links | Annotated[list[Any], key(maxItems=0)], _LINKS]


def success(data: Any, status: int = 200) -> bytes:
    """Return the bytes of an answer that holds `data`."""
    return encode({"status": status, "success": True, "data": data})


def listing(data: list[Any], pagination: Pagination) -> bytes:
    """Return the bytes of a page of a list."""
    return encode({"status": 200, "success": True, "data": data, "pagination": pagination})


def pagination(
    *, count: int, total: int, paging: Paging, address: str, pairs: Pairs, no_links: Any
) -> Pagination:
    """Return the pagination object; `address` is the list's absolute URL without its query."""
    page, pages = paging.page, max(1, -(-total // paging.per_page))
    links = Links(
        previous=page_url(address, pairs, page - 1) if page > 1 else UNSET,
        next=page_url(address, pairs, page + 1) if page < pages else UNSET,
    )
    return Pagination(
        count=count,
        total=total,
        per_page=paging.per_page,
        current_page=page,
        total_pages=pages,
        links=links if page > 1 or page < pages else no_links,
    )
