"""A namespace: a whole small Sijill in memory, with its own clock, faults and journal."""

import asyncio
import hashlib
import time
from contextlib import suppress
from datetime import datetime
from random import Random
from typing import Any, NamedTuple

from sijill.app import deliverer
from sijill.customers.model import CustomerFilter
from sijill.database.sqlite.memory import MemorySQLite
from sijill.demo import APP, demo_store, issue, set_secret
from sijill.errors import Fault
from sijill.groups.evaluation import evaluate_some
from sijill.http.dispatcher import Dispatcher
from sijill.http.health import Draining
from sijill.http.query import parse_query
from sijill.http.request import Request, Response, Stream
from sijill.http.router import Route
from sijill.imports.child import Children
from sijill.imports.job import Importer
from sijill.limits.memory import MemoryCounters
from sijill.oauth.bearer import bearer
from sijill.oauth.tokens import Grant, digest
from sijill.opening import announce
from sijill.register import Register
from sijill.sandbox.blueprint import Blueprint, credentials
from sijill.sandbox.clock import VirtualClock
from sijill.sandbox.faults import ALTERS_ANSWER, FaultRule, FaultSet
from sijill.sandbox.injection import alter, refuse, silence
from sijill.sandbox.journal import Entry, Journal
from sijill.sandbox.operations import OPERATIONS
from sijill.settings import Settings
from sijill.telemetry.logs import RequestLog, kinds, log, places
from sijill.values.dates import utc_text
from sijill.webhooks.worker import DeliveryObserver
from sijill.wiring import Runtime, admission_of, wire_requests

TOKEN_ID = 1
"""The id of the token that a namespace begins with."""


class Snapshot(NamedTuple):
    """The database of a namespace at a moment."""

    image: bytes
    at: float


class Moved(NamedTuple):
    """The result of moving a clock."""

    begin: datetime
    end: datetime
    did: list[datetime]
    """The moments between at which deliveries were due, and were sent."""
    next_due: datetime | None


