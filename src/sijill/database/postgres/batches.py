"""
Point reads that travel together: those of one statement and one turn of the event loop.

A statement `customer` is read so if another, `customer_many`, is its form for many: its arguments
are lists of the arguments of `customer`, and each row that it finds stands behind its place in
these lists, counted from 1. asyncpg sends one statement at a time on a connection, so reads that
travel alone cost a round trip and a connection each.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from sijill.database.driver import Row
from sijill.errors import Unavailable

SUFFIX = "_many"
"""After the name of a statement: its form for many."""

ReadRows = Callable[[str, tuple[Any, ...]], Awaitable[Sequence[Row]]]
"""Takes the name of a statement and its arguments, returns every row."""

Asked = tuple[tuple[Any, ...], asyncio.Future[Row | None]]
"""The arguments of one point read, and its answer."""


class Batches:
    """The batches of every statement that has a form for many."""

    def __init__(self, statements: Mapping[str, str], read: ReadRows) -> None:
        self._read = read
        self._open: dict[str, list[Asked]] = {
            name.removesuffix(SUFFIX): [] for name in statements if name.endswith(SUFFIX)
        }
        self._sending: set[asyncio.Task[None]] = set()

    def __contains__(self, name: str) -> bool:
        return name in self._open

    async def one(self, name: str, args: tuple[Any, ...]) -> Row | None:
        """
        Return the first row of a point read that travels with others, or None.

        A caller that is cancelled disturbs no other. Raises: as the read alone would.
        """
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Row | None] = loop.create_future()
        batch = self._open[name]
        if not batch:
            loop.call_soon(self._send, name)
        batch.append((args, answer))
        return await answer

    async def close(self) -> None:
        """Wait for the reads under way."""
        await asyncio.gather(*self._sending)

    def _send(self, name: str) -> None:
        batch, self._open[name] = self._open[name], []
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
            rows = await self._read(name, args)
        except Exception as fault:
            _fail(answer, fault)
        else:
            _resolve(answer, rows[0] if rows else None)

    async def _answer_together(self, name: str, batch: list[Asked]) -> None:
        lists = tuple(map(list, zip(*(args for args, _ in batch), strict=True)))
        try:
            rows = await self._read(f"{name}{SUFFIX}", lists)
        except Unavailable as fault:
            for _, answer in batch:
                own = Unavailable()  # a shared exception would mix the tracebacks of the callers
                own.__cause__ = fault.__cause__
                _fail(answer, own)
        except Exception:
            # One read with a value that the database refuses fails them all: it shall fail alone.
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
