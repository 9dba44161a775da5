"""Customer groups over HTTP: list, create, update, delete, add customers, the default group."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sijill.errors import Fault
from sijill.groups.fields import changed, read_addition, read_features, read_group
from sijill.groups.model import Group
from sijill.groups.table import GroupTable
from sijill.groups.wire import ADDED, DEFAULT_CHANGED, DELETED, body
from sijill.http.caching import tagged
from sijill.http.envelope import listing, success
from sijill.http.idempotency import idempotency_key_of, replayed
from sijill.http.paging import pagination_for
from sijill.http.query import parse_paging, parse_query
from sijill.http.request import Request, Response, json_response
from sijill.oauth.acting import cause_of
from sijill.oauth.tokens import Grant
from sijill.stores.profiles import no_links


class GroupHandlers:
    """Answers requests about groups."""

    def __init__(
        self,
        groups: GroupTable,
        now: Callable[[], datetime],
        public_url: Callable[[], str],
    ) -> None:
        self._groups = groups
        self._now = now
        self._public_url = public_url

    async def list_groups(self, request: Request, grant: Grant) -> Response:
        """
        Answer with a page of the store's groups, by id ascending; past the end it is empty.

        Source: Salla "List Customer Groups", GET /customers/groups.
        """
        store = grant.store
        pairs = parse_query(request.query)
        paging = parse_paging(pairs)
        page = await self._groups.page(store.id, offset=paging.offset, limit=paging.per_page)
        count, total = len(page.groups), page.total
        numbers = pagination_for(
            request,
            self._public_url(),
            pairs,
            paging,
            count=count,
            total=total,
            no_links=no_links(grant.store),
        )
        return tagged(request, listing([body(group) for group in page.groups], numbers))

    async def create(self, request: Request, grant: Grant) -> Response:
        """
        Create a group and answer with it; customers who meet its conditions join later.

        Raises: BadRequest; Invalid. Source: Salla "Create Customer Group", POST /customers/groups.
        """
        fields = await request.fields()
        new = changed(Group(0), read_group(fields))
        key = idempotency_key_of(request, fields, self._now(), grant.app_id)
        store_id = grant.store.id
        groups = self._groups.by(cause_of(request, grant))
        done = await groups.create(store_id, new, key=key)
        return _answer(body(done.group), again=done.replayed)

    async def update(self, request: Request, grant: Grant) -> Response:
        """
        Change the fields of a group that the body has, and answer with the group.

        Raises: NotFound; BadRequest; Invalid, also for a name or conditions of the default group.
        Source: Salla "Update Customer Group", PUT /customers/groups/{group}.
        """
        group_id, store_id = request.found_id, grant.store.id
        try:
            values = read_group(await request.fields())
        except Fault:
            await self._groups.find(
                store_id, group_id
            )  # the refusal of an unknown group comes first
            raise
        groups = self._groups.by(cause_of(request, grant))
        done = await groups.change(store_id, group_id, lambda old: changed(old, values))
        return _answer(body(done.group))

    async def delete(self, request: Request, grant: Grant) -> Response:
        """
        Delete a group and its memberships; the customers stay.

        Raises: NotFound; Invalid for the default group.
        Source: Salla "Delete Customer Group", DELETE /customers/groups/{group}.
        """
        groups = self._groups.by(cause_of(request, grant))
        await groups.delete(grant.store.id, request.found_id)
        return _answer(DELETED, 202)

    async def update_default(self, request: Request, grant: Grant) -> Response:
        """
        Change the features of the default group, of which nothing else can change.

        Raises: BadRequest; Invalid.
        Source: Salla "Update Default Customer Group", POST /customers/groups/default.
        """
        fields = await request.fields()
        values = {"features": read_features(fields)}
        key = idempotency_key_of(request, fields, self._now(), grant.app_id)
        groups = self._groups.by(cause_of(request, grant))
        done = await groups.change(grant.store.id, None, lambda old: changed(old, values), key=key)
        return _answer(DEFAULT_CHANGED, 201, again=done.replayed)

    async def add_customers(self, request: Request, grant: Grant) -> Response:
        """
        Add customers to a group, all or none of them.

        Raises: BadRequest; Invalid naming `group_id` and each unknown `customers.N`.
        Source: Salla "Add Customers To Group", POST /customers/groups/add_customers.
        """
        fields = await request.fields()
        wanted = read_addition(fields)
        key = idempotency_key_of(request, fields, self._now(), grant.app_id)
        groups = self._groups.by(cause_of(request, grant))
        done = await groups.add_customers(
            grant.store.id, wanted.group_id, wanted.customers, key=key
        )
        return _answer(ADDED, again=done.replayed)


def _answer(data: Any, status: int = 200, *, again: bool = False) -> Response:
    answer = json_response(success(data, status), status)
    return replayed(answer) if again else answer
