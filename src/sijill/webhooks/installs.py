"""Installs of apps, and the webhook at which an app hears of its own installs."""

from collections.abc import Callable
from datetime import datetime

from sijill.database.columns import micros, moment
from sijill.database.driver import Driver, Transaction
from sijill.database.sealing import Sealer
from sijill.errors import NotFound
from sijill.oauth.apps import App, Install
from sijill.webhooks.events import Event
from sijill.webhooks.model import INSTALLS, Webhook
from sijill.webhooks.outbox import insert_sealed_event
from sijill.webhooks.table import keep, webhook_arguments


class InstallTable:
    """The installs of every app in every store."""

    def __init__(self, driver: Driver, new_id: Callable[[], int], sealer: Sealer) -> None:
        self._driver, self._new_id, self._sealer = driver, new_id, sealer

    async def all(self) -> list[Install]:
        """
        Return every install, by store and app.

        Raises: Unavailable.
        """
        rows = await self._driver.all("installs")
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
                await insert_sealed_event(transaction, self._sealer, told)

        await self._driver.write(work)

    async def subscribe_app(self, app: App, store_id: int, at: datetime) -> None:
        """
        Let an app hear of its own installs in a store where its `webhook_url` says.

        What is still to be told goes there too; without a `webhook_url` it is dropped.
        Raises: Unavailable.
        """

        async def work(transaction: Transaction) -> None:
            rows = await transaction.all("webhooks_for", store_id, INSTALLS)
            kept = [row[0] for row in rows if row[2] == app.id]
            hook = _of_installs(app, store_id, kept[0] if kept else self._new_id(), at)
            if not app.webhook_url:
                for id_ in kept:
                    await transaction.run("delete_webhook", store_id, app.id, id_, "")
            elif kept:
                await transaction.run("update_webhook", *webhook_arguments(self._sealer, hook))
            else:
                await keep(transaction, self._sealer, hook)

        await self._driver.write(work)


def _of_installs(app: App, store_id: int, webhook_id: int, at: datetime) -> Webhook:
    return Webhook(
        id=webhook_id,
        store_id=store_id,
        app_id=app.id,
        name=app.name,
        event=INSTALLS,
        url=app.webhook_url,
        version=2,
        rule=None,
        headers=(),
        strategy="signature",
        secret=app.webhook_secret,
        created_at=at,
    )
