"""Retries in the sandbox come at the exact moments of their schedule, which can be repeated."""

from datetime import datetime
from itertools import pairwise

from e2e.receiving import Receiver
from sandbox.conftest import SandboxWorld
from sandbox.hooked import Hooked

from sijill.sandbox.rules import drawn
from sijill.webhooks.schedule import COMPAT, DURABLE, JITTER

FOUR_DAYS = 4 * 86_400


def moments(made: Hooked) -> list[datetime]:
    """Return when the delivery of a customer was tried, at its receiver that refuses."""
    made.receiver.mode = "refuse"
    made.customer("sara")
    moved = made.advance(FOUR_DAYS)
    assert moved["next_due"] is None
    return [made.begin, *(datetime.fromisoformat(one["at"]) for one in moved["did"])]


def test_ten_durable_attempts_come_at_their_exact_moments(
    sandbox: SandboxWorld, receiver: Receiver
) -> None:
    made = Hooked(sandbox, receiver)
    found = moments(made)
    stamps = [int(one.headers["webhook-timestamp"]) for one in receiver.received]
    assert stamps == [int(moment.timestamp()) for moment in found]
    assert len(found) == 10
    event = receiver.received[0].id
    waits = [later - earlier for earlier, later in pairwise(found)]
    for attempt, (wait, delay) in enumerate(zip(waits, DURABLE.delays, strict=True), 1):
        chance = drawn(0, made.name, made.hook, event, attempt)
        assert wait == delay * (1 + JITTER * (2 * chance - 1))
        assert delay * (1 - JITTER) <= wait <= delay * (1 + JITTER)


def test_the_retries_of_salla_s_schedule_come_at_their_exact_moments(
    sandbox: SandboxWorld, receiver: Receiver
) -> None:
    found = moments(Hooked(sandbox, receiver, settings={"webhook_schedule": "compat"}))
    assert len(receiver.received) == 4
    assert [later - earlier for earlier, later in pairwise(found)] == list(COMPAT.delays)


def test_the_same_seed_and_name_make_the_same_retries(
    sandbox: SandboxWorld, receiver: Receiver
) -> None:
    def waits(seed: int) -> list[float]:
        made = Hooked(sandbox, receiver, random=seed)
        made.control("POST", "clock/set", {"at": "2040-01-01T00:00:00Z"})
        made.begin = datetime.fromisoformat(made.control("GET", "clock").json["now"])
        found = moments(made)
        sandbox.control("DELETE", f"ns/{made.name}")
        return [(later - earlier).total_seconds() for earlier, later in pairwise(found)]

    assert waits(1) == waits(1) != waits(2)