class Namespace:
    """One namespace. `begin` makes its register; until then it answers nothing."""

    def __init__(
        self, name: str, blueprint: Blueprint, settings: Settings, seed: int, url: str
    ) -> None:
        """`url` is the base of its absolute URLs, without a last slash."""
        self.name, self.seed, self.url = name, seed, url
        self.settings, self._blueprint = settings, blueprint
        self.client_id = APP.client_id
        self.credentials = credentials(blueprint.key, name, seed)
        self.clock = VirtualClock(time.time)
        self.faults, self.journal = FaultSet(), Journal()
        self.snapshots: dict[str, Snapshot] = {}
        self._rules: dict[int, FaultRule] = {}  # by the identity of the request under way
        self._work: asyncio.Task[None] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._asked = False  # for another round of background work

    async def begin(self, image: bytes | None = None) -> None:
        """
        Make the register as the blueprint has it, with a token of every scope.

        With an `image`, a snapshot of this namespace, make it as that has it.
        """
        random = Random(f"{self.seed}:{self.name}")  # noqa: S311 - ids to repeat, no secrets
        count = iter(range(1, 2**32))
        self._driver = MemorySQLite(self._blueprint.statements)
        self._driver.restore(image or self._blueprint.image)
        self.register = Register(
            self._driver,
            lambda: random.randrange(1, 2**31),
            announce=announce(self.settings, self.clock),
        )
        if image is None:
            token, secret, _ = self.credentials
            await set_secret(self.register, secret)
            await issue(self.register, self.settings, token, TOKEN_ID, self.clock.now())
        self._importer = Importer(self.register.imports, self.register.stores, self.clock)
        observer = DeliveryObserver(self._blueprint.metrics.delivered)
        self._deliverer = deliverer(self.settings, self.register, observer, self.clock)
        url = self.url
        runtime = Runtime(
            self.settings, self._blueprint.metrics, Draining(), lambda: url, self.clock, self.clock
        )
        self._admission = admission_of(runtime, self.register, MemoryCounters())
        self._router = wire_requests(
            runtime, self.register, self._admission, self.wake, Children().read
        ).router
        prefix = hashlib.sha256(f"{self.seed}:{self.name}".encode()).hexdigest()[:16]
        self.dispatcher = Dispatcher(
            self._router,
            self._authorize,
            self._blueprint.metrics,
            RequestLog(None),
            time.monotonic,
            lambda: f"{prefix}{next(count):08x}",
            self.wake,
            self.settings.max_in_flight,
        )

    async def end(self) -> None:
        """End the background work, then forget everything."""
        if self._timer is not None:
            self._timer.cancel()
        if self._work is not None:
            self._work.cancel()
            with suppress(asyncio.CancelledError):
                await self._work
        await self._deliverer.stop()
        await self.register.close()

    async def reset(self) -> None:
        """Begin anew: rows, clock, limits, faults, journal, and cached tokens."""
        await self.end()
        self.clock.reset()
        self.faults.put([])
        self.journal.clear()
        await self.begin()

    async def save(self, name: str) -> dict[str, Any]:
        """Save the rows and the moment as a snapshot, and describe it."""
        await self.settle()
        self.snapshots[name] = Snapshot(self._driver.image(), self.clock())
        return await self._snapshot(name)

    async def load(self, name: str) -> dict[str, Any]:
        """Go back to a snapshot, with fresh limits; describe it. Raises: KeyError."""
        snapshot = self.snapshots[name]
        await self.end()
        self.clock.jump_to(snapshot.at)
        await self.begin(snapshot.image)
        return await self._snapshot(name)

    async def _snapshot(self, name: str) -> dict[str, Any]:
        store = demo_store(self.settings.demo_profile)
        page = await self.register.customers.page(store.id, CustomerFilter(), offset=0, limit=1)
        return {"name": name, "customers": page.total, "at": utc_text(self.clock.now())}

    # Requests

    async def answer(self, request: Request) -> Response | Stream:
        """
        Return the answer to a request, with the fault that a rule makes of it.

        Raises: CancelledError if a rule says that no answer is sent.
        """
        route, parameters = self._found(request)
        op = "" if route is None else OPERATIONS.get((route.method, route.path), "")
        entry = self._entry(request, op)
        self.journal.arrived(entry)
        rule = self.faults.decide(op, parameters)
        entry.fault = None if rule is None else rule.kind
        try:
            response = await self._answer(request, rule, public=route is None or route.public)
            entry.status = response.status
        finally:
            unmet = self._rules.pop(id(request), None)
            if unmet is not None:
                self.faults.undo(unmet)  # the token or the limiter refused the request before
                entry.fault = None
            if request.verdict is not None:
                entry.remaining = request.verdict.remaining
            self.journal.answered()
        return response

    async def _answer(
        self, request: Request, rule: FaultRule | None, *, public: bool
    ) -> Response | Stream:
        if rule is None:
            return await self.dispatcher.answer(request)
        if rule.kind == "delay":
            await asyncio.sleep(rule.seconds)
            return await self.dispatcher.answer(request)
        lost = rule.phase == "after-commit" or rule.kind in ALTERS_ANSWER
        if rule.kind == "status" and not lost and not public:
            self._rules[id(request)] = rule
            response = await self.dispatcher.answer(request)
            return response if id(request) in self._rules else refuse(request, rule)
        real = await self.dispatcher.answer(request) if lost else None
        if rule.kind in ("status", "html-502"):
            return refuse(request, rule)
        if real is None or rule.kind not in ALTERS_ANSWER:
            return await silence(rule)
        return real if isinstance(real, Stream) else alter(real, rule)

    async def _authorize(self, request: Request, route: Route) -> Grant:
        """Admit a request as a server does; then a rule may refuse it, counted as it is."""
        grant = await self._admission.authorize(request, route)
        if self._rules.pop(id(request), None) is not None:
            raise Fault  # `_answer` gives the answer of the rule
        return grant

    def _found(self, request: Request) -> tuple[Route | None, dict[str, str]]:
        """Return the route of a request, and its parameters that rules may match."""
        try:
            route, captured = self._router.find(request.method, request.path)
        except Fault:
            return None, {}
        parameters = dict(parse_query(request.query))
        if captured:
            parameters[route.path.rpartition("{")[2].partition("}")[0]] = captured
        return route, parameters

    def _entry(self, request: Request, op: str) -> Entry:
        token = bearer(request.header(b"authorization"))
        return Entry(
            at=utc_text(self.clock.now()),
            op=op,
            method=request.method,
            path=request.path.decode("latin-1"),
            query=request.query.decode("latin-1"),
            token="" if token is None else digest(token).hex()[:12],
        )

    # Background work

    def wake(self) -> None:
        """Begin the background work that is due, unless it is under way."""
        self._asked = True
        if self._work is None or self._work.done():
            self._work = asyncio.get_running_loop().create_task(self._settle())

    async def settle(self) -> None:
        """Return once imports, the evaluation of groups and due deliveries are at rest."""
        self.wake()
        if self._work is not None:
            await asyncio.shield(self._work)

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
        if due is not None and not self.clock.is_frozen:
            seconds = max(0.0, due.timestamp() - self.clock())
            self._timer = asyncio.get_running_loop().call_later(seconds, self.wake)

    async def next_due(self) -> datetime | None:
        """Return the moment at which the next delivery comes due."""
        return await self.register.deliveries.next_due(self.clock.now())

    async def move_to(self, at: datetime) -> Moved:
        """
        Move the clock to a moment, and do what is due on the way, each at its moment.

        A clock that has run past the moment meanwhile stays where it is.
        """
        begin, did = self.clock.now(), []
        await self.settle()
        while (due := await self.next_due()) is not None and due <= at:
            self.clock.move_to(due.timestamp())
            await self.settle()
            did.append(due)
        self.clock.move_to(at.timestamp())
        await self.settle()
        return Moved(begin, self.clock.now(), did, await self.next_due())
