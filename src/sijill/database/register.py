"""The register: customers, stores and tokens kept in one database, whichever it is."""

import secrets
from collections.abc import Callable
from datetime import datetime

from sijill.customers.store import CustomerTable
from sijill.database.driver import Driver, Refused
from sijill.database.examination import Observation, examine
from sijill.database.migrate import migrate, pending
from sijill.database.sealing import KEY_BYTES, Sealer, Sealing
from sijill.errors import Unavailable
from sijill.groups.store import GroupTable
from sijill.imports.store import ImportTable
from sijill.ledgers.loyalty_store import LoyaltyTable
from sijill.ledgers.wallet_store import WalletTable
from sijill.oauth.app_store import AppTable
from sijill.oauth.grant_store import AuthorizationTable
from sijill.oauth.owner_store import OwnerTable
from sijill.oauth.session_store import SessionTable
from sijill.oauth.token_store import TokenTable
from sijill.stores.store import StoreTable
from sijill.values.ids import random_id
from sijill.webhooks.delivery_store import DeliveryTable
from sijill.webhooks.events import Announce
from sijill.webhooks.outbox import OutboxTable
from sijill.webhooks.store import WebhookTable


class Register(
    CustomerTable,
    GroupTable,
    StoreTable,
    AppTable,
    TokenTable,
    AuthorizationTable,
    OwnerTable,
    SessionTable,
    WebhookTable,
    OutboxTable,
    DeliveryTable,
    ImportTable,
    WalletTable,
    LoyaltyTable,
):
    """
    The one implementation of `Customers`, `Stores`, `Tokens` and their like, over a driver.

    It belongs to the event loop that first uses it. Its schema must be up to date: see `migrate`.
    Without `sealing` what it seals is lost with it; without `announce` writes tell of nothing.
    """

    def __init__(
        self,
        driver: Driver,
        new_id: Callable[[], int] = random_id,
        sealing: Sealing | None = None,
        announce: Announce | None = None,
    ) -> None:
        self.driver = driver
        self._new_id = new_id
        self.sealing = sealing or Sealer(secrets.token_bytes(KEY_BYTES))
        self.announce = announce

    async def ping(self) -> None:
        """
        Read something real.

        Raises: Unavailable if the database is away or has no schema to read.
        """
        try:
            await self.driver.one("newest_migration")
        except Refused as error:
            raise Unavailable from error

    async def schema_version(self) -> int:
        """
        Return the version of the newest migration this database has had; 0 before the first.

        Raises: Unavailable.
        """
        versions = await self.driver.one("has_migrations")
        if not versions or not versions[0]:
            return 0
        row = await self.driver.one("newest_migration")
        return row[0] if row else 0

    async def migrate(self, now: datetime) -> list[str]:
        """
        Bring the schema up to date and return the names of the migrations that were made.

        Raises: NewerSchema if the database is newer than this program; Unavailable.
        """
        return await migrate(self.driver, now)

    async def pending(self) -> list[str]:
        """
        Return the names of the migrations that `migrate` would make.

        Raises: NewerSchema if the database is newer than this program; Unavailable.
        """
        return [migration.name for migration in await pending(self.driver)]

    async def examine(self) -> list[Observation]:
        """
        Return what the database says of its own soundness; a SQLite file is read whole for it.

        Raises: Unavailable.
        """
        return await examine(self.driver)

    async def close(self) -> None:
        """Let go of every connection, after what was begun is done."""
        await self.driver.close()
