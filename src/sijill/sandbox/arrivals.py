"""Requests as they came: what they are is found out when a rule or a reader of the journal asks."""

from datetime import UTC, datetime
from typing import NamedTuple

from msgspec import Struct

from sijill.errors import Fault
from sijill.http.query import parse_query
from sijill.http.router import Route
from sijill.oauth.bearer import bearer
from sijill.oauth.tokens import digest
from sijill.sandbox.journal import Entry
from sijill.sandbox.nearest import nearest_operation
from sijill.sandbox.operations import OPERATIONS
from sijill.sandbox.routing import shared_router
from sijill.sandbox.unread import known
from sijill.values.dates import utc_text

INSPECTED = 2**20
"""Bytes of a body that is searched for fields that nobody reads, at most."""


class Asked(NamedTuple):
    """The route of a request, and the part of the path in the place of its parameter."""

    route: Route | None
    """None if no route has the path, or none has the method there."""
    captured: str

    @property
    def op(self) -> str:
        """The operation; "" for a route without one."""
        return (
            "" if self.route is None else OPERATIONS.get((self.route.method, self.route.path), "")
        )

    @property
    def is_public(self) -> bool:
        """Whether no token is asked for, and no limiter counts."""
        return self.route is None or self.route.scopes is None

    def parameters(self, query: bytes) -> dict[str, str]:
        """Return the parameters that rules may match."""
        parameters = dict(parse_query(query))
        if self.route is not None and self.captured:
            name = self.route.path.rpartition("{")[2].partition("}")[0]
            parameters[name] = self.captured
        return parameters


class Arrival(Struct, gc=False):
    """One request, and what became of it. Thousands are kept, and most are never told."""

    at: float
    """The virtual time, in UTC epoch seconds."""
    method: str
    path: bytes
    query: bytes
    authorization: bytes
    """The header, b"" without one."""
    status: int = 0
    remaining: int | None = None
    fault: str | None = None
    id: str = ""
    """The id of the request; "" while it is not answered."""
    is_let_in: bool = False
    """Whether the token and the limiter let in a request that is then refused."""
    told: Entry | None = None
    is_done: bool = False
    """Whether it has its answer, or will have none."""

    def asked(self) -> Asked:
        """Return what the request is for."""
        try:
            return Asked(*shared_router().find(self.method, self.path))
        except Fault:
            return Asked(None, "")

    def entry(self) -> Entry:
        """Return the entry of the request in the journal, always the same one."""
        if self.told is None:
            self.told = self._entry()
            self._search(self.told, b"", None)
        entry = self.told
        entry.status, entry.remaining, entry.fault = self.status, self.remaining, self.fault
        entry.id = self.id
        return entry

    def received(self, body: bytes, content_type: str | None) -> Entry:
        """Return the entry of a request whose body, or its beginning, has been received."""
        entry = self.entry()
        self._search(entry, body if len(body) <= INSPECTED else b"", content_type)
        return entry

    def _entry(self) -> Entry:
        token = bearer(self.authorization.decode("latin-1"))
        return Entry(
            at=utc_text(datetime.fromtimestamp(self.at, UTC)),
            op=self.asked().op,
            method=self.method,
            path=self.path.decode("latin-1"),
            query=self.query.decode("latin-1"),
            token="" if token is None else digest(token).hex()[:12],
        )

    def _search(self, entry: Entry, body: bytes, content_type: str | None) -> None:
        """Enter the names that nobody reads."""
        route = self.asked().route
        if route is None:
            near = nearest_operation(entry.method, entry.path)
            entry.nearest = {f"{entry.method} {entry.path}": near} if near else {}
        elif body or self.query:
            query = parse_query(self.query)
            entry.unread, entry.nearest = known(route).unread(query, body, content_type)
