"""The tables of the mirror: linked stores, and what is known of each of their customers."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from msgspec import json

from sijill.audit.changes import Audited, Change, ChangeLog
from sijill.database.columns import micros, moment
from sijill.database.driver import Driver, Row, Transaction
from sijill.errors import NotFound, Taken
from sijill.mirror.budget import next_sequence
from sijill.mirror.model import MirrorRow, MirrorStore, Tombstone, Trouble

COALESCED = 30
"""Seconds from the first hint of a change to the request: further hints cause no request."""

ERASED_AT_ONCE = 1_000
"""Rows that one transaction of `unlink` deletes."""

LATEST = 2**62
"""Later than every moment."""

OF_STORE = (
    *("forget_mirror_link", "clear_mirror_webhooks", "clear_mirror_shapes"),
    *("clear_mirror_history", "clear_mirror_slices", "clear_mirror_checks"),
)
"""Statements that delete what lies beside the customers of a linked store; its link first."""


class MirrorTable(Audited):
    """
    Linked stores and their customers. Every method may raise Unavailable.

    What people change of a copy is in the audit log; what the copy does by itself is not.
    """

    def __init__(self, driver: Driver, audited: ChangeLog | None = None) -> None:
        self._driver, self._audited = driver, audited

    async def link(self, store_id: int, address: str, egress: str, now: datetime) -> None:
        """
        Make a store a copy of the one that an address serves.

        `address` is the base URL up to `/admin/v2`; `egress` names the way out whose budget it
        shares. Raises: Taken if the store is linked; NotFound if it is not there.
        """

        async def work(transaction: Transaction) -> None:
            if not await transaction.all("store", store_id):
                raise NotFound
            row = (store_id, address, egress, micros(now))
            if not await transaction.run("insert_mirror_store", *row):
                raise Taken("store")

        await self._driver.write(work)

    async def unlink(self, store_id: int) -> None:
        """
        Forget what the mirror knows of a store; its customers stay, as the store's own.

        The link goes first: nothing asks upstream any more. It may be broken off and repeated.
        Raises: NotFound.
        """
        await self._driver.run(OF_STORE[0], store_id)
        while await self._driver.run("clear_mirror_customers", store_id, ERASED_AT_ONCE):
            pass

        async def work(transaction: Transaction) -> None:
            await transaction.run("clear_mirror_customers", store_id, 2**31 - 1)
            for name in OF_STORE:
                await transaction.run(name, store_id)
            if not await transaction.run("delete_mirror_store", store_id):
                raise NotFound

        await self._driver.write(work)

    async def all(self) -> list[MirrorStore]:
        """Return every linked store."""
        return [_store(row) for row in await self._driver.all("mirror_stores")]

    async def find(self, store_id: int) -> MirrorStore | None:
        """Return a linked store; None if the store is not linked."""
        row = await self._driver.one("mirror_store", store_id)
        return None if row is None else _store(row)

    async def row(self, store_id: int, customer_id: int) -> MirrorRow | None:
        """Return what is known of one customer; None if nothing is."""
        row = await self._driver.one("mirror_customer", store_id, customer_id)
        return None if row is None else mirror_row(row)

    async def rows(self, store_id: int, customer_ids: Sequence[int]) -> list[MirrorRow]:
        """Return what is known of some customers, by id."""
        listed = json.encode(customer_ids).decode()
        return list(map(mirror_row, await self._driver.all("mirror_customers", store_id, listed)))

    async def tombstones(
        self, store_id: int, limit: int, behind: tuple[int, int] = (LATEST, 0)
    ) -> list[Tombstone]:
        """
        Return the customers that upstream deleted, the latest first.

        `behind` is the place of a tombstone, in microseconds and by id: the next ones come.
        """
        rows = await self._driver.all("mirror_tombstones", store_id, *behind, limit)
        return [Tombstone(customer_id, moment(at)) for customer_id, at in rows]

    async def pause(self, store_id: int) -> None:
        """Ask upstream for nothing any more. Raises: NotFound."""
        await self._change("paused", "pause_mirror", store_id, True)

    async def resume(self, store_id: int) -> None:
        """Go on after `pause`. Raises: NotFound."""
        await self._change("paused", "pause_mirror", store_id, False)

    async def want_sweep(self, store_id: int) -> None:
        """Let the whole list be read again, behind everything else. Raises: NotFound."""
        await self._change("sweep_wanted", "want_mirror_sweep", store_id, True)

    async def want_backfill(self, store_id: int) -> None:
        """Read the whole list as at the first time; nothing is forgotten. Raises: NotFound."""
        await self._change("stage", "want_mirror_backfill", store_id)

    async def release(self, store_id: int, now: datetime) -> None:
        """
        Let a halted store go on: all suspects that wait now may become tombstones.

        Raises: NotFound.
        """
        await self._change("trouble", "release_mirror", store_id, micros(now))

    async def set_trouble(self, store_id: int, trouble: Trouble, reason: str = "") -> bool:
        """Say why a store is not well, "" if it is; return whether that is new."""
        return bool(await self._driver.run("set_mirror_trouble", store_id, trouble, reason))

    async def clear_trouble(self, store_id: int, trouble: Trouble, reason: str) -> bool:
        """End a trouble, if it is this one; return whether it was."""
        return bool(await self._driver.run("clear_mirror_trouble", store_id, trouble, reason))

    async def queue_check(self, store_id: int, customer_id: int, now: datetime) -> None:
        """Ask upstream for one customer as soon as there is room."""

        async def work(transaction: Transaction) -> None:
            await queue_checks(transaction, store_id, [customer_id], micros(now))

        await self._driver.write(work)

    async def _change(self, field: str, name: str, store_id: int, *args: object) -> None:
        async def work(transaction: Transaction) -> None:
            if not await transaction.run(name, store_id, *args):
                raise NotFound
            await self._record(transaction, store_id, [Change("mirror.update", store_id, (field,))])

        await self._driver.write(work)


async def take_sequence(transaction: Transaction, store_id: int) -> int:
    """Return the store's number of something heard; take it when it is heard."""
    return await next_sequence(transaction, store_id)


async def queue_checks(
    transaction: Transaction, store_id: int, customer_ids: Iterable[int], due_at: int
) -> None:
    """Let customers be asked for at a moment; one who is asked for earlier stays so."""
    rows = [(store_id, customer_id, due_at) for customer_id in customer_ids]
    await transaction.run_each("queue_mirror_check", rows)


async def mirror_rows(
    transaction: Transaction, store_id: int, customer_ids: Sequence[int]
) -> dict[int, MirrorRow]:
    """Return what is known of some customers, by id, within a transaction."""
    listed = json.encode(customer_ids).decode()
    rows = map(mirror_row, await transaction.all("mirror_customers", store_id, listed))
    return {row.id: row for row in rows}


def mirror_row(row: Row) -> MirrorRow:
    """Return the knowledge of a row that holds `mirror_customer_columns`."""
    customer_id, state, body, *rest = row
    return MirrorRow(customer_id, state, None if body is None else bytes(body), *rest)


def _store(row: Row) -> MirrorStore:
    values = dict(zip(MirrorStore.__struct_fields__, row, strict=True))
    values["paused"], values["sweep_wanted"] = bool(values["paused"]), bool(values["sweep_wanted"])
    return MirrorStore(**values)
