"""The table of customers; its writes bring memberships, search index and ledgers along."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from copy import copy
from datetime import datetime

from sijill.audit.causes import Cause
from sijill.audit.changes import Audited, Change, ChangeLog
from sijill.customers.counts import END, START
from sijill.customers.editing import change_of, make_edit, replayed_outcome, stored
from sijill.customers.listing import counted, listed
from sijill.customers.model import (
    Customer,
    CustomerFilter,
    CustomerPage,
    Edit,
    EditOutcome,
)
from sijill.customers.row import customer, customer_with_extras
from sijill.customers.search import matching
from sijill.database.columns import micros, moment
from sijill.database.driver import Driver, Row, Transaction, TransactionDriver
from sijill.database.idempotency_keys import IdempotencyKey, claim, record_result
from sijill.database.sql import Dialect
from sijill.errors import Held, NotFound
from sijill.groups.memberships import Memberships
from sijill.webhooks.outbox import erase_events

BATCH = 500
"""Customers in memory at once in a walk over a whole store."""

AnnounceWrites = Callable[[Transaction, int, Sequence[tuple[Customer, bool]]], Awaitable[None]]
"""Arguments: the transaction, the store's id, each written customer and whether it is new."""

AnnounceDeletion = Callable[[Transaction, int, Customer], Awaitable[None]]
"""Arguments: the transaction, the store's id, the customer that was deleted."""


CreateUsual = Callable[[int, Edit, Cause], Awaitable[EditOutcome | None]]
"""Makes an edit of a store, if it is a usual new customer, or writes nothing; see `creation`."""


