"""
The register: every table over one database.

The file is long because it is one list: a property that loads and makes each table.
"""

import secrets
import time
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from sijill.audit.causes import SERVER, Cause
from sijill.audit.changes import Audited, ChangeLog
from sijill.audit.model import Level
from sijill.audit.table import AuditTable
from sijill.customers import fields as customer_fields
from sijill.database.driver import CONNECTIONS, Driver, Transaction
from sijill.database.open import open_driver
from sijill.database.schema import Schema
from sijill.database.sealing import KEY_BYTES, Sealer
from sijill.groups import fields as group_fields
from sijill.privacy import inventory
from sijill.stores.model import Store
from sijill.stores.table import OnCreate, StoreTable
from sijill.values.ids import random_id
from sijill.webhooks import events as webhook_events

if TYPE_CHECKING:
    from sijill.bulk.table import BulkTable
    from sijill.customers.erasures import ErasureTable
    from sijill.customers.events import Announce, CustomerEvents
    from sijill.customers.reveals import RevealTable
    from sijill.customers.table import CreateUsual, CustomerTable
    from sijill.database.resealing import SealedTable
    from sijill.groups.table import GroupTable
    from sijill.imports.draft_table import DraftTable
    from sijill.imports.table import ImportTable
    from sijill.ledgers.table import LoyaltyTable, WalletTable
    from sijill.limits.usage import UsageTable
    from sijill.mirror.applying import Applier
    from sijill.mirror.heard.table import HeardTable
    from sijill.mirror.history import HistoryTable
    from sijill.mirror.table import MirrorTable
    from sijill.mirror.upstream.shape_table import ShapeTable
    from sijill.mirror.upstream.table import LinkTable
    from sijill.oauth.apps import AppTable
    from sijill.oauth.grant_table import GrantTable
    from sijill.oauth.invitations import InvitationTable
    from sijill.oauth.people import PersonTable
    from sijill.oauth.sessions import SessionTable
    from sijill.oauth.token_table import TokenTable
    from sijill.privacy.erasing import Eraser
    from sijill.privacy.gathering import Gatherer
    from sijill.privacy.holds import HoldTable
    from sijill.privacy.requests import PersonRequestTable
    from sijill.webhooks.delivery_table import DeliveryTable
    from sijill.webhooks.installs import InstallTable
    from sijill.webhooks.outbox import OutboxTable
    from sijill.webhooks.table import WebhookTable

SQL_LISTS = (
    customer_fields.SQL_LISTS
    | group_fields.SQL_LISTS
    | webhook_events.SQL_LISTS
    | inventory.SQL_LISTS
)
"""The lists that statements of any noun name, from the tables of its fields and of its events."""


