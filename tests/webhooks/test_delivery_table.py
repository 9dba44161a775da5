"""Deliveries: who is due is claimed by one alone, and what comes of it is noted once."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from fixtures.databases import Run
from fixtures.events import (
    DONE,
    HOOK,
    HOUR,
    OTHER,
    SECOND,
    another,
    append,
    claim,
    happened,
    names,
    ready,
)
from fixtures.registers import NOW, STORE, opened, rekey
from msgspec.structs import replace

from sijill.errors import NotFound
from sijill.register import Register
from sijill.webhooks.model import AttemptResult, ClaimedDelivery, Delivery
from sijill.webhooks.places import Places

LEASE = 60 * SECOND


def again(at: Any = NOW + HOUR, pause: str | None = None) -> AttemptResult:
    return AttemptResult("pending", 503, None, at, pause)


DEAD = AttemptResult("dead", None, "timeout", NOW)


async def due_once(register: Register) -> ClaimedDelivery:
    """Return the one delivery there is, claimed."""
    await ready(register, HOOK)
    await append(register, happened(1))
    [due] = await claim(register)
    return due


def test_a_claim_is_the_webhook_the_event_and_the_number_of_the_attempt(run: Run) -> None:
    async def scenario(register: Register) -> None:
        assert await due_once(register) == ClaimedDelivery(HOOK, happened(1), 1)
        assert await claim(register, NOW + LEASE - SECOND) == []

    run(scenario)


def test_a_claim_that_ends_unfinished_is_due_again_with_the_same_bytes(run: Run) -> None:
    async def scenario(register: Register) -> None:
        first = await due_once(register)
        assert await claim(register, NOW + LEASE) == [first._replace(attempt=2)]

    run(scenario)


def test_an_attempt_that_outlives_its_lease_changes_nothing(run: Run) -> None:
    async def scenario(register: Register) -> None:
        late = await due_once(register)
        [second] = await claim(register, NOW + LEASE)
        for outcome in (DONE, DEAD, again(pause="failing")):
            await register.deliveries.finish(late, outcome, NOW + LEASE)
        [delivery] = await register.deliveries.all()
        assert (delivery.state, delivery.attempts, delivery.status) == ("pending", 2, None)
        assert await register.webhooks.find(HOOK.id) == HOOK
        await register.deliveries.finish(second, DONE, NOW + LEASE)
        [delivery] = await register.deliveries.all()
        assert delivery.state == "done"
        await register.deliveries.finish(late, DEAD, NOW + LEASE)
        assert await register.deliveries.all() == [delivery]

    run(scenario)


@pytest.mark.parametrize(
    ("outcome", "since"),
    [
        (AttemptResult("done", 201, None, NOW), None),
        (again(NOW + HOUR), NOW),
        (AttemptResult("dead", None, "timeout", NOW), NOW),
        (AttemptResult("captured", None, None, NOW), None),
    ],
)
def test_a_delivery_records_the_result_of_an_attempt(
    run: Run, outcome: AttemptResult, since: Any
) -> None:
    async def scenario(register: Register) -> None:
        due = await due_once(register)
        await register.deliveries.finish(due, outcome, NOW)
        assert await register.deliveries.all() == [
            Delivery(
                webhook_id=HOOK.id,
                event_id=due.event.id,
                store_id=STORE.id,
                event=due.event.name,
                state=outcome.state,
                attempts=1,
                created_at=NOW,
                next_at=outcome.next_at,
                status=outcome.status,
                error=outcome.error,
            )
        ]
        assert (await register.webhooks.find(HOOK.id)).failing_since == since
        assert await claim(register, NOW + HOUR - SECOND) == []
        again_due = await claim(register, NOW + HOUR)
        assert [one.attempt for one in again_due] == ([2] if outcome.state == "pending" else [])

    run(scenario)


def test_a_webhook_fails_since_the_first_failure_until_a_success(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await due_once(register)
        for number in range(3):
            at = NOW + number * HOUR
            [due] = await claim(register, at + LEASE)
            await register.deliveries.finish(due, again(at + LEASE), at)
            assert (await register.webhooks.find(HOOK.id)).failing_since == NOW
        [due] = await claim(register, NOW + 9 * HOUR)
        assert due.webhook.failing_since == NOW
        await register.deliveries.finish(due, DONE, NOW + 9 * HOUR)
        assert (await register.webhooks.find(HOOK.id)).failing_since is None

    run(scenario)


def test_of_those_who_claim_at_once_one_gets_each_delivery(run: Run, register_url: str) -> None:
    async def scenario(register: Register) -> None:
        await ready(register, HOOK, another(101), another(102))
        await append(register, *(happened(number) for number in range(40)))
        got: list[tuple[int, str]] = []

        async def take(one: Register) -> None:
            while due := await claim(one, places=Places(total=7)):
                got.extend(names(due))

        if register_url.endswith(":memory:"):
            await asyncio.gather(*(take(register) for _ in range(4)))
        else:
            async with opened(register_url) as other:
                rekey(other, register.apps._sealer)
                await asyncio.gather(*(take(one) for one in (register, other) * 3))
        assert len(got) == len(set(got)) <= 120
        got += names(await claim(register))  # what somebody passed over while another looked
        assert len(got) == len(set(got)) == 120

    run(scenario)


def taken(counts: dict[int, int], **bounds: int) -> Places:
    """Return places of which each webhook has taken some."""
    places = Places(**bounds)
    for number, count in counts.items():
        places.take(another(number), count)
    return places


def test_a_webhook_gets_no_more_than_its_places(run: Run) -> None:
    async def scenario(register: Register) -> None:
        failing = another(101, failing_since=NOW)
        await ready(register, HOOK, failing, another(102))
        await append(register, *(happened(number) for number in range(9)))
        due = await claim(register, places=taken({HOOK.id: 3, 102: 4, 999: 9}))
        assert sorted(names(due)) == [(100, "evt_0000"), (101, "evt_0000")]
        due = await claim(register, places=taken({HOOK.id: 4, 101: 1}))
        assert names(due) == [(102, f"evt_{number:04}") for number in range(4)]
        assert await claim(register, places=taken({HOOK.id: 5, 101: 4, 102: 4})) == []

    run(scenario)


def test_no_more_are_claimed_than_there_are_places_and_the_least_busy_go_first(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await ready(register, HOOK, another(101), another(102))
        await append(register, *(happened(number) for number in range(9)))
        due = await claim(register, places=taken({HOOK.id: 2, 101: 1}, total=8))
        assert names(due) == [(102, f"evt_{number:04}") for number in range(4)] + [
            (101, "evt_0000")
        ]

    run(scenario)


def test_the_oldest_that_are_due_go_first(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await ready(register, HOOK)
        await append(register, *(happened(number) for number in range(3)))
        first, second, _ = await claim(register)
        await register.deliveries.finish(first, again(NOW + 2 * HOUR), NOW)
        await register.deliveries.finish(second, again(NOW + HOUR), NOW)
        due = await claim(register, NOW + 3 * HOUR)
        assert [one.event.id for one in due] == ["evt_0002", "evt_0001", "evt_0000"]

    run(scenario)


def test_nothing_of_a_paused_webhook_is_claimed_until_it_is_resumed(run: Run) -> None:
    async def scenario(register: Register) -> None:
        due = await due_once(register)
        await register.deliveries.finish(due, again(NOW, "failing"), NOW)
        paused = await register.webhooks.find(HOOK.id)
        assert (paused.paused, paused.failing_since) == ("failing", NOW)
        await append(register, happened(2))
        assert await claim(register, NOW + HOUR) == []
        await register.webhooks.resume(HOOK.id)
        assert await register.webhooks.find(HOOK.id) == HOOK
        assert len(await claim(register, NOW + HOUR)) == 2
        with pytest.raises(NotFound):
            await register.webhooks.resume(999)

    run(scenario)


def test_why_a_webhook_was_paused_first_stands(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await ready(register, HOOK)
        await append(register, happened(1), happened(2))
        first, second = await claim(register)
        await register.deliveries.finish(first, AttemptResult("dead", 410, None, NOW, "gone"), NOW)
        await register.deliveries.finish(second, again(pause="failing"), NOW)
        assert (await register.webhooks.find(HOOK.id)).paused == "gone"

    run(scenario)


def test_the_result_of_one_delivery_changes_no_other(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await ready(register, HOOK, another(101))
        await append(register, happened(1), happened(2))
        due = {name: one for one in await claim(register) for name in names([one])}
        await register.deliveries.finish(due[101, "evt_0001"], DEAD, NOW)
        states = {
            (one.webhook_id, one.event_id): one.state for one in await register.deliveries.all()
        }
        assert states.pop((101, "evt_0001")) == "dead"
        assert set(states.values()) == {"pending"}
        assert await register.webhooks.find(HOOK.id) == HOOK

    run(scenario)


def test_one_event_is_delivered_again_to_everybody_from_its_first_attempt_on(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await ready(register, HOOK, another(101))
        await append(register, happened(1), happened(2))
        for due in await claim(register):
            await register.deliveries.finish(due, DONE if due.webhook.id == HOOK.id else DEAD, NOW)
        wanted = {"event_id": "evt_0001", "since": None, "until": None}
        assert await register.deliveries.redeliver(**wanted, at=NOW + HOUR) == 2
        assert await claim(register, NOW + HOUR - SECOND) == []
        due = await claim(register, NOW + HOUR)
        assert [(one.event, one.attempt) for one in due] == [(happened(1), 1)] * 2
        wanted["event_id"] = "evt_9999"
        assert await register.deliveries.redeliver(**wanted, at=NOW) == 0

    run(scenario)


@pytest.mark.parametrize(
    ("since", "until", "expected"),
    [(None, None, [0, 1, 2]), (1, None, [1, 2]), (None, 1, [0]), (1, 2, [1]), (3, None, [])],
)
def test_dead_deliveries_created_in_a_range_are_delivered_again(
    run: Run, since: int | None, until: int | None, expected: list[int]
) -> None:
    async def scenario(register: Register) -> None:
        await ready(register, HOOK, another(101))
        for number in range(3):
            at = NOW + number * HOUR
            await register.outbox.append(happened(number))
            await register.outbox.sequence_events(lambda hook, event: True, at, 10)
            for due in await claim(register, at):
                await register.deliveries.finish(
                    due, DEAD if due.webhook.id == HOOK.id else DONE, at
                )
        begin, end = (None if hours is None else NOW + hours * HOUR for hours in (since, until))
        count = await register.deliveries.redeliver(event_id=None, since=begin, until=end, at=NOW)
        assert count == len(expected)
        due = await claim(register)
        assert names(due) == [(HOOK.id, f"evt_{number:04}") for number in expected]
        assert {one.attempt for one in due} <= {1}

    run(scenario)


def test_deliveries_are_shown_newest_first_of_one_store_and_in_one_state(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await ready(register, HOOK, another(104, store_id=OTHER.id))
        for number, store_id in enumerate((STORE.id, OTHER.id, STORE.id)):
            await register.outbox.append(happened(number, store_id=store_id))
            await register.outbox.sequence_events(
                lambda hook, event: True, NOW + number * SECOND, 10
            )
        [due] = [one for one in await claim(register, NOW + HOUR) if one.event == happened(0)]
        await register.deliveries.finish(due, DEAD, NOW)

        async def shown(**which: Any) -> list[str]:
            return [one.event_id for one in await register.deliveries.all(**which)]

        assert await shown() == ["evt_0002", "evt_0001", "evt_0000"]
        assert await shown(limit=1) == ["evt_0002"]
        assert await shown(store_id=STORE.id) == ["evt_0002", "evt_0000"]
        assert await shown(store_id=STORE.id, state="dead") == ["evt_0000"]
        assert await shown(store_id=OTHER.id, state="dead") == []
        assert await shown(state="pending") == ["evt_0002", "evt_0001"]

    run(scenario)


def test_nothing_is_due_before_its_time(run: Run) -> None:
    async def scenario(register: Register) -> None:
        due = await due_once(register)
        await register.deliveries.finish(due, again(NOW + timedelta(microseconds=1)), NOW)
        assert await claim(register) == []
        assert len(await claim(register, NOW + timedelta(microseconds=1))) == 1

    run(scenario)


def test_a_webhook_that_changes_is_claimed_as_it_is_now(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await due_once(register)
        new = await register.webhooks.change(
            STORE.id, HOOK.app_id, HOOK.id, lambda old: replace(old, secret="another", headers=())
        )
        [due] = await claim(register, NOW + LEASE)
        assert due.webhook == new

    run(scenario)
