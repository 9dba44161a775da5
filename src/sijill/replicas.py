"""
Reads that a hot standby answers instead of the primary, and how old their answers are.

The operations of READS go there, unless a rule of RULES gives a reason against it. Of several
standbys the first that may answer does. Tokens, scopes and limits are judged by the primary before,
and everything else is read there.
"""

from asyncio import gather
from collections.abc import Callable, Mapping, Sequence
from math import inf
from typing import Literal, NamedTuple

from sijill.customers.handlers import CustomerHandlers
from sijill.database.driver import StatementRefused
from sijill.database.open import SERVERS
from sijill.database.postgres.hosts import each
from sijill.database.postgres.standby import Standby
from sijill.database.reasons import place_of
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
from sijill.runtime import Runtime
from sijill.settings import Settings
from sijill.telemetry.logs import log

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

UNMEASURED = "not measured: the primary does not say how far it has written"
"""The trouble of a replica whose primary is away; servers may still read from the replica."""

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


def choice(reads: Sequence[Read]) -> int | Reason:
    """Return the place of the first replica that may answer, or why not even the youngest may."""
    reasons = [against(read) for read in reads]
    if None in reasons:
        return reasons.index(None)
    _, reason = max(zip(reads, reasons, strict=True), key=lambda pair: pair[0].until)
    return reason or "away"


class Copy:
    """One replica: the register on the standby, what is known of it, its trouble last logged."""

    def __init__(self, place: str, primary: Register, copy: Register, runtime: Runtime) -> None:
        self._place, self.register = place, copy
        max_age = runtime.settings.replica_max_age
        self.standby = Standby(primary.driver, copy.driver, runtime.monotonic, max_age)
        self.customers = CustomerHandlers(copy.customers, runtime.now, runtime.public_url)
        self.groups = GroupHandlers(copy.groups, runtime.now, runtime.public_url)
        self._told: str | None = None

    async def measure(self) -> None:
        """Measure it, and tell of it. Raises: Unavailable if the primary is away."""
        try:
            await self.standby.measure()
        finally:
            self._tell_trouble()

    def _tell_trouble(self) -> None:
        trouble = self.standby.trouble
        if trouble == self._told:
            return
        self._told = trouble
        if trouble is None:
            log.warning("replica_back", server=self._place)
        else:
            log.warning("replica_away", server=self._place, why=trouble)


