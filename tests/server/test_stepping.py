"""Coroutines by steps: no task where nothing waits, and nothing lost where something does."""

import asyncio
from typing import Any

import pytest
from fixtures.world import stepped

from sijill.server.stepping import step


async def plain(value: Any) -> Any:
    return value


def test_a_coroutine_that_waits_for_nothing_returns_at_once() -> None:
    async def work() -> None:
        assert step(asyncio.get_running_loop(), plain("done")) == ("done", None)

    asyncio.run(work())


def test_a_coroutine_that_waits_goes_on_in_a_task() -> None:
    async def work() -> None:
        loop = asyncio.get_running_loop()
        first: asyncio.Future[str] = loop.create_future()

        async def waits() -> list[str]:
            said = [await first]
            await asyncio.sleep(0)
            async with asyncio.timeout(10):  # there is a task by now
                said.append(await plain("then"))
            return said

        result, task = step(loop, waits())
        assert result is None
        assert task is not None
        first.set_result("first")
        assert await task == ["first", "then"]

    asyncio.run(work())


def test_a_first_step_without_a_task_may_not_ask_for_a_timeout() -> None:
    async def work() -> None:
        async def times() -> None:
            async with asyncio.timeout(10):
                pass

        with pytest.raises(RuntimeError, match="task"):
            await stepped(times())

    asyncio.run(work())


def test_a_fault_comes_out_where_the_result_would() -> None:
    async def work() -> None:
        async def fails(*, waits: bool) -> None:
            if waits:
                await asyncio.sleep(0)
            raise LookupError

        loop = asyncio.get_running_loop()
        with pytest.raises(LookupError):
            step(loop, fails(waits=False))
        _, task = step(loop, fails(waits=True))
        assert task is not None
        with pytest.raises(LookupError):
            await task

    asyncio.run(work())


def test_a_fault_of_what_is_waited_for_can_be_caught_inside() -> None:
    async def work() -> None:
        loop = asyncio.get_running_loop()
        awaited: asyncio.Future[None] = loop.create_future()

        async def recovers() -> str:
            try:
                await awaited
            except LookupError:
                return "recovered"
            return "not"

        _, task = step(loop, recovers())
        assert task is not None
        awaited.set_exception(LookupError())
        assert await task == "recovered"

    asyncio.run(work())


def test_cancelling_reaches_the_coroutine() -> None:
    async def work() -> None:
        loop, said = asyncio.get_running_loop(), []

        async def waits() -> None:
            try:
                await loop.create_future()
            finally:
                said.append("ended")

        _, task = step(loop, waits())
        assert task is not None
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert said == ["ended"]

    asyncio.run(work())
