"""
Wiring: from settings to a running register.

The one place that names concrete classes: which database, which counter, which clock.
"""

import secrets
import sys
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import structlog

from sijill.customers.events import event_body
from sijill.customers.model import Customer
from sijill.database.migrate import NewerSchema
from sijill.database.open import open_register as open_unmigrated
from sijill.database.register import Register
from sijill.database.sealing import Sealer, kept_key, parse_key
from sijill.egress.sending import Sender
from sijill.groups.evaluation import Evaluator
from sijill.http.asgi import Api
from sijill.http.forwarded import parse_networks
from sijill.http.parts import Parts
from sijill.imports.child import Children
from sijill.imports.job import Importer
from sijill.limits.fallback import Fallback
from sijill.limits.memory import MemoryCounters
from sijill.limits.policy import Policy
from sijill.limits.sqlite import SQLiteCounters
from sijill.limits.window import Counters
from sijill.oauth.bearer import Bearers
from sijill.oauth.grants import Lifetimes
from sijill.oauth.passwords import Passwords
from sijill.oauth.sessions import SessionLife
from sijill.routes import ROUTER
from sijill.settings import Settings
from sijill.stores.model import Store
from sijill.telemetry.logs import Lines, kinds, log, places
from sijill.telemetry.metrics import Metrics
from sijill.values.ids import new_event_id
from sijill.webhooks.events import Announce, Event
from sijill.webhooks.message import headers, wants
from sijill.webhooks.schedule import SCHEDULES
from sijill.webhooks.sending import Post
from sijill.webhooks.telling import Told
from sijill.webhooks.worker import STEP, Deliverer, Plan, Tells

KEY_FILE = "secret.key"
"""In the data folder: whoever copies the database alone cannot open what is sealed in it."""

__all__ = ["App", "NewerSchema", "Register", "open_app", "open_register"]


def database_url(settings: Settings) -> str:
    """Return the address of the database: the setting, or sijill.db in the data folder."""
    if settings.database_url:
        return settings.database_url
    return f"sqlite:///{Path(settings.data_dir).absolute() / 'sijill.db'}"


async def open_register(
    settings: Settings, *, migrated: bool = True, quiet: bool = False
) -> Register:
    """
    Return the register of the settings, its schema brought up to date unless `migrated` is off.

    A `quiet` one writes no events: what it writes is told to nobody.

    Raises: Unavailable if the database is away; NewerSchema if it is newer than this code;
    ValueError if database_url is none we know.
    """
    register = await open_unmigrated(
        database_url(settings),
        connections=settings.database_connections,
        sealing=sealing(settings),
        announce=None if quiet else announce(settings, time.time),
    )
    try:
        if migrated:
            await _say_what_is_due(register)
            await register.migrate(datetime.now(UTC))
    except BaseException:
        await register.close()
        raise
    return register


def sealing(settings: Settings) -> Sealer:
    """
    Return what seals secrets: under the key of the settings, or one kept beside the data.

    The latter is made when something is first sealed: most registers seal nothing.
    """
    if settings.secret_key:
        return Sealer(parse_key(settings.secret_key))
    return Sealer(lambda: kept_key(Path(settings.data_dir) / KEY_FILE))


def announce(settings: Settings, clock: Callable[[], float]) -> Announce:
    """Return what makes the event of a write: its bytes, its time and its id."""
    escaped = settings.webhook_body == "escaped"

    def event(store: Store, name: str, customer: Customer) -> Event:
        at = datetime.fromtimestamp(clock(), UTC)
        body = event_body(store, name, at, customer, escaped=escaped)
        return Event(new_event_id(), store.id, name, at, body, customer.id)

    return event


def deliverer(settings: Settings, register: Register, tells: Tells) -> Deliverer:
    """Return the worker that delivers, not started; settings say whether it sends or keeps."""
    schedule = SCHEDULES[settings.webhook_schedule]
    sender = Sender(local=settings.webhook_targets == "local", timeout=schedule.timeout)
    plan = Plan(
        schedule, "capture" if settings.webhooks == "capture" else "send", settings.event_retention
    )
    post = Post(sender, settings.webhook_headers)
    return Deliverer(register, post, wants, tells, plan, time.time)


def settler(register: Register, clock: Callable[[], float]) -> Callable[[], Awaitable[None]]:
    """Return what gives every event that is committed its place, as the worker would."""

    async def settle() -> None:
        while await register.settle(wants, datetime.fromtimestamp(clock(), UTC), STEP) == STEP:
            pass

    return settle


