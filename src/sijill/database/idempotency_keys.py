"""Idempotency keys: a request is claimed before its work, and its result recorded with the work."""

from datetime import datetime, timedelta
from typing import NamedTuple

from sijill.database.columns import micros
from sijill.database.driver import Transaction
from sijill.errors import Invalid

NAME = "Idempotency-Key"

LIFETIME = timedelta(hours=24)
"""How long the result of a request is remembered."""


class IdempotencyKey(NamedTuple):
    """A client's own key for one write, a fingerprint of what the write asks for, and when."""

    app_id: int
    key: str
    fingerprint: bytes
    at: datetime


class KeyReused(Invalid):
    """The key was used before, for another request."""

    def __init__(self) -> None:
        super().__init__({NAME: ["idempotency"]})


async def claim(transaction: Transaction, store_id: int, key: IdempotencyKey | None) -> int | None:
    """
    Return the result of this request if it was done before; else claim its key and return None.

    The row is written first: a second sender of the same key waits for the end of this transaction.
    Raises: KeyReused if the key was used for another request.
    """
    if key is None:
        return None
    columns = (store_id, key.app_id, key.key)
    await transaction.run("forget_idempotency_key", *columns, micros(key.at - LIFETIME))
    if await transaction.run("claim_idempotency_key", *columns, key.fingerprint, micros(key.at)):
        return None
    row = await transaction.one("idempotency_key", *columns)
    if row is None or row[0] != key.fingerprint:
        raise KeyReused
    result: int = row[1]
    return result


async def record_result(
    transaction: Transaction, store_id: int, key: IdempotencyKey | None, result: int | None
) -> None:
    """Record the result of a claimed request: an id, or None if the request was refused."""
    if key is None:
        return
    columns = (store_id, key.app_id, key.key)
    if result is None:
        await transaction.run("release_idempotency_key", *columns)
    else:
        await transaction.run("record_idempotency_result", *columns, result)
