"""Balances that are written with a customer, explained in its ledgers: import, seed, operators."""

from sijill.customers.model import Customer, Extras
from sijill.database.columns import micros
from sijill.database.driver import Transaction
from sijill.ledgers.wallet_store import reconcile_wallet
from sijill.stores.store import store


async def explain(
    transaction: Transaction, store_id: int, new: Customer, old: Extras | None = None
) -> None:
    """Write the lines that tell how the balances of a customer came from `old` to what they are."""
    before, after = old or Extras(), new.extras or Extras()
    if after.total_points != before.total_points:
        points = (after.total_points - before.total_points, after.total_points)
        at = micros(new.updated_at)
        await transaction.run("insert_points_entry", store_id, new.id, *points, at)
    if after.wallet_balance != before.wallet_balance:
        row = await transaction.one("store", store_id)
        if row is not None:
            await reconcile_wallet(transaction, store(row), new.id, new.updated_at)