@dataclass(frozen=True, slots=True)
class App:
    """A built application, and what must be closed after it."""

    api: Api
    parts: Parts
    closing: AsyncExitStack

    async def close(self) -> None:
        """Finish what was begun and let go of everything; one that fails stops no other."""
        await self.closing.aclose()


async def open_app(settings: Settings, public_url: str) -> App:
    """
    Return the application of the settings; `public_url` is used where the setting is empty.

    Raises: as `open_register`; ValueError if redis_url is a cluster.
    """
    async with AsyncExitStack() as closing:
        metrics = Metrics()
        counters = await open_counters(settings, metrics)
        closing.push_async_callback(counters.close)
        register = await open_register(settings)
        closing.push_async_callback(register.close)
        evaluator = Evaluator(register.driver, _log_evaluation)
        evaluator.start()
        closing.push_async_callback(evaluator.stop)
        importer = Importer(register, time.time)
        importer.start()
        closing.push_async_callback(importer.stop)
        on_write = _nothing
        if settings.webhooks != "off":
            worker = deliverer(settings, register, Told(metrics.delivered))
            worker.start()
            closing.push_async_callback(worker.stop)
            on_write = worker.wake
        parts = _parts(settings, register, counters, metrics, importer, on_write, public_url)
        return App(Api(parts, ROUTER), parts, closing.pop_all())


def _parts(
    settings: Settings,
    register: Register,
    counters: Counters,
    metrics: Metrics,
    importer: Importer,
    on_write: Callable[[], None],
    public_url: str,
) -> Parts:
    base = settings.public_url or public_url
    return Parts(
        customers=register,
        groups=register,
        imports=register,
        uploads=Children(),
        on_import=importer.wake,
        wallets=register,
        loyalty=register,
        stores=register,
        apps=register,
        authorizations=register,
        owners=register,
        sessions=register,
        passwords=Passwords(),
        webhooks=register,
        changes=register,
        deliveries=register,
        settle=settler(register, time.time),
        headers_of=lambda due, now: headers(due, now, settings.webhook_headers),
        on_write=on_write,
        local_targets=settings.webhook_targets == "local",
        health=register,
        bearers=Bearers(register, time.monotonic),
        counters=counters,
        policy=policy(settings),
        proxies=parse_networks(settings.trusted_proxies),
        clock=time.time,
        monotonic=time.monotonic,
        new_id=request_ids(),
        gauges=metrics,
        journal=Lines(settings.access_log),
        public_url=lambda: base,
        max_in_flight=settings.max_in_flight,
        lifetimes=lifetimes(settings),
        session_life=SessionLife(settings.session_idle, settings.session_lifetime),
        strips_state=settings.oauth_state == "observed",
    )


def lifetimes(settings: Settings) -> Lifetimes:
    """Return how long codes and tokens of OAuth live."""
    return Lifetimes(settings.code_lifetime, settings.access_lifetime, settings.refresh_lifetime)


async def _say_what_is_due(register: Register) -> None:
    """Say what is due to an older database before it begins: a million customers take minutes."""
    due = await register.pending() if await register.schema_version() else []
    if due and structlog.is_configured():
        log.info("migrating", steps=due)
    elif due:
        # A command without a log, whose standard output is for its result.
        sys.stderr.write(f"sijill: migrating {', '.join(due)}\n")


def policy(settings: Settings) -> Policy:
    """Return the limits in force."""
    return Policy(
        customers=settings.customers_limit,
        customers_key=settings.customers_limit_key,
        plans=settings.plan_limit,
        failed_tokens=settings.failed_tokens_limit,
        logins=settings.login_limit,
    )


async def open_counters(settings: Settings, metrics: Metrics) -> Counters:
    """
    Return the counter of the settings: memory for one process, else a shared one.

    A shared one that is away is stood in for by this process's share: the limit divided by the
    number of processes that count.
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


async def _redis(settings: Settings) -> Counters:
    from sijill.limits.redis import RedisCounters  # 8 MB: loaded where it is used

    counters = RedisCounters(settings.redis_url)
    await counters.prepare()
    return counters


def _sqlite(settings: Settings) -> Counters:
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


def request_ids() -> Callable[[], str]:
    """Return a source of request ids: 64 random bits of this process, then a count."""
    process, numbers = secrets.token_hex(8), count()
    return lambda: f"{process}{next(numbers):08x}"


def _nothing() -> None:
    """Do nothing: another process delivers, and looks by itself."""


def _log_evaluation(fault: Exception) -> None:
    log.error("evaluation_failed", fault=kinds(fault), at=places(fault))


def _log_counter(away: bool) -> None:
    log.warning("counter_away" if away else "counter_back")
