"""The table of groups, with what joins customers to them."""

from collections.abc import Awaitable, Callable, Sequence

from msgspec import json
from msgspec.structs import replace

from sijill.database.driver import Conflict, Driver, Transaction
from sijill.database.idempotency_keys import IdempotencyKey, claim, record_result
from sijill.errors import Invalid, NotFound, Taken
from sijill.groups.memberships import BY_HAND
from sijill.groups.model import Group, GroupPage, GroupWrite, default_group, unknown
from sijill.groups.row import arguments, group
from sijill.stores.model import Store
from sijill.values.ids import DRAWS

FROM_THE_FIRST = 0
"""Where the evaluation of changed conditions begins: no customer has this id."""


AnnounceChanges = Callable[[Transaction, int, Sequence[int]], Awaitable[None]]
"""Gets the transaction, the store's id, and the ids of customers that a write has touched."""


class GroupTable:
    """The groups of every store, each call within one of them."""

    def __init__(
        self, driver: Driver, new_id: Callable[[], int], announce: AnnounceChanges | None = None
    ) -> None:
        self._driver, self._new_id, self._announce = driver, new_id, announce

    async def page(self, store_id: int, *, offset: int, limit: int) -> GroupPage:
        """
        Return `limit` groups from `offset`, by id ascending; count and rows are of one moment.

        Raises: Unavailable.
        """
        rows = await self._driver.all("group_page", store_id, limit, offset)
        return GroupPage([group(row[1:]) for row in rows if row[1] is not None], rows[0][0])

    async def find(self, store_id: int, group_id: int | None = None) -> Group:
        """
        Return one group of one store; without an id, its default group.

        Raises: NotFound; Unavailable.
        """
        if group_id is None:
            row = await self._driver.one("default_group", store_id)
        else:
            row = await self._driver.one("group", store_id, group_id)
        if row is None:
            raise NotFound
        return group(row)

    async def create(
        self, store_id: int, group: Group, *, key: IdempotencyKey | None = None
    ) -> GroupWrite:
        """
        Keep a new group; an id of 0 is given by the store. Its conditions are evaluated later.

        Raises: Taken if its id is another's; KeyReused; Unavailable.
        """

        async def work(transaction: Transaction) -> GroupWrite:
            done = await claim(transaction, store_id, key)
            if done is not None:
                return await _replayed(transaction, store_id, done)
            await transaction.one("hold_groups", store_id)
            new = await self._insert(transaction, store_id, group)
            await record_result(transaction, store_id, key, new.id)
            return GroupWrite(new)

        return await self._driver.write(work)

    async def change(
        self,
        store_id: int,
        group_id: int | None,
        decide: Callable[[Group], Group],
        *,
        key: IdempotencyKey | None = None,
    ) -> GroupWrite:
        """
        Make of a group (None: the default one) what `decide`, which is pure, makes of it.

        Raises: NotFound; whatever `decide` raises; KeyReused; Unavailable: nothing happened then.
        """

        async def work(transaction: Transaction) -> GroupWrite:
            done = await claim(transaction, store_id, key)
            if done is not None:
                return await _replayed(transaction, store_id, done)
            old = await _held(transaction, store_id, group_id)
            new = replace(decide(old), id=old.id, is_default=old.is_default)
            changed = new.conditions != old.conditions
            after = FROM_THE_FIRST if changed else None
            await transaction.run("update_group", *arguments(store_id, new, after))
            await record_result(transaction, store_id, key, old.id)
            return GroupWrite(new)

        return await self._driver.write(work)

    async def delete(self, store_id: int, group_id: int) -> None:
        """
        Forget a group and its memberships, never a customer.

        Raises: NotFound; Invalid for the default group; Unavailable.
        """

        async def work(transaction: Transaction) -> None:
            old = await _held(transaction, store_id, group_id)
            if old.is_default:
                raise Invalid({"group": ["default_group"]})
            await transaction.run("delete_members", store_id, group_id)
            await transaction.run("delete_group", store_id, group_id)

        await self._driver.write(work)

    async def add_customers(
        self,
        store_id: int,
        group_id: int,
        customer_ids: Sequence[int],
        *,
        key: IdempotencyKey | None = None,
    ) -> GroupWrite:
        """
        Put customers in a group by hand, all or none; who is in it already stays.

        Raises: Invalid naming `group_id` and each `customers.N` that the store does not have;
        KeyReused; Unavailable.
        """
        listed = json.encode(customer_ids).decode()

        async def work(transaction: Transaction) -> GroupWrite:
            done = await claim(transaction, store_id, key)
            if done is not None:
                return await _replayed(transaction, store_id, done)
            rows = await transaction.all("lock_customers", store_id, listed)
            await transaction.one("share_groups", store_id)
            refusal = unknown("customers", customer_ids, {id_ for (id_,) in rows})
            faults = dict(refusal.fields) if refusal else {}
            row = await transaction.one("group", store_id, group_id)
            if row is None:
                faults = {"group_id": ["invalid"]} | faults
            if row is None or faults:
                raise Invalid(faults)
            await transaction.run("insert_members", store_id, listed, group_id, BY_HAND)
            if self._announce is not None:
                await self._announce(transaction, store_id, customer_ids)
            await record_result(transaction, store_id, key, group_id)
            return GroupWrite(group(row))

        return await self._driver.write(work)

    async def _insert(self, transaction: Transaction, store_id: int, new: Group) -> Group:
        after = FROM_THE_FIRST if new.conditions else None
        for group_id in [new.id] if new.id else (self._new_id() for _ in range(DRAWS)):
            try:
                wanted = replace(new, id=group_id)
                await transaction.attempt("insert_group", *arguments(store_id, wanted, after))
                return wanted
            except Conflict:
                continue
        raise Taken("id")


async def _held(transaction: Transaction, store_id: int, group_id: int | None) -> Group:
    """
    Return a group that nobody else changes, joins or leaves until the transaction ends.

    Raises: NotFound.
    """
    await transaction.one("hold_groups", store_id)
    if group_id is None:
        row = await transaction.one("default_group", store_id)
    else:
        row = await transaction.one("group", store_id, group_id)
    if row is None:
        raise NotFound
    return group(row)


async def _replayed(transaction: Transaction, store_id: int, group_id: int) -> GroupWrite:
    """Return the group of a request that was made before. Raises: NotFound if it was deleted."""
    row = await transaction.one("group", store_id, group_id)
    if row is None:
        raise NotFound
    return GroupWrite(group(row), replayed=True)


def default_group_writer(
    new_id: Callable[[], int],
) -> Callable[[Transaction, Store], Awaitable[None]]:
    """Return what gives a new store its default group, in the transaction that writes the store."""

    async def write(transaction: Transaction, store: Store) -> None:
        group = default_group(new_id(), store.locale)
        await transaction.run("insert_group", *arguments(store.id, group, None))

    return write
