"""Apps: the OAuth clients that stores install, and the table that holds them."""

from datetime import datetime
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from sijill.audit.changes import NO_STORE, Audited, Change, ChangeLog, differing
from sijill.database.columns import json_text, json_value, micros, moment
from sijill.database.conflicts import write_unique
from sijill.database.driver import Driver, Row, Transaction
from sijill.database.resealing import SealedRows
from sijill.database.sealing import Sealer, Unsealable
from sijill.errors import NotFound

Strategy = Literal["signature", "token", "none"]
"""How a webhook proves itself: by a signature, by the secret itself, or not at all."""


class App(Struct, frozen=True):
    """An OAuth client; an access token is issued to one app for one store."""

    id: int
    name: str
    created_at: datetime
    wallets: bool = True
    """Whether the app may move money in customers' wallets."""
    client_id: str = ""
    """The client identifier in OAuth; "" stands for the id."""
    client_secret: bytes | None = None
    """SHA-256 of the secret; None makes a public client (RFC 6749 §2.1), which cannot keep one."""
    redirect_uris: tuple[str, ...] = ()
    """Each as `oauth.redirects.registrable` returns it."""
    scopes: frozenset[str] = frozenset()
    """The scopes that a store may grant; every app may have `offline_access` besides."""
    webhook_url: str = ""
    """Gets the events of the app's own installs, without a subscription; "" turns them off."""
    webhook_strategy: Strategy = "signature"
    """How the deliveries of those events prove themselves."""
    webhook_secret: str | None = None
    """Signs those deliveries, and those of subscriptions without a secret."""


class AppTable(Audited):
    """The table of apps. Every method may raise Unavailable."""

    def __init__(self, driver: Driver, sealer: Sealer, audited: ChangeLog | None = None) -> None:
        self._driver, self._sealer, self._audited = driver, sealer, audited

    async def create(self, app: App) -> None:
        """
        Insert an app; its id becomes its client_id if it has none.

        Raises: Taken if its id, name or client_id belongs to another app.
        """
        args = (app.id, app.name, micros(app.created_at), *self._changeable(app))

        async def work(transaction: Transaction) -> None:
            await transaction.run("insert_app", *args)
            given = differing(App(app.id, "", app.created_at), app)
            await self._record(transaction, NO_STORE, [Change("app.create", app.id, given)])

        await write_unique(self._driver, work)

    async def update(self, app: App) -> None:
        """Replace all but the id and the time of creation. Raises: NotFound; Taken as `create`."""
        args = (app.id, app.name, *self._changeable(app))

        async def work(transaction: Transaction) -> None:
            old = self._readable(await transaction.one("app", app.id))
            if old is None or not await transaction.run("update_app", *args):
                raise NotFound
            if fields := differing(old, app):
                await self._record(transaction, NO_STORE, [Change("app.update", app.id, fields)])

        await write_unique(self._driver, work)

    async def all(self) -> list[App]:
        """Return every app, by id. Raises: Unsealable for a secret sealed under another key."""
        return [self._app(row) for row in await self._driver.all("apps")]

    async def names(self) -> dict[int, str]:
        """Return the name of every app by its id."""
        return {row[0]: row[1] for row in await self._driver.all("apps")}

    async def find(self, app_id: int) -> App | None:
        """Return an app, or None; without a webhook_secret that was sealed under another key."""
        return self._readable(await self._driver.one("app", app_id))

    async def find_client(self, client_id: str) -> App | None:
        """Return the app with this client_id as `find` does, or None."""
        if not client_id.isprintable():  # a database refuses NUL and lone surrogates
            return None
        return self._readable(await self._driver.one("client", client_id))

    def _changeable(self, app: App) -> tuple[object, ...]:
        """Return the columns behind the name."""
        secret, place = app.webhook_secret, _place(app.id)
        return (
            app.wallets,
            app.client_id or str(app.id),
            app.client_secret,
            json_text(app.redirect_uris),
            " ".join(sorted(app.scopes)),
            app.webhook_url,
            app.webhook_strategy,
            None if secret is None else self._sealer.seal(secret, place),
        )

    def _app(self, row: Row) -> App:
        app, secret = without_secret(row), row[-1]
        opened = None if secret is None else self._sealer.open(secret, _place(app.id))
        return replace(app, webhook_secret=opened)

    def _readable(self, row: Row | None) -> App | None:
        if row is None:
            return None
        try:
            return self._app(row)
        except Unsealable:  # the app can sign in all the same
            return without_secret(row)


def without_secret(row: Row) -> App:
    """Return the app of a row of `app_columns`, without its webhook_secret."""
    id_, name, created_at, wallets, client_id, client_secret, redirect_uris, scopes, *hears, _ = row
    return App(
        *(id_, name, moment(created_at), bool(wallets), client_id, client_secret),
        *(json_value(redirect_uris), frozenset(scopes.split()), *hears),
    )


def _place(app_id: int) -> str:
    return f"apps|{app_id}|webhook_secret"


def _resealed(sealer: Sealer, row: Row) -> tuple[object, ...]:
    """Return the id of an app and its webhook_secret, sealed under a new key."""
    app_id, secret = row
    return app_id, sealer.seal(sealer.open(secret, _place(app_id)), _place(app_id))


SEALED_APPS = SealedRows("apps", _resealed)
"""The secrets of apps' own webhooks."""
