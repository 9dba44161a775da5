"""Apps in the database, and where they are installed; see `domain.apps.Apps`."""

from datetime import datetime

from sijill.domain.apps import App, Install
from sijill.domain.errors import NotFound
from sijill.storage.conflicts import taken
from sijill.storage.driver import Conflict, Driver, Row, Transaction
from sijill.storage.values import json_text, json_value, micros, moment


class AppTable:
    """Every app."""

    driver: Driver

    async def create_app(self, app: App) -> None:
        """
        Keep a new app; without a client_id of its own it calls itself by its id.

        Raises: Taken if its id, name or client_id is another's; Unavailable.
        """
        args = (app.id, app.name, micros(app.created_at), *_changing(app))
        try:
            await self.driver.write(lambda tx: tx.run("insert_app", *args))
        except Conflict as conflict:
            raise taken(conflict) from None

    async def update_app(self, app: App) -> None:
        """
        Keep what is new of an app; its id and its moment stay.

        Raises: NotFound; Taken as above; Unavailable.
        """
        args = (app.id, app.name, *_changing(app))
        try:
            found = await self.driver.write(lambda tx: tx.run("update_app", *args))
        except Conflict as conflict:
            raise taken(conflict) from None
        if not found:
            raise NotFound

    async def apps(self) -> list[App]:
        """
        Return every app, by id.

        Raises: Unavailable.
        """
        return [app_of(row) for row in await self.driver.all("apps")]

    async def client(self, client_id: str) -> App | None:
        """
        Return the app that calls itself so, or None.

        Raises: Unavailable.
        """
        if not client_id.isprintable():  # NUL, half a character: no database can even be asked
            return None
        row = await self.driver.one("client", client_id)
        return None if row is None else app_of(row)

    async def installs(self) -> list[Install]:
        """
        Return every install, by store and app.

        Raises: Unavailable.
        """
        rows = await self.driver.all("installs")
        return [Install(store, app, owner, moment(at)) for store, app, owner, at in rows]

    async def uninstall(self, store_id: int, app_id: int, at: datetime) -> None:
        """
        Take an app out of a store, and revoke every token it holds there, in one transaction.

        Raises: NotFound if it is not installed there and holds no token; Unavailable.
        """

        async def work(transaction: Transaction) -> int:
            removed = await transaction.run("uninstall", store_id, app_id)
            mine = (store_id, app_id, micros(at))
            # The authorizations first: a refresh holds its own while it issues a token.
            removed += await transaction.run("revoke_authorizations_of_app", *mine)
            return removed + await transaction.run("revoke_tokens_of_app", *mine)

        if not await self.driver.write(work):
            raise NotFound


def _changing(app: App) -> tuple[object, ...]:
    """Return what may change of an app, behind its name."""
    return (
        app.wallets,
        app.client_id or str(app.id),
        app.client_secret,
        json_text(app.redirect_uris),
        " ".join(sorted(app.scopes)),
    )


def app_of(row: Row) -> App:
    """Return the app of a row that holds `app_columns`."""
    id_, name, created_at, wallets, client_id, client_secret, redirect_uris, scopes = row
    return App(
        id_,
        name,
        moment(created_at),
        bool(wallets),
        client_id,
        client_secret,
        json_value(redirect_uris),
        frozenset(scopes.split()),
    )
