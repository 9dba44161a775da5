"""Customer Details and List Customers."""

from msgspec.structs import replace

from sijill.customers import preconditions
from sijill.customers.wire import EXTRAS, LIST_EXTRAS, body
from sijill.http.caching import tagged
from sijill.http.envelope import listing, success
from sijill.http.paging import numbers_of
from sijill.http.parts import Parts
from sijill.http.query import (
    parse_dates,
    parse_fields,
    parse_keyword,
    parse_paging,
    parse_query,
)
from sijill.http.request import Request, Response


async def details(request: Request, parts: Parts) -> Response:
    """
    Answer with one customer of the token's store.

    Raises: NotFound for an id that is none, is unknown, or is another store's: all alike;
    PreconditionFailed for an `If-Match` that does not hold.
    Source: Salla "Customer Details", GET /customers/{customer}.
    """
    customer_id = request.found_id
    fields = parse_fields(parse_query(request.query), EXTRAS) if request.query else frozenset()
    store = request.grant.store
    customer = await parts.customers.find(store.id, customer_id, extras=bool(fields))
    preconditions.check(request, customer, store)
    return tagged(request, success(body(customer, store, fields)))


async def list_customers(request: Request, parts: Parts) -> Response:
    """
    Answer with a page of the store's customers, newest first; past the end it is empty.

    Raises: Invalid for a `date_from` or `date_to` that is no date.
    Source: Salla "List Customers", GET /customers.
    """
    store = request.grant.store
    pairs = parse_query(request.query)
    fields = parse_fields(pairs, LIST_EXTRAS)
    paging = parse_paging(pairs)
    which = replace(parse_dates(pairs, store.timezone), terms=parse_keyword(pairs))
    page = await parts.customers.page(
        store.id, which, offset=paging.offset, limit=paging.per_page, extras=bool(fields)
    )
    count, total = len(page.customers), page.total
    numbers = numbers_of(request, parts, pairs, paging, count=count, total=total)
    return tagged(request, listing([body(one, store, fields) for one in page.customers], numbers))
