"""One running Sijill of a namespace: it answers, works in the background, and is closed."""

import asyncio
import time
from collections.abc import Callable, Mapping
from functools import cached_property, partial
from typing import NamedTuple

from sijill.audit.job import Auditor
from sijill.audit.views import ViewLog
from sijill.console.desk import Further
from sijill.customers.model import CustomerFilter
from sijill.database.sqlite.pages import Pages
from sijill.errors import Fault
from sijill.http.dispatcher import Authorize, Dispatcher
from sijill.http.health import Draining
from sijill.http.request import Request
from sijill.http.router import Route
from sijill.imports.job import Importer
from sijill.limits.memory import MemoryCounters
from sijill.oauth.acting import noting
from sijill.oauth.entries import Entries
from sijill.oauth.tokens import hint
from sijill.oauth.visits import Visit
from sijill.opening import announce
from sijill.register import Register
from sijill.retention import Retention
from sijill.runtime import Runtime
from sijill.sandbox.adoption import adopt, store_of
from sijill.sandbox.background import Background
from sijill.sandbox.blueprint import Blueprint
from sijill.sandbox.clock import VirtualClock
from sijill.sandbox.console.rows import ENTRY
from sijill.sandbox.routing import BoundRouter, Shown
from sijill.sandbox.rules import drawn
from sijill.sandbox.source import Credentials, Source
from sijill.sandbox.storage import Embedded
from sijill.sandbox.webhooks.attempts import Hooks
from sijill.sandbox.webhooks.deliverer import sandbox_deliverer
from sijill.sandbox.webhooks.table import SandboxDeliveries
from sijill.settings import Settings
from sijill.values.ids import random_id
from sijill.webhooks.backlog_log import BacklogLog
from sijill.webhooks.model import ClaimedDelivery
from sijill.webhooks.worker import DeliveryObserver
from sijill.wiring import admission_of, wire_requests

PATIENCE = 0.05
"""Seconds between two looks whether the requests of an instance are answered."""

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
"""The names of this machine, for itself alone."""


class Identity(NamedTuple):
    """The properties of a namespace that a reset does not change."""

    name: str
    seed: int
    url: str
    """The base of its absolute URLs, without a last slash."""
    path: bytes
    """The path that its addresses on this server begin with, `/_/ns/t1`; b"" for the default."""
    settings: Settings
    credentials: Credentials
    folder: str = ""
    """The folder that its rows lie in; "" for rows in memory."""

    def facts(self) -> dict[str, str]:
        """Return what its page at the root tells where only this machine can open it."""
        if self.settings.host not in LOOPBACK or self.settings.public_url:
            return {}
        folder = {"folder": self.folder} if self.folder else {}
        return folder | {"token": f"…{hint(self.credentials.token)}"}

    def chance(self, due: ClaimedDelivery) -> float:
        """Return the chance of an attempt: it depends on no other delivery under way."""
        return drawn(self.seed, self.name, due.webhook.id, due.event.id, due.attempt)


