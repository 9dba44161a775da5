"""Upstream tells of no deletion: each is found in time, and nobody who lives is buried."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from fixtures.registers import STORE
from fixtures.tables import rows
from fixtures.templates import NOW
from mirror.sandboxed import Pair, faults, paired
from mirror.upstream import at, seen
from msgspec import json
from msgspec.structs import replace

from sijill.database.columns import micros
from sijill.mirror.deletions import (
    HOUR,
    MINUTE,
    Check,
    CheckState,
    Verdict,
    is_too_many,
    judge,
    most_gone,
    vouches,
)
from sijill.mirror.model import MirrorRow, MirrorStore
from sijill.privacy.holds import Hold

pytestmark = pytest.mark.proves(
    "a deletion upstream is known within twelve minutes in 95 of 100 cases, and truncated pages, "
    "capped totals and storms of 404 and 500 make no tombstone of anybody who lives"
)

SENT = micros(NOW)
Play = Callable[[Pair], Awaitable[None]]


def play(scenario: Play, customers: int = 300, **more: Any) -> None:
    """Run a scenario on a mirror whose backfill is done."""

    async def whole() -> None:
        async with paired(customers, **more) as pair:
            await pair.run(until=pair.is_live)
            await scenario(pair)

    asyncio.run(whole())


def row(state: Any = "live", sequence: int = 5) -> MirrorRow:
    found = seen(1)
    return MirrorRow(1, state, found.body, SENT, SENT, sequence, SENT, 0, SENT)


def check(state: CheckState, since: int | None = None) -> Check:
    return Check(1, state, since, 0)


ALIVE = check("alive", SENT)


@rows(
    ("asked", "status", "known", "after", "verdict"),
    [
        (check("hint"), 200, row(), 0, "there"),
        (check("suspect"), 200, row(), 0, "there"),
        (ALIVE, 200, row(), MINUTE, "there"),
        (check("hint"), 500, row(), 0, "later"),
        (ALIVE, 429, row(), MINUTE, "later"),
        (ALIVE, 401, row(), MINUTE, "later"),
        (check("hint"), 404, None, 0, "drop"),
        (check("hint"), 404, row("gone"), 0, "drop"),
        (check("hint"), 404, row("erased"), 0, "drop"),
        (check("hint"), 404, row(), 0, "ask_day"),
        (check("suspect"), 404, row(), 0, "missing"),
        (ALIVE, 404, row(), MINUTE - 1, "missing"),
        (ALIVE, 404, row(), MINUTE, "gone"),
        (ALIVE, 404, row(sequence=10), MINUTE, "drop"),
        (check("missing", SENT), 404, row(), MINUTE, "missing"),
        (check("alive"), 404, row(), MINUTE, "missing"),
    ],
)
def test_two_404s_a_minute_apart_and_somebody_else_between_decide(
    asked: Check, status: int, known: MirrorRow | None, after: int, verdict: Verdict
) -> None:
    assert judge(asked, status, known, 9, SENT + after) == verdict


@rows(
    ("status", "after", "stands"),
    [
        (200, 0, True),
        (200, MINUTE - 1, True),
        (200, MINUTE, False),
        (200, -1, False),
        (404, 1, False),
    ],
)
def test_somebody_else_vouches_within_the_minute_alone(
    status: int, after: int, stands: bool
) -> None:
    assert vouches(check("missing", SENT), status, SENT + after) is stands
    assert not vouches(check("missing"), status, SENT + after)


LINKED = MirrorStore(
    1, "", "", 0, "live", "", "", False, 0, 0, 0, 0, "", "", 0, 0, 0, False, 0, None, 0
)
RELEASED = replace(LINKED, guard_since=SENT - HOUR + 1, guard_allowance=50)


@rows(
    ("store", "gone", "held", "halts"),
    [
        (LINKED, 99, 500, False),
        (LINKED, 100, 500, True),
        (LINKED, 999, 100_000, False),
        (LINKED, 1_000, 100_000, True),
        (RELEASED, 149, 500, False),
        (RELEASED, 150, 500, True),
        (replace(RELEASED, guard_since=SENT - HOUR), 100, 500, True),
    ],
)
def test_more_than_a_hundred_and_one_in_a_hundred_in_an_hour_halt(
    store: MirrorStore, gone: int, held: int, halts: bool
) -> None:
    assert is_too_many(store, gone, held, SENT) is halts
    assert most_gone(held) in (100, held // 100)


async def time_until_known(pair: Pair, customer_id: int) -> float:
    """Delete a customer and return the minutes until the mirror knows of it."""
    begun = pair.now
    await pair.delete(customer_id)

    async def known() -> bool:
        found = await pair.register.mirror.row(STORE.id, customer_id)
        return found is not None and found.state == "gone"

    await pair.run(3_600, known)
    return (pair.now - begun) / 60


def test_a_single_deletion_is_known_within_twelve_minutes() -> None:
    async def scenario(pair: Pair) -> None:
        ids = await pair.ids()
        pair.random.shuffle(ids)
        minutes = []
        for customer_id in ids[:40]:
            await pair.run(pair.random.random() * 400)
            minutes.append(await time_until_known(pair, customer_id))
        assert sorted(minutes)[37] <= 12
        assert await pair.tombstones() == set(ids[:40])
        await pair.assert_equal()
        pair.assert_within_budget()

    play(scenario)


def test_one_who_is_gone_is_told_as_deleted_and_the_last_values_stay() -> None:
    async def scenario(pair: Pair) -> None:
        customer_id = (await pair.ids())[0]
        body = (await pair.truth())[customer_id]
        await time_until_known(pair, customer_id)
        found = await pair.register.mirror.row(STORE.id, customer_id)
        assert found is not None
        assert found.body == body
        outbox = pair.register.outbox
        await outbox.sequence_events(lambda *_: False, NOW, 99)
        changes = await outbox.changes(STORE.id, after=0, names=(), limit=99)
        assert [change.event.name for change in changes] == ["customer.deleted"]

    play(scenario)


def test_a_delete_and_a_lost_create_of_one_day_are_found_by_a_sweep() -> None:
    async def scenario(pair: Pair) -> None:
        one = await pair.create()
        await pair.run(600, pair.settled)
        pair.lost = 1.0
        await pair.delete(one.id)
        await pair.create()
        await pair.run(900)
        assert (await pair.held()).keys() != (await pair.truth()).keys()
        await pair.swept()
        await pair.assert_equal()

    play(scenario)


STORMS: dict[str, list[dict[str, Any]]] = {
    "every customer is a 404": [{"op": "customers.details", "kind": "status", "status": 404}],
    "half of all are a 404": [
        {"op": "customers.details", "kind": "status", "status": 404, "rate": 0.5, "seed": 4}
    ],
    "half of all are a 500": [
        {"op": op, "kind": "status", "status": 500, "rate": 0.5, "seed": 5}
        for op in ("customers.details", "customers.list")
    ],
    "pages are cut off": [
        {"op": "customers.list", "kind": kind, "rate": 0.4, "seed": 6}
        for kind in ("truncate", "malformed", "empty")
    ],
    "lists are a 404": [{"op": "customers.list", "kind": "status", "status": 404, "rate": 0.7}],
}


@pytest.mark.parametrize("storm", STORMS)
def test_a_storm_buries_nobody_who_lives(storm: str) -> None:
    async def scenario(pair: Pair) -> None:
        ids = await pair.ids()
        faults(pair, *STORMS[storm])
        await pair.register.mirror.want_sweep(STORE.id)
        for round_ in range(6):
            for customer_id in ids[round_ * 5 : round_ * 5 + 3]:
                await pair.register.mirror.queue_check(STORE.id, customer_id, pair.clock.now())
            await pair.delete(ids[-1 - round_])
            await pair.run(1_200)
            assert not await pair.false_tombstones()
        faults(pair)
        await pair.run(1_200)
        await pair.swept()
        await pair.assert_equal()
        pair.assert_within_budget()

    play(scenario, 150)


def shortened(path: str, answer: dict[str, Any]) -> bytes | None:
    """Leave a row out of each page, and say so of the page and not of the list."""
    if path != "/customers" or len(answer["data"]) < 2:
        return None
    answer["data"] = answer["data"][1:]
    answer["pagination"]["count"] -= 1
    return json.encode(answer)


def capped(most: int) -> Callable[[str, dict[str, Any]], bytes | None]:
    """Return a server that shows of each list only so many, and says that there are no more."""

    def tamper(path: str, answer: dict[str, Any]) -> bytes | None:
        if path != "/customers" or answer["pagination"]["total"] <= most:
            return None
        paging = answer["pagination"]
        first = (paging["currentPage"] - 1) * paging["perPage"]
        answer["data"] = answer["data"][: max(0, most - first)]
        paging |= {"total": most, "count": len(answer["data"])}
        return json.encode(answer)

    return tamper


def test_a_page_that_leaves_somebody_out_buries_nobody() -> None:
    async def scenario(pair: Pair) -> None:
        pair.asking.tamper = shortened
        await pair.register.mirror.want_sweep(STORE.id)
        await pair.run(3_600)
        store = await pair.store()
        assert (store.trouble, store.reason) == ("degraded", "short_page")
        assert await pair.tombstones() == set()
        pair.asking.tamper = lambda path, answer: None
        await pair.swept()
        assert (await pair.store()).trouble == ""

    play(scenario, 150)


def test_a_total_that_begins_to_be_capped_buries_nobody() -> None:
    async def scenario(pair: Pair) -> None:
        pair.asking.tamper = capped(500)
        await pair.register.mirror.want_sweep(STORE.id)
        await pair.run(3_600)
        assert await pair.tombstones() == set()
        pair.asking.tamper = lambda path, answer: None
        await pair.swept()
        await pair.assert_equal()

    play(scenario, 700)


def test_a_list_whose_totals_are_capped_is_read_whole_by_smaller_slices() -> None:
    async def whole() -> None:
        async with paired(700) as pair:
            pair.asking.tamper = capped(500)
            await pair.run(until=pair.is_live)
            await pair.assert_equal()
            customer_id = (await pair.ids())[0]
            assert await time_until_known(pair, customer_id) <= 12

    asyncio.run(whole())


def test_too_many_deletions_halt_until_they_are_released() -> None:
    async def scenario(pair: Pair) -> None:
        ids = await pair.ids()
        for customer_id in ids[:180]:
            await pair.delete(customer_id)
        await pair.run(2_400)
        store = await pair.store()
        assert (store.trouble, store.reason) == ("halted", "guard")
        assert len(await pair.tombstones()) == 100
        await pair.run(4_000)  # the hour is over, and still nobody said that it is right
        assert len(await pair.tombstones()) == 100
        await pair.register.mirror.release(STORE.id, pair.clock.now())

        async def all_known() -> bool:
            return len(await pair.tombstones()) == 180

        await pair.run(3_600, all_known)
        await pair.assert_equal()
        assert (await pair.store()).trouble == ""

    play(scenario, 260)


def test_a_customer_whose_data_must_stay_is_asked_for_again_the_next_day() -> None:
    async def scenario(pair: Pair) -> None:
        customer_id, now = (await pair.ids())[0], pair.clock.now()
        ends = at(pair.now - NOW.timestamp() + 90_000)
        hold = Hold(STORE.id, customer_id, "dispute", now, ends)
        await pair.register.holds.set(hold)
        await pair.delete(customer_id)
        await pair.run(4_000)
        assert await pair.tombstones() == set()
        assert await pair.register.customers.find(STORE.id, customer_id)
        await pair.run(200_000)
        assert await pair.tombstones() == {customer_id}

    play(scenario, 60)


def test_a_hint_that_is_a_404_is_no_proof_and_lets_the_day_be_read() -> None:
    async def scenario(pair: Pair) -> None:
        customer_id = (await pair.ids())[0]
        await pair.delete(customer_id)
        await pair.register.mirror.queue_check(STORE.id, customer_id, pair.clock.now())
        before = pair.now

        async def known() -> bool:
            return await pair.tombstones() == {customer_id}

        await pair.run(600, known)
        assert pair.now - before < 120

    play(scenario)


def test_where_nobody_can_vouch_nobody_is_buried() -> None:
    async def scenario(pair: Pair) -> None:
        for customer_id in await pair.ids():
            await pair.delete(customer_id)
        await pair.run(7_200)
        assert await pair.tombstones() == set()

    play(scenario, 20)
