"""Never more requests than the budget in any window, in the order of lanes, over restarts."""

from collections.abc import Mapping

import pytest
from fixtures.databases import Run
from fixtures.registers import STORE
from fixtures.tables import rows
from fixtures.templates import NOW
from hypothesis import given
from hypothesis import strategies as st
from mirror.upstream import at

from sijill.mirror.budget import LIMIT, SPACING, WINDOW, Budget, Window, steady, wait_of
from sijill.mirror.model import LANES, MICROS, Lane, NoBudget, retry_after
from sijill.register import Register

pytestmark = pytest.mark.proves(
    "the mirror sends at most 450 requests in any ten minutes from one address, over restarts and "
    "jumps of the clock, and each lane has its share"
)

EGRESS = "here"


class Clock:
    def __init__(self) -> None:
        self.now = NOW.timestamp()

    def __call__(self) -> float:
        return self.now


def window(used: Mapping[Lane, int] = {}, waiting: tuple[Lane, ...] = ()) -> Window:
    return Window(used, 0 if used else None, 0 if used else None, 0, frozenset(waiting))


SECOND = 10 * MICROS


@rows(
    ("lane", "known", "wait"),
    [
        ("backfill", window(), 0),
        ("backfill", window({"backfill": LIMIT - 1}), 0),
        ("backfill", window({"backfill": LIMIT}), WINDOW + 1 - SECOND),
        ("foreground", window({"backfill": LIMIT}), WINDOW + 1 - SECOND),
        ("backfill", window({"backfill": 1}, ("sweep",)), SPACING),
        ("sweep", window({"backfill": 1}, ("backfill",)), 0),
        ("sweep", window({"foreground": 99, "sweep": 1}, ("foreground",)), 0),
        ("sweep", window({"foreground": 80, "sweep": 10}, ("foreground",)), SPACING),
        ("foreground", window({"foreground": 99}, ("verify",)), SPACING),
        ("foreground", window({"foreground": 80, "verify": 20}, ("verify",)), 0),
        ("probe", window({"foreground": 50, "verify": 50}, ("verify",)), SPACING),
        ("backfill", Window({}, None, None, 12 * MICROS, frozenset()), 2 * MICROS),
        ("backfill", Window({"probe": 1}, 0, SECOND - 1, 0, frozenset()), SPACING - 1),
        ("foreground", Window({"probe": 1}, 0, SECOND - 1, 0, frozenset()), 0),
    ],
)
def test_a_lane_waits_for_room_for_space_and_for_its_turn(
    lane: Lane, known: Window, wait: int
) -> None:
    assert wait_of(lane, SECOND, known) == wait


def test_a_steady_clock_follows_no_jump() -> None:
    wall, monotonic = Clock(), Clock()
    clock = steady(wall, monotonic)
    before = clock()
    wall.now += 3_600
    monotonic.now += 2
    assert clock() == before + 2


async def linked(register: Register) -> Clock:
    await register.mirror.link(STORE.id, "https://up.test/admin/v2", EGRESS, NOW)
    return Clock()


async def wait_for(budget: Budget, lane: Lane) -> float:
    """Ask, and return the seconds to wait; 0 if the request may go."""
    try:
        await budget.admit(EGRESS, STORE.id, lane)
    except NoBudget as refused:
        return refused.wait
    return 0


async def admitted(budget: Budget, lane: Lane) -> bool:
    return not await wait_for(budget, lane)


def test_a_hungry_lane_is_spaced_and_never_above_the_limit(run: Run) -> None:
    async def scenario(register: Register) -> None:
        clock, sent = await linked(register), []
        budget = Budget(register.driver, clock)
        for _ in range(700):
            wait = await wait_for(budget, "backfill")
            if not wait:
                sent.append(clock.now)
            clock.now += wait
        assert_never_above(sent)
        assert len(sent) >= 349
        assert await budget.remaining(EGRESS) == LIMIT - len(sent)

    run(scenario)


def assert_never_above(sent: list[float]) -> None:
    for number, moment in enumerate(sent):
        inside = [each for each in sent[: number + 1] if each > moment - WINDOW / MICROS]
        assert len(inside) <= LIMIT


