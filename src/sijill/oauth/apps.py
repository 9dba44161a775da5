"""Apps: the programs of developers, which stores install and which act with their tokens."""

from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from sijill.database.columns import json_text, json_value, micros, moment
from sijill.database.conflicts import taken
from sijill.database.driver import Conflict, Driver, Row
from sijill.database.sealing import Sealer, Unsealable
from sijill.errors import NotFound


class App(Struct, frozen=True):
    """A client of OAuth; access tokens are issued to one app for one store."""

    id: int
    name: str
    created_at: datetime
    wallets: bool = True
    """Whether it may move money in customers' wallets."""
    client_id: str = ""
    """What it calls itself in OAuth; "" is its id."""
    client_secret: bytes | None = None
    """SHA-256 of its secret; None is a public client (RFC 6749 §2.1), which cannot keep one."""
    redirect_uris: tuple[str, ...] = ()
    """Where a browser may be sent with a code; each as `oauth.redirects.registrable` returns it."""
    scopes: frozenset[str] = frozenset()
    """The most it may be granted; `offline_access` is every app's and stands in no list."""
    webhook_url: str = ""
    """Where it hears of its own installs, without a subscription; "" is nowhere."""
    webhook_secret: str | None = None
    """What those deliveries are signed with, and those of subscriptions without a secret."""


class Install(Struct, frozen=True):
    """An app in a store, and who let it in."""

    store_id: int
    app_id: int
    owner_id: int | None
    """None where the operator did it, by a command."""
    installed_at: datetime


class AppTable:
    """Every app."""

    def __init__(self, driver: Driver, sealer: Sealer) -> None:
        self._driver, self._sealer = driver, sealer

    async def create(self, app: App) -> None:
        """
        Keep a new app; without a client_id of its own it calls itself by its id.

        Raises: Taken if its id, name or client_id is another's; Unavailable.
        """
        args = (app.id, app.name, micros(app.created_at), *_changing(self._sealer, app))
        try:
            await self._driver.write(lambda tx: tx.run("insert_app", *args))
        except Conflict as conflict:
            raise taken(conflict) from None

    async def update(self, app: App) -> None:
        """
        Keep what is new of an app; its id and its moment stay.

        Raises: NotFound; Taken as above; Unavailable.
        """
        args = (app.id, app.name, *_changing(self._sealer, app))
        try:
            found = await self._driver.write(lambda tx: tx.run("update_app", *args))
        except Conflict as conflict:
            raise taken(conflict) from None
        if not found:
            raise NotFound

    async def all(self) -> list[App]:
        """
        Return every app, by id.

        Raises: Unavailable.
        """
        return [app_of(self._sealer, row) for row in await self._driver.all("apps")]

    async def find(self, app_id: int) -> App | None:
        """
        Return one app, or None; without its webhook_secret if that does not open.

        Raises: Unavailable.
        """
        row = await self._driver.one("app", app_id)
        return None if row is None else readable(self._sealer, row)

    async def find_client(self, client_id: str) -> App | None:
        """
        Return the app that calls itself so, or None.

        Raises: Unavailable.
        """
        if not client_id.isprintable():  # NUL, half a character: no database can even be asked
            return None
        row = await self._driver.one("client", client_id)
        return None if row is None else readable(self._sealer, row)


def _changing(sealer: Sealer, app: App) -> tuple[object, ...]:
    """Return what may change of an app, behind its name."""
    return (
        app.wallets,
        app.client_id or str(app.id),
        app.client_secret,
        json_text(app.redirect_uris),
        " ".join(sorted(app.scopes)),
        app.webhook_url,
        None if app.webhook_secret is None else sealer.seal(app.webhook_secret, _place(app.id)),
    )


def app_of(sealer: Sealer, row: Row) -> App:
    """
    Return the app of a row that holds `app_columns`.

    Raises: Unsealable if its secret for webhooks was sealed under another key.
    """
    app, secret = bare(row), row[-1]
    opened = None if secret is None else sealer.open(secret, _place(app.id))
    return replace(app, webhook_secret=opened)


def readable(sealer: Sealer, row: Row) -> App:
    """Return the same, without a secret that does not open: apps log in all the same."""
    try:
        return app_of(sealer, row)
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
