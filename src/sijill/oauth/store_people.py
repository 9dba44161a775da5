"""The people of a store as an owner changes them: as the commands do, but within rules."""

from typing import NamedTuple

from sijill.database.driver import Driver, Transaction
from sijill.errors import NotFound, Taken
from sijill.oauth.people import Person, PersonTable, person
from sijill.oauth.people_rules import PersonKept, Standing, refusal
from sijill.oauth.roles import Role


class Actor(NamedTuple):
    """A person who changes another one, or the same, on a page of a store."""

    person_id: int
    store_id: int
    confirmed: bool = False
    """Whether the person was asked, and said yes."""


class StorePeople:
    """The people of one store for one actor. Every method may raise Unavailable."""

    def __init__(self, driver: Driver, people: PersonTable, actor: Actor) -> None:
        self._driver, self._actor = driver, actor
        self._people = people.told_in(actor.store_id)

    async def set_role(self, person_id: int, role: Role) -> None:
        """Give a person another role. Raises: NotFound for one of other stores; PersonKept."""

        async def work(transaction: Transaction) -> None:
            await self._check(transaction, person_id, role)
            await self._people.within(transaction).set_role(person_id, role)

        await self._driver.write(work)

    async def remove(self, person_id: int) -> None:
        """
        Take the store from a person; the account stays, and so do its other stores.

        Raises: NotFound for a person of other stores; PersonKept.
        """

        async def work(transaction: Transaction) -> None:
            found = await self._check(transaction, person_id, None)
            await self._move(transaction, found, leaves=True)

        await self._driver.write(work)

    async def add(self, person_id: int) -> None:
        """
        Give the store to a person, who keeps the role.

        Raises: NotFound; Taken for a person of the store; PersonKept for an actor who is no owner.
        """
        actor = self._actor

        async def work(transaction: Transaction) -> None:
            await transaction.one("lock_people")
            await check_owner(transaction, actor.person_id, actor.store_id)
            row = await transaction.one("person", person_id)
            if row is None:
                raise NotFound
            if await transaction.one("person_of_store", person_id, actor.store_id) is not None:
                raise Taken("email")
            await self._move(transaction, person(row), leaves=False)

        await self._driver.write(work)

    async def _move(self, transaction: Transaction, found: Person, *, leaves: bool) -> None:
        """Take the store from a person, or give it."""
        people, here = self._people.within(transaction), self._actor.store_id
        others = [store.id for store in await people.stores_of(found.id) if store.id != here]
        await people.update(found, others if leaves else [*others, here])

    async def _check(self, transaction: Transaction, person_id: int, role: Role | None) -> Person:
        """
        Return the person whom the actor may give a role, or, with None, take the store from.

        Raises: NotFound; PersonKept.
        """
        await transaction.one("lock_people")  # two owners who lower each other would leave none
        actor = self._actor
        row = await transaction.one("person_of_store", person_id, actor.store_id)
        if row is None:
            raise NotFound
        found = person(row)
        where = actor.store_id if role is None else 0
        needed = await transaction.all("stores_that_need", person_id, where)
        elsewhere = await transaction.all("stores_elsewhere", person_id, actor.person_id)
        standing = Standing(
            role=found.role,
            new_role=role,
            is_owner=await is_owner(transaction, actor.person_id, actor.store_id),
            is_self=person_id == actor.person_id,
            confirmed=actor.confirmed,
            is_needed=bool(needed),
            is_elsewhere=bool(elsewhere),
        )
        if (reason := refusal(standing)) is not None:
            raise PersonKept(reason)
        return found


async def check_owner(transaction: Transaction, person_id: int, store_id: int) -> None:
    """Raise PersonKept unless a person is an owner of a store at this moment, and can sign in."""
    if not await is_owner(transaction, person_id, store_id):
        raise PersonKept("not_owner")


async def is_owner(transaction: Transaction, person_id: int, store_id: int) -> bool:
    """Return whether a person is an owner of a store at this moment, and can sign in."""
    return await transaction.one("is_owner_of_store", person_id, store_id) is not None
