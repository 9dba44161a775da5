"""
Rehearses an import: the same import, into a scratch that holds what the rows of the file meet.

What becomes of a row depends on the customers with its id, its e-mail or its mobile alone, so only
these are copied. The database is read, a batch at a time, and never written or locked.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

import msgspec

from sijill.customers.model import Customer, Edit, blank
from sijill.customers.row import customer_with_extras
from sijill.customers.table import CustomerTable
from sijill.database.driver import Driver
from sijill.imports.changes import RULES, Rules, changes
from sijill.imports.importing import Report, import_customers
from sijill.imports.rows import Reject, Row
from sijill.stores.model import Store
from sijill.values.texts import email_key


async def rehearse(
    driver: Driver,
    scratch: CustomerTable,
    store: Store,
    rows: Iterable[Row],
    now: datetime,
    *,
    batch: int = 500,
    rules: Rules = RULES,
    on_progress: Callable[[Report], None] = lambda done: None,
    on_reject: Callable[[Reject], None] = lambda reject: None,
) -> Report:
    """
    Return what `import_customers` would do with the rows; see there for the other arguments.

    `scratch` has the store and no customer of it; afterwards it holds what the import would leave
    of the customers that the rows meet.
    Raises: BadFile; Unavailable.
    """
    rules = rules._replace(names_others=False)
    met, whole, left = _Met(driver, scratch, store.id, now, rules), Report(), iter(rows)
    while some := list(islice(left, batch)):
        await met.copy(some)
        report = await import_customers(
            scratch, store, some, now, batch=batch, rules=rules, on_reject=on_reject
        )
        whole = Report(*map(sum, zip(whole, report, strict=True)))
        on_progress(whole)
    return whole


class _Met:
    """Copies customers to the scratch, each once: there it changes as the rows say."""

    def __init__(
        self,
        driver: Driver,
        scratch: CustomerTable,
        store_id: int,
        now: datetime,
        rules: Rules,
    ) -> None:
        self._driver, self._scratch, self._rules = driver, scratch, rules
        self._store_id, self._now = store_id, now
        self._ids = set[int]()

    async def copy(self, rows: Sequence[Row]) -> None:
        """Copy the customers that some rows meet, and the ids among theirs that were deleted."""
        marks = msgspec.json.encode([self._marks(row) for row in rows]).decode()
        found = await self._driver.all("met_customers", self._store_id, marks)
        await self._keep(map(customer_with_extras, found))
        deleted = await self._driver.all("met_deletions", self._store_id, marks)
        gone = await self._keep(blank(row[0], self._now) for row in deleted)
        for customer_id in gone:
            await self._scratch.delete(self._store_id, customer_id, self._now)

    def _marks(self, row: Row) -> tuple[Any, ...]:
        """Return the id, the e-mail's key, the mobile's code and the mobile that a row writes."""
        try:
            change = changes(row, self._rules)
        except ValueError:  # the row is refused with any rows
            return (None, None, None, None)
        own = change.own
        key = email_key(own.get("email") or "")
        return (change.customer_id, key, own.get("mobile_code"), own.get("mobile"))

    async def _keep(self, customers: Iterable[Customer]) -> list[int]:
        """Store the customers that are new to the scratch, and return their ids."""
        new = [one for one in customers if one.id not in self._ids]
        if new:
            self._ids.update(one.id for one in new)
            edits = [Edit(one.id, _unless_there(one)) for one in new]
            await self._scratch.change(self._store_id, edits)
        return [one.id for one in new]


def _unless_there(customer: Customer) -> Callable[[Customer | None], Customer]:
    return lambda old: old or customer
