"""Places of receivers: they grow with successes, are halved by failures, and are never exceeded."""

import heapq
from collections.abc import Callable

import pytest
from fixtures.events import HOOK, OTHER_APP, another
from fixtures.profiles import example_count
from fixtures.registers import NOW
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from sijill.webhooks import places as module
from sijill.webhooks.model import Webhook
from sijill.webhooks.places import (
    INITIAL,
    MAX_PLACES,
    MAX_UNDER_WAY,
    PER_APP,
    Places,
    places_after,
)

OUTCOMES = st.lists(st.booleans(), max_size=100)


def after(outcomes: list[bool], places: int = INITIAL) -> int:
    for delivered in outcomes:
        places = places_after(places, delivered=delivered)
    return places


@settings(max_examples=example_count(200))
@given(OUTCOMES)
def test_places_are_never_fewer_than_one_nor_more_than_most(outcomes: list[bool]) -> None:
    assert 1 <= after(outcomes) <= MAX_PLACES


@settings(max_examples=example_count(200))
@given(OUTCOMES, st.integers(0, 2 * MAX_PLACES))
def test_successes_give_a_place_each_whatever_went_before(
    outcomes: list[bool], successes: int
) -> None:
    before = after(outcomes)
    assert after([True] * successes, before) == min(before + successes, MAX_PLACES)


@settings(max_examples=example_count(200))
@given(OUTCOMES)
def test_a_failure_leaves_half_of_the_places_and_at_least_one(outcomes: list[bool]) -> None:
    before = after(outcomes)
    assert after([False], before) == max(before // 2, 1)


def test_a_receiver_that_only_fails_is_soon_tried_one_at_a_time() -> None:
    assert after([False] * 5, MAX_PLACES) == 1


HOOKS = [another(100 + n, app_id=(HOOK.app_id, OTHER_APP.id)[n % 2]) for n in range(6)]


@settings(max_examples=example_count(200))
@given(st.lists(st.tuples(st.sampled_from(HOOKS), st.sampled_from([True, False, None]))))
def test_no_bound_is_ever_exceeded(steps: list[tuple[Webhook, bool | None]]) -> None:
    places = Places(per_app=20, total=30)
    under_way: list[Webhook] = []
    for hook, delivered in steps:
        count = places.free(hook)
        places.take(hook, count)
        under_way += [hook] * count
        assert places.free(hook) == 0
        assert len(under_way) <= 30
        assert sum(one.app_id == hook.app_id for one in under_way) <= 20
        assert under_way.count(hook) <= MAX_PLACES
        if under_way:
            places.release(under_way.pop(0), delivered=delivered)
    for hook in under_way:
        places.release(hook, delivered=None)
    assert dict(places._webhooks) == dict(places._apps) == {}, "webhooks at rest take no memory"


def test_a_webhook_of_which_nothing_is_known_has_few_places_and_a_failing_one_has_one() -> None:
    places = Places()
    assert (places.free(HOOK), places.free(replace(HOOK, failing_since=NOW))) == (INITIAL, 1)


def test_an_app_leaves_room_for_others() -> None:
    places = Places(initial=MAX_UNDER_WAY)
    assert places.free(HOOK) == PER_APP
    places.take(HOOK, PER_APP)
    assert places.free(another(101)) == 0
    assert places.free(another(102, app_id=OTHER_APP.id)) == MAX_UNDER_WAY - PER_APP


def test_the_places_of_the_latest_webhooks_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "REMEMBERED", 2)
    places = Places()
    for number in (101, 102, 101, 103):
        places.take(another(number))
        places.release(another(number), delivered=True)
    free = {number: places.free(another(number)) for number in (101, 102, 103)}
    assert free == {101: INITIAL + 2, 102: INITIAL, 103: INITIAL + 1}


def test_a_copy_is_taken_apart_from_its_original() -> None:
    places = Places()
    places.copy().take(HOOK, INITIAL)
    assert places.free(HOOK) == INITIAL


def waiting_after(
    seconds: float, *, a_second: int, takes: float, fails: Callable[[int], bool]
) -> int:
    """
    Return how many events wait for one receiver after a time by a clock of its own.

    The receiver `takes` seconds for each attempt and `fails` some, by their number; what failed is
    due again 5 s later. Claims happen as the worker makes them: when an event comes, when half of
    the places are free, and each second.
    """
    places, hook, waiting, attempts = Places(), HOOK, 0, 0
    events = [(number / a_second, "event") for number in range(int(seconds * a_second))]
    events += [(float(second), "poll") for second in range(int(seconds))]
    heapq.heapify(events)
    while events and (moment := heapq.heappop(events))[0] < seconds:
        now, what = moment
        if what in ("done", "failed"):
            places.release(hook, delivered=what == "done")
            hook = replace(HOOK, failing_since=None if what == "done" else NOW)
            if what == "failed":
                heapq.heappush(events, (now + 5, "event"))
        waiting += what == "event"
        if what in ("event", "poll") or places.half_free(hook):
            count = min(places.free(hook), waiting)
            waiting -= count
            places.take(hook, count)
            for attempt in range(attempts, attempts + count):
                heapq.heappush(events, (now + takes, "failed" if fails(attempt) else "done"))
            attempts += count
    return waiting


@pytest.mark.parametrize(
    "fails",
    [
        lambda attempt: attempt % 10 == 0,
        lambda attempt: attempt % 100 < 10,  # ten after another, then ninety that succeed
    ],
)
def test_a_receiver_that_fails_one_in_ten_keeps_up(fails: Callable[[int], bool]) -> None:
    """One place alone would take 20 events a second, of 140."""
    waiting = waiting_after(220, a_second=140, takes=0.05, fails=fails)
    assert waiting < 140, "less than a second's worth"


def test_a_receiver_that_always_fails_is_tried_one_at_a_time() -> None:
    attempts: list[int] = []

    def fails(attempt: int) -> bool:
        attempts.append(attempt)
        return True

    waiting_after(60, a_second=140, takes=0.05, fails=fails)
    assert len(attempts) <= 60 / 0.05 + INITIAL
