"""A person sees values whole for five minutes, for a reason and a ticket, and it is on record."""

from datetime import timedelta

import pytest
from fixtures.databases import Run
from fixtures.oauth_rows import OTHER_STORE, OWNER, PASSWORD
from fixtures.registers import NOW, STORE, customer
from fixtures.tables import rows
from msgspec.structs import replace

from sijill.audit.causes import Cause
from sijill.audit.model import Entry
from sijill.audit.search import EntryFilter
from sijill.customers.model import Edit
from sijill.customers.reveals import LASTS, NOBODY
from sijill.errors import Invalid, NotFound
from sijill.oauth.roles import Role
from sijill.register import Register

pytestmark = pytest.mark.proves(
    "values are shown whole to people whose role permits it alone, for a reason and a ticket, for "
    "five minutes, and the audit log tells it"
)

WHY = ("support", "HELP-1234")
MOMENT = timedelta(microseconds=1)
CAUSE = Cause("person", OWNER.id, through="page", by="/_/console/{store}")


async def filled(register: Register, *customers: int) -> None:
    await register.stores.create(OTHER_STORE)
    await register.people.create(OWNER, PASSWORD, [STORE.id])
    edits = [Edit(None, lambda _, n=number: customer(n, id=n)) for number in customers]
    await register.customers.change(STORE.id, edits)


async def entries(register: Register) -> list[Entry]:
    await register.audit.seal_waiting()
    wanted = EntryFilter(action="customer.reveal")
    return [entry async for entry in register.audit.entries(wanted)]


def test_one_customer_is_shown_whole_for_five_minutes(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await filled(register, 41, 42)
        assert await register.reveals.of(OWNER, STORE.id, NOW) == NOBODY
        until = await register.reveals.open(OWNER, STORE.id, 41, *WHY, NOW)
        assert until == NOW + LASTS == NOW + timedelta(minutes=5)
        for at, shown in ((NOW - MOMENT, False), (NOW, True), (until - MOMENT, True)):
            assert (41 in await register.reveals.of(OWNER, STORE.id, at)) is shown
        revealed = await register.reveals.of(OWNER, STORE.id, NOW)
        assert 42 not in revealed
        assert not revealed.everybody
        assert 41 not in await register.reveals.of(OWNER, STORE.id, until)
        assert 41 not in await register.reveals.of(OWNER, OTHER_STORE.id, NOW)
        other = replace(OWNER, id=OWNER.id + 1)
        assert 41 not in await register.reveals.of(other, STORE.id, NOW)

    run(scenario)


def test_every_customer_of_a_store_is_shown_whole_until_it_is_ended(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await filled(register)
        await register.reveals.open(OWNER, STORE.id, None, *WHY, NOW)
        revealed = await register.reveals.of(OWNER, STORE.id, NOW)
        assert 41 in revealed
        assert revealed.everybody
        await register.reveals.end(OWNER, STORE.id)
        assert await register.reveals.of(OWNER, STORE.id, NOW) == NOBODY

    run(scenario)


def test_the_audit_log_tells_who_whom_and_why(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await filled(register, 41)
        reveals = register.reveals.by(CAUSE)
        await reveals.open(OWNER, STORE.id, 41, *WHY, NOW)
        await reveals.open(OWNER, STORE.id, None, "fraud", "A-1", NOW)
        one, every = await entries(register)
        assert (one.kind, one.actor, one.through) == ("person", OWNER.id, "page")
        assert (one.ids, one.whole, one.reason, one.ticket) == ((41,), False, *WHY)
        assert (every.ids, every.whole, every.reason, every.ticket) == ((), True, "fraud", "A-1")

    run(scenario, audit="all")


@pytest.mark.parametrize("role", ["viewer", "support", "owner"])
def test_a_role_reveals_or_does_not(run: Run, role: Role) -> None:
    async def scenario(register: Register) -> None:
        await filled(register, 41)
        person = replace(OWNER, role=role)
        if role == "viewer":
            with pytest.raises(NotFound):
                await register.reveals.open(person, STORE.id, 41, *WHY, NOW)
            await register.reveals.open(OWNER, STORE.id, 41, *WHY, NOW)
        else:
            await register.reveals.open(person, STORE.id, 41, *WHY, NOW)
        assert (41 in await register.reveals.of(person, STORE.id, NOW)) is (role != "viewer")

    run(scenario)


def test_a_refused_reveal_shows_and_records_nothing(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await filled(register, 41)
        suspended = replace(OWNER, suspended_at=NOW)
        stranger = replace(OWNER, id=OWNER.id + 1)
        for person, store, whom in (
            (OWNER, STORE.id, 42),
            (OWNER, OTHER_STORE.id, 41),
            (OWNER, OTHER_STORE.id, None),
            (stranger, STORE.id, 41),
            (suspended, STORE.id, 41),
        ):
            with pytest.raises(NotFound):
                await register.reveals.open(person, store, whom, *WHY, NOW)
        for reason, ticket, faults in REFUSED:
            with pytest.raises(Invalid) as refused:
                await register.reveals.open(OWNER, STORE.id, 41, reason, ticket, NOW)
            assert refused.value.fields == faults
        assert await register.reveals.of(OWNER, STORE.id, NOW) == NOBODY
        assert await entries(register) == []

    run(scenario, audit="all")


REFUSED = [
    ("curiosity", "HELP-1", {"reason": ["invalid"]}),
    ("", "HELP-1", {"reason": ["invalid"]}),
    ("support", "", {"ticket": ["required"]}),
    ("support", "Ahmed called", {"ticket": ["invalid"]}),
]


@rows(("ids", "shown"), [((), False), ((41,), True), ((42,), False), ((0,), True)])
def test_a_list_of_customers_says_whom_it_holds(ids: tuple[int, ...], shown: bool) -> None:
    assert (41 in NOBODY._replace(ids=frozenset(ids))) is shown
