"""Wallets in the database; see `domain.wallets.Wallets`."""

from datetime import datetime

from sijill.database.columns import micros, moment
from sijill.database.driver import Driver, Transaction
from sijill.database.idempotency_keys import IdempotencyKey, claim, record_result
from sijill.errors import NotFound
from sijill.ledgers.wallets import MAX_BALANCE, Entry, Movement, moved
from sijill.stores.model import Store
from sijill.values.money import minor_digits, to_major, to_minor


class WalletTable:
    """The wallets of every store, each call within one of them."""

    def __init__(self, driver: Driver) -> None:
        self._driver = driver

    async def move(
        self, store: Store, movement: Movement, *, key: IdempotencyKey | None = None
    ) -> Entry:
        """
        Write one movement to a customer's ledger and balance together, and return its line.

        The customer is held meanwhile: of two movements the second sees what the first left.
        Raises: NotFound; Invalid as `domain.wallets.moved`; KeyReused; Unavailable.
        """

        async def work(transaction: Transaction) -> Entry:
            done = await claim(transaction, store.id, key)
            number = done or await _append(transaction, store, movement)
            if done is None:
                await record_result(transaction, store.id, key, number)
            return await _entry(transaction, store.id, movement.customer_id, number, bool(done))

        return await self._driver.write(work)


async def reconcile_wallet(
    transaction: Transaction, store: Store, customer_id: int, at: datetime
) -> tuple[int, int]:
    """
    Write the line that explains a balance which was written with the customer, if one is missing.

    Return the number of the ledger's last line and the balance, in smallest units.
    Raises: NotFound if the store has no such customer.
    """
    row = await transaction.one("wallet", store.id, customer_id)
    if row is None:
        raise NotFound
    balance = to_minor(row[0], minor_digits(store.currency))
    number, told = row[1] or 0, row[2] or 0
    if told != balance:
        number += 1
        entry = (number, balance - told, balance, None, micros(at))
        await transaction.run("insert_wallet_entry", store.id, customer_id, *entry)
    return number, balance


async def _append(transaction: Transaction, store: Store, movement: Movement) -> int:
    """Return the number of the line that a movement became."""
    mine, at = (store.id, movement.customer_id), movement.at
    digits = minor_digits(store.currency)
    await transaction.one("lock_customer", *mine)
    last, balance = await reconcile_wallet(transaction, store, movement.customer_id, at)
    after = moved(balance, movement.amount, MAX_BALANCE * 10**digits)
    entry = (last + 1, movement.amount, after, movement.app_id, micros(at))
    await transaction.run("insert_wallet_entry", *mine, *entry)
    await transaction.run("set_wallet_balance", *mine, float(to_major(after, digits)))
    return last + 1


async def _entry(
    transaction: Transaction, store_id: int, customer_id: int, number: int, replayed: bool
) -> Entry:
    row = await transaction.one("wallet_entry", store_id, customer_id, number)
    if row is None:  # it was deleted with its customer
        raise NotFound
    amount, balance, at, opened_at = row
    return Entry(customer_id, amount, balance, moment(at), moment(opened_at), replayed)
