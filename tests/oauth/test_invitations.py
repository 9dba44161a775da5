"""Invitations: a one-time link makes the account of a store in a role, on every database."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from fixtures.browsing import Browser, hidden
from fixtures.databases import Run
from fixtures.registers import NOW, STORE
from fixtures.world import World
from msgspec.structs import replace

from sijill.errors import NotFound, Taken
from sijill.oauth.invitations import GOOD_FOR, Invitation
from sijill.oauth.people import Person
from sijill.oauth.people_rules import PersonKept
from sijill.oauth.tokens import INVITATION, digest, mint
from sijill.oauth.wording import WORDS
from sijill.register import Register
from sijill.stores.model import Store

pytestmark = pytest.mark.proves(
    "an invitation makes one account, in its store and role, while the inviter is an owner"
)

LINK = digest("link")
OWNER = Person(1, "Noura", "noura@example.com", "", NOW)
SARA = Invitation(STORE.id, 5, OWNER.id, "Sara", "sara@example.com", "support", NOW + GOOD_FOR)
PASSWORD = "a long enough one"


async def prepared(register: Register) -> None:
    await register.people.create(OWNER, "hash", [STORE.id])
    await register.invitations.offer(LINK, SARA)


def test_a_link_makes_the_account_once(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await prepared(register)
        assert await register.invitations.of_store(STORE.id, NOW) == [SARA]
        assert await register.invitations.find(LINK, NOW) == (SARA, STORE)
        made = await register.invitations.accept(LINK, "hash of hers", NOW)
        assert made == Person(5, "Sara", "sara@example.com", "", NOW, "support")
        assert [one.id for one in await register.people.stores_of(5)] == [STORE.id]
        with pytest.raises(NotFound):
            await register.invitations.accept(LINK, "hash", NOW)
        assert await register.invitations.of_store(STORE.id, NOW) == []

    run(scenario)


async def expire(register: Register) -> None:
    await register.driver.run("forget_invitations", 2**62)


async def withdraw(register: Register) -> None:
    await register.invitations.withdraw(STORE.id, SARA.id)


async def replaced(register: Register) -> None:
    again = replace(SARA, id=6, email="SARA@example.com")
    await register.invitations.offer(digest("another"), again)


async def lower(register: Register) -> None:
    await register.people.set_role(OWNER.id, "support")


async def suspend(register: Register) -> None:
    await register.people.suspend(OWNER.id, NOW)


async def leave(register: Register) -> None:
    await register.people.update(OWNER, [])


async def remove(register: Register) -> None:
    await register.people.remove(OWNER.id)


@pytest.mark.parametrize(
    "change",
    [expire, withdraw, replaced, lower, suspend, leave, remove],
)
def test_a_link_ends_with_what_it_rests_on(run: Run, change: Any) -> None:
    async def scenario(register: Register) -> None:
        await prepared(register)
        await change(register)
        for call in (
            register.invitations.find(LINK, NOW),
            register.invitations.accept(LINK, "hash", NOW),
        ):
            with pytest.raises(NotFound):
                await call
        assert SARA not in await register.invitations.of_store(STORE.id, NOW)

    run(scenario)


def test_a_link_ends_after_three_days(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await prepared(register)
        end = NOW + timedelta(days=3)
        assert await register.invitations.find(LINK, end - timedelta(seconds=1))
        with pytest.raises(NotFound):
            await register.invitations.find(LINK, end)

    run(scenario)


def test_of_two_who_use_a_link_at_once_one_has_an_account(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await prepared(register)
        told = await asyncio.gather(
            *(register.invitations.accept(LINK, f"hash {n}", NOW) for n in range(2)),
            return_exceptions=True,
        )
        assert sorted(type(one).__name__ for one in told) == ["NotFound", "Person"]

    run(scenario)


def test_an_e_mail_that_has_an_account_by_now_makes_none(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await prepared(register)
        await register.people.create(Person(9, "S", "Sara@Example.com", "", NOW), "hash", [])
        with pytest.raises(Taken):
            await register.invitations.accept(LINK, "hash", NOW)

    run(scenario)


def test_only_an_owner_of_the_store_invites(run: Run) -> None:
    async def scenario(register: Register) -> None:
        other = Store(2, "Other")
        await register.stores.create(other)
        await prepared(register)
        for change in ({"store_id": other.id}, {"owner_id": 44}):
            with pytest.raises(PersonKept):
                await register.invitations.offer(digest("x"), replace(SARA, **change))
        with pytest.raises(NotFound):
            await register.invitations.withdraw(other.id, SARA.id)

    run(scenario)


@dataclass
class Invited:
    """A person with a link, before a browser."""

    world: World
    browser: Browser
    link: str


@pytest.fixture
def invited(world: World) -> Invited:
    owner = Person(31, "Noura", "noura@example.com", "", world.moment)
    world.run(world.register.people.create(owner, "hash", [world.store.id]))
    link = mint(INVITATION)
    to = ("سارة", "sara@example.com", "support")
    until = world.moment + GOOD_FOR
    new = Invitation(world.store.id, 5, owner.id, *to, until)  # type: ignore[arg-type]
    world.run(world.register.invitations.offer(digest(link), new))
    return Invited(world, Browser(world), link)


def test_an_invited_person_chooses_a_password_and_is_in_the_console(invited: Invited) -> None:
    world, browser = invited.world, invited.browser
    page = browser.get(f"/_/setup?link={invited.link}")
    for shown in ("سارة", "sara@example.com", world.store.name):
        assert shown in page.body.decode()
    answer = browser.submit(page, "/_/setup", {"password": PASSWORD})
    assert (answer.status, answer.headers["location"]) == (303, "/_/console")
    home = browser.get(f"/_/console/{world.store.id}", accept_language="en")
    assert b"Support" in home.body
    assert browser.get(f"/_/setup?link={invited.link}").status == 404
    assert browser.submit(page, "/_/setup", {"password": PASSWORD}).status == 404
    made = [one for one in world.audited() if one.action == "person.create"][-1]
    assert (made.kind, made.actor, made.ids, made.store) == ("person", 5, (5,), world.store.id)
    assert Browser(world).sign_in("sara@example.com", PASSWORD).status == 303


@pytest.mark.parametrize(
    ("password", "fault"), [("", "short"), ("short", "short"), ("x" * 257, "long")]
)
def test_a_faulty_password_uses_no_link_up(invited: Invited, password: str, fault: str) -> None:
    page = invited.browser.get(f"/_/setup?link={invited.link}")
    again = invited.browser.submit(page, "/_/setup", {"password": password})
    assert again.status == 422
    assert WORDS[f"fault_{fault}"].ar in again.body.decode()
    assert hidden(again, "/_/setup")["link"] == invited.link
    assert invited.browser.submit(again, "/_/setup", {"password": PASSWORD}).status == 303


def test_a_form_from_another_page_makes_no_account(invited: Invited) -> None:
    fields = {"link": invited.link, "password": PASSWORD, "token": "0" * 64}
    assert invited.browser.post("/_/setup", fields).status == 403


@pytest.mark.parametrize("rest", ["", "x", "日本"])
def test_a_wrong_link_shows_no_form(world: World, rest: str) -> None:
    query = urlencode({"link": INVITATION + rest})
    assert Browser(world).get(f"/_/setup?{query}").status == 404