def test_clients_may_spend_all_at_once_and_then_nothing_for_a_window(run: Run) -> None:
    async def scenario(register: Register) -> None:
        clock = await linked(register)
        for _ in range(LIMIT):
            # Each from another process: what was sent is in the database alone.
            assert await admitted(Budget(register.driver, clock), "foreground")
        budget = Budget(register.driver, clock)
        assert not await admitted(budget, "foreground")
        assert await budget.remaining(EGRESS) == 0
        clock.now += WINDOW / MICROS - 0.01
        assert not await admitted(budget, "foreground")
        clock.now += 0.02
        assert await admitted(budget, "foreground")

    run(scenario)


def test_another_address_has_a_budget_of_its_own(run: Run) -> None:
    async def scenario(register: Register) -> None:
        clock = await linked(register)
        budget = Budget(register.driver, clock)
        assert await admitted(budget, "backfill")
        assert not await admitted(budget, "backfill")
        await budget.admit("there", STORE.id, "backfill")

    run(scenario)


@pytest.mark.parametrize(("said", "seconds"), [(None, 600), (7.0, 7)])
def test_a_429_empties_the_budget(run: Run, said: float | None, seconds: float) -> None:
    async def scenario(register: Register) -> None:
        clock = await linked(register)
        budget = Budget(register.driver, clock)
        await budget.told(EGRESS, 200, None)
        assert await admitted(budget, "foreground")
        await budget.told(EGRESS, 429, said)
        assert await budget.remaining(EGRESS) == 0
        clock.now += seconds - 0.1
        assert not await admitted(budget, "foreground")
        clock.now += 0.2
        assert await admitted(budget, "foreground")

    run(scenario)


def test_a_clock_that_is_set_back_frees_nothing_and_locks_nobody_out(run: Run) -> None:
    async def scenario(register: Register) -> None:
        clock = await linked(register)
        budget = Budget(register.driver, clock)
        for _ in range(LIMIT):
            assert await admitted(budget, "foreground")
        clock.now -= 86_400
        assert not await admitted(budget, "foreground")
        clock.now += WINDOW / MICROS + 1
        assert await admitted(budget, "foreground")

    run(scenario)


def test_numbers_of_a_store_count_up_and_a_refusal_takes_none(run: Run) -> None:
    async def scenario(register: Register) -> None:
        clock = await linked(register)
        budget = Budget(register.driver, clock)
        first = await budget.admit(EGRESS, STORE.id, "foreground")
        assert not await admitted(budget, "backfill")
        second = await budget.admit(EGRESS, STORE.id, "foreground")
        assert (first.sequence, second.sequence) == (1, 2)
        assert first.at == int(at(0).timestamp() * MICROS)

    run(scenario)


@given(st.lists(st.tuples(st.sampled_from(LANES), st.floats(0, 30)), max_size=900))
def test_no_order_of_lanes_and_pauses_goes_above_the_limit(asked: list[tuple[Lane, float]]) -> None:
    """The rule alone, as the database would hold it."""
    now, sent, waiting = 0, list[tuple[int, Lane]](), dict[Lane, int]()
    for lane, pause in asked:
        now += int(pause * 0.5 * MICROS)
        sent = [each for each in sent if each[0] > now - WINDOW]
        used = {each: sum(lane == each for _, lane in sent) for each in LANES}
        known = Window(
            used,
            sent[0][0] if sent else None,
            sent[-1][0] if sent else None,
            0,
            frozenset(each for each, since in waiting.items() if since > now - 5 * MICROS),
        )
        if wait_of(lane, now, known):
            waiting[lane] = now
        else:
            waiting.pop(lane, None)
            sent.append((now, lane))
        assert len(sent) <= LIMIT


@rows(
    ("text", "seconds"),
    [("7", 7.0), (" 600 ", 600.0), ("", None), ("soon", None), ("-1", None), ("9" * 9, None)],
)
def test_retry_after_is_seconds_or_nothing(text: str, seconds: float | None) -> None:
    assert retry_after({"retry-after": text}) == seconds
    assert retry_after({}) is None
