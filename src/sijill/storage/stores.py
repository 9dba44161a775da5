"""Stores and apps in the database; see `domain.stores.Stores`."""

from collections.abc import Callable

from msgspec.structs import astuple

from sijill.domain.errors import NotFound
from sijill.domain.groups import default_group
from sijill.domain.stores import App, Store
from sijill.storage.conflicts import taken
from sijill.storage.driver import Conflict, Driver, Row, Transaction
from sijill.storage.group_row import arguments
from sijill.storage.values import micros, moment


class StoreTable:
    """Every store, and every app."""

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

    async def create_app(self, app: App) -> None:
        """
        Keep a new app.

        Raises: Taken if its id or name is another's; Unavailable.
        """
        args = (app.id, app.name, micros(app.created_at), app.wallets)
        try:
            await self.driver.write(lambda tx: tx.run("insert_app", *args))
        except Conflict as conflict:
            raise taken(conflict) from None

    async def apps(self) -> list[App]:
        """
        Return every app, by id.

        Raises: Unavailable.
        """
        rows = await self.driver.all("apps")
        return [
            App(id_, name, moment(created_at), bool(wallets))
            for id_, name, created_at, wallets in rows
        ]


def store(row: Row) -> Store:
    """Return the store of a row that holds `store_columns`."""
    return Store(*row)
