"""Ends what nobody has used for a while."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from sijill.http.request import Stream

T = TypeVar("T")


class Idleness:
    """
    Calls `on_end` after `ttl` real seconds without a request.

    The time of a request under way, a stream too, does not count. There is one timer, which is set
    again only when it has run out.
    """

    def __init__(self, ttl: float, on_end: Callable[[], None]) -> None:
        self._ttl, self._on_end = ttl, on_end
        self._loop, self._requests = asyncio.get_running_loop(), 0
        self._since = self._loop.time()
        self._timer = self._loop.call_later(ttl, self._look)

    async def during(self, answer: Awaitable[T]) -> T:
        """Return the answer to a request."""
        self._requests += 1
        try:
            answered = await answer
        except BaseException:
            self._ended()
            raise
        if not isinstance(answered, Stream):
            self._ended()
            return answered
        stream: Stream = answered

        def on_end() -> None:
            stream.on_end()
            self._ended()

        return stream._replace(on_end=on_end)  # type: ignore[return-value] # it is a Stream again

    def cancel(self) -> None:
        """End nothing."""
        self._timer.cancel()

    def _ended(self) -> None:
        self._requests -= 1
        self._since = self._loop.time()

    def _look(self) -> None:
        now = self._loop.time()
        left = self._ttl if self._requests else self._since + self._ttl - now
        if left > 0:
            self._timer = self._loop.call_later(left, self._look)
        else:
            self._on_end()
