"""A list is read in slices that are proven: over restarts, faults, doubtful days, a busy today."""

import asyncio
import itertools
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from fixtures.registers import STORE
from mirror.sandboxed import Pair, Tamper, faults, paired
from msgspec import json

from sijill.mirror.model import NeedsAuthorisation, Reply, state_of
from sijill.mirror.slice_table import slices_of

pytestmark = pytest.mark.proves(
    "a backfill of the mirror ends when every slice is proven, reads at most one page again after a"
    " crash, and leaves every fault of upstream as a state that ends with it"
)

Play = Callable[[Pair], Awaitable[None]]


def play(scenario: Play, customers: int = 300) -> None:
    async def whole() -> None:
        async with asyncio.timeout(120), paired(customers) as pair:
            await scenario(pair)

    asyncio.run(whole())


@pytest.mark.parametrize("customers", [0, 1, 60, 61, 2_000])
def test_a_store_of_any_size_is_copied(customers: int) -> None:
    async def scenario(pair: Pair) -> None:
        await pair.run(until=pair.is_live)
        await pair.assert_equal()
        await pair.swept()
        await pair.assert_equal()
        pair.assert_within_budget()
        assert state_of(await pair.store()) == "live"

    play(scenario, customers)


def test_a_backfill_costs_little_more_than_its_pages() -> None:
    async def scenario(pair: Pair) -> None:
        await pair.run(until=pair.is_live)
        assert len(pair.asking.sent) <= 2_000 / 60 * 1.3 + 10

    play(scenario, 2_000)


def test_each_crash_costs_one_page_at_most() -> None:
    async def scenario(pair: Pair) -> None:
        crashes = 0
        while not await pair.is_live():
            held = len(await pair.held())
            await pair.crash(1 + crashes % 3, 600, committed=bool(crashes % 2))
            pair.restart()
            crashes += 1
            assert len(await pair.held()) >= held
        await pair.assert_equal()
        pages = [path for *_, path in pair.asking.sent if "per_page=60" in path]
        assert len(pages) - len(set(pages)) <= crashes

    play(scenario, 400)


def test_a_deletion_between_two_pages_skips_nobody() -> None:
    async def scenario(pair: Pair) -> None:
        ids = await pair.ids()
        for number in range(12):
            pair.at(pair.now + 5 + number, lambda number=number: pair.delete(ids[number]))
        await pair.run(until=pair.is_live)
        await pair.run(1_500)
        await pair.assert_equal()

    play(scenario)


def test_today_is_read_again_until_it_holds_still() -> None:
    async def scenario(pair: Pair) -> None:
        pair.lost = 1.0
        for _ in range(130):
            await pair.create()
        for number in range(40):
            pair.at(pair.now + 3 + number, pair.create)
        await pair.run(until=pair.is_live)
        await pair.run(600)
        await pair.assert_equal()

    play(scenario, 70)


def spoil(**changes: Any) -> Tamper:
    """Return a server whose rows have other dates, or another order."""

    def tamper(path: str, answer: dict[str, Any]) -> bytes | None:
        if path != "/customers":
            return None
        for row in answer["data"]:
            row["created_at"] |= changes
        return json.encode(answer)

    return tamper


def reversed_pages(path: str, answer: dict[str, Any]) -> bytes | None:
    if path != "/customers":
        return None
    answer["data"].reverse()
    return json.encode(answer)


@pytest.mark.parametrize(
    ("tamper", "reason"),
    [
        (spoil(date="2040-01-01 00:00:00.000000"), "bounds"),
        (reversed_pages, "order"),
    ],
)
def test_days_that_cannot_be_trusted_are_given_up_and_the_list_is_read_whole(
    tamper: Tamper, reason: str
) -> None:
    async def scenario(pair: Pair) -> None:
        pair.asking.tamper = tamper
        await pair.run(until=pair.is_live)
        store = await pair.store()
        assert (store.trouble, store.reason, store.calibration) == ("degraded", reason, reason)
        assert (await pair.held()).keys() == (await pair.truth()).keys()
        await pair.delete((await pair.ids())[0])
        await pair.register.mirror.want_sweep(STORE.id)
        asked = len(pair.asking.sent)
        await pair.run(90_000)
        assert len(pair.asking.sent) == asked  # neither a sweep nor a probe
        assert await pair.tombstones() == set()
        pair.asking.tamper = lambda path, answer: None
        await pair.register.mirror.want_backfill(STORE.id)
        await pair.run(until=pair.is_live)
        await pair.run(900)
        await pair.assert_equal()
        assert state_of(await pair.store()) == "live"

    play(scenario)


