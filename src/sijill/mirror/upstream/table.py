"""The table of links: what a linked store needs to ask upstream, its secrets sealed."""

from typing import Any

from sijill.database.driver import Driver, Row
from sijill.database.resealing import SealedRows
from sijill.database.sealing import Sealer
from sijill.mirror.model import MICROS
from sijill.mirror.upstream.model import Issued, Link

SECRETS = ("client_secret", "webhook_secret", "access", "refresh")
"""The sealed columns, in the order in which statements have them."""


class LinkTable:
    """The links of stores. Every method may raise Unavailable, and Unsealable if it returns any."""

    def __init__(self, driver: Driver, sealer: Sealer) -> None:
        self._driver, self._sealer = driver, sealer

    async def find(self, store_id: int) -> Link | None:
        """Return the link of a store, or None."""
        row = await self._driver.one("mirror_link", store_id)
        return None if row is None else self._link(row)

    async def put(self, link: Link) -> None:
        """Store the link of a store in place of an earlier one; `pair` counts on from that."""
        secrets = self._sealed(link.store_id, link)
        await self._driver.run(
            "put_mirror_link",
            *(link.store_id, link.accounts, link.merchant, link.client_id),
            *(link.received_at, link.expires_at),
            *secrets,
        )

    async def spend(self, link: Link, at: int) -> bool:
        """Mark the refresh token of a pair as sent; return False if it was, or is another one."""
        return bool(await self._driver.run("spend_mirror_token", link.store_id, link.pair, at))

    async def unspend(self, link: Link, at: int) -> None:
        """Take the mark of `spend` back: the token did not leave this machine."""
        await self._driver.run("unspend_mirror_token", link.store_id, link.pair, at)

    async def replace(self, link: Link, issued: Issued, at: int) -> None:
        """Store the pair that a refresh token brought, unless the store was linked again."""
        lifetime = issued.lifetime
        until = None if lifetime is None else at + int(lifetime * MICROS)
        access, refresh = (
            self._seal(link.store_id, name, secret)
            for name, secret in (("access", issued.access), ("refresh", issued.refresh))
        )
        key = (link.store_id, link.pair)
        await self._driver.run("replace_mirror_tokens", *key, at, until, access, refresh)

    async def put_webhook_secret(self, store_id: int, secret: str | None) -> None:
        """Replace the secret that signs the webhooks of upstream; with None it hears no webhook."""
        sealed = self._seal(store_id, "webhook_secret", secret)
        await self._driver.run("put_mirror_webhook_secret", store_id, sealed)

    def _sealed(self, store_id: int, link: Link) -> list[bytes | None]:
        return [self._seal(store_id, name, getattr(link, name)) for name in SECRETS]

    def _seal(self, store_id: int, name: str, secret: str | None) -> bytes | None:
        return None if secret is None else self._sealer.seal(secret, _place(store_id, name))

    def _link(self, row: Row) -> Link:
        return Link(*row[: -len(SECRETS)], *_opened(self._sealer, row))


def _opened(sealer: Sealer, row: Row) -> list[Any]:
    """Return the secrets at the end of a row. Raises: Unsealable."""
    secrets = zip(SECRETS, row[-len(SECRETS) :], strict=True)
    return [
        None if sealed is None else sealer.open(bytes(sealed), _place(row[0], name))
        for name, sealed in secrets
    ]


def _place(store_id: int, name: str) -> str:
    return f"mirror_links|{store_id}|{name}"


def _resealed(sealer: Sealer, row: Row) -> tuple[object, ...]:
    """Return the id of a store and its secrets, sealed under a new key."""
    opened = zip(SECRETS, _opened(sealer, row), strict=True)
    return row[0], *(
        None if secret is None else sealer.seal(secret, _place(row[0], name))
        for name, secret in opened
    )


SEALED_LINKS = SealedRows("mirror_links", _resealed)
"""The tokens and secrets of linked stores."""
