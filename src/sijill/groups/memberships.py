"""Who is in which group: what a change of customers does to memberships, in its transaction."""

from collections.abc import Sequence

from msgspec import json

from sijill.customers.model import Customer, Extras
from sijill.database.driver import Transaction
from sijill.groups.model import Conditions, matches, same_numbers, unknown
from sijill.groups.row import conditions

BY_HAND, BY_CONDITION = "manual", "condition"
"""Why a customer is in a group; by both it is in it twice, and leaves it when both are gone."""


class Memberships:
    """
    The memberships of one store, within one transaction that writes customers.

    Whoever changes memberships shares the store's lock on groups, and whoever changes groups holds
    it alone: so no customer joins a group that goes, or is judged by conditions that change.
    Customers are locked before it, by everybody.
    """

    def __init__(self, transaction: Transaction, store_id: int) -> None:
        self._transaction = transaction
        self._store_id = store_id
        self._shared = False
        self._conditions: list[tuple[int, Conditions]] | None = None

    async def follow(
        self, new: Customer, old: Customer | None, wanted: Sequence[int] | None
    ) -> None:
        """
        Bring the memberships of a written customer up to date.

        `wanted` are the groups it shall be in by hand, in a request's own order. None is what
        differs between the groups of `old` and `new`; those that nobody has made are made.
        Raises: Invalid naming each `groups.N` that the store does not have.
        """
        before = old.groups if old else ()
        if wanted is not None:
            await self._put(new.id, wanted)
        elif set(new.groups) != set(before):
            await self._share()
            await self._make(sorted({*new.groups} - {*before}))
            await self._change(new.id, {*new.groups} - {*before}, {*before} - {*new.groups})
        if old is None or not same_numbers(old.extras, new.extras):
            await self._evaluate(new.id, new.extras or Extras(), is_new=old is None)

    async def forget(self, customer_id: int) -> None:
        """Take a customer out of every group."""
        await self._share()
        await self._transaction.run("delete_memberships", self._store_id, customer_id)

    async def _put(self, customer_id: int, wanted: Sequence[int]) -> None:
        await self._share()
        listed = json.encode(wanted).decode()
        rows = await self._transaction.all("groups_of_list", self._store_id, listed)
        refusal = unknown("groups", wanted, {group_id for (group_id,) in rows})
        if refusal is not None:
            raise refusal
        before = await self._groups(customer_id, BY_HAND)
        await self._change(customer_id, {*wanted} - before, before - {*wanted})

    async def _make(self, group_ids: Sequence[int]) -> None:
        """A group that a file names and nobody has made is named by its id."""
        for group_id in group_ids:
            await self._transaction.run("make_group", self._store_id, group_id, str(group_id))

    async def _evaluate(self, customer_id: int, extras: Extras, *, is_new: bool) -> None:
        await self._share()
        if self._conditions is None:
            rows = await self._transaction.all("groups_with_conditions", self._store_id)
            self._conditions = [(group_id, conditions(text)) for group_id, text in rows]
        if not self._conditions:
            return
        known = {group_id for group_id, _ in self._conditions}
        holding = {group_id for group_id, rule in self._conditions if matches(rule, extras)}
        before = set() if is_new else known & await self._groups(customer_id, BY_CONDITION)
        await self._change(customer_id, holding - before, before - holding, BY_CONDITION)

    async def _groups(self, customer_id: int, source: str) -> set[int]:
        rows = await self._transaction.all("memberships_of", self._store_id, customer_id, source)
        return {group_id for (group_id,) in rows}

    async def _change(
        self, customer_id: int, joins: set[int], leaves: set[int], source: str = BY_HAND
    ) -> None:
        for name, group_ids in (("insert_membership", joins), ("delete_membership", leaves)):
            for group_id in sorted(group_ids):
                await self._transaction.run(name, self._store_id, customer_id, group_id, source)

    async def _share(self) -> None:
        if not self._shared:
            await self._transaction.one("share_groups", self._store_id)
            self._shared = True
