"""Groups in the database; see `domain.groups.Groups`."""

from collections.abc import Callable, Sequence

from msgspec import json
from msgspec.structs import replace

from sijill.database.driver import Conflict, Driver, Transaction
from sijill.database.idempotency_keys import Once
from sijill.database.once import claim, settle
from sijill.database.sealing import Sealing
from sijill.errors import Invalid, NotFound, Taken
from sijill.groups.memberships import BY_HAND
from sijill.groups.model import Done, Group, GroupPage, unknown
from sijill.groups.row import arguments, group
from sijill.values.ids import DRAWS
from sijill.webhooks.event_store import tell
from sijill.webhooks.events import Announce

FROM_THE_FIRST = 0
"""Where the evaluation of changed conditions begins: no customer has this id."""


class GroupTable:
    """The groups of every store, each call within one of them."""

    driver: Driver
    _new_id: Callable[[], int]
    sealing: Sealing
    announce: Announce | None

    async def group_page(self, store_id: int, *, offset: int, limit: int) -> GroupPage:
        """
        Return `limit` groups from `offset`, by id ascending; count and rows are of one moment.

        Raises: Unavailable.
        """
        rows = await self.driver.all("group_page", store_id, limit, offset)
        return GroupPage([group(row[1:]) for row in rows if row[1] is not None], rows[0][0])

    async def find_group(self, store_id: int, group_id: int | None = None) -> Group:
        """
        Return one group of one store; without an id, its default group.

        Raises: NotFound; Unavailable.
        """
        if group_id is None:
            row = await self.driver.one("default_group", store_id)
        else:
            row = await self.driver.one("group", store_id, group_id)
        if row is None:
            raise NotFound
        return group(row)

    async def create_group(self, store_id: int, group: Group, *, once: Once | None = None) -> Done:
        """
        Keep a new group; an id of 0 is given by the store. Its conditions are evaluated later.

        Raises: Taken if its id is another's; KeyReused; Unavailable.
        """

        async def work(transaction: Transaction) -> Done:
            done = await claim(transaction, store_id, once)
            if done is not None:
                return Done(done, replayed=True)
            await transaction.one("hold_groups", store_id)
            group_id = await self._insert(transaction, store_id, group)
            await settle(transaction, store_id, once, group_id)
            return Done(group_id)

        return await self.driver.write(work)

    async def change_group(
        self,
        store_id: int,
        group_id: int | None,
        decide: Callable[[Group], Group],
        *,
        once: Once | None = None,
    ) -> Done:
        """
        Make of a group (None: the default one) what `decide`, which is pure, makes of it.

        Raises: NotFound; whatever `decide` raises; KeyReused; Unavailable: nothing happened then.
        """

        async def work(transaction: Transaction) -> Done:
            done = await claim(transaction, store_id, once)
            if done is not None:
                return Done(done, replayed=True)
            old = await _held(transaction, store_id, group_id)
            new = replace(decide(old), id=old.id, is_default=old.is_default)
            changed = new.conditions != old.conditions
            after = FROM_THE_FIRST if changed else None
            await transaction.run("update_group", *arguments(store_id, new), after)
            await settle(transaction, store_id, once, old.id)
            return Done(old.id)

        return await self.driver.write(work)

    async def delete_group(self, store_id: int, group_id: int) -> None:
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

        await self.driver.write(work)

    async def add_to_group(
        self,
        store_id: int,
        group_id: int,
        customer_ids: Sequence[int],
        *,
        once: Once | None = None,
    ) -> Done:
        """
        Put customers in a group by hand, all or none; who is in it already stays.

        Raises: Invalid naming `group_id` and each `customers.N` that the store does not have;
        KeyReused; Unavailable.
        """
        listed = json.encode(customer_ids).decode()

        async def work(transaction: Transaction) -> Done:
            done = await claim(transaction, store_id, once)
            if done is not None:
                return Done(done, replayed=True)
            rows = await transaction.all("lock_customers", store_id, listed)
            await transaction.one("share_groups", store_id)
            refusal = unknown("customers", customer_ids, {id_ for (id_,) in rows})
            faults = dict(refusal.fields) if refusal else {}
            if await transaction.one("group", store_id, group_id) is None:
                faults = {"group_id": ["invalid"]} | faults
            if faults:
                raise Invalid(faults)
            await transaction.run("insert_members", store_id, listed, group_id, BY_HAND)
            joined = [(customer_id, False) for customer_id in customer_ids]
            await tell(transaction, self.announce, self.sealing, store_id, joined)
            await settle(transaction, store_id, once, group_id)
            return Done(group_id)

        return await self.driver.write(work)

    async def _insert(self, transaction: Transaction, store_id: int, new: Group) -> int:
        after = FROM_THE_FIRST if new.conditions else None
        for group_id in [new.id] if new.id else (self._new_id() for _ in range(DRAWS)):
            try:
                async with transaction.savepoint():
                    wanted = arguments(store_id, replace(new, id=group_id))
                    await transaction.run("insert_group", *wanted, new.is_default, after)
                return group_id
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
