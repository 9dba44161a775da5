"""What upstream shows is applied in one order, whatever order it comes in, on both databases."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from fixtures.databases import Run
from fixtures.events import announce
from fixtures.registers import STORE
from fixtures.tables import rows
from fixtures.templates import NOW
from mirror.upstream import at, details, origin, seen, shown
from msgspec import json

from sijill.customers.erasures import Known
from sijill.customers.model import Customer, Extras
from sijill.database.columns import micros
from sijill.errors import NotFound
from sijill.mirror.applying import Applied, Fetched, decide
from sijill.mirror.body import read_customer
from sijill.mirror.model import MICROS, MirrorRow, Misshapen, Reply, Source
from sijill.register import Register

pytestmark = pytest.mark.proves(
    "the mirror applies answers and webhooks in one order, independent of their arrival: the later "
    "change wins, then the later request; equal content makes no event"
)

SENT = micros(NOW)


def known(state: Any = "live", sequence: int = 5, **changes: Any) -> MirrorRow:
    row = seen(1, **changes)
    return MirrorRow(1, state, row.body, row.created_at, row.updated_at, sequence, SENT, 0, SENT)


LATER = {"updated_at": at(10), "city": "مكة"}
EARLIER = {"updated_at": at(-10), "city": "مكة"}


@rows(
    ("old", "change", "sequence", "outcome"),
    [
        (None, {}, 1, "created"),
        (known(), LATER, 1, "changed"),
        (known(), LATER, 9, "changed"),
        (known(), EARLIER, 9, "older"),
        (known(), {"city": "مكة"}, 9, "changed"),
        (known(), {"city": "مكة"}, 5, "older"),
        (known(), {"city": "مكة"}, 1, "older"),
        (known(), {}, 9, "confirmed"),
        (known("gone"), {}, 9, "resurrected"),
        (known("gone"), LATER, 5, "older"),
        (known("gone"), LATER, 1, "older"),
        (known("erased"), {}, 9, "created"),
    ],
)
def test_the_later_change_wins_then_the_later_request(
    old: MirrorRow | None, change: dict[str, Any], sequence: int, outcome: Applied
) -> None:
    assert decide(old, seen(1, **change), sequence, erased=False) == outcome
    assert decide(old, seen(1, **change), sequence, erased=True) == "erased"


class Copy:
    """A linked store, and what is applied to it."""

    def __init__(self, register: Register) -> None:
        self.register, self.sequence = register, 0

    async def fetch(
        self, customer: Customer, source: Source = "verify", sequence: int | None = None
    ) -> Applied:
        self.sequence += 1
        sequence = self.sequence if sequence is None else sequence
        reply = Reply(200, {}, details(customer), sequence, SENT + self.sequence, 0)
        return await self.register.applier.apply(STORE.id, reply, source)

    async def page(self, *customers: Customer, source: Source = "backfill") -> list[Applied]:
        self.sequence += 1
        found = [read_customer(shown(each)) for each in customers]
        fetched = Fetched(found, self.sequence, SENT + self.sequence, 7)
        return await self.register.driver.write(
            lambda transaction: self.register.applier.apply_in(
                transaction, STORE.id, fetched, source
            )
        )

    async def hear(self, data: bytes, sequence: int | None = None) -> Applied:
        self.sequence += 1
        sequence = self.sequence if sequence is None else sequence
        return await self.register.applier.merge(STORE.id, data, sequence, SENT)

    async def row(self, customer_id: int = 1) -> MirrorRow:
        row = await self.register.mirror.row(STORE.id, customer_id)
        assert row is not None
        return row

    async def city(self, customer_id: int = 1) -> str:
        return (await self.register.customers.find(STORE.id, customer_id)).city

    async def checks(self) -> dict[int, int]:
        rows = await self.register.driver.all("mirror_checks_of", STORE.id)
        return {customer_id: due_at - SENT for customer_id, due_at, *_ in rows}

    async def events(self) -> list[str]:
        await self.register.outbox.sequence_events(lambda *_: False, NOW, 99)
        changes = await self.register.outbox.changes(STORE.id, after=0, names=(), limit=99)
        return [change.event.name for change in changes]


Scenario = Callable[[Copy], Awaitable[None]]


@pytest.fixture
def copy(run: Run) -> Callable[[Scenario], None]:
    """Return a function that runs a scenario on a linked store."""

    def play(scenario: Scenario) -> None:
        async def whole(register: Register) -> None:
            register.customer_events.make = announce
            await register.mirror.link(STORE.id, "https://up.test/admin/v2", "here", NOW)
            await scenario(Copy(register))

        run(whole)

    return play


Play = Callable[[Scenario], None]


def test_a_fetched_customer_is_an_ordinary_one_beside_its_raw_body(copy: Play) -> None:
    async def scenario(copied: Copy) -> None:
        customer = origin(1, groups=(3, 8), extras=Extras(is_blocked=True))
        assert await copied.fetch(customer) == "created"
        found = await copied.register.customers.find(STORE.id, 1, extras=True)
        assert json.decode(shown(found)) == json.decode(shown(customer))
        row = await copied.row()
        assert (row.body, row.confirmed_at) == (shown(customer), SENT + 1)

    copy(scenario)


def test_equal_content_moves_the_moment_alone(copy: Play) -> None:
    async def scenario(copied: Copy) -> None:
        await copied.fetch(origin(1))
        events, before = await copied.events(), await copied.row()
        assert await copied.fetch(origin(1)) == "confirmed"
        after = await copied.row()
        assert await copied.events() == events
        assert (after.confirmed_at, after.sequence) == (SENT + 2, 2)
        assert (after.body, after.changed_at) == (before.body, before.changed_at)

    copy(scenario)


def test_an_answer_that_comes_late_changes_nothing(copy: Play) -> None:
    async def scenario(copied: Copy) -> None:
        await copied.fetch(origin(1, city="ب"), sequence=9)
        assert await copied.fetch(origin(1, city="أ"), sequence=8) == "older"
        assert await copied.fetch(origin(1, **EARLIER), sequence=10) == "older"
        assert await copied.city() == "ب"
        assert (await copied.row()).confirmed_at == SENT + 1

    copy(scenario)


def test_the_first_backfill_makes_no_event_and_later_sources_do(copy: Play) -> None:
    async def scenario(copied: Copy) -> None:
        assert await copied.page(origin(1), origin(2)) == ["created", "created"]
        assert await copied.events() == []
        assert await copied.page(origin(1, **LATER), origin(2)) == ["changed", "confirmed"]
        await copied.page(origin(3), source="sweep")
        assert sorted(await copied.events()) == ["customer.created", "customer.updated"]
        assert [(await copied.row(number)).reading for number in (1, 2, 3)] == [7, 7, 7]

    copy(scenario)


def test_a_hint_changes_what_it_holds_and_asks_for_the_whole_once(copy: Play) -> None:
    async def scenario(copied: Copy) -> None:
        await copied.fetch(origin(1))
        hint = {"id": 1, "city": "مكة", "updated_at": json.decode(shown(origin(1, **LATER)))}
        hint["updated_at"] = hint["updated_at"]["updated_at"]
        before = await copied.row()
        assert await copied.hear(json.encode(hint)) == "changed"
        assert await copied.hear(json.encode(hint)) == "confirmed"
        after = await copied.row()
        assert await copied.city() == "مكة"
        assert after.confirmed_at == before.confirmed_at
        assert json.decode(after.body or b"") == json.decode(shown(origin(1, **LATER)))
        assert await copied.checks() == {1: 30 * MICROS}
        await copied.fetch(origin(1, **LATER))
        assert await copied.checks() == {}

    copy(scenario)


def test_a_page_that_was_asked_for_before_an_event_does_not_undo_it(copy: Play) -> None:
    async def scenario(copied: Copy) -> None:
        await copied.fetch(origin(1), sequence=1)
        same_moment = json.decode(shown(origin(1))) | {"city": "مكة"}
        assert await copied.hear(json.encode(same_moment), sequence=3) == "changed"
        assert await copied.fetch(origin(1, city="جدة"), sequence=2) == "older"
        assert await copied.city() == "مكة"

    copy(scenario)


def test_a_hint_makes_nobody_and_brings_nobody_back(copy: Play) -> None:
    async def scenario(copied: Copy) -> None:
        assert await copied.hear(shown(origin(1))) == "unknown"
        await lose(copied, 2)
        assert await copied.hear(shown(origin(2, **LATER))) == "unknown"
        for number in (1, 2):
            with pytest.raises(NotFound):
                await copied.city(number)
        assert await copied.checks() == {1: 30 * MICROS, 2: 30 * MICROS}

    copy(scenario)


async def lose(copied: Copy, number: int) -> None:
    """Know a customer, and that upstream deleted it."""
    await copied.fetch(origin(number))
    await copied.register.customers.delete(STORE.id, number, NOW)
    row = await copied.row(number)
    values = (row.body, row.created_at, row.updated_at, row.sequence, SENT, 0, SENT)
    await copied.register.driver.run("put_mirror_customer", STORE.id, number, "gone", *values)


def test_one_who_is_seen_again_is_back_with_all_values(copy: Play) -> None:
    async def scenario(copied: Copy) -> None:
        await lose(copied, 1)
        assert await copied.fetch(origin(1, **LATER), sequence=1) == "older"
        assert await copied.fetch(origin(1)) == "resurrected"
        assert await copied.city() == origin(1).city
        assert (await copied.row()).state == "live"
        assert (await copied.events())[-1] == "customer.created"

    copy(scenario)


def test_one_who_was_erased_by_law_stays_so(copy: Play) -> None:
    async def scenario(copied: Copy) -> None:
        await copied.fetch(origin(1))
        done = await copied.register.eraser.erase(STORE.id, 1, at(60))
        assert done["mirror_customers"] == 1
        assert await copied.fetch(origin(1, **LATER)) == "erased"
        assert await copied.page(origin(1, **LATER), source="sweep") == ["erased"]
        row = await copied.row()
        assert (row.state, row.body, row.reading) == ("erased", None, 7)
        with pytest.raises(NotFound):
            await copied.city()

    copy(scenario)


def test_one_who_was_erased_before_the_mirror_knew_of_it_is_not_kept(copy: Play) -> None:
    async def scenario(copied: Copy) -> None:
        erasures = copied.register.erasures
        await copied.register.driver.write(
            lambda transaction: erasures.record(transaction, STORE.id, Known(1), at(60))
        )
        assert await copied.page(origin(1), origin(2)) == ["erased", "created"]
        assert (await copied.row()).body is None

    copy(scenario)


def test_of_one_whom_upstream_deleted_the_last_values_can_be_erased(copy: Play) -> None:
    async def scenario(copied: Copy) -> None:
        await lose(copied, 1)
        assert (await copied.row()).body is not None
        assert await copied.register.eraser.erase(STORE.id, 1, at(60)) == {"mirror_customers": 1}
        assert (await copied.row()).body is None
        assert await copied.fetch(origin(1)) == "erased"
        assert await copied.register.eraser.erase(STORE.id, 1, at(61)) == {}

    copy(scenario)


def test_a_mobile_that_moved_to_another_customer_moves(copy: Play) -> None:
    """Two who swapped theirs are written in any order, and asked for once more."""

    async def scenario(copied: Copy) -> None:
        one, two = origin(1), origin(2)
        await copied.page(one, two)
        swapped = [
            origin(1, mobile=two.mobile, email=two.email, updated_at=at(5)),
            origin(2, mobile=one.mobile, email=one.email, updated_at=at(5)),
        ]
        assert await copied.page(*swapped, source="sweep") == ["changed", "changed"]
        for customer in swapped:
            found = await copied.register.customers.find(STORE.id, customer.id)
            assert (found.mobile, found.email) == (customer.mobile, customer.email)

    copy(scenario)


def test_a_mobile_that_upstream_gives_to_two_is_kept_in_both_bodies(copy: Play) -> None:
    async def scenario(copied: Copy) -> None:
        await copied.page(origin(1))
        assert await copied.fetch(origin(2, mobile=origin(1).mobile)) == "created"
        assert (await copied.register.customers.find(STORE.id, 1)).mobile is None
        assert json.decode((await copied.row(1)).body or b"")["mobile"] == origin(1).mobile
        assert list(await copied.checks()) == [1]
        assert await copied.fetch(origin(1)) == "confirmed"  # and so the two do not take turns
        assert await copied.checks() == {}

    copy(scenario)


def test_a_body_that_cannot_be_read_changes_nothing(copy: Play) -> None:
    async def scenario(copied: Copy) -> None:
        reply = Reply(200, {}, b'{"data":{"id":1}}', 1, SENT, SENT)
        with pytest.raises(Misshapen):
            await copied.register.applier.apply(STORE.id, reply, "verify")
        with pytest.raises(Misshapen):
            await copied.register.applier.merge(STORE.id, b"[]", 1, SENT)
        assert await copied.register.mirror.row(STORE.id, 1) is None

    copy(scenario)


def test_what_is_written_for_a_person_is_written_whole_or_not_at_all(
    copy: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scenario(copied: Copy) -> None:
        monkeypatch.setattr("sijill.mirror.applying._row", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            await copied.page(origin(1))
        with pytest.raises(NotFound):
            await copied.city()
        assert await copied.register.mirror.row(STORE.id, 1) is None

    copy(scenario)
