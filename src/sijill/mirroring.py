"""The mirror of one process: its way to upstream, its workers, its answers, what it hears."""

from collections.abc import Callable, Iterable

from sijill.egress.sending import Sender
from sijill.http.router import Route, Router
from sijill.mirror.answers.handlers import MirrorAnswers
from sijill.mirror.answers.linked import Linked
from sijill.mirror.answers.routes import mirrored
from sijill.mirror.answers.writes import MirrorWrites
from sijill.mirror.budget import Budget, steady
from sijill.mirror.figures import FiguresJob
from sijill.mirror.heard.handlers import HeardHandlers
from sijill.mirror.heard.job import Hearing
from sijill.mirror.heard.routes import heard_routes
from sijill.mirror.model import MirrorStore
from sijill.mirror.upstream.client import MAX_ANSWER, TIMEOUT, Client
from sijill.mirror.upstream.exchange import Exchange
from sijill.mirror.upstream.lookout import Lookout
from sijill.mirror.upstream.tokens import Tokens
from sijill.mirror.workers import Workers
from sijill.register import Register
from sijill.routes import PREFIXES, Handlers, all_routes
from sijill.runtime import Runtime
from sijill.settings import Settings
from sijill.telemetry.logs import kinds, log, places

OwnRoutes = Callable[[Handlers], Iterable[Route]]


class Upstreams:
    """The clients of every linked store, over one way out."""

    def __init__(self, runtime: Runtime, register: Register) -> None:
        settings, clock, self._metrics = runtime.settings, runtime.clock, runtime.metrics
        self._sender = sender_of(settings)
        self.budget = Budget(register.driver, steady(clock, runtime.monotonic))
        self.tokens = Tokens(register.mirror_links, exchange_of(settings, clock), clock)
        self._lookout = Lookout(register.mirror_shapes, register.mirror, clock, self._drifted)
        self._clock = clock

    def of(self, store: MirrorStore) -> Client:
        """Return what asks the upstream of a store."""
        return Client(
            *(store, self._sender, self.tokens, self.budget, self._clock),
            *(self._lookout.look, self._requested),
        )

    async def close(self) -> None:
        """Write tokens that wait, and close the connections."""
        try:
            await self.tokens.flush()
        finally:
            await self._sender.close()

    def _drifted(self, endpoint: str, kind: str) -> None:
        self._metrics.mirror.drifted(endpoint, kind)

    def _requested(self, lane: str, outcome: str) -> None:
        self._metrics.mirror.requested(lane, outcome)


class Mirroring:
    """The work of a server for linked stores."""

    def __init__(self, runtime: Runtime, register: Register) -> None:
        self.upstreams = Upstreams(runtime, register)
        self._metrics, clock = runtime.metrics, runtime.clock
        tables = (register.mirror, register.customers, register.applier)
        self._workers = Workers(
            *(register.driver, tables, self.upstreams.of),
            *(clock, _log_fault),
        )
        self._linked = Linked(register.mirror, register.customers, runtime.monotonic)
        self._answers = MirrorAnswers(
            *(self._linked, register.mirror, register.customers, register.applier),
            *(self.upstreams.of, clock, runtime.public_url),
        )
        self._writes = MirrorWrites(
            *(self._answers, register.mirror, self.upstreams.of, runtime.now),
            through=runtime.settings.write_through,
        )
        self._figures = FiguresJob(
            *(register.driver, register.mirror, register.mirror_links, register.mirror_history),
            *(clock, lambda figures: self._metrics.mirror.show(figures)),
        )
        self._hearing = Hearing(
            *(register.mirror_heard, register.mirror_links, register.mirror, register.applier),
            *(clock, self._row_after),
        )
        self._heard = HeardHandlers(
            *(register.mirror_links, register.mirror_heard, clock),
            *(self._count_heard, self._hearing.wake),
        )

    def router(self, handlers: Handlers, own: OwnRoutes = all_routes) -> Router:
        """
        Return the router of every route, with the mirror's answers for linked stores.

        `own` returns the routes of the register's own stores.
        """
        routes = mirrored(own(handlers), self._linked, self._answers, self._writes)
        return Router((*routes, *heard_routes(self._heard)), PREFIXES)

    def start(self) -> None:
        """Start to ask upstream, to work the webhooks that were heard, and to show figures."""
        for job in (self._hearing, self._workers, self._figures):
            job.start()

    async def stop(self) -> None:
        """Finish the work that was begun, and close the connections."""
        for job in (self._figures, self._workers, self._hearing):
            await job.stop()
        await self.upstreams.close()

    def _row_after(self, seconds: float) -> None:
        self._metrics.mirror.row_after(seconds)

    def _count_heard(self, outcome: str) -> None:
        self._metrics.mirror.heard(outcome)


def _log_fault(fault: Exception) -> None:
    log.error("mirror_failed", fault=kinds(fault), at=places(fault))


def sender_of(settings: Settings) -> Sender:
    """Return the way out to upstream."""
    local = settings.upstream_targets == "local"
    return Sender(local=local, timeout=TIMEOUT, max_answer=MAX_ANSWER)


def exchange_of(settings: Settings, clock: Callable[[], float]) -> Exchange:
    """Return what asks upstream for tokens."""
    return Exchange(lambda: sender_of(settings), clock)
