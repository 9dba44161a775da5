"""The table of webhooks that were heard: their bodies until they are worked, then their digests."""

from datetime import timedelta
from hashlib import blake2b

from sijill.database.driver import Driver, Transaction
from sijill.mirror.heard.model import Heard
from sijill.mirror.table import take_sequence

KEPT = timedelta(days=7)
"""How long the digest of a body stays, by which a repeated one is known."""


class HeardTable:
    """The webhooks that every linked store received. Every method may raise Unavailable."""

    def __init__(self, driver: Driver) -> None:
        self._driver = driver

    async def hear(self, store_id: int, body: bytes, at: int) -> bool:
        """
        Store a body with the store's next number; return False if it was heard before.

        `at` is in microseconds of the UTC epoch. What is returned is durable.
        """
        text = _text(body)
        digest = blake2b(body, digest_size=16).digest()

        async def work(transaction: Transaction) -> bool:
            sequence = await take_sequence(transaction, store_id)
            row = (store_id, digest, sequence, at, text)
            return bool(await transaction.run("hear_mirror_webhook", *row))

        return await self._driver.write(work)

    async def waiting(self, store_id: int, limit: int) -> list[Heard]:
        """Return the bodies of a store that wait to be worked, the oldest first."""
        rows = await self._driver.all("waiting_mirror_webhooks", store_id, limit)
        return [
            Heard(number, store, sequence, at, body.encode())
            for number, store, sequence, at, body in rows
        ]

    async def worked(self, heard: Heard) -> None:
        """Empty a body that was worked."""
        await self._driver.run("empty_mirror_webhook", heard.store_id, heard.number)


def _text(body: bytes) -> str | None:
    """Return a body as text; None for one that is no JSON, and so no event."""
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return None
    return None if "\0" in text else text
