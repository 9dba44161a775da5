"""What an attempt comes to: when it is tried again, when it is given up, when a webhook rests."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from fixtures.events import HOOK
from fixtures.tables import rows
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from sijill.webhooks.model import AttemptResult
from sijill.webhooks.schedule import (
    COMPAT,
    DURABLE,
    JITTER,
    MAX_WAIT,
    PAUSED_AFTER,
    SCHEDULES,
    ReceiverAnswer,
    Schedule,
    judged,
)

NOW = datetime(2026, 11, 25, 9, 30, tzinfo=UTC)
SECOND = timedelta(seconds=1)
EVEN = 0.5
"""The chance that makes a delay neither longer nor shorter."""

REFUSED = ReceiverAnswer(500, {})


def outcome(
    status: int | None = 500,
    *,
    attempt: int = 1,
    schedule: Schedule = DURABLE,
    retry_after: str | None = None,
    chance: float = EVEN,
) -> AttemptResult:
    headers = {} if retry_after is None else {"retry-after": retry_after}
    answer = ReceiverAnswer(status, headers, "timeout" if status is None else None)
    return judged(schedule, HOOK, attempt, answer, NOW, chance)


def waits(schedule: Schedule) -> list[timedelta]:
    """Return how long each attempt that fails is followed by nothing; after the last it is dead."""
    found = []
    for attempt in range(1, 100):
        after = outcome(attempt=attempt, schedule=schedule)
        if after.state == "dead":
            return found
        found.append(after.next_at - NOW)
    raise AssertionError("it is never given up")


def test_the_durable_schedule_is_ten_attempts_over_three_days() -> None:
    hours = [timedelta(hours=number) for number in (2, 5, 10, 14, 20, 24)]
    minutes = [timedelta(minutes=number) for number in (5, 30)]
    assert waits(DURABLE) == [5 * SECOND, *minutes, *hours]
    assert timedelta(hours=75) < sum(waits(DURABLE), timedelta()) < timedelta(hours=76)


def test_the_compatible_schedule_is_three_more_attempts_five_minutes_apart() -> None:
    assert waits(COMPAT) == [timedelta(minutes=5)] * 3
    assert COMPAT.timeout == 30


def test_schedules_are_known_by_their_names() -> None:
    assert {"durable": DURABLE, "compat": COMPAT} == SCHEDULES


def test_a_schedule_counts_its_successful_statuses_as_received() -> None:
    for status in range(100, 600):
        states = [outcome(status, schedule=schedule).state for schedule in (DURABLE, COMPAT)]
        received = [state == "done" for state in states]
        assert received == [200 <= status <= 299, status in (200, 201)]


def test_a_received_delivery_is_done_at_whichever_attempt() -> None:
    for attempt in (1, 10, 99):
        assert outcome(204, attempt=attempt) == AttemptResult("done", 204, None, NOW)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_a_failure(status: int) -> None:
    assert outcome(status) == AttemptResult("pending", status, None, NOW + 5 * SECOND)


@pytest.mark.parametrize("schedule", [DURABLE, COMPAT])
def test_gone_is_dead_at_once_and_pauses_the_webhook(schedule: Schedule) -> None:
    assert outcome(410, schedule=schedule) == AttemptResult("dead", 410, None, NOW, "gone")


def test_no_answer_is_tried_again_and_says_why() -> None:
    assert outcome(None) == AttemptResult("pending", None, "timeout", NOW + 5 * SECOND)
    assert outcome(None, attempt=10) == AttemptResult("dead", None, "timeout", NOW)


@given(st.integers(1, 9), st.floats(0, 1, exclude_max=True))
def test_jitter_moves_a_delay_by_a_tenth_at_most(attempt: int, chance: float) -> None:
    delay = DURABLE.delays[attempt - 1]
    moved = outcome(attempt=attempt, chance=chance).next_at - NOW
    assert abs(moved - delay) <= delay * JITTER + timedelta(microseconds=1)
    assert (moved > delay) == (chance > EVEN) or abs(chance - EVEN) < 1e-6


def test_jitter_uses_all_of_its_room() -> None:
    assert outcome(attempt=4, chance=0).next_at == NOW + timedelta(hours=2) * 0.9
    assert outcome(attempt=4, chance=1).next_at == NOW + timedelta(hours=2) * 1.1


@given(st.integers(1, 3), st.floats(0, 1, exclude_max=True))
def test_the_compatible_schedule_has_no_jitter(attempt: int, chance: float) -> None:
    after = outcome(attempt=attempt, schedule=COMPAT, chance=chance)
    assert after.next_at == NOW + timedelta(minutes=5)


@rows(
    ("text", "expected"),
    [
        ("120", 120),
        (" 120 ", 120),
        ("0", 5),
        ("3", 5),
        ("86400", 86_400),
        ("86401", 86_400),
        ("9" * 9, 86_400),
        ("9" * 5_000, 86_400),
        ("Wed, 25 Nov 2026 09:32:00 GMT", 120),
        ("Wed, 25 Nov 2026 12:32:00 +0300", 120),
        ("Wed, 25 Nov 2026 09:29:00 GMT", 5),
        ("Wed, 25 Nov 2099 09:30:00 GMT", 86_400),
        ("Wed, 25 Nov 2026 09:32:00 -0000", 5),
        ("Wed, 31 Dec 9999 23:59:59 GMT", 86_400),
        (f"Wed, 25 Nov {'9' * 30} 09:30:00 GMT", 5),
        (f"Wed, 25 Nov 2026 09:30:00 +{'9' * 30}", 5),
        ("", 5),
        ("-120", 5),
        ("+120", 5),
        ("1e3", 5),
        ("120, 240", 5),
        ("soon", 5),
        ("٣٠٠", 5),
        ("\0", 5),
    ],
)
@rows("status", [429, 503])
def test_a_receiver_may_ask_for_more_time_but_not_for_less(
    status: int, text: str, expected: int
) -> None:
    after = outcome(status, retry_after=text)
    assert after == AttemptResult("pending", status, None, NOW + expected * SECOND)


@given(st.text())
def test_whatever_is_asked_for_the_wait_is_between_the_schedules_and_a_day(text: str) -> None:
    wait = outcome(503, retry_after=text).next_at - NOW
    assert 5 * SECOND <= wait <= MAX_WAIT


@given(st.datetimes(datetime(1970, 1, 1), datetime(9999, 1, 1), timezones=st.just(UTC)))
def test_a_date_is_waited_for(moment: datetime) -> None:
    wait = outcome(429, retry_after=format_datetime(moment, usegmt=True)).next_at - NOW
    asked = moment.replace(microsecond=0) - NOW
    assert wait == min(max(asked, 5 * SECOND), MAX_WAIT)


def test_only_those_who_are_busy_are_given_more_time() -> None:
    for status in (200, 301, 400, 408, 500, 502):
        assert outcome(status, retry_after="3600").next_at <= NOW + 5 * SECOND


def test_more_time_is_no_more_attempts() -> None:
    assert outcome(503, attempt=10, retry_after="60") == AttemptResult("dead", 503, None, NOW)


@pytest.mark.parametrize(
    ("failing_for", "pause"),
    [
        (None, None),
        (PAUSED_AFTER - SECOND, None),
        (PAUSED_AFTER, "failing"),
        (PAUSED_AFTER * 2, "failing"),
    ],
)
def test_a_receiver_that_fails_for_five_days_is_paused_once_a_delivery_is_given_up(
    failing_for: timedelta | None, pause: str | None
) -> None:
    since = None if failing_for is None else NOW - failing_for
    hook = replace(HOOK, failing_since=since)
    assert judged(DURABLE, hook, 10, REFUSED, NOW, EVEN).pause == pause
    assert judged(DURABLE, hook, 1, REFUSED, NOW, EVEN).pause is None
    assert judged(DURABLE, hook, 10, ReceiverAnswer(200, {}), NOW, EVEN).pause is None
    assert timedelta(days=5) == PAUSED_AFTER
