"""Erases a person: every row that holds the person, in one transaction, and leaves a mark."""

from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

from msgspec import json

from sijill.customers.erasures import ErasureTable, Known
from sijill.customers.events import CustomerEvents
from sijill.customers.model import Customer, blank
from sijill.customers.table import CustomerTable
from sijill.database.driver import Driver, Row, Transaction
from sijill.errors import Held, NotFound
from sijill.imports.shares import ROW
from sijill.privacy.person import Person, find_person
from sijill.privacy.search import pattern

BATCHES, REJECTS = 20, 500
"""Batches of rows, and refused rows, in memory at once."""


def known(customer: Customer) -> Known:
    """Return what recognises a customer who comes back."""
    person = Person(0, customer)
    mobile = f"{customer.mobile_code}{customer.mobile}" if customer.mobile else ""
    return Known(customer.id, mobile, person.email)


class Eraser:
    """Erases persons from every table. Every method may raise Unavailable and Unsealable."""

    def __init__(
        self,
        driver: Driver,
        customers: CustomerTable,
        erasures: ErasureTable,
        events: CustomerEvents,
    ) -> None:
        self._driver, self._customers, self._erasures = driver, customers, erasures
        self._events = events

    async def erase(
        self, store_id: int, customer_id: int, now: datetime, *, told: bool = True
    ) -> Counter[str]:
        """
        Erase a customer, and return how many rows of which table were deleted or emptied.

        Of a customer who was deleted before, the rows that name the id are erased.
        With `told` the event `customer.erased` is written, where a setting wants it.
        Raises: NotFound; Held if the person's data must stay.
        """

        async def work(transaction: Transaction) -> Counter[str]:
            # In the order in which a worker of imports locks: its file, its customers, the uploads.
            await transaction.all("lock_open_imports", store_id)
            customers = self._customers.within(transaction)
            done, key = Counter[str](), (store_id, customer_id)
            done["mirror_customers"] = await transaction.run("erase_mirror_customer", *key)
            await transaction.run("end_mirror_check", *key)
            person = await _person(customers, *key, now, mirrored=done["mirror_customers"] > 0)
            if person.deleted_at is None:
                await customers.delete(store_id, customer_id, now)
                done["customers"] = 1
            else:
                await customers.delete_rest(store_id, customer_id)
            await transaction.one("lock_uploads", store_id)
            done["import_batches"] = await _erase_batches(transaction, person)
            done["import_rejects"] = await _erase_rejects(transaction, person)
            done["import_created"] = await transaction.run("forget_created_customer", *key)
            done["idempotency_keys"] = await transaction.run("erase_idempotency_keys", *key)
            for table, name in _BY_TEXT.items():
                for value in person.identifiers():
                    done[table] += await transaction.run(name, store_id, pattern(value.text))
            await self._erasures.record(transaction, store_id, known(person.customer), now)
            if told:
                await self._events.erased(transaction, store_id, person.customer)
            return +done

        return await self._driver.write(work)


async def _person(
    customers: CustomerTable, store_id: int, customer_id: int, now: datetime, *, mirrored: bool
) -> Person:
    """Return a person; of one whom upstream deleted, a mirror kept the last. Raises: NotFound."""
    try:
        return await find_person(customers, store_id, customer_id)
    except NotFound:
        if not mirrored:
            raise
        return Person(store_id, blank(customer_id, now), now)


_BY_TEXT = {
    "idempotency_keys": "erase_idempotency_keys_like",
    "events": "erase_events_like",
    "imports": "empty_import_names",
    "mirror_heard": "erase_mirror_webhooks_like",
}
"""The tables that are searched for the person's identifiers, and the statement that erases."""


async def _erase_batches(transaction: Transaction, person: Person) -> int:
    """Take the person's rows out of files that wait to be imported; return how many there were."""
    count, after = 0, (0, -1)
    while rows := await transaction.all("import_batches_after", person.store_id, *after, BATCHES):
        for import_id, number, content in rows:
            every: list[Any] = json.decode(content)
            others = [row for row in every if not person.is_in(row[1])]
            if len(others) < len(every):
                left = json.encode(others).decode()
                key = (person.store_id, import_id)
                await transaction.run("update_import_batch", *key, number, left)
                removed = len(every) - len(others)
                shrunk = len(content.encode()) - len(left.encode())
                await transaction.run("shrink_import", *key, removed, shrunk, 0)
                count += removed
        after = (rows[-1][0], rows[-1][1])
    return count


async def _erase_rejects(transaction: Transaction, person: Person) -> int:
    """Delete the person's refused rows of every file, and return how many there were."""
    count, after = 0, (0, -1)
    while rows := await transaction.all("import_rejects_after", person.store_id, *after, REJECTS):
        for row in rows:
            if person.is_in(json.decode(row[3])):
                await _delete_reject(transaction, person.store_id, row)
                count += 1
        after = (rows[-1][0], rows[-1][1])
    return count


async def _delete_reject(transaction: Transaction, store_id: int, row: Row) -> None:
    import_id, line, reason, cells = row
    await transaction.run("delete_import_reject", store_id, import_id, line)
    size = len((reason + cells).encode()) + ROW
    await transaction.run("shrink_import", store_id, import_id, 0, 0, size)


async def erase_returned(
    driver: Driver, eraser: Eraser, erasures: ErasureTable, stores: Sequence[int], now: datetime
) -> int:
    """
    Erase the customers of stores who were erased after they were created, and return their number.

    An old copy of the database brings them back.
    """
    count = 0
    for store_id in stores:
        erased, after = await erasures.of_store(store_id), 0
        while erased and (rows := await driver.all("known_of_customers", store_id, after, 1000)):
            for customer_id, code, mobile, email_key, created_at in rows:
                found = Known(customer_id, f"{code}{mobile}" if mobile else "", email_key or "")
                if erased.holds(found, created_at=created_at):
                    with suppress(Held):  # a hold of the copy: the next erasure is a person's
                        await eraser.erase(store_id, customer_id, now, told=False)
                        count += 1
            after = rows[-1][0]
    return count
