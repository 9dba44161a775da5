"""Customer Loyalty Points: the ledger of one customer, and changes for many."""

from sijill.errors import Invalid, NotFound
from sijill.http.caching import tagged
from sijill.http.envelope import listing, success
from sijill.http.idempotency import once_of, replayed
from sijill.http.languages import POINTS_UPDATED
from sijill.http.paging import numbers_of
from sijill.http.parts import Parts
from sijill.http.query import parse_customer_id, parse_paging, parse_query
from sijill.http.request import Request, Response, json_response
from sijill.http.writes import fields_of, now_of
from sijill.ledgers.loyalty import PointsRefused
from sijill.ledgers.loyalty_wire import item, read_change, refusal_of

PER_PAGE = 30
"""Lines of a ledger on a page. Source: Salla's sample."""


async def list_points(request: Request, parts: Parts) -> Response:
    """
    Answer with a page of a customer's ledger, newest first; past the end it is empty.

    Raises: Invalid if `customer_id` is missing, or names no customer of the store.
    Source: Salla "Customer Loyalty Points", GET /customers/loyalty/points.
    """
    store = request.grant.store
    pairs = parse_query(request.query)
    customer_id, paging = parse_customer_id(pairs), parse_paging(pairs, PER_PAGE)
    try:
        page = await parts.loyalty.points_page(
            store.id, customer_id, offset=paging.offset, limit=paging.per_page
        )
    except NotFound:
        raise Invalid({"customer_id": ["invalid"]}) from None
    count, total = len(page.entries), page.total
    numbers = numbers_of(request, parts, pairs, paging, count=count, total=total)
    return tagged(request, listing([item(entry, store) for entry in page.entries], numbers))


async def change_points(request: Request, parts: Parts) -> Response:
    """
    Give points to customers, take them, or set them to zero: to all of them or to none.

    Raises: BadRequest; Invalid, naming by its place each customer who has too few or is none.
    Source: Salla "Update Customer Loyalty Points", POST /customers/loyalty/points.
    """
    now = now_of(parts)
    fields = await fields_of(request)
    change, customers = read_change(fields, request.grant.app_id, now)
    once = once_of(request, fields, now)
    store_id = request.grant.store.id
    try:
        again = await parts.loyalty.change_points(store_id, change, customers, once=once)
    except PointsRefused as refused:
        raise refusal_of(refused, customers) from None
    done = {"code": 201, "message": POINTS_UPDATED[request.language]}
    answer = json_response(success(done, 201), 201)
    return replayed(answer) if again else answer
