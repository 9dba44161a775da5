"""
Reads that a hot standby answers instead of the primary, and how old their answers are.

The operations of READS go there, unless a rule of RULES gives a reason against it. Tokens, scopes
and limits are judged by the primary before, and everything else is read there.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from math import inf
from typing import Literal, NamedTuple

from sijill.customers.handlers import CustomerHandlers
from sijill.database.driver import StatementRefused
from sijill.database.open import SERVERS
from sijill.database.postgres.standby import Standby
from sijill.errors import NotFound, Unavailable
from sijill.groups.handlers import GroupHandlers
from sijill.http.cache_control import Wishes, age_header, parse
from sijill.http.request import Request, Response, Stream
from sijill.http.router import Handler, Route
from sijill.job import Job
from sijill.oauth.tokens import Grant
from sijill.opening import database_url
from sijill.register import SQL_LISTS, Register
from sijill.routes import Handlers, all_routes
from sijill.settings import Settings
from sijill.telemetry.logs import log
from sijill.wiring import Runtime

READS: Mapping[str, Callable[[CustomerHandlers, GroupHandlers], Handler]] = {
    "getCustomer": lambda customers, _: customers.details,
    "listCustomers": lambda customers, _: customers.list_customers,
    "listGroups": lambda _, groups: groups.list_groups,
}
"""The operations that a replica may answer, and what answers them."""

PATIENCE = 1.0
"""Seconds that a read waits for a connection to the replica, before it goes to the primary."""

TIMEOUT = 2.0
"""Seconds after which a read of the replica is asked for at the primary."""

Reason = Literal["away", "old", "asked", "written", "absent"]


class Read(NamedTuple):
    """A read that a replica may answer; moments are monotonic seconds."""

    now: float
    complete_until: float | None
    """When the replica had every write; None while that is unknown."""
    max_age: float
    is_away: bool = False
    written_at: float | None = None
    """When the app last wrote to the store by this process; None if that is long ago."""
    wishes: Wishes = Wishes()
    is_conditional: bool = False
    """Whether `If-Match` makes it depend on the state of now."""

    @property
    def until(self) -> float:
        """When the replica had every write; long ago while that is unknown."""
        return -inf if self.complete_until is None else self.complete_until

    @property
    def age(self) -> float:
        """Seconds, at most."""
        return self.now - self.until


RULES: Mapping[Reason, Callable[[Read], bool]] = {
    "away": lambda read: read.is_away,
    "old": lambda read: read.age > read.max_age,
    "asked": lambda read: not read.wishes.takes(read.age) or read.is_conditional,
    "written": lambda read: read.written_at is not None and read.until <= read.written_at,
}
"""When the primary answers a read that the replica may answer otherwise."""


def against(read: Read) -> Reason | None:
    """Return why the primary answers a read; None if the replica may."""
    return next((reason for reason, holds in RULES.items() if holds(read)), None)


class Replica(Job):
    """The replica of one process: what is known of it, and the routes that read from it."""

    FAULT = "replica_failed"

    def __init__(self, register: Register, copy: Register, runtime: Runtime) -> None:
        """`copy` is the register on the standby."""
        super().__init__()
        self._copy, self._metrics = copy, runtime.metrics.replica
        self._monotonic = runtime.monotonic
        self._max_age = runtime.settings.replica_max_age
        self.standby = Standby(register.driver, copy.driver, runtime.monotonic, self._max_age)
        self._known = runtime.monotonic()
        self._customers = CustomerHandlers(copy.customers, runtime.now, runtime.public_url)
        self._groups = GroupHandlers(copy.groups, runtime.now, runtime.public_url)
        self._written: dict[tuple[int, int], float] = {}
        """By store and app."""
        self._told: str | None = None

    async def stop(self) -> None:
        """Stop measuring, and let go of every connection."""
        await super().stop()
        await self._copy.close()

    async def turn(self) -> bool:
        """Measure once, and tell of it. Raises: Unavailable if the primary is away."""
        try:
            await self.standby.measure()
        finally:
            now, until = self._monotonic(), self.standby.complete_until
            self._known = self._known if until is None else until
            self._metrics.aged(now - self._known)
            horizon = now - self._max_age
            self._written = {who: at for who, at in self._written.items() if at > horizon}
            self._tell_trouble()
        return False

    def is_readable(self) -> bool:
        """Return whether the replica answers, and is not too old."""
        return against(self._read()) is None

    def routes(self, handlers: Handlers) -> tuple[Route, ...]:
        """Return every route: READS by the replica where that may be, writes noted."""
        return tuple(map(self._route, all_routes(handlers)))

    def _route(self, route: Route) -> Route:
        if route.scopes is None:
            return route
        if route.id in READS:
            copied = READS[route.id](self._customers, self._groups)
            return route._replace(handler=self._reading(copied, route.handler))
        if route.method != "GET":
            return route._replace(handler=self._writing(route.handler))
        return route

    def _reading(self, copied: Handler, primary: Handler) -> Handler:
        """Return a handler that asks the replica, and the primary if there is a reason to."""

        async def handle(request: Request, grant: Grant) -> Response | Stream:
            reason = against(
                self._read()._replace(
                    written_at=self._written.get((grant.store.id, grant.app_id)),
                    wishes=parse(request.header(b"cache-control")),
                    is_conditional=request.header(b"if-match") is not None,
                )
            )
            if reason is None:
                try:
                    return await self._answer(copied, request, grant)
                except NotFound:  # perhaps not yet there
                    reason = "absent"
                except (Unavailable, StatementRefused):
                    self.standby.failed()
                    reason = "away"
            self._metrics.read(reason)
            return await primary(request, grant)

        return handle

    async def _answer(self, copied: Handler, request: Request, grant: Grant) -> Response | Stream:
        """Answer from the replica, with the age that the answer has when it is ready."""
        until = self.standby.complete_until
        response = await copied(request, grant)
        if until is not None:
            response.headers.append(age_header(self._monotonic() - until))
        self._metrics.read("replica")
        return response

    def _writing(self, handler: Handler) -> Handler:
        """Return a handler after which this process answers the app by the primary."""

        async def handle(request: Request, grant: Grant) -> Response | Stream:
            try:
                return await handler(request, grant)
            finally:
                self._written[grant.store.id, grant.app_id] = self._monotonic()

        return handle

    def _read(self) -> Read:
        """Return what is known of the replica, as of a client that takes any answer."""
        standby = self.standby
        is_away = standby.trouble is not None
        return Read(self._monotonic(), standby.complete_until, self._max_age, is_away)

    def _tell_trouble(self) -> None:
        trouble = self.standby.trouble
        if trouble == self._told:
            return
        self._told = trouble
        if trouble is None:
            log.warning("replica_back")
        else:
            log.warning("replica_away", why=trouble)


def open_copy(settings: Settings) -> Register:
    """
    Return the register on the replica of the settings, connected on first use.

    Raises: ValueError with a sentence, if a replica cannot be.
    """
    if not database_url(settings).startswith(SERVERS):
        raise ValueError("replica_url needs a database_url of PostgreSQL")
    if not settings.replica_url.startswith(SERVERS):
        raise ValueError("replica_url is no address of PostgreSQL: use postgresql://")
    from sijill.database.postgres.driver import Postgres  # asyncpg: loaded where it is used

    size = settings.database_connections
    driver = Postgres(
        settings.replica_url, SQL_LISTS, size=size, patience=PATIENCE, timeout=TIMEOUT
    )
    return Register(driver)


async def trouble_of(settings: Settings, primary: Register) -> str | None:
    """Return why the replica of the settings is of no use; None if it is. Raises: ValueError."""
    copy = open_copy(settings)
    try:
        standby = Standby(primary.driver, copy.driver, lambda: 0.0, 0.0)
        with suppress(Unavailable):
            await standby.measure()
        return standby.trouble
    finally:
        await copy.close()
