"""The requests of a namespace: each gets its answer, or a fault, and an entry in the journal."""

import asyncio
from collections.abc import Coroutine
from typing import Any

from sijill.errors import Fault
from sijill.http.body import NO_BODY
from sijill.http.request import Request, Response, Stream
from sijill.sandbox.arrivals import INSPECTED, Arrival
from sijill.sandbox.clock import VirtualClock
from sijill.sandbox.faults import ALTERS_ANSWER, FaultRule
from sijill.sandbox.injection import Injected, alter, refuse, silence
from sijill.sandbox.instance import Instance
from sijill.sandbox.journal import SHOWN, Journal
from sijill.sandbox.pages import PAGES, within
from sijill.sandbox.rules import RuleSet

CONSOLE = (b"/_/console", b"/_/assets/")
"""The beginnings of the paths of the console and of its files."""

Answer = Coroutine[Any, Any, Response | Stream]


class Requests:
    """
    Answers the requests of one namespace.

    A request that no rule may fail costs little more than without a sandbox: the dispatcher answers
    it, and what becomes of it is noted once it is known.
    """

    instance: Instance
    """The instance that answers now."""

    def __init__(
        self, base: bytes, clock: VirtualClock, faults: RuleSet[FaultRule], journal: Journal
    ) -> None:
        """`base` is the path that the addresses of the namespace begin with."""
        self._base, self._clock, self._faults, self._journal = base, clock, faults, journal

    def answer(self, request: Request) -> Answer:
        """
        Return the answer to a request, with the fault that a rule makes of it.

        People at the console are in no journal, and no rule fails them: no app asks.
        Raises: CancelledError if a rule says that no answer is sent.
        """
        if request.path.startswith(CONSOLE):
            answer = self.instance.dispatcher.answer(request)
            return self._within(answer) if self._base else answer
        arrival = self._arrived(request)
        if self._faults:
            answer = self._ruled(self.instance, request, arrival)
        else:
            answer = self.instance.dispatcher.answer(request)
        if self._base and request.path.startswith(PAGES):
            return self._within(answer)
        return answer

    def _arrived(self, request: Request) -> Arrival:
        """Enter a request in the journal."""
        token = request.headers.get(b"authorization", b"")
        arrival = Arrival(self._clock(), request.method, request.path, request.query, token)
        request.note = arrival
        self._journal.add(arrival)
        return arrival

    def refuse(self, request: Request, fault: Fault) -> Response:
        """Return the answer to a request that the server refuses before it has arrived."""
        if request.path.startswith(CONSOLE):
            return self.instance.dispatcher.refuse(request, fault)
        arrival = self._arrived(request)
        response = self.instance.dispatcher.refuse(request, fault)
        arrival.status, arrival.is_done, arrival.id = response.status, True, request.id
        request.date = self._clock.date_line()
        self._journal.wake()
        return response

    async def _within(self, answer: Answer) -> Response | Stream:
        response = await answer
        return response if isinstance(response, Stream) else within(self._base, response)

    def answered(self, request: Request, status: int) -> None:
        """Note what a dispatcher has answered."""
        arrival: Arrival | None = request.note
        if arrival is None:
            request.date = self._clock.date_line()
            return
        arrival.status, arrival.id = status, request.id
        arrival.is_done = arrival.fault is None  # a rule may delay the answer, or change it
        if request.verdict is not None:
            arrival.remaining = request.verdict.remaining
        if request.content is not NO_BODY:
            self._received(request, arrival)
        request.date = self._clock.date_line()
        self._journal.wake()

    def _received(self, request: Request, arrival: Arrival) -> None:
        """Enter the body of a request, if it has arrived."""
        body = request.content.file().read(INSPECTED + 1) if request.content.whole else b""
        if body:
            entry = arrival.received(body, request.header(b"content-type"))
            self._journal.received(entry, body[:SHOWN], whole=len(body) <= SHOWN)

    async def _ruled(
        self, instance: Instance, request: Request, arrival: Arrival
    ) -> Response | Stream:
        """Return the answer to a request that a rule may fail."""
        await asyncio.sleep(0)  # a fault waits with a timeout, or cancels: both need a task
        asked = arrival.asked()
        request.route = "" if asked.route is None else asked.route.path
        parameters = asked.parameters(request.query)
        rule = self._faults.decide(lambda rule: rule.fits(asked.op, parameters))
        if rule is None:
            return await instance.dispatcher.answer(request)
        arrival.fault = rule.kind
        try:
            response = await self._failed(instance, request, rule, public=asked.is_public)
            arrival.status = response.status
        finally:
            arrival.is_done = True
            if arrival.fault is not None:
                request.fault = Injected(rule.kind)
            self._journal.wake()
        return response

    async def _failed(
        self, instance: Instance, request: Request, rule: FaultRule, *, public: bool
    ) -> Response | Stream:
        """Return the answer that a rule makes."""
        answer, sleep = instance.dispatcher.answer, instance.draining.sleep
        if rule.kind == "delay":
            await sleep(rule.seconds)
            return await answer(request)
        lost = rule.phase == "after-commit" or rule.kind in ALTERS_ANSWER
        if rule.kind == "status" and not lost and not public:
            return await self._refused(instance, request, rule)
        real = await answer(request) if lost else None
        if rule.kind in ("status", "html-502"):
            return refuse(request, rule)
        if real is None or rule.kind not in ALTERS_ANSWER:
            request.note.status = 0  # what was carried out is not answered
            return await silence(request, rule, sleep)
        return real if isinstance(real, Stream) else alter(real, rule, sleep)

    async def _refused(
        self, instance: Instance, request: Request, rule: FaultRule
    ) -> Response | Stream:
        """Return the refusal of a request that the token and the limiter let in, else theirs."""
        arrival: Arrival = request.note
        response = await instance.refuser.answer(request)
        if arrival.is_let_in:
            return refuse(request, rule)
        self._faults.undo(rule)
        arrival.fault = None
        return response
