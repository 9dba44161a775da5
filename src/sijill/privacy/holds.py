"""Holds: a person's data must stay for now, against any request, for a reason and until a day."""

from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct

from sijill.audit.changes import Audited, Change, ChangeLog
from sijill.database.columns import micros, moment
from sijill.database.driver import Driver, Row, Transaction
from sijill.errors import NotFound
from sijill.localized import Localized

REASONS: Mapping[str, Localized] = {
    "court": Localized("دعوى أمام القضاء.", "A case before a court."),
    "authority": Localized("طلب من جهة رسمية.", "A demand of a public authority."),
    "law": Localized("نظام يُلزم بحفظها.", "A law that orders to keep them."),
    "dispute": Localized("نزاع على دفعة أو طلب.", "A dispute about a payment or an order."),
    "fraud": Localized("التحقق من شبهة احتيال.", "A suspicion of fraud is being examined."),
}
"""Every reason of a hold. There is no free text, which could name people."""


class Hold(Struct, frozen=True):
    """A hold on one customer."""

    store_id: int
    customer_id: int
    reason: str
    """A row of REASONS."""
    begun_at: datetime
    ends_at: datetime

    def is_active(self, now: datetime) -> bool:
        """Return whether the data must stay at this moment."""
        return self.begun_at <= now < self.ends_at


class HoldTable(Audited):
    """The holds of every store. Every method may raise Unavailable."""

    def __init__(self, driver: Driver, audited: ChangeLog | None = None) -> None:
        self._driver, self._audited = driver, audited

    async def set(self, hold: Hold) -> None:
        """
        Set a hold, in place of an earlier one on the same customer.

        Raises: NotFound if the store has no such customer.
        """
        arguments = (hold.store_id, hold.customer_id, hold.reason)
        times = (micros(hold.begun_at), micros(hold.ends_at))
        await self._write(hold.store_id, hold.customer_id, "set_hold", *arguments, *times)

    async def all(self, store_id: int) -> list[Hold]:
        """Return every hold of a store, the earliest end first; ended ones too."""
        rows = await self._driver.all("holds", store_id)
        return [_hold(row) for row in rows]

    async def of_customer(self, store_id: int, customer_id: int) -> Hold | None:
        """Return the hold on a customer, perhaps one that ended; None without one."""
        row = await self._driver.one("hold", store_id, customer_id)
        return None if row is None else _hold(row)

    async def end(self, store_id: int, customer_id: int, now: datetime) -> None:
        """Let a hold end now. Raises: NotFound if no hold is on the customer."""
        key = (store_id, customer_id)
        await self._write(*key, "end_hold", *key, micros(now))

    async def _write(self, store_id: int, customer_id: int, name: str, *args: object) -> None:
        async def work(transaction: Transaction) -> None:
            if not await transaction.run(name, *args):
                raise NotFound
            made = [Change("privacy.update", customer_id, ("hold",))]
            await self._record(transaction, store_id, made)

        await self._driver.write(work)


def _hold(row: Row) -> Hold:
    store_id, customer_id, reason, begun_at, ends_at = row
    return Hold(store_id, customer_id, reason, moment(begun_at), moment(ends_at))
