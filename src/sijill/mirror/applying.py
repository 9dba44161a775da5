"""
Fetched answers and webhooks are applied in one order, independent of their arrival.

`decide` is the whole rule. A customer, its row of the mirror, and the event that tells of it are
written in one transaction.
"""

from collections.abc import Sequence
from functools import partial
from typing import Literal, NamedTuple

from msgspec import json
from msgspec.structs import replace

from sijill.customers.erasures import Erased, ErasureTable, Known
from sijill.customers.model import Customer, Edit
from sijill.customers.table import CustomerTable
from sijill.database.columns import micros
from sijill.database.driver import Driver, Transaction
from sijill.mirror.body import Seen, merged, read_customer, read_details
from sijill.mirror.model import MICROS, MirrorRow, Reply, Source
from sijill.mirror.table import COALESCED, mirror_rows, queue_checks
from sijill.values.texts import email_key

Applied = Literal["created", "changed", "confirmed", "older", "erased", "resurrected", "unknown"]

_WRITTEN = ("created", "changed", "resurrected")


class Fetched(NamedTuple):
    """Customers of one answer of upstream, and when it was asked for."""

    rows: Sequence[Seen]
    sequence: int
    sent_at: int
    reading: int = 0
    """The reading of a slice that the answer is a page of; 0 of no slice."""


def decide(known: MirrorRow | None, seen: Seen, sequence: int, *, erased: bool) -> Applied:
    """
    Return what a customer in an answer means for what is known of it.

    A customer that was erased by law stays so. One who is gone is there again if the request was
    sent after the one that told so. Else the later `updated_at` wins, then the later request.
    """
    if erased:
        return "erased"
    if known is None or known.state == "erased":
        return "created"
    if known.state == "gone":
        return "resurrected" if sequence > known.sequence else "older"
    if seen.updated_at < known.updated_at:
        return "older"
    if seen.updated_at == known.updated_at and sequence <= known.sequence:
        return "older"
    return "confirmed" if seen.body == known.body else "changed"


class Applier:
    """Applies answers and webhooks to linked stores. Every method may raise Unavailable."""

    def __init__(
        self,
        driver: Driver,
        customers: CustomerTable,
        silent: CustomerTable,
        erasures: ErasureTable,
    ) -> None:
        """`silent` is a table of the same customers whose writes make no event."""
        self._driver, self._customers, self._silent = driver, customers, silent
        self._erasures = erasures

    async def apply(self, store_id: int, reply: Reply, source: Source) -> Applied:
        """
        Apply a Customer Details that was answered with 200.

        Raises: Misshapen.
        """
        seen = read_customer(read_details(reply.body))

        async def work(transaction: Transaction) -> Applied:
            fetched = Fetched([seen], reply.sequence, reply.sent_at)
            (outcome,) = await self.apply_in(transaction, store_id, fetched, source)
            if source == "verify":
                await transaction.run("end_mirror_check", store_id, seen.id)
            return outcome

        return await self._driver.write(work)

    async def merge(self, store_id: int, data: bytes, sequence: int, heard_at: int) -> Applied:
        """
        Merge the `data` of a webhook into a known customer, and ask for the whole soon.

        A webhook never makes a customer, confirms one, or brings one back: it is a hint.
        `heard_at` is in microseconds of the UTC epoch. Raises: Misshapen.
        """
        seen = read_customer(data)

        async def work(transaction: Transaction) -> Applied:
            due = heard_at + COALESCED * MICROS
            await queue_checks(transaction, store_id, [seen.id], due)
            known = (await mirror_rows(transaction, store_id, [seen.id])).get(seen.id)
            if known is None or known.body is None or known.state != "live":
                return "unknown"
            whole = read_customer(merged(known.body, data))
            outcome = decide(known, whole, sequence, erased=False)
            if outcome == "changed":
                await self._write(transaction, store_id, {whole.id: (whole, outcome)}, "verify")
                row = _row(known, whole, Fetched([whole], sequence, known.confirmed_at), heard_at)
                await transaction.run("put_mirror_customer", store_id, *row)
            return outcome

        return await self._driver.write(work)

    async def apply_in(
        self, transaction: Transaction, store_id: int, fetched: Fetched, source: Source
    ) -> list[Applied]:
        """Apply the customers of an answer, each of another id, and return what each meant."""
        known = await mirror_rows(transaction, store_id, [seen.id for seen in fetched.rows])
        erased = await self._erasures.within(transaction).of_store(store_id)
        outcomes: list[Applied] = [
            decide(
                known.get(seen.id), seen, fetched.sequence, erased=_is_erased(erased, seen.customer)
            )
            for seen in fetched.rows
        ]
        written = {
            seen.id: (seen, outcome)
            for seen, outcome in zip(fetched.rows, outcomes, strict=True)
            if outcome in _WRITTEN
        }
        if written:
            await self._write(transaction, store_id, written, source)
        confirmed, put = [], []
        for seen, outcome in zip(fetched.rows, outcomes, strict=True):
            old = known.get(seen.id)
            if outcome in _WRITTEN or (outcome == "erased" and old is None):
                row = _row(old, seen, fetched, fetched.sent_at)
                put.append((store_id, *(_nobody(row) if outcome == "erased" else row)))
            elif old is not None:
                confirmed.append(_confirmation(store_id, old, fetched, outcome))
        there = [
            seen.id
            for seen, outcome in zip(fetched.rows, outcomes, strict=True)
            if outcome != "older"
        ]
        listed = json.encode(there).decode()
        await transaction.run("end_mirror_checks", store_id, listed, fetched.sent_at)
        await transaction.run_each("put_mirror_customer", put)
        await transaction.run_each("confirm_mirror_customer", confirmed)
        return outcomes

    async def _write(
        self,
        transaction: Transaction,
        store_id: int,
        written: dict[int, tuple[Seen, Applied]],
        source: Source,
    ) -> None:
        """Write customers; one of the first backfill is no news, so no event tells of it."""
        told: list[Edit] = []
        untold: list[Edit] = []
        for seen, outcome in written.values():
            if outcome == "resurrected":
                await transaction.run("return_customer", store_id, seen.id)
            quiet = outcome == "created" and source == "backfill"
            (untold if quiet else told).append(_edit(seen.customer))
        for table, edits in ((self._silent, untold), (self._customers, told)):
            if edits:
                await self._change(transaction, store_id, table, edits)

    async def _change(
        self, transaction: Transaction, store_id: int, table: CustomerTable, edits: list[Edit]
    ) -> None:
        """Make the edits; values that another customer still has are taken from that one."""
        refused = [
            (edit, outcome.customer)
            for edit, outcome in zip(
                edits, await table.within(transaction).change(store_id, edits), strict=True
            )
            if outcome.refused is not None
        ]
        for edit, _ in refused:
            new = edit.decide(None)
            await self._free(transaction, store_id, new)
            (again,) = await table.within(transaction).change(store_id, [edit])
            if again.refused is not None:
                raise RuntimeError("a customer of upstream could not be written")

    async def _free(self, transaction: Transaction, store_id: int, new: Customer) -> None:
        """Take the mobile and the e-mail of a customer from others, who are asked for at once."""
        key = email_key(new.email)
        rows = await transaction.all(
            "holders_of", store_id, new.id, key, new.mobile_code, new.mobile
        )
        ids = sorted({customer_id for (customer_id,) in rows})
        emptied = [Edit(each, partial(_without, new)) for each in ids]
        await self._silent.within(transaction).change(store_id, emptied)
        await queue_checks(transaction, store_id, ids, 0)


