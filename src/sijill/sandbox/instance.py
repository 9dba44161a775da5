"""One running Sijill of a namespace: it answers, works in the background, and is closed."""

import asyncio
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import NamedTuple

from sijill.customers.model import CustomerFilter
from sijill.database.sqlite.memory import MemorySQLite
from sijill.demo import APP, issue, set_secret
from sijill.groups.evaluation import evaluate_some
from sijill.http.dispatcher import Dispatcher
from sijill.http.health import Draining
from sijill.http.request import Request
from sijill.http.router import Route
from sijill.imports.child import Children
from sijill.imports.job import Importer
from sijill.limits.memory import MemoryCounters
from sijill.oauth.grants import Consent
from sijill.oauth.scopes import OFFLINE, SCOPES
from sijill.oauth.tokens import Grant
from sijill.opening import announce
from sijill.register import Register
from sijill.sandbox.blueprint import Blueprint
from sijill.sandbox.clock import VirtualClock
from sijill.sandbox.draws import drawn
from sijill.sandbox.source import Credentials, Source
from sijill.sandbox.webhooks.attempts import Attempt
from sijill.sandbox.webhooks.deliverer import sandbox_deliverer
from sijill.sandbox.webhooks.hooks import Hooks
from sijill.sandbox.webhooks.table import Order, SandboxDeliveries, arranged
from sijill.settings import Settings
from sijill.stores.model import Store
from sijill.telemetry.logs import RequestLog, kinds, log, places
from sijill.values.ids import random_id
from sijill.webhooks.model import ClaimedDelivery
from sijill.webhooks.worker import DeliveryObserver
from sijill.wiring import Runtime, admission_of, wire_requests

TOKEN_ID = 1
"""The id of the token that a namespace begins with, and of the consent behind it."""

REQUEST_ID_BYTES = 12


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

    def chance(self, due: ClaimedDelivery) -> float:
        """Return the chance of an attempt: it depends on no other delivery under way."""
        return drawn(self.seed, self.name, due.webhook.id, due.event.id, due.attempt)


class Moved(NamedTuple):
    """The result of moving a clock."""

    begin: datetime
    end: datetime
    did: list[Attempt]
    """The attempts to deliver on the way."""
    next_due: datetime | None


