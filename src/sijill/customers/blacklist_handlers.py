"""Ban and Un-Ban Customer."""

from collections.abc import Callable
from datetime import datetime

from sijill.customers import preconditions
from sijill.customers.blacklist import banned, unbanned
from sijill.customers.blacklist_wire import BANNED, UNBANNED, read_reason, told
from sijill.customers.model import Customer, Edit
from sijill.errors import NotFound
from sijill.http.parts import Parts
from sijill.http.request import Request, Response, json_response
from sijill.http.writes import fields_of, now_of


async def ban(request: Request, parts: Parts) -> Response:
    """
    Ban a customer for a reason; of one who is banned, change the reason.

    Raises: NotFound; PreconditionFailed; BadRequest; Invalid naming the reason.
    Source: Salla "Ban Customer", PUT /customers/blacklist/{customer}.
    """
    customer_id, store = request.found_id, request.grant.store
    preconditions.check(request, await parts.customers.find(store.id, customer_id), store)
    reason = read_reason(await fields_of(request))
    await _change(request, parts, lambda old, now: banned(old, reason, now))
    return json_response(told(BANNED, 201), 201)


async def unban(request: Request, parts: Parts) -> Response:
    """
    End a customer's ban; one who is not banned is left as it is, and answered alike.

    Raises: NotFound; PreconditionFailed.
    Source: Salla "Un-Ban Customer", DELETE /customers/blacklist/{customer}.
    """
    await _change(request, parts, unbanned)
    return json_response(told(UNBANNED, 202), 202)


async def _change(
    request: Request, parts: Parts, decide: Callable[[Customer, datetime], Customer]
) -> None:
    customer_id, store, now = request.found_id, request.grant.store, now_of(parts)

    def changed(old: Customer | None) -> Customer:
        if old is None:
            raise NotFound
        preconditions.check(request, old, store)
        return decide(old, now)

    await parts.customers.change(store.id, [Edit(customer_id, changed)])
