"""Stores in the database; see `domain.stores.Stores`."""

from collections.abc import Callable

from msgspec.structs import astuple

from sijill.database.conflicts import taken
from sijill.database.driver import Conflict, Driver, Row, Transaction
from sijill.errors import NotFound
from sijill.groups.model import default_group
from sijill.groups.row import arguments
from sijill.stores.model import Store


class StoreTable:
    """Every store."""

    driver: Driver
    _new_id: Callable[[], int]

    async def create_store(self, store: Store) -> None:
        """
        Keep a new store, with its default group.

        Raises: Taken if its id or name is another's; Unavailable.
        """
        group = default_group(self._new_id(), store.locale)

        async def work(transaction: Transaction) -> None:
            await transaction.run("insert_store", *astuple(store))
            await transaction.run("insert_group", *arguments(store.id, group), True, None)

        try:
            await self.driver.write(work)
        except Conflict as conflict:
            raise taken(conflict) from None

    async def store(self, store_id: int) -> Store:
        """
        Return one store.

        Raises: NotFound; Unavailable.
        """
        row = await self.driver.one("store", store_id)
        if row is None:
            raise NotFound
        return store(row)

    async def stores(self) -> list[Store]:
        """
        Return every store, by id.

        Raises: Unavailable.
        """
        return [store(row) for row in await self.driver.all("stores")]


def store(row: Row) -> Store:
    """Return the store of a row that holds `store_columns`."""
    return Store(*row)
