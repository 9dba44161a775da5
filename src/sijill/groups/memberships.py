"""Memberships of groups, and their changes in the transaction that changes customers."""

from collections.abc import Sequence
from typing import NamedTuple

from msgspec import json

from sijill.database.driver import Driver, Transaction
from sijill.groups.model import (
    DEFAULT_GROUP,
    Conditions,
    GroupsByHand,
    OrderNumbers,
    matches,
    unknown,
)
from sijill.groups.row import conditions

NO_CONDITIONS = "[]"
"""The text of a group that no customer joins by its conditions."""

BY_HAND, BY_CONDITION = "manual", "condition"
"""The two reasons of a membership; a customer with both stays until both have ended."""


class KnownGroups(NamedTuple):
    """The groups that a new customer may join, at one moment."""

    revision: int
    """How often the groups had changed."""
    default: int
    conditions: list[tuple[int, Conditions]]


async def known_groups(driver: Driver, store_id: int) -> KnownGroups | None:
    """
    Return the groups that a new customer may join, or None if there is no such store.

    Raises: Unavailable.
    """
    rows = await driver.all("known_groups", store_id)
    rules = [(group_id, conditions(text)) for group_id, _, _, text in rows if text != NO_CONDITIONS]
    for group_id, is_default, revision, _ in rows:
        if is_default:
            return KnownGroups(revision, group_id, rules)
    return None


class Memberships:
    """
    The memberships of one store, within one transaction that writes customers.

    A change of memberships shares the store's lock on groups, and a change of groups holds it
    alone: so no customer joins a group that is being deleted, or by conditions that are changing.
    Every transaction locks customers before groups.
    """

    def __init__(self, transaction: Transaction, store_id: int) -> None:
        self._transaction = transaction
        self._store_id = store_id
        self._default: set[int] = set()
        self._conditions: list[tuple[int, Conditions]] | None = None

    async def follow(
        self,
        customer_id: int,
        wanted: GroupsByHand,
        *,
        before: Sequence[int] | None,
        after: Sequence[int],
        numbers: OrderNumbers,
        old_numbers: OrderNumbers | None,
    ) -> tuple[int, ...]:
        """
        Update the memberships of a written customer, and return its groups, ascending.

        `wanted` are the groups by hand, in the order of the request, or DEFAULT_GROUP for a new
        customer. None applies the difference between `before` and `after`, and creates groups that
        do not exist. A new customer has no `before` and no `old_numbers`.
        Raises: Invalid naming each `groups.N` that the store does not have.
        """
        had = {*(before or ())}
        if wanted == DEFAULT_GROUP:
            by_hand = await self._share()
            changed = await self._change(customer_id, by_hand, set())
        elif wanted is not None:
            by_hand = {*wanted}
            changed = await self._put(customer_id, wanted, is_new=before is None)
        else:
            by_hand = {*after}
            changed = by_hand != had
            if changed:
                await self._share()
                await self._make(sorted(by_hand - had))
                await self._change(customer_id, by_hand - had, had - by_hand)
        holding: set[int] = set()
        if numbers != old_numbers:
            holding, moved = await self._evaluate(customer_id, numbers, is_new=before is None)
            changed = changed or moved
        if before is None:
            return tuple(sorted(by_hand | holding))
        return await self._all(customer_id) if changed else tuple(sorted(had))

    async def forget(self, customer_id: int) -> None:
        """Remove a customer from every group."""
        await self._share()
        await self._transaction.run("delete_memberships", self._store_id, customer_id)

    async def _put(self, customer_id: int, wanted: Sequence[int], *, is_new: bool) -> bool:
        await self._share()
        listed = json.encode(wanted).decode()
        rows = await self._transaction.kept("groups_of_list", self._store_id, listed)
        refusal = unknown("groups", wanted, {group_id for (group_id,) in rows})
        if refusal is not None:
            raise refusal
        before = set() if is_new else await self._groups(customer_id, BY_HAND)
        return await self._change(customer_id, {*wanted} - before, before - {*wanted})

    async def _make(self, group_ids: Sequence[int]) -> None:
        """Create groups that a file names; the name of such a group is its id."""
        for group_id in group_ids:
            await self._transaction.run("make_group", self._store_id, group_id, str(group_id))

    async def _evaluate(
        self, customer_id: int, numbers: OrderNumbers, *, is_new: bool
    ) -> tuple[set[int], bool]:
        """Return the groups whose conditions hold, and whether a membership changed."""
        await self._share()
        if self._conditions is None:
            rows = await self._transaction.kept("groups_with_conditions", self._store_id)
            self._conditions = [(group_id, conditions(text)) for group_id, text in rows]
        if not self._conditions:
            return set(), False
        known = {group_id for group_id, _ in self._conditions}
        holding = {group_id for group_id, rule in self._conditions if matches(rule, numbers)}
        before = set() if is_new else known & await self._groups(customer_id, BY_CONDITION)
        joins, leaves = holding - before, before - holding
        return holding, await self._change(customer_id, joins, leaves, BY_CONDITION)

    async def _groups(self, customer_id: int, source: str) -> set[int]:
        rows = await self._transaction.all("memberships_of", self._store_id, customer_id, source)
        return {group_id for (group_id,) in rows}

    async def _change(
        self, customer_id: int, joins: set[int], leaves: set[int], source: str = BY_HAND
    ) -> bool:
        for name, group_ids in (("insert_membership", joins), ("delete_membership", leaves)):
            for group_id in sorted(group_ids):
                await self._transaction.run(name, self._store_id, customer_id, group_id, source)
        return bool(joins or leaves)

    async def _all(self, customer_id: int) -> tuple[int, ...]:
        rows = await self._transaction.all("groups_of_customer", self._store_id, customer_id)
        return tuple(group_id for (group_id,) in rows)

    async def _share(self) -> set[int]:
        """Lock the groups against changes, and return the id of the default one."""
        if not self._default:
            rows = await self._transaction.kept("share_groups", self._store_id)
            self._default = {group_id for (group_id,) in rows}
        return self._default
