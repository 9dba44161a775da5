"""The job: what the background workers of a server process share."""

import asyncio
from abc import ABC, abstractmethod
from contextlib import AsyncExitStack, suppress
from typing import ClassVar, Protocol, TypeVar

from sijill.errors import Unavailable
from sijill.telemetry.logs import kinds, log, places


class Job(ABC):
    """Takes turns until `stop`: the next at once while there is more to do, else after a pause."""

    EVERY: ClassVar[float] = 1.0
    """Seconds between two turns without work."""

    FAULT: ClassVar[str]
    """The event of the log line for a turn that failed."""

    def __init__(self) -> None:
        self._awake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self.stopping = False

    @abstractmethod
    async def turn(self) -> bool:
        """
        Work for a moment; return whether there is more to do.

        Raises: Unavailable.
        """

    def failed(self, fault: Exception) -> None:
        """Log a fault of a turn: its type and place, without its message."""
        log.error(self.FAULT, fault=kinds(fault), at=places(fault))

    def start(self) -> None:
        """Start on the running event loop."""
        self._task = asyncio.create_task(self._run())

    def wake(self) -> None:
        """End the pause: there may be work."""
        self._awake.set()

    async def stop(self) -> None:
        """Wait for the current turn, and begin no other."""
        self.stopping = True
        self._awake.set()
        if self._task is not None:
            await self._task

    async def _run(self) -> None:
        while not self.stopping:
            self._awake.clear()
            if not await self._take_turn() and not self.stopping:
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._awake.wait(), self.EVERY)

    async def _take_turn(self) -> bool:
        try:
            return await self.turn()
        except Unavailable:
            return False  # the database is away, which readiness says
        except Exception as fault:
            self.failed(fault)
            return False


class Runnable(Protocol):
    """A job, or several jobs as one."""

    def start(self) -> None:
        """Start on the running event loop."""

    async def stop(self) -> None:
        """End in good order."""


R = TypeVar("R", bound=Runnable)


def run(job: R, closing: AsyncExitStack) -> R:
    """Start a job that stops when `closing` does, and return it."""
    job.start()
    closing.push_async_callback(job.stop)
    return job