def _is_erased(erased: Erased, customer: Customer) -> bool:
    if not erased:
        return False
    mobile = f"{customer.mobile_code}{customer.mobile}" if customer.mobile else ""
    known = Known(customer.id, mobile, email_key(customer.email) or "")
    return erased.holds(known, created_at=micros(customer.created_at))


def _edit(customer: Customer) -> Edit:
    """Return the edit that makes a customer as upstream has it; other extras stay."""

    def decide(old: Customer | None) -> Customer:
        if old is None or old.extras is None or customer.extras is None:
            return customer
        mine = {name: getattr(customer.extras, name) for name in _EXTRAS}
        return replace(customer, extras=replace(old.extras, **mine))

    return Edit(customer.id, decide)


_EXTRAS = (
    *("is_blocked", "is_whitelisted", "block_reason", "is_inactive", "total_points"),
    *("country_id", "custom_fields", "current_store_customer", "is_orders_rated"),
    *("pending_rating_count", "is_notifications_enabled"),
)
"""The extras that a fetch tells."""


def _without(new: Customer, old: Customer | None) -> Customer:
    """Return a customer without the mobile and the e-mail that another one has now."""
    if old is None:
        raise RuntimeError("a customer went while it was locked")
    if (old.mobile_code, old.mobile) == (new.mobile_code, new.mobile):
        old = replace(old, mobile=None, mobile_code="")
    return replace(old, email="") if email_key(old.email) == email_key(new.email) else old


Columns = tuple[int, str, bytes | None, int, int, int, int, int, int]


def _row(old: MirrorRow | None, seen: Seen, fetched: Fetched, changed_at: int) -> Columns:
    """Return the arguments of put_mirror_customer, but for the store."""
    sequence = max(fetched.sequence, old.sequence if old else 0)
    confirmed_at = max(fetched.sent_at, old.confirmed_at if old else 0)
    reading = max(fetched.reading, old.reading if old else 0)
    order = (seen.created_at, seen.updated_at, sequence, confirmed_at, reading, changed_at)
    return (seen.id, "live", seen.body, *order)


def _nobody(row: Columns) -> Columns:
    """Return the row of a person who was erased: the id, and when upstream made the customer."""
    customer_id, _, _, created_at, _, sequence, *rest = row
    confirmed_at, reading, changed_at = rest
    order = (created_at, created_at, sequence, confirmed_at, reading, changed_at)
    return (customer_id, "erased", None, *order)


def _confirmation(
    store_id: int, old: MirrorRow, fetched: Fetched, outcome: Applied
) -> tuple[int, int, int, int, int]:
    """Return what an answer says of a customer besides its values; an older one only that it is."""
    reading = max(old.reading, fetched.reading)
    if outcome == "older":
        return (store_id, old.id, old.sequence, old.confirmed_at, reading)
    sequence = max(old.sequence, fetched.sequence)
    return (store_id, old.id, sequence, max(old.confirmed_at, fetched.sent_at), reading)
