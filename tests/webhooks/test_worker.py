"""The worker, over a real outbox in memory: sends that are made up, a clock that is moved."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from fixtures.events import (
    APP,
    HOOK,
    HOUR,
    OTHER_APP,
    SECOND,
    another,
    everything,
    happened,
    ready,
)
from fixtures.registers import NOW, STORE, opened
from msgspec.structs import replace

from sijill.errors import Unavailable
from sijill.register import Register
from sijill.webhooks.events import Event
from sijill.webhooks.model import AttemptResult, ClaimedDelivery, Delivery, Webhook
from sijill.webhooks.places import INITIAL, MAX_PLACES, MAX_UNDER_WAY, PER_APP
from sijill.webhooks.schedule import DURABLE, ReceiverAnswer
from sijill.webhooks.worker import INTERNAL, LEASE_MARGIN, Deliverer, Plan

PATIENCE = 20.0
"""Seconds of real time that anything may take before the test fails."""

SENT = ReceiverAnswer(200, {})
PLAN = Plan(DURABLE, "send")
LEASE = timedelta(seconds=DURABLE.timeout) + LEASE_MARGIN


class Sends:
    """A way out that notes what it is given; what `hangs` is answered when it is let go."""

    def __init__(self, hangs: Callable[[ClaimedDelivery], bool] = lambda due: False) -> None:
        self.hangs = hangs
        self.answers: dict[int, ReceiverAnswer | Exception] = {}
        """What a webhook's receiver says, where that is not SENT."""
        self.sent: list[ClaimedDelivery] = []
        self.under_way: Counter[int] = Counter()
        self.most = self.most_of_one = 0
        self.let_go: Any = asyncio.Event()
        self.closed = False

    async def attempt(self, due: ClaimedDelivery, _at: datetime) -> ReceiverAnswer:
        hook = due.webhook.id
        self.under_way[hook] += 1
        self.most = max(self.most, self.under_way.total())
        self.most_of_one = max(self.most_of_one, self.under_way[hook])
        try:
            if self.hangs(due):
                await self.let_go.wait()
        finally:
            self.under_way[hook] -= 1
        self.sent.append(due)
        answer = self.answers.get(hook, SENT)
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def close(self) -> None:
        assert self.under_way.total() == 0
        self.closed = True

    def of(self, webhook_id: int) -> list[str]:
        return [due.event.id for due in self.sent if due.webhook.id == webhook_id]


class Tells:
    """Notes what it is told."""

    def __init__(self) -> None:
        self.outcomes: list[tuple[str, str]] = []
        self.pauses: list[tuple[int, str]] = []
        self.faults: list[Exception] = []

    def delivered(self, event: str, outcome: AttemptResult) -> None:
        self.outcomes.append((event, outcome.state))

    def paused(self, webhook: Webhook, why: str) -> None:
        self.pauses.append((webhook.id, why))


class Telling(Deliverer):
    """A deliverer that notes the faults of its own, where `tells` notes the rest."""

    def failed(self, fault: Exception) -> None:
        self._observer.faults.append(fault)  # type: ignore[attr-defined]


class Shaky:
    """An outbox and its deliveries, of which some calls fail, as often as they are told to."""

    def __init__(self, register: Register) -> None:
        self.register = register
        self.away: Counter[str] = Counter()
        self.calls: Counter[str] = Counter()
        self.fault: type[Exception] = Unavailable

    def __getattr__(self, name: str) -> Any:
        async def call(*args: Any, **more: Any) -> Any:
            self.calls[name] += 1
            if self.away[name]:
                self.away[name] -= 1
                raise self.fault
            table = self.register.outbox if hasattr(self.register.outbox, name) else None
            return await getattr(table or self.register.deliveries, name)(*args, **more)

        return call


