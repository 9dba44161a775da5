"""
What persons asked for, and until when it is due: 30 days.

Source: the Implementing Regulation of the Saudi Personal Data Protection Law, article 3.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Literal

from msgspec import Struct

from sijill.audit.changes import Audited, Change, ChangeLog
from sijill.database.columns import maybe_moment, micros, moment
from sijill.database.driver import Driver, Row, Transaction
from sijill.errors import NotFound
from sijill.localized import Localized

KINDS: Mapping[str, Localized] = {
    "access": Localized("الاطلاع على بياناته.", "To see the data."),
    "correct": Localized("تصحيح بياناته.", "To correct the data."),
    "erase": Localized("محو بياناته.", "To erase the data."),
}
"""Every kind of request."""

OUTCOMES: Mapping[str, Localized] = {
    "done": Localized("نُفّذ.", "It was done."),
    "refused": Localized("رُفض.", "It was refused."),
    "withdrawn": Localized("سحبه صاحبه.", "The person withdrew it."),
}
"""Every outcome of a request."""

TERM = timedelta(days=30)

State = Literal["open", "overdue", "closed"]


class PersonRequest(Struct, frozen=True):
    """A request of a person, without a word of the person's own."""

    store_id: int
    id: int
    customer_id: int
    kind: str
    """A row of KINDS."""
    opened_at: datetime
    due_at: datetime
    closed_at: datetime | None = None
    outcome: str | None = None
    """A row of OUTCOMES; None while the request is open."""

    def state(self, now: datetime) -> State:
        """Return how the request stands: one that is not closed when it is due is overdue."""
        if self.closed_at is not None:
            return "closed"
        return "overdue" if now >= self.due_at else "open"

    def days_left(self, now: datetime) -> int | None:
        """Return the whole days until it is due, negative afterwards; None for a closed one."""
        return None if self.closed_at else (self.due_at - now) // timedelta(days=1)


def opened(store_id: int, id_: int, customer_id: int, kind: str, at: datetime) -> PersonRequest:
    """Return a request that arrived at a moment."""
    return PersonRequest(store_id, id_, customer_id, kind, at, at + TERM)


class PersonRequestTable(Audited):
    """The requests of every store. Every method may raise Unavailable."""

    def __init__(self, driver: Driver, audited: ChangeLog | None = None) -> None:
        self._driver, self._audited = driver, audited

    async def add(self, request: PersonRequest) -> None:
        """Record a request. Raises: NotFound if the store has and had no such customer."""
        arguments = (request.store_id, request.id, request.customer_id, request.kind)
        times = (micros(request.opened_at), micros(request.due_at))

        async def work(transaction: Transaction) -> None:
            if not await transaction.run("insert_person_request", *arguments, *times):
                raise NotFound
            await self._tell(transaction, request.store_id, request.customer_id)

        await self._driver.write(work)

    async def all(self, store_id: int) -> list[PersonRequest]:
        """Return every request of a store: open ones first, the first to be due first of them."""
        return [_request(row) for row in await self._driver.all("person_requests", store_id)]

    async def close(self, store_id: int, id_: int, outcome: str, now: datetime) -> None:
        """Close an open request. Raises: NotFound if there is no open one with this id."""

        async def work(transaction: Transaction) -> None:
            row = await transaction.one("customer_of_request", store_id, id_)
            closing = (store_id, id_, outcome, micros(now))
            if row is None or not await transaction.run("close_person_request", *closing):
                raise NotFound
            await self._tell(transaction, store_id, row[0])

        await self._driver.write(work)

    async def _tell(self, transaction: Transaction, store_id: int, customer_id: int) -> None:
        made = [Change("privacy.update", customer_id, ("request",))]
        await self._record(transaction, store_id, made)


def _request(row: Row) -> PersonRequest:
    store_id, id_, customer_id, kind, opened_at, due_at, closed_at, outcome = row
    times = (moment(opened_at), moment(due_at), maybe_moment(closed_at))
    return PersonRequest(store_id, id_, customer_id, kind, *times, outcome)
