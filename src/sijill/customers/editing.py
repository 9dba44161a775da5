"""One edit of a customer, in a transaction: what it decides, and the rows that go with it."""

from collections.abc import Callable

from msgspec.structs import replace

from sijill.audit.changes import Change
from sijill.customers.model import (
    Customer,
    Edit,
    EditOutcome,
    Extras,
    order_numbers,
    written_fields,
)
from sijill.customers.row import arguments, customer_with_extras
from sijill.database.conflicts import taken
from sijill.database.driver import Conflict, Transaction
from sijill.errors import NotFound, Taken
from sijill.groups.memberships import Memberships
from sijill.groups.model import GroupsByHand
from sijill.ledgers.table import record_adjustment
from sijill.values.ids import DRAWS
from sijill.values.texts import email_key


async def make_edit(
    edit: Edit,
    transaction: Transaction,
    store_id: int,
    groups: Memberships,
    new_id: Callable[[], int],
) -> EditOutcome:
    """
    Make one edit in a transaction; see `CustomerTable.change`. `groups` is for all of its edits.

    Raises: as `edit.decide`; Invalid naming each `groups.N` that the store does not have.
    """
    old = await stored(transaction, store_id, edit.customer_id)
    new = edit.decide(old)
    if old is None:
        return await _create(transaction, store_id, new, edit, groups, new_id)
    new = replace(new, id=old.id, extras=new.extras or old.extras)
    if new == old and edit.groups is None:
        return EditOutcome(old)
    regroups = edit.groups is not None
    if regroups and replace(new, groups=old.groups, updated_at=old.updated_at) == old:
        return await _regrouped(transaction, store_id, new, old, edit.groups, groups)
    try:
        await transaction.attempt("update_customer", *arguments(store_id, new))
    except Conflict as conflict:
        first = taken(conflict).field
        return EditOutcome(old, refused=await _all_taken(transaction, store_id, new, first))
    written = await _written(transaction, store_id, new, old, edit.groups, groups)
    return EditOutcome(written, written=True, before=old)


async def _create(
    transaction: Transaction,
    store_id: int,
    new: Customer,
    edit: Edit,
    groups: Memberships,
    new_id: Callable[[], int],
) -> EditOutcome:
    refused = Taken("id")
    for customer_id in [new.id] if new.id else (new_id() for _ in range(DRAWS)):
        row = replace(new, id=customer_id, extras=new.extras or Extras())
        if await transaction.run("insert_customer", *arguments(store_id, row)):
            transaction.at_end("index_new_customers")
            written = await _written(transaction, store_id, row, None, edit.groups, groups)
            return EditOutcome(written, created=True, written=True)
        refused = await _all_taken(transaction, store_id, row, "id")
        if refused.field != "id":
            break
    return EditOutcome(new, refused=refused)


def change_of(outcome: EditOutcome) -> Change:
    """Return the entry of a customer that was written."""
    action = "customer.create" if outcome.created else "customer.update"
    fields = written_fields(outcome.before, outcome.customer)
    return Change(action, outcome.customer.id, fields)


async def _regrouped(
    transaction: Transaction,
    store_id: int,
    new: Customer,
    old: Customer,
    by_hand: GroupsByHand,
    groups: Memberships,
) -> EditOutcome:
    """Change nothing but the groups; one who is in the same groups afterwards is not written."""
    numbers = order_numbers(old.extras or Extras())
    member_of = await groups.follow(
        *(old.id, by_hand),
        before=old.groups,
        after=new.groups,
        numbers=numbers,
        old_numbers=numbers,
    )
    if member_of == old.groups:
        return EditOutcome(old)
    await transaction.run("update_customer", *arguments(store_id, new))
    return EditOutcome(replace(new, groups=member_of), written=True, before=old)


async def _written(
    transaction: Transaction,
    store_id: int,
    new: Customer,
    old: Customer | None,
    by_hand: GroupsByHand,
    groups: Memberships,
) -> Customer:
    """Write the rows that belong to a customer's, and return the customer as stored."""
    extras, before = new.extras or Extras(), (old and old.extras) or Extras()
    member_of = await groups.follow(
        new.id,
        by_hand,
        before=None if old is None else old.groups,
        after=new.groups,
        numbers=order_numbers(extras),
        old_numbers=None if old is None else order_numbers(before),
    )
    await record_adjustment(
        transaction,
        store_id,
        new.id,
        new.updated_at,
        points=(before.total_points, extras.total_points),
        balances=(before.wallet_balance, extras.wallet_balance),
    )
    return replace(new, groups=member_of)


async def replayed_outcome(
    transaction: Transaction, store_id: int, customer_id: int
) -> EditOutcome:
    """Return the outcome of an earlier request. Raises: NotFound if its customer was deleted."""
    customer = await stored(transaction, store_id, customer_id)
    if customer is None:
        raise NotFound
    return EditOutcome(customer, replayed=True)


async def stored(
    transaction: Transaction, store_id: int, customer_id: int | None
) -> Customer | None:
    """Return a customer with extras, as the transaction sees it; None for one who is not there."""
    if customer_id is None:
        return None
    row = await transaction.one("customer_with_extras", store_id, customer_id)
    return None if row is None else customer_with_extras(row)


async def _all_taken(
    transaction: Transaction, store_id: int, new: Customer, otherwise: str
) -> Taken:
    """Return every unique field that another customer has; `otherwise` if none has any by now."""
    key = email_key(new.email)
    rows = await transaction.all("others_with", store_id, new.id, key, new.mobile_code, new.mobile)
    if not rows:
        return Taken(otherwise)
    return Taken(*(field for field, _ in rows), holder=rows[0][1])
