"""The background work of a namespace: nothing that comes due during a round is forgotten."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

from fixtures.templates import migrated_register

from sijill.http.health import Draining
from sijill.sandbox.background import Background
from sijill.sandbox.clock import VirtualClock
from sijill.sandbox.ring import Ring

BEGIN = 1_000.0
PATIENCE = 10.0


class Outbox:
    """Deliveries, and a deliverer whose rounds take a second; it looks at their beginning."""

    def __init__(self, *due: float) -> None:
        self.now, self.due = BEGIN, {*due}
        self.is_empty = asyncio.Event()
        self.on_look: Callable[[], None] = lambda: None

    async def next_due(self, after: datetime) -> datetime | None:
        self.on_look()
        later = [at for at in self.due if at > after.timestamp()]
        return datetime.fromtimestamp(min(later), UTC) if later else None

    async def settle(self) -> None:
        self.due = {at for at in self.due if at > self.now}
        self.now += 1
        if not self.due:
            self.is_empty.set()

    async def abort(self) -> None:
        """Stop at once."""


class Idle:
    """An importer without files, an audit log without entries, and no requests."""

    async def work(self) -> bool:
        return False

    turn = work


def with_background(scenario: Callable[[Outbox, Background], Awaitable[None]]) -> None:
    async def whole() -> None:
        register = await migrated_register("sqlite://:memory:")
        outbox: Any = Outbox()
        idle: Any = Idle()
        draining, clock = Draining(), VirtualClock(lambda: outbox.now)
        parts = (register.driver, idle, outbox, outbox, Ring[Any](), clock, draining, idle, idle)
        background = Background(*parts, idle.work)
        try:
            async with asyncio.timeout(PATIENCE):
                await scenario(outbox, background)
        finally:
            draining.begin()
            await background.stop()
            await register.close()

    asyncio.run(whole())


def test_a_delivery_that_comes_due_during_a_round_is_sent() -> None:
    async def scenario(outbox: Outbox, background: Background) -> None:
        outbox.due = {BEGIN + 0.5}
        background.wake()
        await outbox.is_empty.wait()

    with_background(scenario)


def test_what_is_asked_for_at_the_end_of_a_round_begins_another() -> None:
    async def scenario(outbox: Outbox, background: Background) -> None:
        def asks() -> None:
            outbox.on_look = lambda: None
            outbox.is_empty.clear()
            outbox.due = {BEGIN}
            background.wake()

        outbox.on_look = asks
        await background.settle()
        await outbox.is_empty.wait()

    with_background(scenario)
