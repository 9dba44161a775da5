"""The table of the audit log: it seals entries as blocks, finds entries, and forgets old blocks."""

import secrets
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

import msgspec

from sijill.audit.actions import ACTIONS
from sijill.audit.causes import Cause
from sijill.audit.chain import HOUR, Block, Head, Line, block_after, by_hour, head_with
from sijill.audit.changes import ChangeLog
from sijill.audit.model import Entry, Level, caused, decode
from sijill.audit.search import EntryFilter
from sijill.database.columns import moment
from sijill.database.driver import Conflict, Driver, Row, Transaction

MOST = 1_000
"""Waiting entries that one call seals, and blocks that one read or one deletion takes, at most."""

FOREVER = 2**63 - 1
"""Later than every moment."""


_WHOLE = b'"whole":true'
"""In the line of an entry about every customer of a store."""


class Sealed(NamedTuple):
    """The result of a sealing: the head of the chain, and whether more entries wait."""

    head: Head
    more: bool


class Sealing(NamedTuple):
    """How far the log is sealed."""

    sealed_at: datetime | None
    """When the last sealed entry happened; None before the first."""
    waiting_since: datetime | None
    """When the oldest entry happened that waits; None if none does."""


class BrokenChain(Exception):
    """The head in the database is not the one that this process wrote."""


class AuditTable:
    """The audit log of a register. Every method may raise Unavailable."""

    def __init__(self, driver: Driver, level: Level, clock: Callable[[], float]) -> None:
        """`level` says what is recorded; `clock` gives UTC epoch seconds."""
        self._driver, self.level = driver, level
        self.changes = None if level == "off" else ChangeLog(clock)
        """Records the changes of every table; None where nothing is recorded."""

    async def note(
        self,
        cause: Cause,
        action: str,
        store: int = 0,
        ids: Sequence[int] = (),
        fields: Sequence[str] = (),
        *,
        whole: bool = False,
    ) -> None:
        """Record what a command or a page is about to show or to send, but for changes of rows."""
        changes = self.changes
        if changes is not None and (self.level == "all" or not ACTIONS[action].is_view):
            entry = caused(cause, changes.now(), action, store, ids, fields, whole=whole)
            await self._driver.write(lambda transaction: changes.write(transaction, entry))

    async def has_waiting(self) -> bool:
        """Return whether an entry waits to be sealed."""
        return await self._driver.one("any_audit_entry") is not None

    async def sealing(self) -> Sealing:
        """Return how far the log is sealed."""
        sealed = await self._driver.one("newest_audit_block")
        waiting = await self._driver.one("oldest_audit_entry")
        return Sealing(_moment_in(sealed), _moment_in(waiting))

    async def seal(self, head: Head, lines: Sequence[Line] = ()) -> Sealed:
        """
        Seal the lines, and the entries of changes that wait, behind the head of this process.

        If the answer to an earlier call with this head was lost, its blocks may be there: then the
        chain is BrokenChain, and the caller begins another.
        Raises: BrokenChain; nothing is written then.
        """

        async def work(transaction: Transaction) -> Sealed:
            waiting = await transaction.all("lock_audit_entries", MOST)
            found = [Line(at, entry.encode()) for _, at, entry in waiting]
            new = head
            for group in by_hour([*lines, *found]):
                block = block_after(new, group)
                await transaction.run("insert_audit_block", *block)
                new = head_with(new, block)
            if new is not head:
                await _move(transaction, head, new)
            if waiting:
                numbers = msgspec.json.encode([row[0] for row in waiting]).decode()
                await transaction.run("delete_audit_entries", numbers)
            return Sealed(new, len(waiting) == MOST)

        try:
            return await self._driver.write(work)
        except Conflict:
            raise BrokenChain from None

    async def seal_waiting(self) -> None:
        """Seal every entry of a change that waits, in a chain of its own."""
        head, more = new_head(), await self.has_waiting()
        while more:
            head, more = await self.seal(head)

    async def entries(
        self, wanted: EntryFilter, *, newest_first: bool = False
    ) -> AsyncIterator[Entry]:
        """
        Yield the sealed entries that a filter selects, the blocks by the moment of their beginning.

        Entries of one process are in the order of time; those of several overlap by an hour at
        most, and by half a second while the database is there.
        """
        mark = None if wanted.customer is None else str(wanted.customer).encode()
        async for block in self._by_time(wanted, newest_first=newest_first):
            if mark is None or mark in block.body or _WHOLE in block.body:
                lines = block.body.split(b"\n")
                for entry in map(decode, reversed(lines) if newest_first else lines):
                    if wanted.matches(entry):
                        yield entry

    async def _by_time(self, wanted: EntryFilter, *, newest_first: bool) -> AsyncIterator[Block]:
        since = 0 if wanted.since is None else wanted.since - HOUR
        until = FOREVER if wanted.until is None else wanted.until
        name, end = "audit_blocks_by_time", until
        after: tuple[int, str, int] = (since, "", 0)
        if newest_first:
            name, after, end = "audit_blocks_back_in_time", (until, "", 0), since
        while rows := await self._driver.all(name, *after, end, PAGE):
            for row in rows:
                yield _block(row)
            after = (rows[-1][2], rows[-1][0], rows[-1][1])

    async def heads(self) -> list[Head]:
        """Return the head of every chain."""
        return [_head(row) for row in await self._driver.all("audit_heads")]

    async def blocks(self) -> AsyncIterator[Block]:
        """Yield every block, in the order of chains and numbers."""
        after: tuple[str, int] = ("", 0)
        while rows := await self._driver.all("audit_blocks_in_order", *after, PAGE):
            for row in rows:
                yield _block(row)
            after = (rows[-1][0], rows[-1][1])

    async def prune(self, before: int) -> None:
        """Delete the blocks that ended before a moment, and record up to which of each chain."""

        async def work(transaction: Transaction) -> int:
            rows = await transaction.all("expired_audit_blocks", before, MOST)
            for chain, number, digest in _last_of_each(rows):
                await transaction.run("move_audit_base", chain, number, digest)
                await transaction.run("delete_audit_blocks", chain, number)
            if rows and self.changes is not None:
                cause = Cause("server", by="retention")
                entry = caused(cause, self.changes.now(), "audit.expire", count=len(rows))
                await self.changes.write(transaction, entry)
            return len(rows)

        while await self._driver.one("expired_audit_blocks", before, 1) is not None:
            await self._driver.write(work)


PAGE = 100
"""Blocks in memory at once."""


def new_head() -> Head:
    """Return the head of a new chain, without a block."""
    return Head(secrets.token_hex(8))


async def _move(transaction: Transaction, head: Head, new: Head) -> None:
    """Move the stored head of a chain on, or store that of a new one. Raises: BrokenChain."""
    if not head.number:
        await transaction.run("open_audit_chain", *new)
    elif not await transaction.run(
        "move_audit_head", head.chain, new.number, new.hash, head.number, head.hash
    ):
        raise BrokenChain


def _last_of_each(rows: Sequence[Row]) -> Iterable[Row]:
    """Return the row of the largest number of each chain; a row is chain, number, hash."""
    return {row[0]: row for row in sorted(rows, key=lambda row: (row[0], row[1]))}.values()


def _moment_in(row: Row | None) -> datetime | None:
    return None if row is None else moment(row[0])


def _head(row: Row) -> Head:
    chain, number, digest, base, base_digest = row
    return Head(chain, number, bytes(digest), base, bytes(base_digest))


def _block(row: Row) -> Block:
    chain, number, begun_at, ended_at, body, digest = row
    return Block(chain, number, begun_at, ended_at, bytes(body), bytes(digest))