class House:
    """A worker at work, and all that is around it."""

    def __init__(self, register: Register, sends: Sends, plan: Plan) -> None:
        self.register, self.sends, self.tells = register, sends, Tells()
        self.deliveries = Shaky(register)
        self.now = NOW
        self.plan = plan
        self.worker = self.another()

    def another(self) -> Deliverer:
        tables = (self.deliveries, self.deliveries)
        parts = (*tables, self.sends, everything, self.tells, self.plan)
        return Telling(*parts, lambda: self.now.timestamp())

    async def happen(self, *events: Event) -> None:
        for event in events:
            await self.register.outbox.append(event)
        self.worker.wake()

    async def pass_by(self, interval: timedelta) -> None:
        self.now += interval
        self.worker.wake()

    async def states(self) -> Counter[str]:
        return Counter(one.state for one in await self.all())

    async def all(self) -> list[Delivery]:
        return await self.register.deliveries.all(limit=100_000)


async def until(met: Callable[[], object], what: str) -> None:
    """Wait until a condition is met, or fail naming it."""
    deadline = time.monotonic() + PATIENCE
    while not met():
        assert time.monotonic() < deadline, f"never: {what}"
        await asyncio.sleep(0.001)


@asynccontextmanager
async def house(*hooks: Webhook, plan: Plan = PLAN, **sends: Any) -> AsyncIterator[House]:
    """Yield a house with webhooks, its worker at work; it is stopped afterwards."""
    async with opened() as register:
        await ready(register, *hooks)
        # A read beside a writer in memory may not find a table that is newer than its last look.
        await register.outbox.newest(STORE.id)
        made = House(register, Sends(**sends), plan)
        made.worker.start()
        yield made
        made.sends.let_go.set()
        await asyncio.wait_for(made.worker.stop(), PATIENCE)


def run(scenario: Callable[[], Any]) -> None:
    asyncio.run(asyncio.wait_for(scenario(), PATIENCE * 2))


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """It looks again soon: what a test waits for is not the second between two looks."""
    monkeypatch.setattr(Deliverer, "EVERY", 0.005)


def test_the_worker_sends_an_event_and_records_the_result() -> None:
    async def scenario() -> None:
        async with house(HOOK) as made:
            await made.happen(happened(1), happened(2))
            await until(lambda: len(made.tells.outcomes) == 2, "both were noted")
            assert sorted(made.sends.of(HOOK.id)) == ["evt_0001", "evt_0002"]
            assert await made.states() == {"done": 2}
            assert made.tells.outcomes == [("customer.created", "done")] * 2

    run(scenario)


def test_a_dead_endpoint_delays_no_other() -> None:
    dead = [another(100 + number) for number in range(50)]
    live = [another(200 + number) for number in range(50)]

    async def scenario() -> None:
        async with house(*dead, *live, hangs=lambda due: due.webhook.id < 200) as made:
            for number in range(0, 8, 2):  # more than the dead have places for
                await made.happen(happened(number), happened(number + 1))
                expected = 50 * (number + 2)
                await until(lambda e=expected: len(made.sends.sent) == e, "the live were sent")
            assert {due.webhook.id for due in made.sends.sent} == {hook.id for hook in live}
            await until(lambda: made.sends.under_way.total() == 50 * INITIAL, "the dead hang")
            assert len(made.sends.sent) == 50 * 8
            made.sends.answers = {hook.id: ReceiverAnswer(None, {}, "timeout") for hook in dead}
            made.sends.let_go.set()
            await until(lambda: made.sends.under_way.total() == 0, "the dead timed out")

    run(scenario)


def test_an_app_with_many_webhooks_keeps_no_other_app_waiting() -> None:
    theirs = [another(100 + number) for number in range(100)]
    mine = another(900, app_id=OTHER_APP.id)

    async def scenario() -> None:
        async with house(*theirs, mine, hangs=lambda due: due.webhook.id != mine.id) as made:
            await made.happen(*(happened(number) for number in range(INITIAL)))
            await until(lambda: made.sends.under_way.total() == PER_APP, "its places are taken")
            await until(lambda: len(made.sends.sent) == INITIAL, "the other app was told")
            await made.happen(happened(99))
            await until(lambda: len(made.sends.sent) == INITIAL + 1, "and is told again")

    run(scenario)