class Instance:
    """
    A register in memory with its limiter, deliverer and background work.

    A reset and a snapshot put another one in its place: it answers the requests that it has
    begun, and only then forgets its rows.
    """

    def __init__(
        self,
        identity: Identity,
        blueprint: Blueprint,
        clock: VirtualClock,
        image: bytes,
        position: Mapping[str, int],
        on_admission: Callable[[Request], None],
        hooks: Hooks,
    ) -> None:
        """
        `image` is the database to begin with, `position` that of the source with it.

        `on_admission` is called when the token and the limiter have let a request in.
        """
        settings = identity.settings
        self.settings, self._clock = settings, clock
        self.source = Source(blueprint.key, identity.name, identity.seed, position)
        self._driver = MemorySQLite(blueprint.statements)
        self._driver.restore(image)
        self.register = Register(
            self._driver,
            partial(random_id, self.source),
            blueprint.sealer,
            announce(settings, clock, self.source),
        )
        self._importer = Importer(self.register.imports, self.register.stores, clock)
        observer = DeliveryObserver(blueprint.metrics.delivered)
        self._attempts = hooks.attempts
        self._deliveries = SandboxDeliveries(self._driver, self.register.sealer, hooks)
        self._deliverer = sandbox_deliverer(
            settings,
            self.register.outbox,
            self._deliveries,
            observer,
            hooks,
            clock,
            identity.chance,
        )
        self.draining, url = Draining(), identity.url
        runtime = Runtime(
            *(settings, blueprint.metrics, self.draining, lambda: url, clock, clock),
            draw=self.source,
        )
        self._admission = admission_of(runtime, self.register, MemoryCounters())
        self._on_admission = on_admission
        self.router = wire_requests(
            runtime, self.register, self._admission, self.wake, Children().read
        ).router
        self.dispatcher = Dispatcher(
            self.router,
            self._authorize,
            blueprint.metrics,
            RequestLog(None),
            time.monotonic,
            lambda: self.source("request", REQUEST_ID_BYTES).hex(),
            self.wake,
            settings.max_in_flight,
        )
        self._in_flight, self._idle = 0, asyncio.Event()
        self._releasing = asyncio.Lock()
        self._work: asyncio.Task[None] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._asked = False  # for another round of background work

    async def add_credentials(self, credentials: Credentials) -> None:
        """Add the tokens of every scope, as the owner grants them, and the secret of the app."""
        await set_secret(self.register, credentials.client_secret)
        now, refresh = self._clock.now(), credentials.refresh_token
        store_id, scopes = (await self.store()).id, frozenset(SCOPES) | {OFFLINE}
        await issue(self.register, store_id, credentials.token, TOKEN_ID, now)
        owner = await self.register.owners.user_of(store_id, APP.id)
        owner_id = None if owner is None else owner.id
        consent = Consent(TOKEN_ID, store_id, APP.id, owner_id, scopes, now)
        until = now + self.settings.refresh_lifetime
        await self.register.grants.make_renewable(consent, TOKEN_ID, refresh, until)

    def arrived(self) -> None:
        """Count a request: the instance stays open until it is answered."""
        self._in_flight += 1

    def answered(self) -> None:
        """Count a request no more."""
        self._in_flight -= 1
        if not self._in_flight and self.draining.begun:
            self._idle.set()

    async def _authorize(self, request: Request, route: Route) -> Grant:
        grant = await self._admission.authorize(request, route)
        self._on_admission(request)
        return grant

    def forget_grants(self) -> None:
        """Look up every token anew: one may have ended."""
        self._admission.bearers.forget()

    async def stop(self) -> None:
        """Cancel the background work, and end streams and faults; requests are still answered."""
        self.draining.begin()
        if self._timer is not None:
            self._timer.cancel()
        if self._work is not None:
            self._work.cancel()
            await asyncio.wait({self._work})
        await self._deliverer.abort()

    async def close(self) -> None:
        """Forget everything."""
        await self.register.close()

    async def close_when_idle(self) -> None:
        """Forget everything once the requests under way are answered."""
        if self._in_flight:
            await self._idle.wait()
        await self.close()

    async def store(self) -> Store:
        """Return the one store."""
        (store,) = await self.register.stores.all()
        return store

    def image(self) -> bytes:
        """Return the database as the bytes of a file."""
        return self._driver.image()

    async def count_customers(self) -> int:
        """Return the number of customers."""
        store = await self.store()
        page = await self.register.customers.page(store.id, CustomerFilter(), offset=0, limit=1)
        return page.total

    # Background work

    def wake(self) -> None:
        """Begin the background work that is due, unless it is under way."""
        self._asked = not self.draining.begun
        if self._asked and (self._work is None or self._work.done()):
            self._work = asyncio.get_running_loop().create_task(self._settle())

    async def settle(self) -> None:
        """Return once imports, the evaluation of groups and due deliveries are at rest."""
        self.wake()
        if self._work is not None:
            await asyncio.wait({self._work})  # a stop cancels the work, and not those who wait

    async def _settle(self) -> None:
        try:
            while self._asked:
                self._asked = False
                while await self._importer.work() or await evaluate_some(self._driver):
                    pass
                if self.settings.webhooks != "off":
                    await self._deliverer.settle()
            await self._set_timer()
        except Exception as fault:
            log.error("namespace_failed", fault=kinds(fault), at=places(fault))

    async def _set_timer(self) -> None:
        """Wake when the next delivery comes due, if the clock runs."""
        if self._timer is not None:
            self._timer.cancel()
        due = await self.next_due()
        if due is not None and not self._clock.is_frozen:
            seconds = max(0.0, due.timestamp() - self._clock())
            self._timer = asyncio.get_running_loop().call_later(seconds, self.wake)

    async def next_due(self) -> datetime | None:
        """Return the moment at which the next delivery comes due."""
        return await self._deliveries.next_due(self._clock.now())

    async def move_to(self, at: datetime) -> Moved:
        """
        Move the clock to a moment, and do what is due on the way, each at its moment.

        A clock that has run past the moment meanwhile stays where it is.
        """
        begin = self._clock.now()
        await self.settle()
        before = self._attempts.added
        while (due := await self.next_due()) is not None and due <= at and not self.draining.begun:
            self._clock.move_to(due.timestamp())
            await self.settle()
        self._clock.move_to(at.timestamp())
        await self.settle()
        did = self._attempts.since(before)
        return Moved(begin, self._clock.now(), did, await self.next_due())

    async def release(self, order: Order) -> int:
        """
        Send held deliveries, each once the one before it has its answer; return their number.

        Raises: KeyError as `arranged`.
        """
        released = 0
        async with self._releasing:
            for delivery in arranged(await self._deliveries.held(), order):
                if self.draining.begun:
                    break
                await self._deliveries.release(delivery, self._clock.now())
                await self.settle()
                released += 1
        return released
