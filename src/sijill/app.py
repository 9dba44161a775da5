"""
Wiring: from settings to a running register.

With `counting` and `opening` the place that names concrete classes: which database, which counter,
which clock.
"""

import secrets
import time
from collections.abc import Callable
from contextlib import AsyncExitStack, suppress
from functools import partial
from itertools import count
from typing import NamedTuple

from sijill.audit.job import Auditor
from sijill.audit.views import ViewLog
from sijill.backups.last import last_backup_time
from sijill.bulk.job import BulkWorker
from sijill.counting import counter_kind, open_counters
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
from sijill.limits.usage import UsageWriter
from sijill.mirroring import Mirroring, OwnRoutes
from sijill.oauth.acting import noting
from sijill.opening import open_register
from sijill.register import Register
from sijill.replicas import Replica, open_copies
from sijill.retention import Retention
from sijill.routes import all_routes
from sijill.runtime import Runtime
from sijill.server.application import Application
from sijill.settings import Settings
from sijill.telemetry.logs import RequestLog, access_log, log
from sijill.telemetry.metrics import Metrics
from sijill.values.dates import zone
from sijill.webhooks.backlog_log import BacklogLog
from sijill.webhooks.message import Post
from sijill.webhooks.model import wants
from sijill.webhooks.schedule import SCHEDULES
from sijill.webhooks.worker import Deliverer, DeliveryObserver, Plan
from sijill.wiring import admission_of, wire_requests


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


class Wake(NamedTuple):
    """The functions that wake the background work before its next look at the database."""

    on_import: Callable[[], None]
    """Called when a file waits to be imported."""
    on_write: Callable[[], None]
    """Called after a write, which may have made deliveries."""


async def open_app(settings: Settings, public_url: str) -> Application:
    """
    Return the application of the settings; `public_url` is used where the setting is empty.

    The database must have been made: a worker that is started again never makes an empty one.
    Raises: as `open_register`; ValueError if redis_url is a cluster, or a replica cannot be.
    """
    async with AsyncExitStack() as closing:
        backup = partial(last_backup_time, settings.data_dir)
        metrics, views = Metrics(backup), ViewLog(time.time)
        base = settings.public_url or public_url
        answers = access_log(settings.log_level, settings.log_format)
        journal = RequestLog(answers if settings.access_log else None)
        closing.callback(journal.flush)
        counters = await open_counters(settings, metrics)
        closing.push_async_callback(counters.close)
        register = await _open_checked(settings, closing)
        wake = begin_work(settings, register, metrics, views, closing)
        runtime = Runtime(
            *(settings, metrics, Draining(), lambda: base, time.time, time.monotonic),
            last_backup=backup,
        )
        runtime, own = _with_replica(runtime, register, closing)
        admission = admission_of(runtime, register, counters)
        run(UsageWriter(register.usage, admission.tally), closing)
        mirroring = run(Mirroring(runtime, register), closing)
        wired = wire_requests(
            *(runtime, register, admission, wake.on_import, Children().read),
            partial(mirroring.router, own=own),
        )
        dispatcher = Dispatcher(
            *(wired.router, wired.authorize, metrics, journal, time.monotonic, request_ids()),
            *(wake.on_write, settings.max_in_flight),
            noting(views) if settings.audit == "all" else _unnoted,
        )
        # Only what answers on the event loop itself may begin without a task.
        eager = register.driver.dialect == "sqlite" and counter_kind(settings) != "redis"
        return Application(dispatcher, runtime.draining, eager, closing.pop_all())


async def _open_checked(settings: Settings, closing: AsyncExitStack) -> Register:
    """Open the register until `closing` ends, and look in the background whether it is sound."""
    register = await open_register(settings, create=False)
    closing.push_async_callback(register.close)
    await _load_zones(register)
    closing.push_async_callback(Look(register.schema, _log_unsound).stop)
    return register


def begin_work(
    settings: Settings,
    register: Register,
    metrics: Metrics,
    views: ViewLog,
    closing: AsyncExitStack,
) -> Wake:
    """Begin the background work on a register, until `closing` ends."""
    if settings.audit != "off":
        run(Auditor(register.audit, views, time.monotonic), closing)
    run(Evaluation(register.driver, register.audit.changes), closing)
    run(Retention(register, settings, time.time), closing)
    importer = run(Importer(register.imports, register.stores, time.time), closing)
    run(bulk_worker(register, time.time), closing)
    register.outbox.backlog.tell = BacklogLog(metrics.withheld, time.monotonic)
    if settings.webhooks == "off":
        return Wake(importer.wake, _nothing)
    delivery = deliverer(settings, register, DeliveryObserver(metrics.delivered))
    return Wake(importer.wake, run(delivery, closing).wake)


def _with_replica(
    runtime: Runtime, register: Register, closing: AsyncExitStack
) -> tuple[Runtime, OwnRoutes]:
    """Return the runtime that knows the replica of the settings, and the routes that read there."""
    if not runtime.settings.replica_url:
        return runtime, all_routes
    replica = run(Replica(register, open_copies(runtime.settings), runtime), closing)
    return runtime._replace(replica=replica.is_readable), replica.routes


async def _load_zones(register: Register) -> None:
    """Load the time zones of the stores now: later there may be no file left to open."""
    for timezone in {store.timezone for store in await register.stores.all()}:
        with suppress(OSError, ValueError, KeyError):
            zone(timezone)


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