class Instance:
    """
    A register with its limiter and its background work.

    A reset and a snapshot put another one in its place: it answers the requests that it has
    begun, and only then forgets its rows.
    """

    def __init__(
        self,
        identity: Identity,
        blueprint: Blueprint,
        clock: VirtualClock,
        driver: Embedded,
        position: Mapping[str, int],
        on_answer: Callable[[Request, int], None],
        hooks: Hooks,
        shown: Shown,
    ) -> None:
        """
        `driver` has the rows to begin with, `position` is that of the source with them.

        `on_answer` is that of the dispatcher; the note of a request is its `Arrival`.
        """
        settings = identity.settings
        self.settings, self._clock = settings, clock
        self.source = Source(blueprint.key, identity.name, identity.seed, position)
        self.rows = driver
        self.register = self._register(blueprint)
        self._views, self.draining = ViewLog(clock), Draining()
        self.background = self._background(blueprint, identity, hooks)
        runtime = self._runtime(blueprint, identity, shown)
        self._admission = admission_of(runtime, self.register, MemoryCounters())
        wired = wire_requests(
            *(runtime, self.register, self._admission, self.background.wake),
            lambda file, store_id: blueprint.children.read(file, (identity.name, store_id)),
            lambda handlers: BoundRouter(handlers, shown.pages),
        )
        self.sessions = wired.handlers.sessions
        """Signs people in to its console."""
        self.router, self._authorize = wired.router, wired.authorize
        self._metrics, self._log, self._on_answer = blueprint.metrics, blueprint.log, on_answer
        self.dispatcher = self._dispatcher(self._authorize)

    def _register(self, blueprint: Blueprint) -> Register:
        register = Register(
            self.rows,
            partial(random_id, self.source),
            blueprint.sealer,
            announce(self.settings, self._clock, self.source),
            self.settings.audit,
            self._clock,
        )
        register.outbox.backlog.most = self.settings.webhook_waiting
        register.outbox.backlog.tell = BacklogLog(blueprint.metrics.withheld, time.monotonic)
        return register

    def _runtime(self, blueprint: Blueprint, identity: Identity, shown: Shown) -> Runtime:
        clock, url = self._clock, identity.url
        return Runtime(
            *(self.settings, blueprint.metrics, self.draining, lambda: url, clock, clock),
            facts=identity.facts(),
            entries=Entries() if identity.path else blueprint.entries,
            draw=self.source,
            describe=blueprint.describe,
            further=Further((ENTRY,), shown.states),
        )

    @cached_property
    def refuser(self) -> Dispatcher:
        """A dispatcher that refuses each request once the token and the limiter have let it in."""
        return self._dispatcher(self._refuse)

    def _dispatcher(self, authorize: Authorize) -> Dispatcher:
        return Dispatcher(
            self.router,
            authorize,
            self._metrics,
            self._log,
            time.monotonic,
            self.source.request_id,
            self.background.wake,
            self.settings.max_in_flight,
            self._note if self.settings.audit == "all" else _unnoted,
            self._on_answer,
        )

    def _note(self, request: Request) -> None:
        """Record what a person is shown; apps of tests read made-up customers all day."""
        if isinstance(request.grant, Visit):
            noting(self._views)(request)
            self.background.wake()

    async def _refuse(self, request: Request, route: Route) -> None:
        await self._authorize(request, route)
        request.note.is_let_in = True
        raise Fault

    def _background(self, blueprint: Blueprint, identity: Identity, hooks: Hooks) -> Background:
        clock, register = self._clock, self.register
        deliveries, deliverer = SandboxDeliveries(self.rows, register.sealer, hooks), None
        if self.settings.webhooks != "off":
            deliverer = sandbox_deliverer(
                self.settings,
                register.outbox,
                deliveries,
                DeliveryObserver(blueprint.metrics.delivered),
                hooks,
                clock,
                identity.chance,
            )
        return Background(
            self.rows,
            Importer(register.imports, register.stores, clock),
            deliverer,
            deliveries,
            hooks.attempts,
            clock,
            self.draining,
            Retention(register, self.settings, clock),
            Auditor(register.audit, self._views, time.monotonic),
            lambda: register.usage.drain(self._admission.tally),
        )

    async def add_credentials(self, credentials: Credentials) -> None:
        """Let the credentials of the namespace log in, and no others."""
        lifetime = self.settings.refresh_lifetime
        await adopt(self.register, credentials, self._clock.now(), lifetime)

    def forget_grants(self) -> None:
        """Look up every token again: one may have ended."""
        self._admission.bearers.forget()

    async def stop(self) -> None:
        """Cancel the background work, and end streams and faults; requests are still answered."""
        self.draining.begin()
        await self.background.stop()

    async def close(self) -> None:
        """Forget everything."""
        await self.register.close()

    async def close_when_idle(self) -> None:
        """Forget everything once the requests under way are answered."""
        await asyncio.sleep(PATIENCE)  # a request that a rule has delayed begins now
        while not self.dispatcher.is_idle:  # noqa: ASYNC110 - an event would cost each request
            await asyncio.sleep(PATIENCE)
        await self.close()

    async def image(self) -> Pages:
        """Return the database as it is now."""
        return await self.rows.pages()

    async def count_customers(self) -> int:
        """Return the number of customers."""
        store = await store_of(self.register)
        page = await self.register.customers.page(store.id, CustomerFilter(), offset=0, limit=1)
        return page.total


def _unnoted(request: Request) -> None:
    """Do nothing: views are not recorded."""
