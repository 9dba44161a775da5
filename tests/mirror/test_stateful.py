"""
The mirror against upstream after many random steps: losses, doubles, reorderings, crashes, jumps.

Whatever happens, nobody who lives is buried; once all is calm, one sweep makes the two equal.
"""

import asyncio
from contextlib import AsyncExitStack
from typing import Any

import pytest
from fixtures.profiles import example_count
from fixtures.registers import STORE
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from mirror.sandboxed import Killed, Pair, faults, paired

from sijill.errors import NotFound
from sijill.mirror.model import FIELDS, NoBudget, Reply

pytestmark = pytest.mark.proves(
    "after any losses, doubles, late answers, crashes, jumps of the clock and faults of upstream, "
    "one sweep makes the mirror equal to upstream, field by field"
)

PLACES = st.integers(0, 10**6)
STORMS: list[list[dict[str, Any]]] = [
    [],
    [{"op": "customers.details", "kind": "status", "status": 404, "rate": 0.5}],
    [{"op": "customers.list", "kind": "status", "status": 500, "rate": 0.5}],
    [{"op": "customers.list", "kind": "truncate", "rate": 0.5}],
    [{"op": "customers.details", "kind": "empty"}],
    [{"op": "customers.list", "kind": "status", "status": 429, "times": 1, "wait": 60}],
]


class Mirrored(RuleBasedStateMachine):
    """Two stores, and all that may go wrong between them."""

    pair: Pair

    @initialize(seed=st.integers(0, 1_000), live=st.booleans())
    def begin(self, seed: int, live: bool) -> None:
        self.runner, self.closing = asyncio.Runner(), AsyncExitStack()
        self.late: list[Reply] = []
        self.pair = self.run(self.closing.enter_async_context(paired(130, seed=seed)))
        if live:
            self.run(self.pair.run(until=self.pair.is_live))

    def run(self, work: Any) -> Any:
        async def whole() -> Any:
            return await work

        return self.runner.run(whole())

    def pick(self, place: int) -> int | None:
        ids = sorted(self.run(self.pair.ids()))
        return ids[place % len(ids)] if ids else None

    @rule()
    def create(self) -> None:
        self.run(self.pair.create())

    @rule(place=PLACES)
    def update(self, place: int) -> None:
        if (customer_id := self.pick(place)) is not None:
            self.run(self.pair.update(customer_id))

    @rule(place=PLACES)
    def ban(self, place: int) -> None:
        if (customer_id := self.pick(place)) is not None:
            self.run(self.pair.ban(customer_id))

    @rule(place=PLACES)
    def delete(self, place: int) -> None:
        if (customer_id := self.pick(place)) is not None:
            self.run(self.pair.delete(customer_id))

    @rule(one=PLACES, other=PLACES)
    def swap_mobiles(self, one: int, other: int) -> None:
        first, second = self.pick(one), self.pick(other)
        if first is not None and second is not None and first != second:
            self.run(self.pair.swap_mobiles(first, second))

    @rule(place=PLACES)
    def erase_by_law(self, place: int) -> None:
        customer_id = self.pick(place)
        try:
            self.run(self.pair.register.eraser.erase(STORE.id, customer_id, self.pair.wall()))
        except NotFound:
            return
        assert customer_id is not None
        self.pair.erased.add(customer_id)

    @rule(lost=st.sampled_from([0.0, 0.5, 1.0]), late=st.sampled_from([0.0, 90.0]))
    def webhooks(self, lost: float, late: float) -> None:
        self.pair.lost, self.pair.doubled, self.pair.shuffled = lost, 0.3, late

    @rule(place=PLACES)
    def hear_again(self, place: int) -> None:
        if self.pair.told:
            self.run(self.pair.hear(self.pair.told[place % len(self.pair.told)]))

    @rule(place=PLACES)
    def fetch(self, place: int) -> None:
        """Ask for a client; the answer is on its way until `arrive`."""
        customer_id = self.pick(place)
        path = f"/customers/{customer_id}"
        try:
            reply = self.run(self.pair.asking.get(path, FIELDS, "foreground"))
        except (NoBudget, Exception):
            return
        if reply.status == 200:
            self.late.append(reply)

    @rule(place=PLACES)
    def arrive(self, place: int) -> None:
        if self.late:
            reply = self.late.pop(place % len(self.late))
            self.run(self.pair.register.applier.apply(STORE.id, reply, "foreground"))

    @rule(storm=st.sampled_from(STORMS))
    def storm(self, storm: list[dict[str, Any]]) -> None:
        faults(self.pair, *storm)

    @rule(seconds=st.sampled_from([1, 40, 400, 2_000]))
    def wait(self, seconds: int) -> None:
        self.run(self.pair.run(seconds))

    @rule()
    def sweep(self) -> None:
        self.run(self.pair.register.mirror.want_sweep(STORE.id))

    @rule(
        requests=st.integers(1, 12),
        committed=st.booleans(),
        jump=st.sampled_from([0, 0, -3_600, 3_600]),
    )
    def crash(self, requests: int, committed: bool, jump: int) -> None:
        """End the process behind an answer, before or after it was written; go on with another."""
        self.run(self.pair.crash(requests, 600, committed=committed))
        self.pair.jump += jump
        self.pair.restart()

    @invariant()
    def nobody_who_lives_is_buried(self) -> None:
        if hasattr(self, "pair"):
            assert not self.run(self.pair.false_tombstones())

    def teardown(self) -> None:
        if not hasattr(self, "pair"):
            return
        try:
            self.run(self.calm())
        finally:
            self.run(self.closing.aclose())
            self.runner.close()

    async def calm(self) -> None:
        """Let upstream answer, all that is on its way arrive, and one sweep pass."""
        pair = self.pair
        faults(pair)
        pair.lost = 0.0
        await pair.run(2_000)
        await pair.run(until=pair.is_live)
        for reply in self.late:
            await pair.register.applier.apply(STORE.id, reply, "foreground")
        await pair.swept()
        await pair.assert_equal()


TestMirrored = Mirrored.TestCase
TestMirrored.settings = settings(
    max_examples=example_count(8),
    stateful_step_count=20,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
    deadline=None,
)


def test_a_crash_of_the_test_is_a_crash() -> None:
    """The process ends where the test says, and what it had not written is not there."""

    async def whole() -> None:
        async with paired(200) as pair:
            await pair.crash(6, 600, committed=False)
            held = len(await pair.held())
            pair.restart()
            await pair.run(until=pair.is_live)
            assert held < 200
            await pair.assert_equal()

    asyncio.run(whole())
    assert issubclass(Killed, BaseException)
