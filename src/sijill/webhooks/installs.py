"""Installs of apps, and the webhook that gets an app's own installs."""

from collections.abc import Callable
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from sijill.audit.changes import Audited, Change, ChangeLog
from sijill.database.columns import micros, moment
from sijill.database.driver import Driver, Transaction
from sijill.database.sealing import Sealer
from sijill.errors import NotFound
from sijill.oauth.apps import App
from sijill.webhooks.event_rows import insert_sealed_event
from sijill.webhooks.events import Event
from sijill.webhooks.model import INSTALLS, Webhook, blank
from sijill.webhooks.table import upsert_webhook, webhook_arguments


class Install(Struct, frozen=True):
    """An app in a store."""

    store_id: int
    app_id: int
    owner_id: int | None
    """The owner who installed the app; None if the operator installed it by a command."""
    installed_at: datetime


class InstallTable(Audited):
    """The installs of every app in every store."""

    def __init__(
        self,
        driver: Driver,
        new_id: Callable[[], int],
        sealer: Sealer,
        audited: ChangeLog | None = None,
    ) -> None:
        self._driver, self._new_id, self._sealer = driver, new_id, sealer
        self._audited = audited

    async def all(self) -> list[Install]:
        """Return every install, by store and app. Raises: Unavailable."""
        rows = await self._driver.all("installs")
        return [Install(store, app, owner, moment(at)) for store, app, owner, at in rows]

    async def uninstall(
        self, store_id: int, app_id: int, at: datetime, event: Event | None = None
    ) -> None:
        """
        Remove an app from a store with its webhooks there, and revoke its tokens of the store.

        `event` reports the removal. All of it is one transaction.
        Raises: NotFound if the app is not installed there and holds no token; Unavailable.
        """

        async def work(transaction: Transaction) -> None:
            removed = await transaction.run("uninstall", store_id, app_id)
            args = (store_id, app_id, micros(at))
            # The authorizations first: a refresh holds its own while it issues a token.
            removed += await transaction.run("revoke_authorizations_of_app", *args)
            removed += await transaction.run("revoke_tokens_of_app", *args)
            if not removed:
                raise NotFound
            await transaction.run("delete_webhooks_of_app", store_id, app_id, INSTALLS)
            await self._record(transaction, store_id, [Change("app.remove", app_id)])
            if event is not None:
                await insert_sealed_event(transaction, self._sealer, event)

        await self._driver.write(work)

    async def subscribe_app(self, app: App, store_id: int, at: datetime) -> None:
        """
        Send an app's own installs in a store to its `webhook_url`.

        Pending deliveries go to that URL too; without a `webhook_url` they are dropped.
        Raises: Unavailable.
        """

        async def work(transaction: Transaction) -> None:
            rows = await transaction.all("webhooks_for", store_id, INSTALLS)
            ids = [row[0] for row in rows if row[2] == app.id]
            hook = _of_installs(app, store_id, ids[0] if ids else self._new_id(), at)
            if not app.webhook_url:
                for id_ in ids:
                    await transaction.run("delete_webhook", store_id, app.id, id_, "")
            elif ids:
                await transaction.run("update_webhook", *webhook_arguments(self._sealer, hook))
            else:
                await upsert_webhook(transaction, self._sealer, hook)

        await self._driver.write(work)


def _of_installs(app: App, store_id: int, webhook_id: int, at: datetime) -> Webhook:
    hook = blank(webhook_id, store_id, app.id, INSTALLS, app.webhook_url, at)
    return replace(hook, name=app.name, strategy=app.webhook_strategy, secret=app.webhook_secret)
