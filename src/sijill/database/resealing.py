"""Sealed values of every table: which key each one is under, and their move to the newest key."""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from sijill.database.driver import Driver, Row, Transaction
from sijill.database.sealing import Sealer, Unsealable, key_id

STEP = 100
"""Rows that are sealed again in one transaction: other writers wait for it some milliseconds."""


class SealedRows(NamedTuple):
    """
    The sealed columns of one table.

    Four statements go with its noun: `sealed_…` counts the values by key, `stale_…` returns the
    keys of the next rows with a value under another key, each led by the number that they are in
    the order of, `lock_sealed_…` takes one of these and returns its row, `reseal_…` writes it.
    """

    noun: str
    reseal: Callable[[Sealer, Row], Sequence[Any]]
    """Returns the arguments of `reseal_…` for a row; raises Unsealable."""


class SealedTable:
    """The sealed values of every table. Every method may raise Unavailable."""

    def __init__(self, driver: Driver, sealer: Sealer, kinds: Sequence[SealedRows]) -> None:
        self._driver, self._sealer, self._kinds = driver, sealer, kinds

    @property
    def sealer(self) -> Sealer:
        """The sealer, with its keys."""
        return self._sealer

    async def counts(self) -> Counter[bytes]:
        """Return how many values are sealed under each key, by its id."""
        found: Counter[bytes] = Counter()
        for kind in self._kinds:
            for key, count in await self._driver.all(f"sealed_{kind.noun}"):
                found[bytes(key or b"")] += count  # a value too short to name a key
        return found

    async def reseal(self) -> int:
        """
        Seal values of other keys again under the newest key; return the number of rows.

        Every STEP rows are a transaction of their own, so readers and writers go on meanwhile, and
        a killed process leaves each row under a key that is known. What does not open stays.
        """
        return sum([await self._reseal(kind) for kind in self._kinds])

    async def _reseal(self, kind: SealedRows) -> int:
        newest = key_id(self._sealer.keyring.newest())
        after, done = 0, 0
        while rows := await self._driver.all(f"stale_{kind.noun}", after, newest, STEP):

            async def work(transaction: Transaction, rows: Sequence[Row] = rows) -> int:
                return await self._step(transaction, kind, rows)

            done += await self._driver.write(work)
            after = rows[-1][0]
        return done

    async def _step(self, transaction: Transaction, kind: SealedRows, keys: Sequence[Row]) -> int:
        done = 0
        for key in keys:
            row = await transaction.one(f"lock_sealed_{kind.noun}", *key)
            if row is None:
                continue
            try:
                arguments = kind.reseal(self._sealer, row)
            except Unsealable:
                continue
            done += await transaction.run(f"reseal_{kind.noun}", *arguments)
        return done
