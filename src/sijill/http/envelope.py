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
    code: Annotated[Status, key("رقم الحالة أيضًا.", "The status again.")]


class Links(Struct, kw_only=True, gc=False):
    """The pages beside one page."""

    component = "Links"
    words = Localized(
        "عناوين كاملة فيها بقية معاملات الطلب، و `page` في آخرها.",
        "Absolute URLs with the other parameters of the request, `page` last.",
    )

    previous: Annotated[
        str | UnsetType, key("الصفحة السابقة.", "The previous page.", format="uri")
    ] = UNSET
    next: Annotated[str | UnsetType, key("الصفحة التالية.", "The next page.", format="uri")] = UNSET


_LINKS = key(
    "الصفحة السابقة والتالية؛ وإن لم توجدا فالقيمة `[]`، وهي `{}` في الصيغة `observed`.",
    "The previous and the next page; without either, `[]`, in the `observed` profile `{}`.",
)


class Pagination(Struct, kw_only=True, gc=False):
    """The numbers of a page. Source: Salla "Pagination"; key order as there."""

    component = "Pagination"
    words = Localized("موضع الصفحة في القائمة.", "The position of a page in a list.")

    count: Annotated[
        int, key("عدد العملاء في هذه الصفحة.", "The number of customers on this page.", ge=0)
    ]
    total: Annotated[
        int, key("عدد العملاء في كل الصفحات.", "The number of customers on all pages.", ge=0)
    ]
    per_page: Annotated[
        int,
        key("أكبر عدد من العملاء في الصفحة.", "The largest number of customers on a page.", ge=1),
    ] = field(name="perPage")
    current_page: Annotated[int, key("رقم هذه الصفحة.", "The number of this page.", ge=1)] = field(
        name="currentPage"
    )
    total_pages: Annotated[
        int, key("عدد الصفحات؛ 1 على الأقل.", "The number of pages, at least 1.", ge=1)
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
