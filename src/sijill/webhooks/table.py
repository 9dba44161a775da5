"""The table of webhooks. Secrets and headers are sealed."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec
from msgspec.structs import asdict, replace

from sijill.audit.changes import Audited, Change, ChangeLog, differing
from sijill.database.columns import maybe_micros, maybe_moment, micros, moment
from sijill.database.driver import Conflict, Driver, Row, Transaction
from sijill.database.resealing import SealedRows
from sijill.database.sealing import Sealer, Unsealable
from sijill.errors import NotFound, Taken
from sijill.webhooks.model import INSTALLS, STOPPED, Webhook, WebhookPage
from sijill.webhooks.paging import BEFORE_WEBHOOKS, WebhookPlace


class WebhookTable(Audited):
    """The webhooks of every app in every store."""

    def __init__(self, driver: Driver, sealer: Sealer, audited: ChangeLog | None = None) -> None:
        self._driver, self._sealer, self._audited = driver, sealer, audited

    async def subscribe(self, webhook: Webhook) -> Webhook:
        """
        Store a webhook; an existing one with the same URL and event is replaced, and its id stays.

        Raises: Unavailable.
        """

        async def work(transaction: Transaction) -> Webhook:
            stored = await upsert_webhook(transaction, self._sealer, webhook)
            action = "webhook.create" if stored.id == webhook.id else "webhook.update"
            given = tuple(n for n in GIVEN if getattr(stored, n) not in (None, "", ()))
            await self._record(transaction, stored.store_id, [Change(action, stored.id, given)])
            return stored

        return await self._driver.write(work)

    async def change(
        self, store_id: int, app_id: int, webhook_id: int, decide: Callable[[Webhook], Webhook]
    ) -> Webhook:
        """
        Replace a webhook by the one that `decide` returns, which is no longer paused.

        Raises: NotFound; Taken("url") if another webhook has the URL and event; the faults of
        `decide`; Unavailable.
        """

        async def work(transaction: Transaction) -> Webhook:
            row = await transaction.one("webhook_of", store_id, app_id, webhook_id)
            if row is None or row[4] == INSTALLS:
                raise NotFound
            old = readable(self._sealer, row)
            new = replace(decide(old), id=webhook_id, failing_since=None, paused=None)
            await transaction.run("update_webhook", *webhook_arguments(self._sealer, new))
            if fields := differing(old, new):
                made = [Change("webhook.update", webhook_id, fields)]
                await self._record(transaction, store_id, made)
            return new

        try:
            return await self._driver.write(work)
        except Conflict:
            raise Taken("url") from None

    async def page(self, store_id: int, app_id: int, *, offset: int, limit: int) -> WebhookPage:
        """Return `limit` webhooks from `offset`, by created_at, then id. Raises: Unavailable."""
        rows = await self._driver.all("webhook_page", store_id, app_id, limit, offset, INSTALLS)
        found = [readable(self._sealer, row[1:]) for row in rows if row[1] is not None]
        return WebhookPage(found, rows[0][0])

    async def of_store(
        self, store_id: int, limit: int, after: WebhookPlace = BEFORE_WEBHOOKS
    ) -> list[Webhook]:
        """Return the newest webhooks of a store behind a place. Raises: Unavailable."""
        rows = await self._driver.all("webhooks_of_store", store_id, INSTALLS, limit, *after)
        return [readable(self._sealer, row) for row in rows]

    async def of_id(self, store_id: int, webhook_id: int) -> Webhook:
        """Return a webhook of a store. Raises: NotFound; Unavailable."""
        found = await self.find(webhook_id)
        if found.store_id != store_id or found.event == INSTALLS:
            raise NotFound
        return found

    async def unsubscribe(
        self, store_id: int, app_id: int, *, webhook_id: int | None, url: str | None
    ) -> int:
        """
        Remove the webhook with this id and all with this url; return how many were removed.

        Their pending deliveries are dropped with them. Raises: Unavailable.
        """

        async def work(transaction: Transaction) -> int:
            which = (store_id, app_id, INSTALLS, webhook_id or 0, url or "")
            found = [row[0] for row in await transaction.all("webhooks_to_delete", *which)]
            for id_ in found:
                await transaction.run("delete_webhook", store_id, app_id, id_, INSTALLS)
            gone = [Change("webhook.delete", id_) for id_ in found]
            await self._record(transaction, store_id, gone)
            return len(found)

        return await self._driver.write(work)

    async def find(self, webhook_id: int) -> Webhook:
        """Return one webhook, of any store. Raises: NotFound; Unavailable."""
        row = await self._driver.one("webhook", webhook_id)
        if row is None:
            raise NotFound
        return readable(self._sealer, row)

    async def all(self) -> list[Webhook]:
        """Return every webhook of every store. Raises: Unavailable."""
        return [webhook(self._sealer, row) for row in await self._driver.all("webhooks")]

    async def without_grant(self, at: datetime, store_id: int | None = None) -> frozenset[int]:
        """
        Return the webhooks of one store, or of all, whose app has no living grant there.

        Nothing is sent to them. Raises: Unavailable.
        """
        args = (store_id or 0, micros(at), INSTALLS)
        return frozenset(row[0] for row in await self._driver.all("webhooks_without_grant", *args))

    async def stop(self, store_id: int, webhook_id: int) -> bool:
        """Pause a webhook; return whether it is there and was not paused. Raises: Unavailable."""

        async def work(transaction: Transaction) -> bool:
            if not await transaction.run("stop_webhook", store_id, webhook_id, STOPPED):
                return False
            made = [Change("webhook.update", webhook_id, ("paused",))]
            await self._record(transaction, store_id, made)
            return True

        return await self._driver.write(work)

    async def resume(self, webhook_id: int) -> None:
        """Resume a paused webhook. Raises: NotFound; Unavailable."""

        async def work(transaction: Transaction) -> None:
            row = await transaction.one("webhook", webhook_id)
            if row is None or not await transaction.run("resume_webhook", webhook_id):
                raise NotFound
            made = [Change("webhook.update", webhook_id, ("paused",))]
            await self._record(transaction, unopened(row).store_id, made)

        await self._driver.write(work)


GIVEN = ("name", "event", "url", "version", "rule", "headers", "strategy", "secret")
"""The fields of a webhook that an app gives."""


async def upsert_webhook(transaction: Transaction, sealer: Sealer, new: Webhook) -> Webhook:
    """Store a webhook within a transaction; see `WebhookTable.subscribe`."""
    where = (new.store_id, new.app_id, new.url, new.event)
    row = await transaction.one("webhook_at", *where)
    if row is None:
        try:
            await transaction.attempt("insert_webhook", *webhook_arguments(sealer, new))
            return new
        except Conflict:  # another request was faster: its id stays
            row = await transaction.one("webhook_at", *where)
            if row is None:
                raise
    stored = replace(new, id=row[0], created_at=moment(row[11]))
    await transaction.run("update_webhook", *webhook_arguments(sealer, stored))
    return stored


def webhook(sealer: Sealer, row: Row) -> Webhook:
    """
    Return the webhook of a row that holds `webhook_columns`.

    Raises: Unsealable if its secrets were sealed under another key.
    """
    bare = unopened(row)
    headers, secret = row[8], row[10]
    pairs = msgspec.json.decode(sealer.open(headers, _place("headers", bare)))
    return replace(
        bare,
        headers=tuple((key, value) for key, value in pairs),
        secret=None if secret is None else sealer.open(secret, _place("secret", bare)),
    )


def readable(sealer: Sealer, row: Row) -> Webhook:
    """Return the webhook, without secrets that do not open: they can still be replaced."""
    try:
        return webhook(sealer, row)
    except Unsealable:
        return unopened(row)


def unopened(row: Row) -> Webhook:
    """Return the webhook without its sealed columns: enough to know which events it wants."""
    values = dict(zip(Webhook.__struct_fields__, row, strict=True))
    times = {
        "created_at": moment(values["created_at"]),
        "failing_since": maybe_moment(values["failing_since"]),
    }
    return Webhook(**values | times | {"headers": (), "secret": None})


def webhook_arguments(sealer: Sealer, hook: Webhook) -> tuple[Any, ...]:
    """Return the arguments of `insert_webhook` and `update_webhook`."""
    headers = msgspec.json.encode(hook.headers).decode()
    secret = hook.secret
    values = asdict(hook) | {
        "headers": sealer.seal(headers, _place("headers", hook)),
        "secret": None if secret is None else sealer.seal(secret, _place("secret", hook)),
        "created_at": micros(hook.created_at),
        "failing_since": maybe_micros(hook.failing_since),
    }
    return tuple(values.values())


def _place(column: str, hook: Webhook) -> str:
    return f"webhooks|{hook.id}|{column}|{hook.store_id}"


def _resealed(sealer: Sealer, row: Row) -> tuple[object, ...]:
    """Return the id and the store of a webhook, its headers and its secret, sealed again."""
    hook = webhook(sealer, row)
    columns = dict(zip(Webhook.__struct_fields__, webhook_arguments(sealer, hook), strict=True))
    return hook.id, hook.store_id, columns["headers"], columns["secret"]


SEALED_WEBHOOKS = SealedRows("webhooks", _resealed)
"""The headers and secrets of webhooks."""
