"""Asks upstream for one customer at a time: on a hint, or because a list missed one."""

from datetime import UTC, datetime, timedelta

from sijill.customers.table import CustomerTable
from sijill.database.driver import Driver, Transaction
from sijill.errors import Held, NotFound
from sijill.mirror.applying import Applier
from sijill.mirror.deletions import (
    GATHERED,
    MINUTE,
    NOT_FOUND,
    OK,
    Check,
    guarded_since,
    is_too_many,
    judge,
    vouches,
)
from sijill.mirror.model import FIELDS, MICROS, MirrorRow, MirrorStore, Reply, Upstream
from sijill.mirror.slice_table import AHEAD, add_slices
from sijill.mirror.slices import FIRST, LAST, Range, day_of, pause_of
from sijill.mirror.table import mirror_rows

LATELY = 86_400 * MICROS
"""Microseconds for which a customer who was confirmed may stand for those who are there."""

ON_HOLD = timedelta(days=1)
"""Until one who is gone, and whose data must stay, is looked at again."""


class Checker:
    """Works on the checks of linked stores."""

    def __init__(
        self, driver: Driver, customers: CustomerTable, applier: Applier, upstream: Upstream
    ) -> None:
        self._driver, self._customers = driver, customers
        self._applier, self._upstream = applier, upstream

    async def next(self, store: MirrorStore, now: int) -> Check | None:
        """Return the check that is due; None if none is. Raises: Unavailable."""
        key = (store.store_id, now, now + AHEAD, store.trouble == "halted")
        row = await self._driver.one("next_mirror_check", *key)
        return None if row is None else Check(*row)

    async def step(self, store: MirrorStore, check: Check, now: int) -> None:
        """
        Send the request that a check waits for, and write what it means.

        Raises: as `Upstream.get`; Misshapen; Unavailable.
        """
        if check.state == "missing":
            return await self._ask_somebody_else(store, check, now)
        reply = await self._get(check.customer_id)
        if reply.status == OK:
            await self._applier.apply(store.store_id, reply, "verify")
        await self._driver.write(lambda t: self._write(t, store, check, reply))
        return None

    async def _get(self, customer_id: int) -> Reply:
        return await self._upstream.get(f"/customers/{customer_id}", FIELDS, "verify")

    async def _ask_somebody_else(self, store: MirrorStore, check: Check, now: int) -> None:
        """Ask for one who was there lately: where nobody is found, no 404 means anything."""
        key = (store.store_id, now - LATELY)
        witness = await self._driver.one("mirror_witness", *key)
        reply = None if witness is None else await self._get(witness[0])
        if reply is not None and reply.status == OK:
            await self._applier.apply(store.store_id, reply, "verify")

        async def write(transaction: Transaction) -> None:
            if reply is not None and vouches(check, reply.status, reply.sent_at):
                since = reply.sent_at - MINUTE
                await transaction.run("vouch_for_mirror_checks", store.store_id, since, MINUTE)
            else:
                await _again(transaction, store.store_id, check, now)
            if witness is not None and reply is not None and reply.status == NOT_FOUND:
                await _ask_day(transaction, store, witness[1], now)

        await self._driver.write(write)

    async def _write(
        self, transaction: Transaction, store: MirrorStore, check: Check, reply: Reply
    ) -> None:
        store_id, customer_id, now = store.store_id, check.customer_id, reply.received_at
        row = (await mirror_rows(transaction, store_id, [customer_id])).get(customer_id)
        match judge(check, reply.status, row, reply.sequence, now):
            case "there" | "drop":
                await transaction.run("end_mirror_check", store_id, customer_id)
                if check.state != "hint":
                    await transaction.run("refuse_mirror_suspects", store_id, 1)
            case "ask_day":
                await transaction.run("end_mirror_check", store_id, customer_id)
                if row is not None:
                    await _ask_day(transaction, store, row.created_at, now)
            case "missing":
                moved = ("missing", now, check.attempts, now + GATHERED)
                await transaction.run("move_mirror_check", store_id, customer_id, *moved)
            case "later":
                await _again(transaction, store_id, check, now)
            case "gone":
                if row is not None:
                    await self._bury(transaction, store, row, reply)

    async def _bury(
        self, transaction: Transaction, store: MirrorStore, row: MirrorRow, reply: Reply
    ) -> None:
        """Make a tombstone, unless there are too many of them, or the data must stay."""
        store_id, now = store.store_id, reply.received_at
        gone = await _count(transaction, "count_mirror_gone", store_id, guarded_since(store, now))
        held = await _count(transaction, "count_mirror_customers", store_id, FIRST, LAST)
        if is_too_many(store, gone, held, now):
            await transaction.run("set_mirror_trouble", store_id, "halted", "guard")
            return
        moment = datetime.fromtimestamp(now / MICROS, UTC)
        try:
            await self._customers.within(transaction).delete(store_id, row.id, moment)
        except Held:
            until = now + int(ON_HOLD.total_seconds()) * MICROS
            await transaction.run("move_mirror_check", store_id, row.id, "suspect", None, 0, until)
            return
        except NotFound:
            pass  # an app deleted it here
        moments = (row.confirmed_at, row.reading, now)
        kept = (row.body, row.created_at, row.updated_at, reply.sequence, *moments)
        await transaction.run("put_mirror_customer", store_id, row.id, "gone", *kept)
        await transaction.run("end_mirror_check", store_id, row.id)


async def _again(transaction: Transaction, store_id: int, check: Check, now: int) -> None:
    """Ask once more, later; what was found so far counts no more."""
    state = "hint" if check.state == "hint" else "suspect"
    due_at = now + MINUTE + pause_of(check.attempts)
    moved = (state, None, check.attempts + 1, due_at)
    await transaction.run("move_mirror_check", store_id, check.customer_id, *moved)


async def _ask_day(transaction: Transaction, store: MirrorStore, created_at: int, now: int) -> None:
    """Read the day on which one was created who was not found: a list tells more than a 404."""
    day = day_of(created_at, store.zone or "UTC").isoformat()
    if not await transaction.all("mirror_day_slices", store.store_id, day):
        await add_slices(transaction, store.store_id, "day", [Range(day, day)], now)


async def _count(transaction: Transaction, name: str, *args: int) -> int:
    row = await transaction.one(name, *args)
    return row[0] if row else 0