@pytest.mark.parametrize(
    ("rule", "reason"),
    [
        ({"kind": "status", "status": 500}, "status_500"),
        ({"kind": "status", "status": 403}, "status_403"),
        ({"kind": "html-502"}, "status_502"),
        ({"kind": "empty"}, "closed"),
        ({"kind": "truncate"}, "closed"),
        ({"kind": "malformed"}, "body"),
    ],
)
def test_a_fault_of_upstream_is_a_state_until_it_answers(rule: dict[str, Any], reason: str) -> None:
    async def scenario(pair: Pair) -> None:
        await pair.run(10)
        faults(pair, {"op": "customers.list", **rule})
        asked = len(pair.asking.sent)
        await pair.run(3_600)
        store = await pair.store()
        assert (store.trouble, store.reason) == ("degraded", reason)
        assert 10 < len(pair.asking.sent) - asked < 40
        faults(pair)
        await pair.run(until=pair.is_live)
        await pair.assert_equal()
        assert (await pair.store()).trouble == ""

    play(scenario)


@pytest.mark.parametrize("wait", [30, 900])
def test_a_429_pauses_everything_for_as_long_as_it_says(wait: int) -> None:
    async def scenario(pair: Pair) -> None:
        await pair.run(5)
        rule = {"op": "customers.list", "kind": "status", "status": 429, "times": 1, "wait": wait}
        faults(pair, rule)
        await pair.run(until=pair.is_live)
        moments = [moment for moment, *_ in pair.asking.sent]
        pauses = [later - moment for moment, later in itertools.pairwise(moments)]
        assert max(pauses) >= wait
        await pair.assert_equal()

    play(scenario)


def test_without_a_token_nothing_is_asked_until_there_is_one() -> None:
    async def scenario(pair: Pair) -> None:
        get = pair.asking.get

        async def refused(*_: object) -> Reply:
            raise NeedsAuthorisation

        pair.asking.get = refused  # type: ignore[method-assign,assignment]
        await pair.run(3_600)
        assert state_of(await pair.store()) == "needs_authorisation"
        pair.asking.get = get  # type: ignore[method-assign]
        await pair.run(until=pair.is_live)
        assert state_of(await pair.store()) == "live"

    play(scenario, 60)


def test_a_paused_store_asks_for_nothing() -> None:
    async def scenario(pair: Pair) -> None:
        await pair.run(10)
        await pair.register.mirror.pause(STORE.id)
        asked = len(pair.asking.sent)
        await pair.run(7_200)
        assert len(pair.asking.sent) == asked
        assert state_of(await pair.store()) == "paused"
        await pair.register.mirror.resume(STORE.id)
        await pair.run(until=pair.is_live)
        await pair.assert_equal()

    play(scenario)


def test_slices_are_joined_and_all_are_proven_at_the_end() -> None:
    async def scenario(pair: Pair) -> None:
        await pair.run(until=pair.is_live)
        found = list(await slices_of(pair.register.driver, STORE.id))
        assert {each.state for each in found} == {"proven"}
        assert sum(each.total or 0 for each in found) == 2_000
        assert len(found) <= 6

    play(scenario, 2_000)


def test_webhooks_before_and_during_a_backfill_are_kept() -> None:
    async def scenario(pair: Pair) -> None:
        pair.lost, pair.doubled, pair.shuffled = 0.1, 0.2, 60.0
        for customer_id in (await pair.ids())[::10]:
            pair.at(pair.now + pair.random.random() * 60, lambda one=customer_id: pair.update(one))
        await pair.run(until=pair.is_live)
        await pair.run(600)
        await pair.swept()
        await pair.assert_equal()

    play(scenario)


def test_a_sweep_comes_by_itself_every_day() -> None:
    async def scenario(pair: Pair) -> None:
        await pair.run(until=pair.is_live)
        await pair.ban((await pair.ids())[0])
        await pair.run(80_000)
        assert await pair.held() != await pair.truth()
        await pair.run(10_000)
        await pair.assert_equal()

    play(scenario, 60)