def test_events_get_their_place_while_every_place_is_taken() -> None:
    apps = (APP.id, OTHER_APP.id)
    hooks = [
        another(100 + number, app_id=apps[number % 2]) for number in range(MAX_UNDER_WAY // INITIAL)
    ]

    async def scenario() -> None:
        async with house(*hooks, hangs=lambda due: True) as made:
            await made.happen(*(happened(number) for number in range(INITIAL)))
            await until(
                lambda: made.sends.under_way.total() == MAX_UNDER_WAY, "all places are taken"
            )
            await made.happen(happened(99))
            deadline = time.monotonic() + PATIENCE
            while await made.register.outbox.newest(STORE.id) < INITIAL + 1:
                assert time.monotonic() < deadline
                await asyncio.sleep(0.001)

    run(scenario)


def test_ten_thousand_that_are_due_are_sent_a_few_at_a_time() -> None:
    hooks = [another(100 + number) for number in range(100)]  # of one app

    async def scenario() -> None:
        async with house(*hooks, hangs=lambda due: True) as made:
            await made.worker.stop()
            for number in range(100):
                await made.register.outbox.append(happened(number))
            await made.register.outbox.sequence_events(everything, NOW, 100)
            assert await made.states() == {"pending": 10_000}
            made.worker = made.another()
            made.worker.start()
            await until(lambda: made.sends.under_way.total() == PER_APP, "its places are taken")
            for _ in range(20):
                made.worker.wake()
                await asyncio.sleep(0.005)
            leased = [one for one in await made.all() if one.attempts]
            assert len(leased) == made.sends.most == PER_APP
            assert made.sends.most_of_one == INITIAL

    run(scenario)


def test_a_webhook_that_failed_gets_one_place_until_it_answers() -> None:
    async def scenario() -> None:
        async with house(replace(HOOK, failing_since=NOW), hangs=lambda due: True) as made:
            await made.happen(*(happened(number) for number in range(9)))
            await until(lambda: made.sends.under_way.total() == 1, "one is sent")
            for _ in range(10):
                made.worker.wake()
                await asyncio.sleep(0.002)
            assert made.sends.most == 1
            made.sends.let_go.set()
            await until(lambda: len(made.tells.outcomes) == 9, "all were sent")
            assert (await made.register.webhooks.find(HOOK.id)).failing_since is None

    run(scenario)


def test_a_receiver_gets_more_places_while_it_answers_and_one_when_it_fails_and_fails() -> None:
    async def scenario() -> None:
        async with house(HOOK, hangs=lambda due: True) as made:
            await made.happen(*(happened(number) for number in range(200)))

            async def all_end_after(count: int) -> None:
                await until(lambda: made.sends.under_way.total() == count, f"{count} at once")
                made.sends.let_go.set()
                made.sends.let_go.clear()

            for count in (INITIAL, 2 * INITIAL, 4 * INITIAL, MAX_PLACES):
                await all_end_after(count)
            made.sends.answers[HOOK.id] = ReceiverAnswer(500, {})
            await all_end_after(MAX_PLACES)
            await all_end_after(1)
            made.sends.answers.clear()
            await all_end_after(1)
            await all_end_after(2)
            assert made.sends.most == MAX_PLACES

    run(scenario)


class Turnstile:
    """Lets as many go as it is told to."""

    def __init__(self) -> None:
        self._passes = asyncio.Semaphore(0)

    async def wait(self) -> None:
        await self._passes.acquire()

    def set(self, count: int = 100) -> None:
        for _ in range(count):
            self._passes.release()


def test_the_next_are_claimed_when_half_of_the_places_are_free(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Deliverer, "EVERY", PATIENCE)

    async def scenario() -> None:
        async with house(HOOK, hangs=lambda due: True) as made:
            made.sends.let_go = Turnstile()
            await made.happen(*(happened(number) for number in range(20)))
            await until(lambda: made.sends.under_way.total() == INITIAL, "its places are taken")
            await asyncio.sleep(0.05)
            claims = made.deliveries.calls["claim"]
            made.sends.let_go.set(1)  # of five places three are taken
            await until(lambda: made.tells.outcomes, "one was sent")
            await asyncio.sleep(0.05)
            assert made.deliveries.calls["claim"] == claims
            made.sends.let_go.set(1)  # of six places two are taken
            await until(lambda: made.sends.under_way.total() == INITIAL + 2, "the free are taken")
            assert made.deliveries.calls["claim"] == claims + 1

    run(scenario)


def test_a_failure_is_tried_again_when_it_is_due_with_the_same_bytes() -> None:
    async def scenario() -> None:
        async with house(HOOK) as made:
            made.sends.answers[HOOK.id] = ReceiverAnswer(503, {"retry-after": "3600"})
            await made.happen(happened(1))
            await until(lambda: made.tells.outcomes, "it failed")
            await made.pass_by(HOUR - SECOND)
            await asyncio.sleep(0.05)
            assert len(made.sends.sent) == 1
            made.sends.answers.clear()
            await made.pass_by(SECOND)
            await until(lambda: len(made.tells.outcomes) == 2, "it was tried again")
            first, second = made.sends.sent
            assert (first.event, first.attempt) == (happened(1), 1)
            assert (second.event, second.attempt) == (happened(1), 2)
            assert [state for _, state in made.tells.outcomes] == ["pending", "done"]

    run(scenario)


def test_a_receiver_that_is_gone_is_paused_and_logged_once() -> None:
    async def scenario() -> None:
        async with house(HOOK) as made:
            made.sends.answers[HOOK.id] = ReceiverAnswer(410, {})
            await made.happen(happened(1))
            await until(lambda: made.tells.pauses, "it is paused")
            await made.happen(happened(2))
            await made.pass_by(99 * HOUR)
            await asyncio.sleep(0.05)
            assert made.tells.pauses == [(HOOK.id, "gone")]
            assert await made.states() == {"dead": 1, "pending": 1}
            assert len(made.sends.sent) == 1

    run(scenario)


def test_it_goes_on_when_the_database_comes_back() -> None:
    async def scenario() -> None:
        async with house(HOOK) as made:
            made.deliveries.away.update(sequence_events=3, claim=3)
            await made.happen(happened(1))
            await until(lambda: made.tells.outcomes == [("customer.created", "done")], "it is sent")
            assert made.deliveries.away.total() == 0
            assert made.tells.faults == []

    run(scenario)


def test_a_delivery_that_was_not_recorded_is_sent_again_when_the_lease_ends() -> None:
    async def scenario() -> None:
        async with house(HOOK) as made:
            made.deliveries.away["finish"] = 1
            await made.happen(happened(1))
            await until(lambda: made.sends.sent, "it is sent")
            await made.pass_by(LEASE - SECOND)
            await asyncio.sleep(0.05)
            assert len(made.sends.sent) == 1
            await made.pass_by(SECOND)
            await until(lambda: made.tells.outcomes, "it is noted")
            assert [due.attempt for due in made.sends.sent] == [1, 2]
            assert len({due.event for due in made.sends.sent}) == 1

    run(scenario)


@pytest.mark.parametrize("call", ["sequence_events", "claim", "finish"])
def test_a_fault_of_our_own_is_told_and_it_goes_on(call: str) -> None:
    async def scenario() -> None:
        async with house(HOOK) as made:
            made.deliveries.fault = ZeroDivisionError
            made.deliveries.away[call] = 1
            await made.happen(happened(1))
            await until(lambda: made.tells.faults, "it is told")
            made.now += LEASE
            await made.happen(happened(2))
            await until(lambda: len(made.tells.outcomes) == 2, "both were sent")
            assert [type(fault) for fault in made.tells.faults] == [ZeroDivisionError]

    run(scenario)


def test_a_send_that_raises_counts_as_an_attempt_and_disturbs_no_other() -> None:
    async def scenario() -> None:
        async with house(HOOK, another(101)) as made:
            made.sends.answers[HOOK.id] = ZeroDivisionError()
            await made.happen(happened(1))
            await until(lambda: len(made.tells.outcomes) == 2, "both were noted")
            assert made.sends.of(101) == ["evt_0001"]
            assert len(made.tells.faults) == 1
            found = {one.webhook_id: (one.state, one.error) for one in await made.all()}
            assert found == {HOOK.id: ("pending", INTERNAL), 101: ("done", None)}

    run(scenario)


def test_a_stop_lets_what_is_under_way_end_and_claims_nothing_more() -> None:
    async def scenario() -> None:
        async with house(HOOK, hangs=lambda due: True) as made:
            await made.happen(*(happened(number) for number in range(INITIAL + 3)))
            await until(lambda: made.sends.under_way.total() == INITIAL, "some are under way")
            stopping = asyncio.create_task(made.worker.stop())
            await asyncio.sleep(0.05)
            assert not stopping.done()
            assert not made.sends.closed
            made.sends.let_go.set()
            await stopping
            assert made.sends.closed
            assert await made.states() == {"done": INITIAL, "pending": 3}
            assert {one.attempts for one in await made.all() if one.state == "pending"} == {0}

    run(scenario)


def test_a_stop_in_the_middle_of_a_claim_loses_no_time_for_what_was_claimed() -> None:
    async def scenario() -> None:
        async with house(HOOK) as made:
            claim, begun, go_on = made.register.deliveries.claim, asyncio.Event(), asyncio.Event()

            async def slow(*args: Any, **more: Any) -> list[ClaimedDelivery]:
                claimed = await claim(*args, **more)
                if claimed:
                    begun.set()
                    await go_on.wait()
                return claimed

            made.register.deliveries.claim = slow  # type: ignore[method-assign]
            await made.happen(happened(1))
            await begun.wait()
            stopping = asyncio.create_task(made.worker.stop())
            await asyncio.sleep(0.01)
            go_on.set()
            await stopping
            assert await made.states() == {"done": 1}

    run(scenario)


def test_a_worker_that_was_never_started_can_be_stopped() -> None:
    async def scenario() -> None:
        async with opened() as register:
            await House(register, Sends(), PLAN).worker.stop()

    run(scenario)


def test_two_workers_send_each_delivery_once() -> None:
    async def scenario() -> None:
        async with house(*(another(100 + number) for number in range(10))) as made:
            second = made.another()
            second.start()
            await made.happen(*(happened(number) for number in range(20)))
            await until(lambda: len(made.tells.outcomes) >= 200, "all were sent")
            await second.stop()
            assert len({(due.webhook.id, due.event.id) for due in made.sends.sent}) == 200
            assert len(made.sends.sent) == 200

    run(scenario)


def test_a_captured_delivery_is_kept_and_never_sent() -> None:
    async def scenario() -> None:
        async with house(HOOK, plan=PLAN._replace(mode="capture")) as made:
            await made.happen(happened(1))
            await until(lambda: made.tells.outcomes, "it is captured")
            assert made.sends.sent == []
            assert await made.states() == {"captured": 1}
            assert await made.register.webhooks.find(HOOK.id) == HOOK

    run(scenario)


def test_the_worker_forgets_a_delivery_under_way_once_it_has_ended() -> None:
    async def scenario() -> None:
        async with house(HOOK, another(101)) as made:
            made.sends.answers[101] = ZeroDivisionError()
            await made.happen(*(happened(number) for number in range(20)))
            await until(lambda: made.sends.of(HOOK.id) and made.sends.of(101), "some were sent")
            await made.worker.stop()
            assert not made.worker._under_way
            assert not made.worker._places._webhooks
            assert not made.worker._places._apps

    run(scenario)
