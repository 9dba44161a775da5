"""The table of people, and the one-time link of the first one, on every database."""

import asyncio
from collections import Counter
from datetime import datetime, timedelta

import pytest
from fixtures.databases import Run
from fixtures.oauth_rows import OTHER_STORE, OWNER, PASSWORD
from fixtures.registers import NOW, STORE
from msgspec.structs import replace

from sijill.errors import NotFound, Taken
from sijill.oauth.people import Person, PersonAccount
from sijill.oauth.tokens import digest
from sijill.register import Register
from sijill.stores.model import Store

SAAD = Person(71, "Saad", "saad@example.com", "", NOW)
LINK, OTHER_LINK = digest("link"), digest("other link")
UNTIL = NOW + timedelta(hours=1)
TICK = timedelta(microseconds=1)
NEW_STORE = Store(5, "New", locale="en")


def test_a_person_is_read_as_it_was_written(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await register.people.create(SAAD, "hash", [])
        await register.people.create(OWNER, PASSWORD, [STORE.id])
        assert await register.people.all() == [OWNER, SAAD]
        assert await register.people.find_by_email(OWNER.email) == PersonAccount(OWNER, PASSWORD)

    run(scenario)


@pytest.mark.parametrize(
    ("email", "known"),
    [
        ("Noura@Example.com", True),
        ("noura@example.com", True),
        ("NOURA@EXAMPLE.COM", True),
        ("noura@example.co", False),
        ("nour_@example.com", False),
        ("%", False),
        ("", False),
        ("noura@example.com\0", False),
        ("\ud800@example.com", False),
        ("a" * 300 + "@example.com", False),
    ],
)
def test_a_person_signs_in_with_an_e_mail_in_any_case(run: Run, email: str, known: bool) -> None:
    async def scenario(register: Register) -> None:
        await register.people.create(OWNER, PASSWORD, [])
        assert (await register.people.find_by_email(email) is not None) is known

    run(scenario)


def test_an_e_mail_may_be_typed_decomposed(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await register.people.create(replace(OWNER, email="rené@example.com"), PASSWORD, [])
        assert await register.people.find_by_email("rene\u0301@example.com") is not None

    run(scenario)


@pytest.mark.parametrize(
    ("other", "field"),
    [
        (replace(SAAD, email="NOURA@example.com"), "email"),
        (replace(SAAD, id=OWNER.id), "id"),
    ],
)
def test_the_id_and_e_mail_of_a_person_are_unique(run: Run, other: Person, field: str) -> None:
    async def scenario(register: Register) -> None:
        await register.people.create(OWNER, PASSWORD, [STORE.id])
        with pytest.raises(Taken) as taken:
            await register.people.create(other, PASSWORD, [STORE.id])
        assert taken.value.field == field
        assert await register.people.all() == [OWNER]

    run(scenario)


def test_a_person_may_have_several_stores_and_a_store_several_people(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await register.stores.create(OTHER_STORE)
        await register.people.create(OWNER, PASSWORD, [OTHER_STORE.id, STORE.id])
        await register.people.create(SAAD, PASSWORD, [STORE.id])
        assert await register.people.stores_of(OWNER.id) == [STORE, OTHER_STORE]
        assert await register.people.stores_of(SAAD.id) == [STORE]
        assert await register.people.stores_of(404) == []

    run(scenario)


def test_a_person_of_an_unknown_store_is_not_created(run: Run) -> None:
    async def scenario(register: Register) -> None:
        with pytest.raises(NotFound):
            await register.people.create(OWNER, PASSWORD, [STORE.id, 404])
        assert await register.people.all() == []
        assert await register.people.stores_of(OWNER.id) == []

    run(scenario)


def test_a_new_password_replaces_the_old_one_and_ends_every_session(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await register.people.create(OWNER, PASSWORD, [])
        await register.people.create(SAAD, PASSWORD, [])
        for number, owner in enumerate((OWNER, OWNER, SAAD)):
            await register.sessions.open(bytes([number]) * 32, owner.id, NOW)
        await register.people.set_password(OWNER.id, "new hash")
        assert await register.people.find_by_email(OWNER.email) == PersonAccount(OWNER, "new hash")
        assert await register.people.find_by_email(SAAD.email) == PersonAccount(SAAD, PASSWORD)
        left = [await register.sessions.find(bytes([number]) * 32) for number in range(3)]
        assert [visit is not None for visit in left] == [False, False, True]
        with pytest.raises(NotFound):
            await register.people.set_password(404, "new hash")

    run(scenario)


def test_the_first_owner_gets_every_store(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await register.stores.create(OTHER_STORE)
        assert await register.people.offer_set_up(LINK, UNTIL)
        assert not await register.people.is_set_up(LINK, NOW)
        await register.people.set_up(LINK, OWNER, PASSWORD, None, NOW)
        assert await register.people.is_set_up(LINK, NOW)
        assert await register.people.find_by_email(OWNER.email) == PersonAccount(OWNER, PASSWORD)
        assert await register.people.stores_of(OWNER.id) == [STORE, OTHER_STORE]

    run(scenario)


def test_the_first_owner_of_a_new_store_gets_that_one_with_its_default_group(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await register.people.offer_set_up(LINK, UNTIL)
        await register.people.set_up(LINK, OWNER, PASSWORD, NEW_STORE, NOW)
        assert await register.stores.all() == [STORE, NEW_STORE]
        assert await register.people.stores_of(OWNER.id) == [NEW_STORE]
        assert (await register.groups.find(NEW_STORE.id)).name == "Default"

    run(scenario)


@pytest.mark.parametrize(
    ("at", "good"), [(NOW, True), (UNTIL - TICK, True), (UNTIL, False), (UNTIL + TICK, False)]
)
def test_a_set_up_link_expires(run: Run, at: datetime, good: bool) -> None:
    async def scenario(register: Register) -> None:
        await register.people.offer_set_up(LINK, UNTIL)
        assert await register.people.is_set_up(LINK, at) is not good
        if good:
            await register.people.set_up(LINK, OWNER, PASSWORD, None, at)
        else:
            with pytest.raises(NotFound):
                await register.people.set_up(LINK, OWNER, PASSWORD, None, at)
        assert await register.people.all() == [OWNER] * good

    run(scenario)


def test_a_set_up_link_works_once_and_another_not_at_all(run: Run) -> None:
    async def scenario(register: Register) -> None:
        for link in (LINK, OTHER_LINK):
            assert await register.people.is_set_up(link, NOW)
            with pytest.raises(NotFound):
                await register.people.set_up(link, OWNER, PASSWORD, None, NOW)
        await register.people.offer_set_up(LINK, UNTIL)
        with pytest.raises(NotFound):
            await register.people.set_up(OTHER_LINK, OWNER, PASSWORD, None, NOW)
        await register.people.set_up(LINK, OWNER, PASSWORD, None, NOW)
        with pytest.raises(NotFound):
            await register.people.set_up(LINK, SAAD, PASSWORD, None, NOW)
        assert await register.people.all() == [OWNER]

    run(scenario)


def test_a_newer_set_up_link_replaces_the_one_before(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await register.people.offer_set_up(LINK, UNTIL)
        assert await register.people.offer_set_up(OTHER_LINK, UNTIL)
        assert await register.people.is_set_up(LINK, NOW)
        assert not await register.people.is_set_up(OTHER_LINK, NOW)

    run(scenario)


def test_once_a_person_exists_no_set_up_link_works(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await register.people.offer_set_up(LINK, UNTIL)
        await register.people.create(SAAD, PASSWORD, [])
        assert await register.people.is_set_up(LINK, NOW)
        with pytest.raises(NotFound):
            await register.people.set_up(LINK, OWNER, PASSWORD, None, NOW)
        assert not await register.people.offer_set_up(OTHER_LINK, UNTIL)
        assert await register.people.is_set_up(OTHER_LINK, NOW)
        assert await register.people.all() == [SAAD]

    run(scenario)


def test_a_set_up_that_is_refused_uses_nothing_up(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await register.people.offer_set_up(LINK, UNTIL)
        with pytest.raises(Taken) as taken:
            await register.people.set_up(
                LINK, OWNER, PASSWORD, replace(NEW_STORE, name=STORE.name), NOW
            )
        assert taken.value.field == "name"
        assert await register.people.all() == []
        assert not await register.people.is_set_up(LINK, NOW)
        await register.people.set_up(LINK, OWNER, PASSWORD, NEW_STORE, NOW)

    run(scenario)


def test_of_many_who_set_up_at_once_exactly_one_becomes_the_owner(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await register.people.offer_set_up(LINK, UNTIL)
        people = [replace(SAAD, id=100 + n, email=f"p{n}@example.com") for n in range(8)]
        stores = [replace(NEW_STORE, id=100 + n, name=f"Store {n}") for n in range(8)]
        outcomes = await asyncio.gather(
            *(
                register.people.set_up(LINK, owner, PASSWORD, store, NOW)
                for owner, store in zip(people, stores, strict=True)
            ),
            return_exceptions=True,
        )
        assert Counter(map(type, outcomes)) == {type(None): 1, NotFound: 7}
        [owner] = await register.people.all()
        assert [store.id for store in await register.people.stores_of(owner.id)] == [owner.id]
        assert len(await register.stores.all()) == 2

    run(scenario)


def test_of_many_links_that_are_offered_at_once_exactly_one_is_good(run: Run) -> None:
    async def scenario(register: Register) -> None:
        links = [digest(f"link {number}") for number in range(8)]
        assert all(
            await asyncio.gather(*(register.people.offer_set_up(link, UNTIL) for link in links))
        )
        assert sum([not await register.people.is_set_up(link, NOW) for link in links]) == 1

    run(scenario)
