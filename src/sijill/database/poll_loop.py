"""The poll loop of every background worker."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

from sijill.errors import Unavailable


class PollLoop:
    """Runs `work` until `stop`: again at once while there is more to do, else after a pause."""

    def __init__(
        self,
        work: Callable[[], Awaitable[bool]],
        on_fault: Callable[[Exception], None],
        pause: float,
    ) -> None:
        """`work` returns whether there is more to do; `pause` is in seconds."""
        self._work, self._on_fault, self._pause = work, on_fault, pause
        self._awake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self.stopping = False

    def start(self) -> None:
        """Start on the running event loop."""
        self._task = asyncio.create_task(self._run())

    def wake(self) -> None:
        """End the pause: there may be work."""
        self._awake.set()

    async def stop(self) -> None:
        """Wait for the current call of `work`, and start no other."""
        self.stopping = True
        self._awake.set()
        if self._task is not None:
            await self._task

    async def _run(self) -> None:
        while not self.stopping:
            self._awake.clear()
            if not await self._run_once() and not self.stopping:
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._awake.wait(), self._pause)

    async def _run_once(self) -> bool:
        try:
            return await self._work()
        except Unavailable:
            return False  # the database is away, which readiness says
        except Exception as fault:
            self._on_fault(fault)
            return False
