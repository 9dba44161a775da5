"""The decision after an attempt: received, tried again or given up. Pure."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import NamedTuple

from sijill.webhooks.model import AttemptResult, Webhook

JITTER = 0.1
"""A delay is made longer or shorter by up to this share, so that retries spread out."""

MAX_WAIT = timedelta(hours=24)
"""The longest Retry-After that is respected; a longer one is cut to it."""

PAUSED_AFTER = timedelta(days=5)
"""A webhook that has failed for this long is paused."""


class Schedule(NamedTuple):
    """The delays between attempts, and the statuses that count as received."""

    name: str
    delays: tuple[timedelta, ...]
    """Before the second attempt, the third, …; after the last attempt the delivery is dead."""
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
"""Salla's own: three more attempts, five minutes apart. Source: Salla "Webhooks"."""

SCHEDULES = {schedule.name: schedule for schedule in (DURABLE, COMPAT)}


class ReceiverAnswer(NamedTuple):
    """A receiver's answer; without one, the status is None and `error` says why."""

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
    Return the result of an attempt; `attempt` counts from 1, `chance` is in [0, 1).

    A redirect is a failure: it is never followed. 410 says that the receiver is gone. A delivery
    that is given up pauses a webhook that has failed for days; a retry never pauses one.
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
        delay = max(delay, min(_retry_after(answer.headers, now), MAX_WAIT))
    return AttemptResult("pending", status, error, now + delay)


def _has_failed_for_long(webhook: Webhook, now: datetime) -> bool:
    return webhook.failing_since is not None and now - webhook.failing_since >= PAUSED_AFTER


def _retry_after(headers: Mapping[str, str], now: datetime) -> timedelta:
    """Return the wait that Retry-After asks for, 0 if malformed. Source: RFC 9110 §10.2.3."""
    text = headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit():
        return timedelta(seconds=min(int(text[:9]), MAX_WAIT.total_seconds()))
    try:
        return max(parsedate_to_datetime(text) - now, timedelta(0))
    except (TypeError, ValueError, OverflowError):
        return timedelta(0)
