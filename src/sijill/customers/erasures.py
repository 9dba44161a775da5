"""Marks of erased persons: they recognise a returning person, and hold no personal data."""

import hmac
import secrets
from base64 import b64decode, b64encode
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sijill.database.columns import micros
from sijill.database.driver import Driver, Row, Transaction, TransactionDriver
from sijill.database.resealing import SealedRows
from sijill.database.sealing import KEY_BYTES, Sealer

_CONTEXT = "key of erasures"
_ID = 1

PAGE = 1000
"""Customers in memory at once, while a store is searched for erased ones."""


class Known(NamedTuple):
    """The marks of a person: an id, a mobile with its calling code, the key of an e-mail."""

    customer_id: int | None = None
    mobile: str = ""
    email_key: str = ""


class Entry(NamedTuple):
    """A mark of an erased person, and when the person was erased, in microseconds of the epoch."""

    store_id: int
    mark: bytes
    erased_at: int


def marks_of(key: bytes, store_id: int, known: Known) -> list[bytes]:
    """Return the HMAC-SHA-256 of each value that is known of a person, 32 bytes each."""
    values = {"id": known.customer_id or "", "mobile": known.mobile, "email": known.email_key}
    return [
        hmac.digest(key, f"{store_id} {kind} {value}".encode(), "sha256")
        for kind, value in values.items()
        if value
    ]


class Erased:
    """The erased persons of one store, to be asked about rows of files."""

    def __init__(self, store_id: int, key: bytes, entries: Iterable[Entry] = ()) -> None:
        self._store_id, self._key = store_id, key
        self._marks = {entry.mark: entry.erased_at for entry in entries}

    def __bool__(self) -> bool:
        return bool(self._marks)

    def holds(self, known: Known, *, created_at: int = 0) -> bool:
        """Return whether a person with one of these values was erased after a moment."""
        if not self._marks:
            return False
        found = marks_of(self._key, self._store_id, known)
        return any(self._marks.get(mark, -1) >= created_at for mark in found)


NOBODY = Erased(0, b"")


class ErasureTable:
    """The table of erasures, and the key of its marks. Every method may raise Unavailable."""

    def __init__(self, driver: Driver, sealer: Sealer) -> None:
        self._driver, self._sealer = driver, sealer

    def within(self, transaction: Transaction) -> "ErasureTable":
        """Return the same table as a transaction reads it."""
        return ErasureTable(TransactionDriver(transaction, self._driver.dialect), self._sealer)

    async def record(
        self, transaction: Transaction, store_id: int, known: Known, now: datetime
    ) -> None:
        """Record that a person is erased, in the transaction that erases. Raises: Unsealable."""
        key = await self._made_key(transaction)
        for mark in marks_of(key, store_id, known):
            await transaction.run("insert_erasure", store_id, mark, micros(now))

    async def of_store(self, store_id: int) -> Erased:
        """Return who was erased from a store. Raises: Unsealable."""
        rows = await self._driver.all("erasures_of_store", store_id)
        if not rows:
            return NOBODY
        row = await self._driver.one("erasure_key", _ID)
        key = b"" if row is None else self._opened(row[0])
        return Erased(store_id, key, map(_entry, rows))

    async def all(self) -> list[Entry]:
        """Return the marks of every store."""
        return [_entry(row) for row in await self._driver.all("erasures")]

    async def sealed_key(self) -> bytes | None:
        """Return the key as it is sealed; None before the first erasure."""
        row = await self._driver.one("erasure_key", _ID)
        return None if row is None else bytes(row[0])

    async def adopt(self, sealed: bytes, entries: Sequence[Entry]) -> list[Entry]:
        """
        Take over the marks of a ledger that are not here, and return them.

        The ledger's key becomes that of an empty table; marks under another key stay out. So do
        those of stores that are not here. Raises: Unsealable.
        """
        theirs = self._opened(sealed)

        async def work(transaction: Transaction) -> list[Entry]:
            row = await transaction.one("erasure_key", _ID)
            if row is None:
                await transaction.run("insert_erasure_key", _ID, sealed)
            elif not hmac.compare_digest(self._opened(row[0]), theirs):
                return []
            return [entry for entry in entries if await transaction.run("insert_erasure", *entry)]

        return await self._driver.write(work)

    async def _made_key(self, transaction: Transaction) -> bytes:
        while (row := await transaction.one("erasure_key", _ID)) is None:
            sealed = self._sealer.seal(_text(secrets.token_bytes(KEY_BYTES)), _CONTEXT)
            await transaction.run("insert_erasure_key", _ID, sealed)
        return self._opened(row[0])

    def _opened(self, sealed: bytes) -> bytes:
        return b64decode(self._sealer.open(bytes(sealed), _CONTEXT))


def _text(key: bytes) -> str:
    return b64encode(key).decode()


def _entry(row: Row) -> Entry:
    store_id, mark, erased_at = row
    return Entry(store_id, bytes(mark), erased_at)


def _resealed(sealer: Sealer, row: Row) -> Sequence[Any]:
    number, sealed = row
    return number, sealer.seal(sealer.open(bytes(sealed), _CONTEXT), _CONTEXT)


SEALED_ERASURES = SealedRows("erasure_keys", _resealed)
"""The key of the marks."""
