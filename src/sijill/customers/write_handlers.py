"""Create, Update and Delete Customer."""

from sijill.customers import preconditions
from sijill.customers.fields import read_customer, written
from sijill.customers.model import Customer, Edit
from sijill.customers.wire import body
from sijill.errors import Invalid, NotFound, Taken
from sijill.http.caching import with_tag
from sijill.http.envelope import success
from sijill.http.idempotency import once_of
from sijill.http.languages import DELETED
from sijill.http.parts import Parts
from sijill.http.request import Request, Response, json_response
from sijill.http.writes import fields_of, now_of

_NAMED = {"mobile", "email"}
"""What another customer may have already and a body names; all else is the id."""


async def create(request: Request, parts: Parts) -> Response:
    """
    Make a customer and answer with it; one whose groups are not named joins the default group.

    Raises: BadRequest; Invalid naming every faulty field, a taken mobile or e-mail among them.
    Source: Salla "Create Customer", POST /customers.
    """
    fields = await fields_of(request)
    values = read_customer(fields, new=True)
    now = now_of(parts)
    once = once_of(request, fields, now)
    store = request.grant.store
    if "groups" not in values:
        values["groups"] = ((await parts.groups.find_group(store.id)).id,)
    edit = Edit(None, lambda _: written(None, values, now), values["groups"])
    (outcome,) = await parts.customers.change(store.id, [edit], once=once)
    if outcome.refused is not None:
        raise taken(outcome.refused)
    customer = await parts.customers.find(store.id, outcome.customer_id)
    return with_tag(success(body(customer, store)), again=outcome.replayed)


async def update(request: Request, parts: Parts) -> Response:
    """
    Change what the body names, leave the rest, and answer with the customer.

    Raises: NotFound; PreconditionFailed; BadRequest; Invalid as for create.
    Source: Salla "Update Customer", PUT /customers/{customer}.
    """
    customer_id, store = request.found_id, request.grant.store
    preconditions.check(request, await parts.customers.find(store.id, customer_id), store)
    values = read_customer(await fields_of(request), new=False)
    now = now_of(parts)

    def decide(old: Customer | None) -> Customer:
        if old is None:
            raise NotFound
        preconditions.check(request, old, store)  # it may have changed since it was found
        return written(old, values, now)

    edit = Edit(customer_id, decide, values.get("groups"))
    (outcome,) = await parts.customers.change(store.id, [edit])
    if outcome.refused is not None:
        raise taken(outcome.refused)
    customer = await parts.customers.find(store.id, customer_id)
    return with_tag(success(body(customer, store)))


async def delete(request: Request, parts: Parts) -> Response:
    """
    Forget a customer; its id is never given again.

    Raises: NotFound; PreconditionFailed. Source: Salla "Delete Customer".
    """
    customer_id, store = request.found_id, request.grant.store

    def permit(customer: Customer) -> None:
        preconditions.check(request, customer, store)

    await parts.customers.delete(store.id, customer_id, now_of(parts), permit)
    return json_response(success([DELETED[request.language]]))


def taken(refused: Taken) -> Invalid:
    """Return the refusal of a mobile and an e-mail that others have."""
    return Invalid({name if name in _NAMED else "id": ["taken"] for name in refused.fields})
