"""Writes the rows of a file as customers, in batches, and reports each refused row."""

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from typing import NamedTuple

from sijill.customers.fields import doubts_of
from sijill.customers.model import Customer, Edit, EditOutcome
from sijill.customers.table import CustomerTable
from sijill.errors import NotFound, Taken
from sijill.imports.changes import RULES, Changes, Rules, changes, known_of, merged
from sijill.imports.rows import Reject, Row
from sijill.stores.model import Store
from sijill.values.dates import zone

TAKEN = "is taken by another customer"

_ERASED = "was erased on request, and no file brings the customer back"
_UNREACHABLE = "a new customer needs a mobile or an e-mail"


class Report(NamedTuple):
    """The number of customers that a file created and changed, and of its refused rows."""

    created: int = 0
    updated: int = 0
    rejected: int = 0


async def import_customers(
    customers: CustomerTable,
    store: Store,
    rows: Iterable[Row],
    now: datetime,
    *,
    batch: int = 500,
    rules: Rules = RULES,
    on_progress: Callable[[Report], None] = lambda done: None,
    on_reject: Callable[[Reject], None] = lambda reject: None,
    on_create: Callable[[int], None] = lambda customer_id: None,
) -> Report:
    """
    Write the rows as customers of one store, `batch` rows in one transaction.

    A row with an id changes the customer with this id, or creates one; a row without an id changes
    the customer who has its mobile or its e-mail, if `rules` say so, or else creates one. A row
    sees the writes of the rows before it. One that would bring back an erased customer is refused,
    without its cells. `on_progress` gets the report of the rows done so far,
    `on_reject` each refused row in the file's order, `on_create` the id of each new customer.
    Raises: BadFile before the first write if the whole file is faulty; Unavailable if the database
    is away: the rows that `on_progress` counted are stored, and the file can be imported again.
    """
    run = _Run(customers, store, now, rules, on_progress, on_reject, on_create)
    for row in rows:
        await run.add(row)
        if len(run.waiting) >= batch:
            await run.flush()
    await run.flush()
    return run.report


@dataclass
class _Run:
    """One import: the rows of the next transaction, and the report so far."""

    customers: CustomerTable
    store: Store
    now: datetime
    rules: Rules
    on_progress: Callable[[Report], None]
    on_reject: Callable[[Reject], None]
    on_create: Callable[[int], None]
    waiting: list[tuple[Row, Changes | str]] = field(default_factory=list)
    """Each row with its changes, or with the reason of its refusal."""
    held: set[Hashable] = field(default_factory=set)
    """The ids, mobiles and e-mails of the waiting rows, by which later rows may find customers."""
    report: Report = field(default_factory=Report)

    async def add(self, row: Row) -> None:
        """Add a row to the batch, with its edit or the reason of its refusal."""
        try:
            change = await self._matched(changes(row, self.rules))
        except ValueError as error:
            returns = await self._returns(row, None)
            self.waiting.append((row._replace(cells={}), _ERASED) if returns else (row, str(error)))
            return
        if await self._returns(row, change.customer_id):
            self.waiting.append((row._replace(cells={}), _ERASED))
            return
        self.waiting.append((row, await self._refusal(change) or change))
        self.held |= {change.customer_id, change.key(self.rules.match)}

    async def _returns(self, row: Row, found: int | None) -> bool:
        """Return whether a row, with or without a customer, brings back an erased person."""
        erased = self.rules.erased
        if not erased:
            return False
        known = known_of(row, self.rules.region)
        return erased.holds(known) and await self._stored(found or known.customer_id) is None

    async def flush(self) -> None:
        """Write the batch in one transaction, and report each row in order."""
        edits = [self._edit(change) for _, change in self.waiting if isinstance(change, Changes)]
        outcomes = iter(await self.customers.change(self.store.id, edits) if edits else [])
        for row, change in self.waiting:
            if isinstance(change, str):
                self._reject(row, change)
            elif (outcome := next(outcomes)).refused is not None:
                self._reject(row, self._taken(outcome.refused))
            else:
                self._report(outcome)
        self.waiting.clear()
        self.held.clear()
        self.on_progress(self.report)

    def _taken(self, refused: Taken) -> str:
        """Return that another customer has a value, and the id of that customer if it is known."""
        holder = refused.holder if self.rules.names_others else None
        return f"{refused.field} {TAKEN}" + ("" if holder is None else f" ({holder})")

    def _edit(self, change: Changes) -> Edit:
        return Edit(change.customer_id, partial(merged, row=change, now=self.now))

    async def _matched(self, change: Changes) -> Changes:
        """Return the changes with the id of the customer that the row finds, if it finds one."""
        key = change.key(self.rules.match)
        if change.customer_id is not None or key is None:
            return change
        if key in self.held:
            await self.flush()
        found = await self.customers.find_id(self.store.id, *key)
        if found in self.held:  # an earlier row may give that customer another mobile or e-mail
            await self.flush()
            found = await self.customers.find_id(self.store.id, *key)
        return change._replace(customer_id=found)

    async def _refusal(self, change: Changes) -> str | None:
        """
        Return the reason to refuse the values of a row, None if there is no reason.

        A row with neither mobile nor e-mail may change a customer, but cannot create one. A value
        of which there is doubt may stay as it is stored.
        """
        doubts = doubts_of(change.own, self._today())
        if change.reachable and not doubts:
            return None
        stored = await self._stored(change.customer_id)
        if stored is None and not change.reachable:
            return _UNREACHABLE
        faults = [f"{doubt.attribute} {doubt.sentence}" for doubt in doubts if doubt.holds(stored)]
        return "; ".join(faults) or None

    def _today(self) -> date:
        return self.now.astimezone(zone(self.store.timezone)).date()

    async def _stored(self, customer_id: int | None) -> Customer | None:
        """Return the customer of a row, with the changes of earlier rows; None if there is none."""
        if customer_id is None:
            return None
        if customer_id in self.held:
            await self.flush()
        try:
            return await self.customers.find(self.store.id, customer_id)
        except NotFound:
            return None

    def _report(self, outcome: EditOutcome) -> None:
        if outcome.created:
            self.report = self.report._replace(created=self.report.created + 1)
            self.on_create(outcome.customer.id)
        else:
            self.report = self.report._replace(updated=self.report.updated + 1)

    def _reject(self, row: Row, reason: str) -> None:
        self.report = self.report._replace(rejected=self.report.rejected + 1)
        self.on_reject(Reject(row.line, reason, row.cells))
