"""What an attempt comes to: pure, from its number and its answer."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import NamedTuple

from sijill.webhooks.model import AttemptResult, Webhook

JITTER = 0.1
"""A delay is made longer or shorter by up to this share, so that retries do not come as one."""

MAX_WAIT = timedelta(hours=24)
"""A receiver's Retry-After is heeded up to here."""

PAUSED_AFTER = timedelta(days=5)
"""An endpoint that has failed for so long is paused."""


class Schedule(NamedTuple):
    """When a delivery is tried again, and what counts as received."""

    name: str
    delays: tuple[timedelta, ...]
    """Before the second attempt, the third, …; after the last one it is dead."""
    timeout: float
    """Seconds."""
    accepted: frozenset[int]
    jitter: float


DURABLE = Schedule(
    "durable",
    (
        timedelta(seconds=5),
        timedelta(minutes=5),
        timedelta(minutes=30),
        *(timedelta(hours=hours) for hours in (2, 5, 10, 14, 20, 24)),
    ),
    10.0,
    frozenset(range(200, 300)),
    JITTER,
)
"""Ten attempts over three days. Source: Standard Webhooks 1.0.0, "Deliverability"."""

COMPAT = Schedule("compat", (timedelta(minutes=5),) * 3, 30.0, frozenset({200, 201}), 0.0)
"""As Salla does it: three more attempts, five minutes apart. Source: Salla "Webhooks"."""

SCHEDULES = {schedule.name: schedule for schedule in (DURABLE, COMPAT)}


class ReceiverAnswer(NamedTuple):
    """What a receiver said, or why it said nothing: then the status is None."""

    status: int | None
    headers: Mapping[str, str]
    error: str | None = None


def judged(
    schedule: Schedule,
    webhook: Webhook,
    attempt: int,
    answer: ReceiverAnswer,
    now: datetime,
    chance: float,
) -> AttemptResult:
    """
    Return what an attempt comes to; `attempt` counts from 1, `chance` is from 0 until 1.

    A redirect is a failure: it is never followed. 410 says that nobody is there any more. What is
    given up, by an endpoint that has failed for days, pauses it; a retry never does.
    """
    status, error = answer.status, answer.error
    if status in schedule.accepted:
        return AttemptResult("done", status, None, now)
    if status == 410:
        return AttemptResult("dead", status, None, now, "gone")
    if attempt > len(schedule.delays):
        pause = "failing" if _has_failed_for_long(webhook, now) else None
        return AttemptResult("dead", status, error, now, pause)
    delay = schedule.delays[attempt - 1] * (1 + schedule.jitter * (2 * chance - 1))
    if status in (429, 503):
        delay = max(delay, min(_asked(answer.headers, now), MAX_WAIT))
    return AttemptResult("pending", status, error, now + delay)


def _has_failed_for_long(webhook: Webhook, now: datetime) -> bool:
    return webhook.failing_since is not None and now - webhook.failing_since >= PAUSED_AFTER


def _asked(headers: Mapping[str, str], now: datetime) -> timedelta:
    """Return what Retry-After asks for; nothing for what is none. Source: RFC 9110 §10.2.3."""
    text = headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit():
        return timedelta(seconds=min(int(text[:9]), MAX_WAIT.total_seconds()))
    try:
        return max(parsedate_to_datetime(text) - now, timedelta(0))
    except (TypeError, ValueError, OverflowError):
        return timedelta(0)
