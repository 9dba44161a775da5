"""Balances that are written with a customer, recorded in its ledgers: import, seed, operators."""

from datetime import datetime

from sijill.database.columns import micros
from sijill.database.driver import Transaction
from sijill.ledgers.wallet_table import reconcile_wallet
from sijill.stores.table import store


async def record_adjustment(
    transaction: Transaction,
    store_id: int,
    customer_id: int,
    at: datetime,
    *,
    points: tuple[int, int],
    balances: tuple[float, float],
) -> None:
    """Write the ledger lines of points and of a wallet that went from the first to the second."""
    before, after = points
    if after != before:
        line = (after - before, after, micros(at))
        await transaction.run("insert_points_entry", store_id, customer_id, *line)
    if balances[1] != balances[0]:
        row = await transaction.one("store", store_id)
        if row is not None:
            await reconcile_wallet(transaction, store(row), customer_id, at)
