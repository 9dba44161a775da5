"""
Coroutines that answer at once without a task.

Most answers wait for nothing: a task for each would cost more than its reads. On Python 3.12 and
later an eager task does the same; this is for 3.11 too.
"""

from asyncio import AbstractEventLoop, Task
from collections.abc import Coroutine, Generator
from functools import partial
from typing import Any, TypeVar

T = TypeVar("T")


def step(
    loop: AbstractEventLoop, coroutine: Coroutine[Any, Any, T]
) -> tuple[T, None] | tuple[None, Task[T]]:
    """
    Return the result of a coroutine that waits for nothing, or the task of one that waits.

    Until it waits, the coroutine belongs to no task: it must not use `asyncio.timeout`.
    """
    try:
        awaited = coroutine.send(None)
    except StopIteration as end:
        result: T = end.value
        return result, None
    return None, loop.create_task(_rest(coroutine, awaited))


async def _rest(coroutine: Coroutine[Any, Any, T], awaited: Any) -> T:
    result: T = await _Rest(coroutine, awaited)
    return result


class _Rest:
    """Runs the rest of a coroutine that has already yielded `awaited`."""

    def __init__(self, coroutine: Coroutine[Any, Any, Any], awaited: Any) -> None:
        self._coroutine, self._awaited = coroutine, awaited

    def __await__(self) -> Generator[Any, Any, Any]:
        coroutine, awaited = self._coroutine, self._awaited
        while True:
            try:
                value = yield awaited
            except BaseException as fault:
                resume = partial(coroutine.throw, fault)
            else:
                resume = partial(coroutine.send, value)
            try:
                awaited = resume()
            except StopIteration as end:
                return end.value
