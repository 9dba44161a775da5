"""The table of stores."""

from collections.abc import Awaitable, Callable

from msgspec.structs import astuple

from sijill.database.columns import micros, moment
from sijill.database.conflicts import taken, write_unique
from sijill.database.driver import Conflict, Driver, Row, Transaction
from sijill.errors import NotFound
from sijill.stores.model import Store

OnCreate = Callable[[Transaction, Store], Awaitable[None]]
"""Writes the rows that every new store has, in the transaction that writes the store."""


class StoreTable:
    """Every store."""

    def __init__(self, driver: Driver, on_create: OnCreate) -> None:
        self._driver, self._on_create = driver, on_create

    async def create(self, store: Store) -> None:
        """
        Save a new store, with the rows that every store has.

        Raises: Taken if another store has its id or name; Unavailable.
        """
        try:
            await self._driver.write(lambda transaction: self.insert(transaction, store))
        except Conflict as conflict:
            raise taken(conflict) from None

    async def insert(self, transaction: Transaction, store: Store) -> None:
        """
        Write a new store within a transaction.

        Raises: Conflict if another store has its id or name.
        """
        *columns, created_at = astuple(store)
        await transaction.run("insert_store", *columns, micros(created_at))
        await self._on_create(transaction, store)

    async def update(self, store: Store) -> None:
        """
        Replace all of a store but its id and its time of creation.

        Raises: NotFound; Taken if another store has its name; Unavailable.
        """
        *columns, _created_at = astuple(store)
        if not await write_unique(self._driver, lambda tx: tx.run("update_store", *columns)):
            raise NotFound

    async def find(self, store_id: int) -> Store:
        """
        Return one store.

        Raises: NotFound; Unavailable.
        """
        row = await self._driver.one("store", store_id)
        if row is None:
            raise NotFound
        return store(row)

    async def all(self) -> list[Store]:
        """
        Return every store, by id.

        Raises: Unavailable.
        """
        return [store(row) for row in await self._driver.all("stores")]


def store(row: Row) -> Store:
    """Return the store of a row that holds `store_columns`."""
    values = (*row[:-1], moment(row[-1]))
    return Store(*values)
