"""The requests of a namespace: each gets its answer, or a fault, and an entry in the journal."""

from typing import NamedTuple

from sijill.errors import Fault
from sijill.http.query import Pairs, parse_query
from sijill.http.request import Request, Response, Stream
from sijill.http.router import Route, Router
from sijill.oauth.bearer import bearer
from sijill.oauth.tokens import digest
from sijill.sandbox.clock import VirtualClock
from sijill.sandbox.faults import ALTERS_ANSWER, FaultRule
from sijill.sandbox.injection import Injected, alter, refuse, silence
from sijill.sandbox.instance import Identity, Instance
from sijill.sandbox.journal import SHOWN, Entry, Journal
from sijill.sandbox.nearest import nearest_operation
from sijill.sandbox.operations import OPERATIONS
from sijill.sandbox.pages import within
from sijill.sandbox.rules import RuleSet
from sijill.sandbox.unread import known
from sijill.values.dates import utc_text

INSPECTED = 2**20
"""Bytes of a body that is searched for fields that nobody reads, at most."""


class Asked(NamedTuple):
    """The route of a request, and the names in its address."""

    route: Route | None
    """None if no route has the path, or none has the method there."""
    captured: str
    query: Pairs

    @property
    def op(self) -> str:
        """The operation; "" for a route without one."""
        return (
            "" if self.route is None else OPERATIONS.get((self.route.method, self.route.path), "")
        )

    @property
    def is_public(self) -> bool:
        """Whether no token is asked for, and no limiter counts."""
        return self.route is None or self.route.public

    def parameters(self) -> dict[str, str]:
        """Return the parameters that rules may match."""
        parameters = dict(self.query)
        if self.route is not None and self.captured:
            name = self.route.path.rpartition("{")[2].partition("}")[0]
            parameters[name] = self.captured
        return parameters


class Requests:
    """Answers the requests of one namespace."""

    def __init__(
        self, identity: Identity, clock: VirtualClock, faults: RuleSet[FaultRule], journal: Journal
    ) -> None:
        self._base, self._clock, self._faults, self._journal = identity.path, clock, faults, journal
        self._rules: dict[int, FaultRule] = {}  # by the identity of the request under way

    async def answer(self, instance: Instance, request: Request) -> Response | Stream:
        """
        Return the answer to a request, with the fault that a rule makes of it.

        Raises: CancelledError if a rule says that no answer is sent.
        """
        asked = _asked(instance.router, request)
        request.route = "" if asked.route is None else asked.route.path
        entry = self._entry(request, asked.op)
        self._journal.add(entry)
        rule = self._faults.decide(lambda rule: rule.fits(asked.op, asked.parameters()))
        entry.fault = None if rule is None else rule.kind
        try:
            response = await self._answer(instance, request, rule, public=asked.is_public)
            if asked.is_public and isinstance(response, Response):
                response = within(self._base, response)
            entry.status = response.status
        finally:
            unmet = self._rules.pop(id(request), None)
            if unmet is not None:
                self._faults.undo(unmet)  # the token or the limiter refused the request before
                entry.fault = None
            elif rule is not None:
                request.fault = Injected(rule.kind)
            if request.verdict is not None:
                entry.remaining = request.verdict.remaining
            self._complete(entry, request, asked)
            request.date = self._clock.date_line()
            self._journal.wake()
        return response

    def refuse(self, request: Request) -> None:
        """Refuse a request that was let in, if a rule says so: it is counted as it is."""
        if self._rules.pop(id(request), None) is not None:
            raise Fault  # `_answer` gives the answer of the rule

    async def _answer(
        self, instance: Instance, request: Request, rule: FaultRule | None, *, public: bool
    ) -> Response | Stream:
        answer, sleep = instance.dispatcher.answer, instance.draining.sleep
        if rule is None:
            return await answer(request)
        if rule.kind == "delay":
            await sleep(rule.seconds)
            return await answer(request)
        lost = rule.phase == "after-commit" or rule.kind in ALTERS_ANSWER
        if rule.kind == "status" and not lost and not public:
            self._rules[id(request)] = rule
            response = await answer(request)
            return response if id(request) in self._rules else refuse(request, rule)
        real = await answer(request) if lost else None
        if rule.kind in ("status", "html-502"):
            return refuse(request, rule)
        if real is None or rule.kind not in ALTERS_ANSWER:
            return await silence(request, rule, sleep)
        return real if isinstance(real, Stream) else alter(real, rule, sleep)

    def _entry(self, request: Request, op: str) -> Entry:
        token = bearer(request.header(b"authorization"))
        return Entry(
            at=utc_text(self._clock.now()),
            op=op,
            method=request.method,
            path=request.path.decode("latin-1"),
            query=request.query.decode("latin-1"),
            token="" if token is None else digest(token).hex()[:12],
        )

    def _complete(self, entry: Entry, request: Request, asked: Asked) -> None:
        """Enter the body of a request, and the names that nobody reads."""
        body = request.content.file().read(INSPECTED + 1) if request.content.whole else b""
        if body:
            self._journal.received(entry, body[:SHOWN], whole=len(body) <= SHOWN)
        if asked.route is None:
            near = nearest_operation(entry.method, entry.path)
            entry.nearest = {f"{entry.method} {entry.path}": near} if near else {}
        elif body or asked.query:
            searched = body if len(body) <= INSPECTED else b""
            media_type = request.header(b"content-type")
            entry.unread, entry.nearest = known(asked.route).unread(
                asked.query, searched, media_type
            )


def _asked(router: Router, request: Request) -> Asked:
    query = parse_query(request.query)
    try:
        return Asked(*router.find(request.method, request.path), query)
    except Fault:
        return Asked(None, "", query)
