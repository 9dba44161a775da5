"""Webhooks in the database; see `domain.webhooks.Webhooks`. Secrets and headers are sealed."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec
from msgspec.structs import replace

from sijill.database.columns import maybe_micros, maybe_moment, micros, moment
from sijill.database.driver import Conflict, Driver, Row, Transaction
from sijill.database.sealing import Sealing, Unsealable
from sijill.errors import NotFound, Taken
from sijill.oauth.apps import App
from sijill.webhooks.model import Webhook, WebhookPage

INSTALLS = "app.*"
"""The event of the webhook at which an app hears of its own installs; no list shows it."""


class WebhookTable:
    """The webhooks of every app in every store."""

    driver: Driver
    _new_id: Callable[[], int]
    sealing: Sealing

    async def subscribe(self, webhook: Webhook) -> Webhook:
        """
        Keep a webhook; one with the same address and event is replaced, and keeps its id.

        Raises: Unavailable.
        """

        async def work(transaction: Transaction) -> Webhook:
            return await keep(transaction, self.sealing, webhook)

        return await self.driver.write(work)

    async def change_webhook(
        self, store_id: int, app_id: int, webhook_id: int, decide: Callable[[Webhook], Webhook]
    ) -> Webhook:
        """
        Replace a webhook by what `decide` makes of it; it is no longer paused.

        Raises: NotFound; Taken("url") if that address and event are another's; whatever `decide`
        raises; Unavailable.
        """

        async def work(transaction: Transaction) -> Webhook:
            row = await transaction.one("webhook_of", store_id, app_id, webhook_id)
            if row is None or row[4] == INSTALLS:
                raise NotFound
            wanted = decide(readable(self.sealing, row))
            new = replace(wanted, id=webhook_id, failing_since=None, paused=None)
            await transaction.run("update_webhook", *_arguments(self.sealing, new))
            return new

        try:
            return await self.driver.write(work)
        except Conflict:
            raise Taken("url") from None

    async def webhook_page(
        self, store_id: int, app_id: int, *, offset: int, limit: int
    ) -> WebhookPage:
        """
        Return `limit` webhooks from `offset`, by created_at, then id.

        Raises: Unavailable.
        """
        rows = await self.driver.all("webhook_page", store_id, app_id, limit, offset, INSTALLS)
        found = [readable(self.sealing, row[1:]) for row in rows if row[1] is not None]
        return WebhookPage(found, rows[0][0])

    async def unsubscribe(
        self, store_id: int, app_id: int, *, webhook_id: int | None, url: str | None
    ) -> int:
        """
        Remove the webhook with this id, and all with this url; return how many those were.

        What is pending for them is dropped with them. Raises: Unavailable.
        """

        async def work(transaction: Transaction) -> int:
            gone = 0
            for name, wanted in (("delete_webhook", webhook_id), ("delete_webhooks_at", url)):
                if wanted is not None:
                    gone += await transaction.run(name, store_id, app_id, wanted, INSTALLS)
            return gone

        return await self.driver.write(work)

    async def webhook(self, webhook_id: int) -> Webhook:
        """
        Return one webhook, of whichever store.

        Raises: NotFound; Unavailable.
        """
        row = await self.driver.one("webhook", webhook_id)
        if row is None:
            raise NotFound
        return readable(self.sealing, row)

    async def webhooks(self) -> list[Webhook]:
        """
        Return every webhook of every store.

        Raises: Unavailable.
        """
        return [webhook(self.sealing, row) for row in await self.driver.all("webhooks")]

    async def resume(self, webhook_id: int) -> None:
        """
        Let a paused webhook go on.

        Raises: NotFound; Unavailable.
        """
        if not await self.driver.write(lambda tx: tx.run("resume_webhook", webhook_id)):
            raise NotFound

    async def tell_installs(self, app: App, store_id: int, at: datetime) -> None:
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
                await transaction.run("update_webhook", *_arguments(self.sealing, hook))
            else:
                await keep(transaction, self.sealing, hook)

        await self.driver.write(work)


async def keep(transaction: Transaction, sealing: Sealing, wanted: Webhook) -> Webhook:
    """Keep a webhook within a transaction; see `WebhookTable.subscribe`."""
    where = (wanted.store_id, wanted.app_id, wanted.url, wanted.event)
    row = await transaction.one("webhook_at", *where)
    if row is None:
        try:
            async with transaction.savepoint():
                await transaction.run("insert_webhook", *_arguments(sealing, wanted))
            return wanted
        except Conflict:  # somebody was faster, and theirs is the id
            row = await transaction.one("webhook_at", *where)
            if row is None:
                raise
    kept = replace(wanted, id=row[0], created_at=moment(row[11]))
    await transaction.run("update_webhook", *_arguments(sealing, kept))
    return kept


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


def webhook(sealing: Sealing, row: Row) -> Webhook:
    """
    Return the webhook of a row that holds `webhook_columns`.

    Raises: Unsealable if its secrets were sealed under another key.
    """
    bare = unopened(row)
    headers, secret = row[8], row[10]
    pairs = msgspec.json.decode(sealing.open(headers, _place("headers", bare.id, bare.store_id)))
    place = _place("secret", bare.id, bare.store_id)
    return replace(
        bare,
        headers=tuple((key, value) for key, value in pairs),
        secret=None if secret is None else sealing.open(secret, place),
    )


def readable(sealing: Sealing, row: Row) -> Webhook:
    """Return the same, without what does not open: it can be seen, and be given new secrets."""
    try:
        return webhook(sealing, row)
    except Unsealable:
        return unopened(row)


def unopened(row: Row) -> Webhook:
    """Return the same without what is sealed: enough to know what it wants to hear."""
    id_, store_id, app_id, name, event, url, version, rule, _, strategy, _, *rest = row
    created_at, failing_since, paused = rest
    return Webhook(
        id=id_,
        store_id=store_id,
        app_id=app_id,
        name=name,
        event=event,
        url=url,
        version=version,
        rule=rule,
        headers=(),
        strategy=strategy,
        secret=None,
        created_at=moment(created_at),
        failing_since=maybe_moment(failing_since),
        paused=paused,
    )


def _arguments(sealing: Sealing, kept: Webhook) -> tuple[Any, ...]:
    headers = msgspec.json.encode(kept.headers).decode()
    secret = kept.secret
    return (
        kept.id,
        kept.store_id,
        kept.app_id,
        kept.name,
        kept.event,
        kept.url,
        kept.version,
        kept.rule,
        sealing.seal(headers, _place("headers", kept.id, kept.store_id)),
        kept.strategy,
        None if secret is None else sealing.seal(secret, _place("secret", kept.id, kept.store_id)),
        micros(kept.created_at),
        maybe_micros(kept.failing_since),
        kept.paused,
    )


def _place(column: str, webhook_id: int, store_id: int) -> str:
    return f"webhooks|{webhook_id}|{column}|{store_id}"
