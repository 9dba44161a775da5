"""Each attempt of a delivery is kept with it: when it was sent, how it ended, how long it took."""

from datetime import timedelta
from typing import Any

import pytest
from fixtures.databases import Run
from fixtures.events import DONE, HOOK, HOUR, SECOND, append, claim, happened, ready
from fixtures.registers import NOW

from sijill.register import Register
from sijill.webhooks.attempts import KEPT, NONE, Attempt, attempt, attempts_of, with_attempt
from sijill.webhooks.model import AttemptResult, Delivery

pytestmark = pytest.mark.proves(
    "each attempt of a delivery is kept with its time, its answer and its duration, up to 50"
)

TIMEOUT = AttemptResult("pending", None, "timeout", NOW)


async def delivery(register: Register) -> Delivery:
    [found] = await register.deliveries.all()
    return found


async def send(register: Register, at: Any, result: AttemptResult, took: timedelta) -> None:
    [due] = await claim(register, at)
    await register.deliveries.finish(due, result, at + took, at)


def test_attempts_are_kept_in_their_order_also_after_the_delivery_is_sent_again(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await ready(register, HOOK)
        await append(register, happened(1))
        await send(register, NOW, TIMEOUT, 10 * SECOND)
        await send(register, NOW + HOUR, AttemptResult("dead", 410, None, NOW), SECOND / 4)
        assert await register.deliveries.redeliver(
            event_id="evt_0001", since=None, until=None, at=NOW + 2 * HOUR
        )
        await send(register, NOW + 2 * HOUR, DONE, SECOND)
        found = await delivery(register)
        assert [(one.at, one.took, one.answer) for one in found.tried] == [
            (NOW, 10_000, "timeout"),
            (NOW + HOUR, 250, "HTTP 410"),
            (NOW + 2 * HOUR, 1_000, "HTTP 200"),
        ]
        assert found.attempts == 1
        assert await register.deliveries.of_event("evt_0001") == [found]

    run(scenario)


@pytest.mark.parametrize("result", [AttemptResult("captured", None, None, NOW), DONE])
def test_what_was_not_sent_is_no_attempt(run: Run, result: AttemptResult) -> None:
    async def scenario(register: Register) -> None:
        await ready(register, HOOK)
        await append(register, happened(1))
        [due] = await claim(register)
        await register.deliveries.finish(due, result, NOW)
        assert (await delivery(register)).tried == ()

    run(scenario)


def test_an_attempt_that_outlived_its_lease_is_not_kept(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await ready(register, HOOK)
        await append(register, happened(1))
        [late] = await claim(register)
        await send(register, NOW + HOUR, TIMEOUT, SECOND)
        await register.deliveries.finish(late, DONE, NOW + HOUR, NOW)
        assert [one.at for one in (await delivery(register)).tried] == [NOW + HOUR]

    run(scenario)


def test_attempts_go_with_their_event(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await ready(register, HOOK)
        await append(register, happened(1))
        await send(register, NOW, DONE, SECOND)
        assert await register.outbox.prune(NOW + HOUR) == 1
        assert await register.deliveries.of_event("evt_0001") == []

    run(scenario)


def test_the_newest_fifty_are_kept() -> None:
    text = NONE
    for number in range(KEPT + 3):
        text = with_attempt(text, Attempt(number, 1, 500, None))
    assert [one.began for one in attempts_of(text)] == [*range(3, KEPT + 3)]
    assert len(text) < 2_000


def test_a_clock_that_is_set_back_makes_no_negative_duration() -> None:
    assert attempt(NOW, NOW - HOUR, 200, None).took == 0
