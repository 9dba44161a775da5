"""The removal of a store or an app, with everything that belongs to it."""

from collections.abc import Callable
from datetime import datetime

from sijill.audit.changes import NO_STORE, Change
from sijill.database.columns import micros, moment
from sijill.database.driver import Transaction
from sijill.errors import Held, NotFound
from sijill.mirror import table as mirror
from sijill.register import Register

BATCH = 1_000
"""Customers or events that one transaction deletes: others write between two of them."""

ALL = 2**31 - 1

OF_APPS = (
    *("clear_tokens", "clear_authorizations", "clear_installs", "clear_webhooks"),
    *("clear_idempotency_keys", "clear_import_batches", "clear_import_rejects"),
    *("clear_import_created", "clear_imports", "clear_limit_usage"),
)
"""Statements that delete what apps have in a store: of one app, or of every app."""

OF_ONE_APP = ("clear_events_of_app", "detach_wallet_entries", "detach_loyalty_entries")
"""Further steps if only one app is removed."""

MANY = ("clear_events", "clear_customers", "clear_mirror_customers")
"""Statements that delete so many rows of a store at once."""

REST = (
    *("clear_deleted_customers", "clear_groups", "clear_reveals"),
    *("clear_invitations", "clear_people"),
    *("clear_erasures", "clear_holds", "clear_person_requests"),
    *mirror.OF_STORE,
    "delete_mirror_store",
)
"""Statements that delete the rest of a store."""


async def remove_store(
    register: Register,
    store_id: int,
    now: datetime,
    on_progress: Callable[[int], None] = lambda done: None,
) -> None:
    """
    Remove a store: its tokens first, so that no app writes to it any more.

    It may be broken off and repeated. `on_progress` gets the number of rows deleted so far.
    Raises: NotFound; Held while a customer's data must stay; Unavailable.
    """
    done, driver, changes = 0, register.driver, register.audit.changes

    async def begin(transaction: Transaction) -> None:
        await _close(transaction, store_id, now)
        if changes is not None:
            gone = [Change("customer.delete", None), Change("store.delete", store_id)]
            await changes.record(transaction, register.cause, store_id, gone)

    await driver.write(begin)
    for name in MANY:
        while deleted := await driver.run(name, store_id, BATCH):
            done += deleted
            on_progress(done)

    async def end(transaction: Transaction) -> None:
        await _close(transaction, store_id, now)
        for name in MANY:
            await transaction.run(name, store_id, ALL)
        for name in REST:
            await transaction.run(name, store_id)
        await transaction.run("remove_store", store_id)

    await driver.write(end)


async def remove_app(register: Register, app_id: int) -> None:
    """
    Remove an app from every store: its tokens, webhooks, imports and own events.

    Ledgers keep what it moved. Raises: NotFound; Unavailable.
    """
    changes = register.audit.changes

    async def work(transaction: Transaction) -> None:
        for store_id, *_ in await transaction.all("stores"):
            await _clear_apps(transaction, store_id, app_id)
            for name in OF_ONE_APP:
                await transaction.run(name, store_id, app_id)
        if not await transaction.run("remove_app", app_id):
            raise NotFound
        if changes is not None:
            gone = [Change("app.delete", app_id)]
            await changes.record(transaction, register.cause, NO_STORE, gone)

    await register.driver.write(work)


async def _close(transaction: Transaction, store_id: int, now: datetime) -> None:
    """Lock a store, and take from every app what it has there. Raises: NotFound; Held."""
    if await transaction.one("lock_store", store_id) is None:
        raise NotFound
    await _insist_on_no_hold(transaction, store_id, now)
    await _clear_apps(transaction, store_id, None)


async def _insist_on_no_hold(transaction: Transaction, store_id: int, now: datetime) -> None:
    for *_, reason, _begun_at, ends_at in await transaction.all("holds", store_id):
        if ends_at > micros(now):
            raise Held(reason, moment(ends_at))


async def _clear_apps(transaction: Transaction, store_id: int, app_id: int | None) -> None:
    for name in OF_APPS:
        await transaction.run(name, store_id, app_id)
