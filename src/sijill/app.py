"""
Wiring: from settings to a running register.

The one place that names concrete classes: which database, which counter, which clock.
"""

import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack, contextmanager, suppress
from functools import partial
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit

from sijill.audit.job import Auditor
from sijill.audit.views import ViewLog
from sijill.backups.last import last_backup_time
from sijill.bulk.job import BulkWorker
from sijill.customers.browsing import Browser
from sijill.database.soundness import Look
from sijill.egress.sending import Sender
from sijill.groups.evaluation import Evaluation
from sijill.http.dispatcher import Dispatcher
from sijill.http.health import Draining
from sijill.http.request import Request
from sijill.imports.child import Children
from sijill.imports.job import Importer
from sijill.job import run
from sijill.limits.fallback import Fallback
from sijill.limits.memory import MemoryCounters
from sijill.limits.sqlite import SQLiteCounters
from sijill.limits.usage import UsageWriter
from sijill.limits.window import Counters, SharedCounters
from sijill.mirroring import Mirroring, OwnRoutes
from sijill.oauth.acting import noting
from sijill.opening import open_register
from sijill.register import Register
from sijill.replicas import Replica, open_copies
from sijill.retention import Retention
from sijill.routes import all_routes
from sijill.server.application import Application
from sijill.settings import Settings
from sijill.telemetry.logs import RequestLog, access_log, log
from sijill.telemetry.metrics import Metrics
from sijill.temporary import claimed
from sijill.temporary import count as count_held
from sijill.values.dates import zone
from sijill.webhooks.backlog_log import BacklogLog
from sijill.webhooks.message import Post
from sijill.webhooks.model import wants
from sijill.webhooks.schedule import SCHEDULES
from sijill.webhooks.worker import Deliverer, DeliveryObserver, Plan
from sijill.wiring import Runtime, admission_of, wire_requests


def deliverer(settings: Settings, register: Register, observer: DeliveryObserver) -> Deliverer:
    """Return the worker that delivers, not started."""
    plan, post = plan_of(settings), Post(sender_of(settings), settings.webhook_headers)
    return Deliverer(register.outbox, register.deliveries, post, wants, observer, plan, time.time)


def bulk_worker(register: Register, clock: Callable[[], float]) -> BulkWorker:
    """Return the worker that changes all customers of selections, not started."""
    tables = (register.bulk, register.customers, register.groups, register.stores)
    return BulkWorker(*tables, Browser(register.driver), clock)


def plan_of(settings: Settings) -> Plan:
    """Return the schedule of the settings, and whether deliveries are sent or captured."""
    schedule = SCHEDULES[settings.webhook_schedule]
    return Plan(schedule, "capture" if settings.webhooks == "capture" else "send")


def sender_of(settings: Settings) -> Sender:
    """Return the way out for deliveries."""
    timeout = SCHEDULES[settings.webhook_schedule].timeout
    return Sender(local=settings.webhook_targets == "local", timeout=timeout)


async def open_app(settings: Settings, public_url: str) -> Application:
    """
    Return the application of the settings; `public_url` is used where the setting is empty.

    The database must have been made: a worker that is started again never makes an empty one.
    Raises: as `open_register`; ValueError if redis_url is a cluster, or a replica cannot be.
    """
    async with AsyncExitStack() as closing:
        backup = partial(last_backup_time, settings.data_dir)
        metrics = Metrics(backup)
        answers = access_log(settings.log_level, settings.log_format)
        journal = RequestLog(answers if settings.access_log else None)
        closing.callback(journal.flush)
        counters = await open_counters(settings, metrics)
        closing.push_async_callback(counters.close)
        register = await open_register(settings, create=False)
        closing.push_async_callback(register.close)
        await _load_zones(register)
        closing.push_async_callback(Look(register.schema, _log_unsound).stop)
        views = ViewLog(time.time)
        if settings.audit != "off":
            run(Auditor(register.audit, views, time.monotonic), closing)
        run(Evaluation(register.driver, register.audit.changes), closing)
        run(Retention(register, settings, time.time), closing)
        importer = run(Importer(register.imports, register.stores, time.time), closing)
        run(bulk_worker(register, time.time), closing)
        on_write = _nothing
        register.outbox.backlog.tell = BacklogLog(metrics.withheld, time.monotonic)
        if settings.webhooks != "off":
            observer = DeliveryObserver(metrics.delivered)
            on_write = run(deliverer(settings, register, observer), closing).wake
        base = settings.public_url or public_url
        runtime = Runtime(
            *(settings, metrics, Draining(), lambda: base, time.time, time.monotonic),
            last_backup=backup,
        )
        own: OwnRoutes = all_routes
        if settings.replica_url:
            replica = run(Replica(register, open_copies(settings), runtime), closing)
            runtime, own = runtime._replace(replica=replica.is_readable), replica.routes
        admission = admission_of(runtime, register, counters)
        run(UsageWriter(register.usage, admission.tally), closing)
        mirroring = run(Mirroring(runtime, register), closing)
        wired = wire_requests(
            *(runtime, register, admission, importer.wake, Children().read),
            partial(mirroring.router, own=own),
        )
        dispatcher = Dispatcher(
            wired.router,
            wired.authorize,
            metrics,
            journal,
            time.monotonic,
            request_ids(),
            on_write,
            settings.max_in_flight,
            noting(views) if settings.audit == "all" else _unnoted,
        )
        # Only what answers on the event loop itself may begin without a task.
        eager = register.driver.dialect == "sqlite" and counter_kind(settings) != "redis"
        return Application(dispatcher, runtime.draining, eager, closing.pop_all())


