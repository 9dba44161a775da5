"""Apps in the database, and where they are installed; see `domain.apps.Apps`."""

from datetime import datetime

from msgspec.structs import replace

from sijill.database.columns import json_text, json_value, micros, moment
from sijill.database.conflicts import taken
from sijill.database.driver import Conflict, Driver, Row, Transaction
from sijill.database.sealing import Sealing, Unsealable
from sijill.errors import NotFound
from sijill.oauth.apps import App, Install
from sijill.webhooks.event_store import write_event
from sijill.webhooks.events import Event
from sijill.webhooks.store import INSTALLS


class AppTable:
    """Every app."""

    driver: Driver
    sealing: Sealing

    async def create_app(self, app: App) -> None:
        """
        Keep a new app; without a client_id of its own it calls itself by its id.

        Raises: Taken if its id, name or client_id is another's; Unavailable.
        """
        args = (app.id, app.name, micros(app.created_at), *_changing(self.sealing, app))
        try:
            await self.driver.write(lambda tx: tx.run("insert_app", *args))
        except Conflict as conflict:
            raise taken(conflict) from None

    async def update_app(self, app: App) -> None:
        """
        Keep what is new of an app; its id and its moment stay.

        Raises: NotFound; Taken as above; Unavailable.
        """
        args = (app.id, app.name, *_changing(self.sealing, app))
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
        return [app_of(self.sealing, row) for row in await self.driver.all("apps")]

    async def app(self, app_id: int) -> App | None:
        """
        Return one app, or None; without its webhook_secret if that does not open.

        Raises: Unavailable.
        """
        row = await self.driver.one("app", app_id)
        return None if row is None else readable(self.sealing, row)

    async def client(self, client_id: str) -> App | None:
        """
        Return the app that calls itself so, or None.

        Raises: Unavailable.
        """
        if not client_id.isprintable():  # NUL, half a character: no database can even be asked
            return None
        row = await self.driver.one("client", client_id)
        return None if row is None else readable(self.sealing, row)

    async def installs(self) -> list[Install]:
        """
        Return every install, by store and app.

        Raises: Unavailable.
        """
        rows = await self.driver.all("installs")
        return [Install(store, app, owner, moment(at)) for store, app, owner, at in rows]

    async def uninstall(
        self, store_id: int, app_id: int, at: datetime, told: Event | None = None
    ) -> None:
        """
        Take an app out of a store with its webhooks there, and revoke every token it holds there.

        `told` is the event that says so. All of it is one transaction.
        Raises: NotFound if it is not installed there and holds no token; Unavailable.
        """

        async def work(transaction: Transaction) -> None:
            removed = await transaction.run("uninstall", store_id, app_id)
            mine = (store_id, app_id, micros(at))
            # The authorizations first: a refresh holds its own while it issues a token.
            removed += await transaction.run("revoke_authorizations_of_app", *mine)
            removed += await transaction.run("revoke_tokens_of_app", *mine)
            if not removed:
                raise NotFound
            await transaction.run("delete_webhooks_of_app", store_id, app_id, INSTALLS)
            if told is not None:
                await write_event(transaction, self.sealing, told)

        await self.driver.write(work)


def _changing(sealing: Sealing, app: App) -> tuple[object, ...]:
    """Return what may change of an app, behind its name."""
    return (
        app.wallets,
        app.client_id or str(app.id),
        app.client_secret,
        json_text(app.redirect_uris),
        " ".join(sorted(app.scopes)),
        app.webhook_url,
        None if app.webhook_secret is None else sealing.seal(app.webhook_secret, _place(app.id)),
    )


def app_of(sealing: Sealing, row: Row) -> App:
    """
    Return the app of a row that holds `app_columns`.

    Raises: Unsealable if its secret for webhooks was sealed under another key.
    """
    app, secret = bare(row), row[-1]
    opened = None if secret is None else sealing.open(secret, _place(app.id))
    return replace(app, webhook_secret=opened)


def readable(sealing: Sealing, row: Row) -> App:
    """Return the same, without a secret that does not open: apps log in all the same."""
    try:
        return app_of(sealing, row)
    except Unsealable:
        return bare(row)


def bare(row: Row) -> App:
    """Return the same without what is sealed."""
    id_, name, created_at, wallets, client_id, client_secret, redirect_uris, scopes, url, _ = row
    return App(
        id_,
        name,
        moment(created_at),
        bool(wallets),
        client_id,
        client_secret,
        json_value(redirect_uris),
        frozenset(scopes.split()),
        url,
    )


def _place(app_id: int) -> str:
    return f"apps|{app_id}|webhook_secret"
