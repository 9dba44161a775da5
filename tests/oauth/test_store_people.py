"""The people of a store, as owners change them: on every database, and two owners at once."""

import asyncio

import pytest
from fixtures.databases import Run
from fixtures.registers import NOW, STORE

from sijill.audit.causes import Cause
from sijill.errors import NotFound, Taken
from sijill.oauth.people import Person
from sijill.oauth.people_rules import PersonKept
from sijill.oauth.roles import Role
from sijill.oauth.store_people import Actor, StorePeople
from sijill.register import Register
from sijill.stores.model import Store

pytestmark = pytest.mark.proves(
    "no page leaves a store without an owner who can sign in, however many people change it at once"
)

OTHER = Store(2, "Other")


async def add(register: Register, id_: int, role: Role, *stores: int) -> None:
    person = Person(id_, f"P{id_}", f"p{id_}@example.com", "", NOW, role)
    await register.people.create(person, "hash", [*(stores or (STORE.id,))])


def as_owner(register: Register, id_: int, *, confirmed: bool = False) -> StorePeople:
    people = register.people.by(Cause("person", id_))
    return StorePeople(register.driver, people, Actor(id_, STORE.id, confirmed))


async def roles(register: Register) -> dict[int, Role]:
    return {person.id: person.role for person in await register.people.of_store(STORE.id)}


def test_an_owner_changes_roles_removes_and_adds(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await register.stores.create(OTHER)
        await add(register, 1, "owner")
        await add(register, 2, "support")
        await add(register, 3, "viewer", OTHER.id)
        owner = as_owner(register, 1)
        await owner.set_role(2, "viewer")
        await owner.add(3)
        assert await roles(register) == {1: "owner", 2: "viewer", 3: "viewer"}
        with pytest.raises(Taken):
            await owner.add(3)
        await owner.remove(2)
        await owner.remove(3)
        assert await roles(register) == {1: "owner"}
        assert [store.id for store in await register.people.stores_of(3)] == [OTHER.id]
        for call in (owner.set_role(2, "owner"), owner.remove(2), owner.remove(9), owner.add(9)):
            with pytest.raises(NotFound):
                await call

    run(scenario)


def test_the_last_owner_is_neither_lowered_nor_removed(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await register.stores.create(OTHER)
        await add(register, 1, "owner", STORE.id, OTHER.id)
        await add(register, 2, "owner")
        await register.people.suspend(2, NOW)
        owner = as_owner(register, 1, confirmed=True)
        for call in (owner.set_role(1, "viewer"), owner.remove(1)):
            with pytest.raises(PersonKept, match="last_owner"):
                await call
        await register.people.suspend(2, None)
        with pytest.raises(PersonKept, match="last_owner"):  # of the other store
            await owner.set_role(1, "viewer")
        await owner.remove(1)
        assert await roles(register) == {2: "owner"}

    run(scenario)


def test_a_role_that_counts_elsewhere_stays(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await register.stores.create(OTHER)
        await add(register, 1, "owner")
        await add(register, 2, "viewer", STORE.id, OTHER.id)
        with pytest.raises(PersonKept, match="elsewhere"):
            await as_owner(register, 1).set_role(2, "owner")
        await as_owner(register, 1).remove(2)
        assert await roles(register) == {1: "owner"}

    run(scenario)


def test_two_owners_who_lower_each_other_at_once_leave_one(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await add(register, 1, "owner")
        await add(register, 2, "owner")
        told = await asyncio.gather(
            as_owner(register, 1).set_role(2, "viewer"),
            as_owner(register, 2).set_role(1, "viewer"),
            return_exceptions=True,
        )
        assert sorted((await roles(register)).values()) == ["owner", "viewer"]
        assert [type(one) for one in told if one is not None] == [PersonKept]

    run(scenario)


@pytest.mark.parametrize("role", ["viewer", "support"])
def test_only_an_owner_of_the_store_changes_its_people(run: Run, role: Role) -> None:
    async def scenario(register: Register) -> None:
        await register.stores.create(OTHER)
        await add(register, 1, role)
        await add(register, 2, "viewer")
        await add(register, 3, "owner", OTHER.id)
        for actor in (as_owner(register, 1), as_owner(register, 3)):
            for call in (actor.set_role(2, "owner"), actor.remove(2), actor.add(3)):
                with pytest.raises(PersonKept, match="not_owner"):
                    await call

    run(scenario)