async def _load_zones(register: Register) -> None:
    """Load the time zones of the stores now: later there may be no file left to open."""
    for timezone in {store.timezone for store in await register.stores.all()}:
        with suppress(OSError, ValueError, KeyError):
            zone(timezone)


async def open_counters(settings: Settings, metrics: Metrics) -> Counters:
    """
    Return the counter of the settings: memory for one process, else a shared one.

    A shared one that is away is stood in for by this process's share of what was left: that
    divided by the number of processes that count.
    Raises: ValueError if redis_url is a cluster, or no address of Redis.
    """
    kind = counter_kind(settings)
    if kind == "memory":
        return MemoryCounters()
    shared = await _redis(settings) if kind == "redis" else _sqlite(settings)
    return Fallback(
        shared,
        share=settings.nodes * settings.workers,
        on_error=settings.on_counter_error,
        monotonic=time.monotonic,
        on_change=_log_counter,
        on_degraded=metrics.degraded,
    )


async def _redis(settings: Settings) -> SharedCounters:
    from sijill.limits.redis import RedisCounters  # 8 MB: loaded where it is used

    counters = RedisCounters(settings.redis_url)
    if not await counters.prepare():
        place = urlsplit(settings.redis_url)
        log.warning(
            "counter_away_at_start",
            host=place.hostname or place.path,
            port=place.port or REDIS_PORT,
            meanwhile=_MEANWHILE[settings.on_counter_error],
        )
    return counters


REDIS_PORT = 6379

_MEANWHILE = {
    "local": "each process counts its share of every limit",
    "open": "every request passes",
    "closed": "every request that a limit counts is refused",
}
"""The behaviour while the shared counter is away, by on_counter_error."""


def _sqlite(settings: Settings) -> SharedCounters:
    folder = Path(settings.data_dir)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return SQLiteCounters(folder / "limiter.db")


def counter_kind(settings: Settings) -> str:
    """Return where limits are counted: memory, sqlite or redis."""
    if settings.counters != "auto":
        return settings.counters
    if settings.redis_url:
        return "redis"
    return "sqlite" if settings.workers > 1 else "memory"


APART = (
    "another server uses this data_dir, and one of them counts in memory: each admits the whole of"
    " every limit; give both counters = sqlite, or serve with workers instead"
)


def counted_apart(settings: Settings) -> bool:
    """Return whether the servers of the data folder and one of these settings count apart."""
    in_memory = counter_kind(settings) == "memory"
    return count_held(settings.data_dir, "server" if in_memory else "server-memory") > 0


def servers_apart(data_dir: str) -> bool:
    """Return whether servers that run on the data folder count apart."""
    return count_held(data_dir, "server-memory") > 0 and count_held(data_dir, "server") > 1


@contextmanager
def place(settings: Settings) -> Iterator[None]:
    """Hold a place among the servers of the data folder; the log says if they count apart."""
    if counted_apart(settings):
        log.warning("limits_counted_apart", advice=APART)
    with claimed(settings.data_dir, f"server-{counter_kind(settings)}"):
        yield


def request_ids() -> Callable[[], str]:
    """Return a source of request ids: 64 random bits of this process, then a count."""
    process, numbers = secrets.token_hex(8), count()
    return lambda: f"{process}{next(numbers):08x}"


def _nothing() -> None:
    """Do nothing: another process delivers, and looks by itself."""


def _unnoted(request: Request) -> None:
    """Do nothing: views are not recorded."""


def _log_unsound(sentence: str) -> None:
    log.error("database_unsound", advice=sentence)


def _log_counter(away: bool) -> None:
    log.warning("counter_away" if away else "counter_back")
