"""The table of webhooks. Secrets and headers are sealed."""

from collections.abc import Callable
from typing import Any

import msgspec
from msgspec.structs import replace

from sijill.database.columns import maybe_micros, maybe_moment, micros, moment
from sijill.database.driver import Conflict, Driver, Row, Transaction
from sijill.database.sealing import Sealer, Unsealable
from sijill.errors import NotFound, Taken
from sijill.webhooks.model import INSTALLS, Webhook, WebhookPage


class WebhookTable:
    """The webhooks of every app in every store."""

    def __init__(self, driver: Driver, sealer: Sealer) -> None:
        self._driver, self._sealer = driver, sealer

    async def subscribe(self, webhook: Webhook) -> Webhook:
        """
        Keep a webhook; one with the same address and event is replaced, and keeps its id.

        Raises: Unavailable.
        """

        async def work(transaction: Transaction) -> Webhook:
            return await keep(transaction, self._sealer, webhook)

        return await self._driver.write(work)

    async def change(
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
            wanted = decide(readable(self._sealer, row))
            new = replace(wanted, id=webhook_id, failing_since=None, paused=None)
            await transaction.run("update_webhook", *webhook_arguments(self._sealer, new))
            return new

        try:
            return await self._driver.write(work)
        except Conflict:
            raise Taken("url") from None

    async def page(self, store_id: int, app_id: int, *, offset: int, limit: int) -> WebhookPage:
        """
        Return `limit` webhooks from `offset`, by created_at, then id.

        Raises: Unavailable.
        """
        rows = await self._driver.all("webhook_page", store_id, app_id, limit, offset, INSTALLS)
        found = [readable(self._sealer, row[1:]) for row in rows if row[1] is not None]
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

        return await self._driver.write(work)

    async def find(self, webhook_id: int) -> Webhook:
        """
        Return one webhook, of whichever store.

        Raises: NotFound; Unavailable.
        """
        row = await self._driver.one("webhook", webhook_id)
        if row is None:
            raise NotFound
        return readable(self._sealer, row)

    async def all(self) -> list[Webhook]:
        """
        Return every webhook of every store.

        Raises: Unavailable.
        """
        return [webhook(self._sealer, row) for row in await self._driver.all("webhooks")]

    async def resume(self, webhook_id: int) -> None:
        """
        Let a paused webhook go on.

        Raises: NotFound; Unavailable.
        """
        if not await self._driver.write(lambda tx: tx.run("resume_webhook", webhook_id)):
            raise NotFound


async def keep(transaction: Transaction, sealer: Sealer, wanted: Webhook) -> Webhook:
    """Keep a webhook within a transaction; see `WebhookTable.subscribe`."""
    where = (wanted.store_id, wanted.app_id, wanted.url, wanted.event)
    row = await transaction.one("webhook_at", *where)
    if row is None:
        try:
            async with transaction.savepoint():
                await transaction.run("insert_webhook", *webhook_arguments(sealer, wanted))
            return wanted
        except Conflict:  # somebody was faster, and theirs is the id
            row = await transaction.one("webhook_at", *where)
            if row is None:
                raise
    kept = replace(wanted, id=row[0], created_at=moment(row[11]))
    await transaction.run("update_webhook", *webhook_arguments(sealer, kept))
    return kept


def webhook(sealer: Sealer, row: Row) -> Webhook:
    """
    Return the webhook of a row that holds `webhook_columns`.

    Raises: Unsealable if its secrets were sealed under another key.
    """
    bare = unopened(row)
    headers, secret = row[8], row[10]
    pairs = msgspec.json.decode(sealer.open(headers, _place("headers", bare.id, bare.store_id)))
    place = _place("secret", bare.id, bare.store_id)
    return replace(
        bare,
        headers=tuple((key, value) for key, value in pairs),
        secret=None if secret is None else sealer.open(secret, place),
    )


def readable(sealer: Sealer, row: Row) -> Webhook:
    """Return the same, without what does not open: it can be seen, and be given new secrets."""
    try:
        return webhook(sealer, row)
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


def webhook_arguments(sealer: Sealer, kept: Webhook) -> tuple[Any, ...]:
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
        sealer.seal(headers, _place("headers", kept.id, kept.store_id)),
        kept.strategy,
        None if secret is None else sealer.seal(secret, _place("secret", kept.id, kept.store_id)),
        micros(kept.created_at),
        maybe_micros(kept.failing_since),
        kept.paused,
    )


def _place(column: str, webhook_id: int, store_id: int) -> str:
    return f"webhooks|{webhook_id}|{column}|{store_id}"