class CustomerTable(Audited):
    """The customers of every store, each call within one of them."""

    def __init__(
        self,
        driver: Driver,
        new_id: Callable[[], int],
        announce: AnnounceWrites | None = None,
        create_usual: CreateUsual | None = None,
        announce_deletion: AnnounceDeletion | None = None,
        audited: ChangeLog | None = None,
    ) -> None:
        self._driver, self._new_id, self._announce = driver, new_id, announce
        self._create_usual, self._announce_deletion = create_usual, announce_deletion
        self._audited = audited

    @property
    def dialect(self) -> Dialect:
        """The dialect of the database."""
        return self._driver.dialect

    def within(self, transaction: Transaction) -> "CustomerTable":
        """Return the same table inside a transaction: its writes become durable with its end."""
        table = copy(self)
        table._driver = TransactionDriver(transaction, self._driver.dialect)
        table._create_usual = None
        return table

    async def row(self, store_id: int, customer_id: int, *, extras: bool = False) -> Row:
        """
        Return the row of one customer of one store, for `customers.wire`.

        Raises: NotFound if the store has no such id; Unavailable.
        """
        name = "customer_with_extras" if extras else "customer"
        row = await self._driver.one(name, store_id, customer_id)
        if row is None:
            raise NotFound
        return row

    async def find(self, store_id: int, customer_id: int, *, extras: bool = False) -> Customer:
        """
        Return one customer of one store.

        Raises: NotFound if the store has no such id; Unavailable.
        """
        row = await self.row(store_id, customer_id, extras=extras)
        return customer_with_extras(row) if extras else customer(row)

    async def deleted_at(self, store_id: int, customer_id: int) -> datetime | None:
        """Return when a customer was deleted; None for one who was not. Raises: Unavailable."""
        row = await self._driver.one("deleted_customer", store_id, customer_id)
        return None if row is None else moment(row[0])

    async def find_id(
        self,
        store_id: int,
        email_key: str | None = None,
        mobile_code: str | None = None,
        mobile: int | None = None,
    ) -> int | None:
        """
        Return the id of the customer with an e-mail or with a mobile; None without one.

        Either argument is given. Raises: Unavailable.
        """
        row = await self._driver.one("customer_with", store_id, email_key, mobile_code, mobile)
        return None if row is None else row[0]

    async def page(
        self,
        store_id: int,
        filters: CustomerFilter,
        *,
        offset: int,
        limit: int,
        extras: bool = False,
    ) -> CustomerPage:
        """
        Return `limit` customers from `offset`, by created_at descending, then id descending.

        The count and the rows are of one moment. Raises: Unavailable.
        """
        if filters.terms == ():
            return CustomerPage([], 0)
        name = "customer_page_with_extras" if extras else "customer_page"
        since = START if filters.since is None else micros(filters.since)
        until = END if filters.until is None else micros(filters.until)
        if filters.terms is None:
            rows = await listed(self._driver, name, store_id, since, until, offset, limit)
        else:
            terms = matching(self._driver.dialect, store_id, filters.terms)
            args = (store_id, since, min(until, END - 1), limit, offset, terms)
            rows = await self._driver.all(f"found_{name}", *args)
        return CustomerPage([row[1:] for row in rows if row[1] is not None], rows[0][0])

    async def count(self, store_id: int, since: datetime, until: datetime) -> int:
        """Return how many customers were created from `since` until before `until`, exactly."""
        return await counted(self._driver, store_id, micros(since), micros(until))

    async def each(self, store_id: int) -> AsyncIterator[Customer]:
        """
        Yield every customer of a store with extras, by id ascending, BATCH in memory at once.

        Raises: Unavailable.
        """
        after = 0
        while rows := await self._driver.all("customers_after", store_id, after, BATCH):
            for row in rows:
                yield customer_with_extras(row)
            after = rows[-1][0]

    async def change(
        self, store_id: int, edits: Sequence[Edit], *, key: IdempotencyKey | None = None
    ) -> list[EditOutcome]:
        """
        Make the edits in one transaction, in order, and return the outcome of each.

        A customer that `decide` returns without extras retains its extras. An edit that changes
        nothing is not written. An edit with another customer's mobile or e-mail is refused and
        changes nothing; the others stand. An exception of `decide` undoes all edits and is raised.
        `key` is for a single edit: if an earlier call with this key made it, its outcome is
        returned and nothing is written.
        Raises: Unavailable; KeyReused; NotFound if the customer of that earlier call is deleted;
        Invalid naming each `groups.N` that the store does not have.
        """

        if self._create_usual is not None and key is None and len(edits) == 1:
            outcome = await self._create_usual(store_id, edits[0], self._cause)
            if outcome is not None:
                return [outcome]

        async def work(transaction: Transaction) -> list[EditOutcome]:
            replayed = await claim(transaction, store_id, key)
            if replayed is not None:
                return [await replayed_outcome(transaction, store_id, replayed)]
            # All locks first, and always in the same order: then no two calls wait for each other.
            for customer_id in sorted({edit.customer_id or 0 for edit in edits} - {0}):
                await transaction.one("lock_customer", store_id, customer_id)
            groups = Memberships(transaction, store_id)
            outcomes = [
                await make_edit(edit, transaction, store_id, groups, self._new_id) for edit in edits
            ]
            written = [(each.customer, each.created) for each in outcomes if each.written]
            if written and self._announce is not None:
                await self._announce(transaction, store_id, written)
            made = (change_of(each) for each in outcomes if each.written)
            await self._record(transaction, store_id, made)
            last = outcomes[-1] if outcomes else None
            result = last.customer.id if last and last.refused is None else None
            await record_result(transaction, store_id, key, result)
            return outcomes

        return await self._driver.write(work)

    async def delete(
        self,
        store_id: int,
        customer_id: int,
        now: datetime,
        permit: Callable[[Customer], None] = lambda customer: None,
    ) -> None:
        """
        Delete a customer with its memberships, and what events say of it.

        The id is never given again, and no waiting delivery of the customer is sent any more.

        Raises: NotFound; Held if the data must stay; any error of `permit`; Unavailable.
        """

        async def work(transaction: Transaction) -> None:
            await transaction.one("lock_customer", store_id, customer_id)
            old = await stored(transaction, store_id, customer_id)
            if old is None:
                raise NotFound
            permit(old)
            hold = await transaction.one("active_hold", store_id, customer_id, micros(now))
            if hold is not None:
                raise Held(hold[0], moment(hold[1]))
            await Memberships(transaction, store_id).forget(customer_id)
            await transaction.run("delete_customer", store_id, customer_id)
            await transaction.run("insert_deleted_customer", store_id, customer_id, micros(now))
            await erase_events(transaction, store_id, customer_id)
            if self._announce_deletion is not None:
                await self._announce_deletion(transaction, store_id, old)
            await self._record(transaction, store_id, [Change("customer.delete", customer_id)])

        await self._driver.write(work)

    async def delete_rest(self, store_id: int, customer_id: int) -> None:
        """Delete again what events say of a customer who was deleted. Raises: Unavailable."""

        async def work(transaction: Transaction) -> None:
            await erase_events(transaction, store_id, customer_id)
            await self._record(transaction, store_id, [Change("customer.delete", customer_id)])

        await self._driver.write(work)
