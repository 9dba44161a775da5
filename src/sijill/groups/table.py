"""The table of groups, and the addition of customers by hand."""

from collections.abc import Awaitable, Callable, Sequence
from copy import copy

from msgspec import json
from msgspec.structs import replace

from sijill.audit.changes import Audited, Change, ChangeLog
from sijill.database.driver import Conflict, Driver, Transaction, TransactionDriver
from sijill.database.idempotency_keys import IdempotencyKey, claim, record_result
from sijill.errors import Invalid, NotFound, Taken
from sijill.groups.memberships import BY_CONDITION, BY_HAND
from sijill.groups.model import Group, GroupPage, GroupWrite, default_group, unknown
from sijill.groups.row import arguments, group
from sijill.stores.model import Store
from sijill.values.ids import DRAWS

FROM_THE_FIRST = 0
"""The start of an evaluation of changed conditions, before the id of every customer."""


AnnounceChanges = Callable[[Transaction, int, Sequence[int]], Awaitable[None]]
"""Gets the transaction, the id of the store, and the ids of the changed customers."""


class GroupTable(Audited):
    """The groups of every store, each call within one of them."""

    def __init__(
        self,
        driver: Driver,
        new_id: Callable[[], int],
        announce: AnnounceChanges | None = None,
        audited: ChangeLog | None = None,
    ) -> None:
        self._driver, self._new_id, self._announce = driver, new_id, announce
        self._audited = audited

    def within(self, transaction: Transaction) -> "GroupTable":
        """Return the same table inside a transaction: its writes become durable with its end."""
        table = copy(self)
        table._driver = TransactionDriver(transaction, self._driver.dialect)
        return table

    async def page(self, store_id: int, *, offset: int, limit: int) -> GroupPage:
        """
        Return `limit` groups from `offset`, by id ascending, with a count of the same moment.

        Raises: Unavailable.
        """
        rows = await self._driver.all("group_page", store_id, limit, offset)
        return GroupPage([group(row[1:]) for row in rows if row[1] is not None], rows[0][0])

    async def count_members(self, store_id: int, group_id: int, most: int) -> int:
        """
        Return how many customers are in a group; if more than `most` are, any number above it.

        An index is read as far as `most`, whatever the size of the group. Raises: Unavailable.
        """
        numbers = []
        for source in (BY_HAND, BY_CONDITION):
            row = await self._driver.one("count_members", store_id, group_id, source, most + 1)
            numbers.append(0 if row is None else row[0])
        if max(numbers) > most or min(numbers) == 0:
            return max(numbers)
        twofold = await self._driver.one("count_twofold", store_id, group_id, BY_HAND)
        return int(sum(numbers) - (0 if twofold is None else twofold[0]))

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
        Store a new group; one with id 0 gets an id. Its conditions are evaluated later.

        Raises: Taken if its id is another's; KeyReused; Unavailable.
        """

        async def work(transaction: Transaction) -> GroupWrite:
            done = await claim(transaction, store_id, key)
            if done is not None:
                return await _replayed(transaction, store_id, done)
            await transaction.one("hold_groups", store_id)
            new = await self._insert(transaction, store_id, group)
            await self._record(transaction, store_id, [_change("group.create", Group(0), new)])
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
        Change a group (None is the default group) to the result of `decide`, a pure function.

        Raises: NotFound; KeyReused; Unavailable; or as `decide`. Nothing is written then.
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
            if new != old:
                await self._record(transaction, store_id, [_change("group.update", old, new)])
            await record_result(transaction, store_id, key, old.id)
            return GroupWrite(new)

        return await self._driver.write(work)

    async def delete(self, store_id: int, group_id: int) -> None:
        """
        Delete a group and its memberships; the customers stay.

        Raises: NotFound; Invalid for the default group; Unavailable.
        """

        async def work(transaction: Transaction) -> None:
            old = await _held(transaction, store_id, group_id)
            if old.is_default:
                raise Invalid({"group": ["default_group"]})
            await transaction.run("delete_members", store_id, group_id)
            await transaction.run("delete_group", store_id, group_id)
            await self._record(transaction, store_id, [Change("group.delete", group_id)])

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
        Add customers to a group by hand, all or none of them; members stay members, untold.

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
            joining = await transaction.all("not_in_group", store_id, listed, group_id)
            await transaction.run("insert_members", store_id, listed, group_id, BY_HAND)
            if self._announce is not None and joining:
                await self._announce(transaction, store_id, [id_ for (id_,) in joining])
            joined = (Change("customer.update", id_, ("groups",)) for (id_,) in joining)
            await self._record(transaction, store_id, joined)
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


def _change(action: str, old: Group, new: Group) -> Change:
    names = (name for name in Group.__struct_fields__ if name != "id")
    return Change(
        action, new.id, tuple(name for name in names if getattr(old, name) != getattr(new, name))
    )


async def _held(transaction: Transaction, store_id: int, group_id: int | None) -> Group:
    """
    Return a group, locked with its memberships until the transaction ends.

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
    """Return the group of a repeated request. Raises: NotFound if the group is deleted."""
    row = await transaction.one("group", store_id, group_id)
    if row is None:
        raise NotFound
    return GroupWrite(group(row), replayed=True)


def default_group_writer(
    new_id: Callable[[], int],
) -> Callable[[Transaction, Store], Awaitable[None]]:
    """Return the function that creates a store's default group, in the store's transaction."""

    async def write(transaction: Transaction, store: Store) -> None:
        group = default_group(new_id(), store.locale)
        await transaction.run("insert_group", *arguments(store.id, group, None))

    return write
