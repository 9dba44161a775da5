"""The register: every table over one database."""

import secrets
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from sijill.audit.changes import Audited, ChangeLog
from sijill.audit.model import SERVER, Cause, Level
from sijill.audit.table import AuditTable
from sijill.bulk.table import BulkTable
from sijill.customers import fields as customer_fields
from sijill.customers.erasures import SEALED_ERASURES, ErasureTable
from sijill.customers.events import Announce, CustomerEvents
from sijill.customers.reveals import RevealTable
from sijill.customers.table import CreateUsual, CustomerTable
from sijill.database.driver import CONNECTIONS, Driver, Transaction
from sijill.database.open import open_driver
from sijill.database.resealing import SealedTable
from sijill.database.schema import Schema
from sijill.database.sealing import KEY_BYTES, Sealer
from sijill.groups import fields as group_fields
from sijill.groups.table import GroupTable, default_group_writer
from sijill.imports.table import ImportTable
from sijill.ledgers.table import LoyaltyTable, WalletTable
from sijill.mirror.applying import Applier
from sijill.mirror.table import MirrorTable
from sijill.oauth.apps import SEALED_APPS, AppTable
from sijill.oauth.grant_table import GrantTable
from sijill.oauth.owners import OwnerTable
from sijill.oauth.sessions import SessionTable
from sijill.oauth.token_table import TokenTable
from sijill.privacy import inventory
from sijill.privacy.holds import HoldTable
from sijill.privacy.requests import PersonRequestTable
from sijill.stores.model import Store
from sijill.stores.table import OnCreate, StoreTable
from sijill.values.ids import random_id
from sijill.webhooks import events as webhook_events
from sijill.webhooks.delivery_table import DeliveryTable
from sijill.webhooks.installs import InstallTable
from sijill.webhooks.outbox import SEALED_EVENTS, OutboxTable, open_feed
from sijill.webhooks.table import SEALED_WEBHOOKS, WebhookTable

if TYPE_CHECKING:
    from sijill.privacy.erasing import Eraser
    from sijill.privacy.gathering import Gatherer

SQL_LISTS = (
    customer_fields.SQL_LISTS
    | group_fields.SQL_LISTS
    | webhook_events.SQL_LISTS
    | inventory.SQL_LISTS
)
"""The lists that statements of any noun name, from the tables of its fields and of its events."""

SEALED = (SEALED_APPS, SEALED_WEBHOOKS, SEALED_EVENTS, SEALED_ERASURES)
"""Everything that is sealed, in any table."""


class Register:
    """
    The tables of one database. Each part of the server is given the tables that it needs.

    It belongs to the event loop that first uses it. Its schema must be up to date: see `Schema`.
    Without a `sealer`, whatever is sealed is lost with the register; without `announce`, writes of
    customers make no events. `audit` says what the audit log records, at the UTC seconds of
    `clock`.
    """

    def __init__(
        self,
        driver: Driver,
        new_id: Callable[[], int] = random_id,
        sealer: Sealer | None = None,
        announce: Announce | None = None,
        audit: Level = "off",
        clock: Callable[[], float] = time.time,
    ) -> None:
        sealer = sealer or Sealer(secrets.token_bytes(KEY_BYTES))
        self.driver = driver
        self.sealer = sealer
        self.schema = Schema(driver)
        self.audit, self.cause = AuditTable(driver, audit, clock), SERVER
        audited = self.audit.changes
        self.stores = StoreTable(driver, _rows_of_store(new_id))
        self.apps = AppTable(driver, sealer, audited)
        self.tokens = TokenTable(driver, audited)
        self.grants = GrantTable(driver, audited)
        self.owners = OwnerTable(driver, self.stores, audited)
        self.sessions = SessionTable(driver, audited)
        self.webhooks = WebhookTable(driver, sealer, audited)
        self.installs = InstallTable(driver, new_id, sealer, audited)
        self.outbox = OutboxTable(driver, sealer)
        self.deliveries = DeliveryTable(driver, sealer, audited)
        self.sealed = SealedTable(driver, sealer, SEALED)
        self.wallets = WalletTable(driver, audited)
        self.loyalty = LoyaltyTable(driver, audited)
        self.customer_events = CustomerEvents(announce)
        self.groups = GroupTable(driver, new_id, self.customer_events.updated, audited)
        self.customers = CustomerTable(
            driver,
            new_id,
            self.customer_events.written,
            _creation(driver, new_id, self.customer_events, audited),
            self.customer_events.deleted,
            audited,
        )
        self.reveals = RevealTable(driver, audited)
        self.erasures = ErasureTable(driver, sealer)
        self.holds = HoldTable(driver, audited)
        self.person_requests = PersonRequestTable(driver, audited)
        self.bulk = BulkTable(driver)
        self.imports = ImportTable(driver, self.customers, self.erasures, audited)
        self.mirror = MirrorTable(driver)
        silent = CustomerTable(driver, new_id, audited=audited)
        self.applier = Applier(driver, self.customers, silent, self.erasures)

    @property
    def eraser(self) -> "Eraser":
        """What erases persons."""
        from sijill.privacy.erasing import Eraser  # a list of commands erases nobody

        return Eraser(self.driver, self.customers, self.erasures)

    @property
    def gatherer(self) -> "Gatherer":
        """What gathers all that is kept of a person."""
        from sijill.privacy.gathering import Gatherer  # a list of commands gathers nothing

        tables = (self.customers, self.holds, self.person_requests, self.audit)
        return Gatherer(self.driver, *tables)

    def act_as(self, cause: Cause) -> None:
        """Let the audit log tell all that is done from now on as done by a cause."""
        self.cause = cause
        for name, table in list(vars(self).items()):
            if isinstance(table, Audited):
                setattr(self, name, table.by(cause))

    async def note(
        self,
        action: str,
        store: int = 0,
        ids: Sequence[int] = (),
        fields: Sequence[str] = (),
        *,
        whole: bool = False,
    ) -> None:
        """Record a view, before it is shown; see `AuditTable.note`."""
        await self.audit.note(self.cause, action, store, ids, fields, whole=whole)

    async def close(self) -> None:
        """Let go of every connection, after what was begun is done."""
        await self.driver.close()


def _creation(
    driver: Driver, new_id: Callable[[], int], events: CustomerEvents, audited: ChangeLog | None
) -> CreateUsual | None:
    """Return what creates a customer by one statement, which saves round trips to a server."""
    if driver.dialect != "postgres":
        return None
    from sijill.customers.creation import OneStatementCreation  # PostgreSQL's alone

    return OneStatementCreation(driver, new_id, events, audited).create


def _rows_of_store(new_id: Callable[[], int]) -> OnCreate:
    """Return the writer of what every new store has: a default group and a feed."""
    write_default_group = default_group_writer(new_id)

    async def write(transaction: Transaction, store: Store) -> None:
        await write_default_group(transaction, store)
        await open_feed(transaction, store.id)

    return write


async def open_register(
    url: str,
    *,
    connections: int = CONNECTIONS,
    new_id: Callable[[], int] = random_id,
    sealer: Sealer | None = None,
    announce: Announce | None = None,
    audit: Level = "off",
    create: bool = True,
) -> Register:
    """
    Return the register at an address; its schema is not touched.

    Without `create` a SQLite file that is absent is not created.

    Raises: as `database.open.open_driver`.
    """
    driver = open_driver(url, SQL_LISTS, connections, create=create)
    return Register(driver, new_id, sealer, announce, audit)
