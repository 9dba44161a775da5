"""Requests that are done once: claimed before they are done, settled in the same transaction."""

from sijill.database.columns import micros
from sijill.database.driver import Transaction
from sijill.database.idempotency_keys import KEPT, KeyReused, Once


async def claim(transaction: Transaction, store_id: int, once: Once | None) -> int | None:
    """
    Return what came of this request if it was done before; else begin it and return None.

    The row is written first: whoever sends the same at the same time waits for our end.
    Raises: KeyReused if the key was used for something else.
    """
    if once is None:
        return None
    await transaction.run("forget_done", store_id, micros(once.at - KEPT))
    mine = (store_id, once.app_id, once.key)
    if await transaction.run("claim_once", *mine, once.fingerprint, micros(once.at)):
        return None
    row = await transaction.one("done_once", *mine)
    if row is None or row[0] != once.fingerprint:
        raise KeyReused
    result: int = row[1]
    return result


async def settle(
    transaction: Transaction, store_id: int, once: Once | None, result: int | None
) -> None:
    """Remember what came of a claimed request: an id, or None if it was refused."""
    if once is None:
        return
    mine = (store_id, once.app_id, once.key)
    if result is None:
        await transaction.run("unclaim_once", *mine)
    else:
        await transaction.run("settle_once", *mine, result)