class Register:
    """
    The tables of one database. Each part of the server is given the tables that it needs.

    A table is loaded and made when it is first asked for: a command needs one or two of them.

    It belongs to the event loop that first uses it. Its schema must be up to date: see `Schema`.
    Without a `sealer`, sealed values are lost with the register; without `announce`, writes of
    customers make no events. `audit` says what the audit log records, at the UTC seconds of
    `clock`.
    """

    def __init__(
        self,
        driver: Driver,
        new_id: Callable[[], int] = random_id,
        sealer: Sealer | None = None,
        announce: "Announce | None" = None,
        audit: Level = "off",
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.driver, self.sealer = driver, sealer or Sealer(secrets.token_bytes(KEY_BYTES))
        self._new_id, self._announce = new_id, announce
        self.waiting: int | None = None
        """Deliveries of an app in a store that may wait; None for the usual number."""
        self.tells_erasures = False
        """Whether an erasure is told to apps."""
        self.schema = Schema(driver)
        self.audit, self.cause = AuditTable(driver, audit, clock), SERVER
        self._audited = self.audit.changes
        self.stores = StoreTable(driver, _rows_of_store(new_id))

    @cached_property
    def apps(self) -> "AppTable":
        from sijill.oauth.apps import AppTable

        return AppTable(self.driver, self.sealer, self._audited).by(self.cause)

    @cached_property
    def tokens(self) -> "TokenTable":
        from sijill.oauth.token_table import TokenTable

        return TokenTable(self.driver, self._audited).by(self.cause)

    @cached_property
    def grants(self) -> "GrantTable":
        from sijill.oauth.grant_table import GrantTable

        return GrantTable(self.driver, self._audited).by(self.cause)

    @cached_property
    def invitations(self) -> "InvitationTable":
        from sijill.oauth.invitations import InvitationTable

        return InvitationTable(self.driver, self.people, self._audited).by(self.cause)

    @cached_property
    def people(self) -> "PersonTable":
        from sijill.oauth.people import PersonTable

        return PersonTable(self.driver, self.stores, self._audited).by(self.cause)

    @cached_property
    def sessions(self) -> "SessionTable":
        from sijill.oauth.sessions import SessionTable

        return SessionTable(self.driver, self._audited).by(self.cause)

    @cached_property
    def webhooks(self) -> "WebhookTable":
        from sijill.webhooks.table import WebhookTable

        return WebhookTable(self.driver, self.sealer, self._audited).by(self.cause)

    @cached_property
    def installs(self) -> "InstallTable":
        from sijill.webhooks.installs import InstallTable

        return InstallTable(self.driver, self._new_id, self.sealer, self._audited).by(self.cause)

    @cached_property
    def outbox(self) -> "OutboxTable":
        from sijill.webhooks.outbox import OutboxTable

        table = OutboxTable(self.driver, self.sealer)
        table.backlog.most = self.waiting or table.backlog.most
        return table

    @cached_property
    def deliveries(self) -> "DeliveryTable":
        from sijill.webhooks.delivery_table import DeliveryTable

        return DeliveryTable(self.driver, self.sealer, self._audited).by(self.cause)

    @cached_property
    def wallets(self) -> "WalletTable":
        from sijill.ledgers.table import WalletTable

        return WalletTable(self.driver, self._audited).by(self.cause)

    @cached_property
    def loyalty(self) -> "LoyaltyTable":
        from sijill.ledgers.table import LoyaltyTable

        return LoyaltyTable(self.driver, self._audited).by(self.cause)

    @cached_property
    def customer_events(self) -> "CustomerEvents":
        from sijill.customers.events import CustomerEvents

        return CustomerEvents(self._announce, tells_erasures=self.tells_erasures)

    @cached_property
    def groups(self) -> "GroupTable":
        from sijill.groups.table import GroupTable

        announce = self.customer_events.updated
        return GroupTable(self.driver, self._new_id, announce, self._audited).by(self.cause)

    @cached_property
    def customers(self) -> "CustomerTable":
        from sijill.customers.table import CustomerTable

        events = self.customer_events
        creation = _creation(self.driver, self._new_id, events, self._audited)
        table = CustomerTable(
            *(self.driver, self._new_id, events.written, creation, events.deleted, self._audited)
        )
        return table.by(self.cause)

    @cached_property
    def reveals(self) -> "RevealTable":
        from sijill.customers.reveals import RevealTable

        return RevealTable(self.driver, self._audited).by(self.cause)

    @cached_property
    def erasures(self) -> "ErasureTable":
        from sijill.customers.erasures import ErasureTable

        return ErasureTable(self.driver, self.sealer)

    @cached_property
    def holds(self) -> "HoldTable":
        from sijill.privacy.holds import HoldTable

        return HoldTable(self.driver, self._audited).by(self.cause)

    @cached_property
    def person_requests(self) -> "PersonRequestTable":
        from sijill.privacy.requests import PersonRequestTable

        return PersonRequestTable(self.driver, self._audited).by(self.cause)

    @cached_property
    def usage(self) -> "UsageTable":
        from sijill.limits.usage import UsageTable

        return UsageTable(self.driver)

    @cached_property
    def bulk(self) -> "BulkTable":
        from sijill.bulk.table import BulkTable

        return BulkTable(self.driver)

    @cached_property
    def imports(self) -> "ImportTable":
        from sijill.imports.table import ImportTable

        tables = (self.customers, self.erasures, self._audited)
        return ImportTable(self.driver, *tables).by(self.cause)

    @cached_property
    def import_drafts(self) -> "DraftTable":
        from sijill.imports.draft_table import DraftTable

        return DraftTable(self.driver, self.imports).by(self.cause)

    @cached_property
    def mirror(self) -> "MirrorTable":
        from sijill.mirror.table import MirrorTable

        return MirrorTable(self.driver, self._audited).by(self.cause)

    @cached_property
    def mirror_links(self) -> "LinkTable":
        from sijill.mirror.upstream.table import LinkTable

        return LinkTable(self.driver, self.sealer)

    @cached_property
    def mirror_heard(self) -> "HeardTable":
        from sijill.mirror.heard.table import HeardTable

        return HeardTable(self.driver)

    @cached_property
    def mirror_shapes(self) -> "ShapeTable":
        from sijill.mirror.upstream.shape_table import ShapeTable

        return ShapeTable(self.driver)

    @cached_property
    def mirror_history(self) -> "HistoryTable":
        from sijill.mirror.history import HistoryTable

        return HistoryTable(self.driver)

    @property
    def applier(self) -> "Applier":
        """The part that applies the answers of Salla to customers."""
        from sijill.customers.table import CustomerTable
        from sijill.mirror.applying import Applier

        silent = CustomerTable(self.driver, self._new_id, audited=self._audited)
        return Applier(self.driver, self.customers, silent, self.erasures)

    @cached_property
    def sealed(self) -> "SealedTable":
        """Everything that is sealed, in any table."""
        from sijill.customers.erasures import SEALED_ERASURES
        from sijill.database.resealing import SealedTable
        from sijill.mirror.upstream.table import SEALED_LINKS
        from sijill.oauth.apps import SEALED_APPS
        from sijill.webhooks.event_rows import SEALED_EVENTS
        from sijill.webhooks.table import SEALED_WEBHOOKS

        sealed = (SEALED_APPS, SEALED_WEBHOOKS, SEALED_EVENTS, SEALED_ERASURES, SEALED_LINKS)
        return SealedTable(self.driver, self.sealer, sealed)

    @property
    def eraser(self) -> "Eraser":
        """The part that erases persons."""
        from sijill.privacy.erasing import Eraser  # a list of commands erases nobody

        return Eraser(self.driver, self.customers, self.erasures, self.customer_events)

    @property
    def gatherer(self) -> "Gatherer":
        """The part that gathers all stored data of a person."""
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
    driver: Driver, new_id: Callable[[], int], events: "CustomerEvents", audited: ChangeLog | None
) -> "CreateUsual | None":
    """Return what creates a customer by one statement, which saves round trips to a server."""
    if driver.dialect != "postgres":
        return None
    from sijill.customers.creation import OneStatementCreation  # PostgreSQL's alone

    return OneStatementCreation(driver, new_id, events, audited).create


def _rows_of_store(new_id: Callable[[], int]) -> OnCreate:
    """Return the writer of what every new store has: a default group and a feed."""

    async def write(transaction: Transaction, store: Store) -> None:
        from sijill.groups.table import default_group_writer
        from sijill.webhooks.outbox import open_feed

        await default_group_writer(new_id)(transaction, store)
        await open_feed(transaction, store.id)

    return write


async def open_register(
    url: str,
    *,
    connections: int = CONNECTIONS,
    new_id: Callable[[], int] = random_id,
    sealer: Sealer | None = None,
    announce: "Announce | None" = None,
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
