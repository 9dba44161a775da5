"""
Calls that travel together: those of one statement and one turn of the event loop.

A statement `customer` is run so if another, `customer_many`, is its form for many: its arguments
are lists of the arguments of `customer`, and each row that it returns stands behind its place in
these lists, counted from 1. Where only the form for many is written, a call alone uses it too.
asyncpg sends one statement at a time on a connection, so calls that travel alone cost a round trip
and a connection each, and writes a wait for the disk.
"""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Mapping, Sequence
from typing import Any

from sijill.database.driver import Row
from sijill.errors import Unavailable

SUFFIX = "_many"
"""After the name of a statement: its form for many."""

RunStatement = Callable[[str, tuple[Any, ...]], Awaitable[Sequence[Row]]]
"""Takes the name of a statement and its arguments, returns every row. It fails as a whole."""

Group = tuple[str, Hashable]
"""The name of a statement, and what its calls must share to travel together."""

Asked = tuple[tuple[Any, ...], asyncio.Future[Row | None]]
"""The arguments of one call, and its answer."""


class Batches:
    """The batches of every statement that has a form for many."""

    def __init__(self, statements: Mapping[str, str], run: RunStatement) -> None:
        self._statements, self._run = statements, run
        self._names = {name.removesuffix(SUFFIX) for name in statements if name.endswith(SUFFIX)}
        self._open: dict[Group, list[Asked]] = {}
        self._sending: set[asyncio.Task[None]] = set()

    def __contains__(self, name: str) -> bool:
        return name in self._names

    async def one(self, name: str, args: tuple[Any, ...], group: Hashable = None) -> Row | None:
        """
        Return the first row of a statement that travels with other calls of it, or None.

        Calls of different groups never travel together. A caller that is cancelled disturbs no
        other. Raises: as the statement alone would.
        """
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Row | None] = loop.create_future()
        batch = self._open.get((name, group))
        if batch is None:
            batch = self._open[name, group] = []
            loop.call_soon(self._send, name, group)
        batch.append((args, answer))
        return await answer

    async def close(self) -> None:
        """Wait for the calls under way."""
        await asyncio.gather(*self._sending)

    def _send(self, name: str, group: Hashable) -> None:
        batch = self._open.pop((name, group))
        task = asyncio.get_running_loop().create_task(self._answer(name, batch))
        self._sending.add(task)
        task.add_done_callback(self._sending.discard)

    async def _answer(self, name: str, batch: list[Asked]) -> None:
        batch = [asked for asked in batch if not asked[1].done()]
        if len(batch) == 1:
            await self._answer_alone(name, *batch[0])
        elif batch:
            await self._answer_together(name, batch)

    async def _answer_alone(
        self, name: str, args: tuple[Any, ...], answer: asyncio.Future[Row | None]
    ) -> None:
        try:
            row = await self._first_row(name, args)
        except Exception as fault:
            _fail(answer, fault)
        else:
            _resolve(answer, row)

    async def _first_row(self, name: str, args: tuple[Any, ...]) -> Row | None:
        if name in self._statements:
            rows = await self._run(name, args)
            return rows[0] if rows else None
        rows = await self._run(f"{name}{SUFFIX}", tuple([value] for value in args))
        return rows[0][1:] if rows else None

    async def _answer_together(self, name: str, batch: list[Asked]) -> None:
        lists = tuple(map(list, zip(*(args for args, _ in batch), strict=True)))
        try:
            rows = await self._run(f"{name}{SUFFIX}", lists)
        except Unavailable as fault:
            for _, answer in batch:
                own = Unavailable()  # a shared exception would mix the tracebacks of the callers
                own.__cause__ = fault.__cause__
                _fail(answer, own)
        except Exception:
            # One value that the database refuses fails all calls, and nothing is written: its own
            # call must fail alone.
            for asked in batch:
                await self._answer_alone(name, *asked)
        else:
            found = {row[0]: row[1:] for row in rows}
            for place, (_, answer) in enumerate(batch, 1):
                _resolve(answer, found.get(place))


def _resolve(answer: asyncio.Future[Row | None], row: Row | None) -> None:
    if not answer.done():  # else its caller was cancelled
        answer.set_result(row)


def _fail(answer: asyncio.Future[Row | None], fault: Exception) -> None:
    if not answer.done():
        answer.set_exception(fault)
