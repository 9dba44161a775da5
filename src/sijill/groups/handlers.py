"""Customer groups: list, create, update, delete, the default group, and who is added to one."""

from typing import Any

from sijill.groups.fields import read_addition, read_features, read_group, regrouped
from sijill.groups.model import Group
from sijill.groups.wire import ADDED, DEFAULT_CHANGED, DELETED, body
from sijill.http.caching import tagged
from sijill.http.envelope import listing, success
from sijill.http.idempotency import once_of, replayed
from sijill.http.paging import numbers_of
from sijill.http.parts import Parts
from sijill.http.query import parse_paging, parse_query
from sijill.http.request import Request, Response, json_response
from sijill.http.writes import fields_of, now_of


async def list_groups(request: Request, parts: Parts) -> Response:
    """
    Answer with a page of the store's groups, by id ascending; past the end it is empty.

    Source: Salla "List Customer Groups", GET /customers/groups.
    """
    store = request.grant.store
    pairs = parse_query(request.query)
    paging = parse_paging(pairs)
    page = await parts.groups.group_page(store.id, offset=paging.offset, limit=paging.per_page)
    count, total = len(page.groups), page.total
    numbers = numbers_of(request, parts, pairs, paging, count=count, total=total)
    return tagged(request, listing([body(group) for group in page.groups], numbers))


async def create(request: Request, parts: Parts) -> Response:
    """
    Make a group and answer with it; its conditions take customers in soon after.

    Raises: BadRequest; Invalid. Source: Salla "Create Customer Group", POST /customers/groups.
    """
    fields = await fields_of(request)
    new = regrouped(Group(0), read_group(fields))
    once = once_of(request, fields, now_of(parts))
    store_id = request.grant.store.id
    done = await parts.groups.create_group(store_id, new, once=once)
    group = await parts.groups.find_group(store_id, done.group_id)
    return _answer(body(group), again=done.replayed)


async def update(request: Request, parts: Parts) -> Response:
    """
    Change what the body names of a group, leave the rest, and answer with it.

    Raises: NotFound; BadRequest; Invalid, also for a new name or conditions of the default group.
    Source: Salla "Update Customer Group", PUT /customers/groups/{group}.
    """
    group_id, store_id = request.found_id, request.grant.store.id
    await parts.groups.find_group(store_id, group_id)
    values = read_group(await fields_of(request))
    await parts.groups.change_group(store_id, group_id, lambda old: regrouped(old, values))
    return _answer(body(await parts.groups.find_group(store_id, group_id)))


async def delete(request: Request, parts: Parts) -> Response:
    """
    Forget a group and who was in it; the customers stay.

    Raises: NotFound; Invalid for the default group.
    Source: Salla "Delete Customer Group", DELETE /customers/groups/{group}.
    """
    await parts.groups.delete_group(request.grant.store.id, request.found_id)
    return _answer(DELETED, 202)


async def update_default(request: Request, parts: Parts) -> Response:
    """
    Change the features of the default group; nothing else of it can change.

    Raises: BadRequest; Invalid.
    Source: Salla "Update Default Customer Group", POST /customers/groups/default.
    """
    fields = await fields_of(request)
    values = {"features": read_features(fields)}
    once = once_of(request, fields, now_of(parts))
    done = await parts.groups.change_group(
        request.grant.store.id, None, lambda old: regrouped(old, values), once=once
    )
    return _answer(DEFAULT_CHANGED, 201, again=done.replayed)


async def add_customers(request: Request, parts: Parts) -> Response:
    """
    Put customers in a group, all or none.

    Raises: BadRequest; Invalid naming `group_id` and each `customers.N` that is not the store's.
    Source: Salla "Add Customers To Group", POST /customers/groups/add_customers.
    """
    fields = await fields_of(request)
    wanted = read_addition(fields)
    once = once_of(request, fields, now_of(parts))
    done = await parts.groups.add_to_group(
        request.grant.store.id, wanted.group_id, wanted.customers, once=once
    )
    return _answer(ADDED, again=done.replayed)


def _answer(data: Any, status: int = 200, *, again: bool = False) -> Response:
    answer = json_response(success(data, status), status)
    return replayed(answer) if again else answer