class Replica(Job):
    """The replicas of one process: what is known of them, and the routes that read from them."""

    FAULT = "replica_failed"

    def __init__(
        self, register: Register, copies: Mapping[str, Register], runtime: Runtime
    ) -> None:
        """`copies` are the registers on the standbys, by their places."""
        super().__init__()
        self._metrics, self._monotonic = runtime.metrics.replica, runtime.monotonic
        self._max_age = runtime.settings.replica_max_age
        self.copies = [Copy(place, register, copy, runtime) for place, copy in copies.items()]
        self._known = runtime.monotonic()
        self._written: dict[tuple[int, int], float] = {}
        """By store and app."""

    async def stop(self) -> None:
        """Stop measuring, and let go of every connection."""
        await super().stop()
        for copy in self.copies:
            await copy.register.close()

    async def turn(self) -> bool:
        """Measure each once, and tell of it. Raises: Unavailable if the primary is away."""
        done = await gather(*(copy.measure() for copy in self.copies), return_exceptions=True)
        now = self._monotonic()
        self._known = max(self._known, *(read.until for read in self._reads()))
        self._metrics.aged(now - self._known)
        horizon = now - self._max_age
        self._written = {who: at for who, at in self._written.items() if at > horizon}
        for fault in done:
            if fault is not None:
                raise fault
        return False

    def is_readable(self) -> bool:
        """Return whether a replica answers, and is not too old."""
        return isinstance(choice(self._reads()), int)

    def routes(self, handlers: Handlers) -> tuple[Route, ...]:
        """Return every route: READS by the replica where that may be, writes noted."""
        return tuple(map(self._route, all_routes(handlers)))

    def _route(self, route: Route) -> Route:
        if route.scopes is None:
            return route
        if route.id in READS:
            copied = [READS[route.id](copy.customers, copy.groups) for copy in self.copies]
            return route._replace(handler=self._reading(copied, route.handler))
        if route.method != "GET":
            return route._replace(handler=self._writing(route.handler))
        return route

    def _reading(self, copied: Sequence[Handler], primary: Handler) -> Handler:
        """Return a handler that asks a replica, and the primary if there is a reason to."""

        async def handle(request: Request, grant: Grant) -> Response | Stream:
            chosen = choice(self._reads(self._asked(request, grant)))
            if isinstance(chosen, int):
                standby = self.copies[chosen].standby
                try:
                    return await self._answer(standby, copied[chosen], request, grant)
                except NotFound:  # perhaps not yet there
                    chosen = "absent"
                except (Unavailable, StatementRefused):
                    standby.failed()
                    chosen = "away"
            self._metrics.read(chosen)
            return await primary(request, grant)

        return handle

    async def _answer(
        self, standby: Standby, copied: Handler, request: Request, grant: Grant
    ) -> Response | Stream:
        """Answer from a replica, with the age that the answer has when it is ready."""
        until = standby.complete_until
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

    def _asked(self, request: Request, grant: Grant) -> Read:
        """Return what a client wants, whichever replica answers."""
        return self._anything()._replace(
            written_at=self._written.get((grant.store.id, grant.app_id)),
            wishes=parse(request.header(b"cache-control")),
            is_conditional=request.header(b"if-match") is not None,
        )

    def _anything(self) -> Read:
        """Return what a client wants that takes any answer."""
        return Read(self._monotonic(), None, self._max_age)

    def _reads(self, asked: Read | None = None) -> list[Read]:
        """Return a read, or one that takes any answer, as each of the replicas would do it."""
        wanted = asked or self._anything()
        return [
            wanted._replace(
                complete_until=copy.standby.complete_until,
                is_away=copy.standby.trouble is not None,
            )
            for copy in self.copies
        ]


def open_copies(settings: Settings) -> Mapping[str, Register]:
    """
    Return the registers on the replicas of the settings, by their places, connected on first use.

    Each standby has connections of its own, since each has its own age.
    Raises: ValueError with a sentence, if a replica cannot be.
    """
    if not database_url(settings).startswith(SERVERS):
        raise ValueError("replica_url needs a database_url of PostgreSQL")
    if not settings.replica_url.startswith(SERVERS):
        raise ValueError("replica_url is no address of PostgreSQL: use postgresql://")
    from sijill.database.postgres.driver import Postgres  # asyncpg: loaded where it is used

    size = settings.database_connections
    return {
        place_of(url): Register(
            Postgres(url, SQL_LISTS, size=size, patience=PATIENCE, timeout=TIMEOUT)
        )
        for url in each(settings.replica_url)
    }


async def troubles_of(settings: Settings, primary: Register) -> Mapping[str, str | None]:
    """
    Return why each replica of the settings is of no use, by its place; None if it is of use.

    It is UNMEASURED if the primary does not answer. Raises: ValueError.
    """
    copies = open_copies(settings)
    try:
        standbys = {
            place: Standby(primary.driver, copy.driver, lambda: 0.0, 0.0)
            for place, copy in copies.items()
        }
        told: dict[str, str | None] = dict.fromkeys(standbys, UNMEASURED)
        measures = (standby.measure() for standby in standbys.values())
        done = await gather(*measures, return_exceptions=True)
        for (place, standby), fault in zip(standbys.items(), done, strict=True):
            if fault is None:
                told[place] = standby.trouble
            elif not isinstance(fault, Unavailable):
                raise fault
        return told
    finally:
        for copy in copies.values():
            await copy.close()
