"""Wiring of requests: which handler gets which tables, clocks and settings."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import IO, NamedTuple

from sijill.console.desk import Desk, Limiter
from sijill.console.navigation import entries_of
from sijill.console.pages import console_of
from sijill.customers.handlers import CustomerHandlers
from sijill.description.front import FrontPage
from sijill.description.handlers import DescriptionHandlers
from sijill.groups.handlers import GroupHandlers
from sijill.http.dispatcher import Authorize
from sijill.http.forwarded import parse_networks
from sijill.http.health import HealthHandlers
from sijill.http.request import Request
from sijill.http.router import Route, Router
from sijill.imports.handlers import ImportHandlers
from sijill.imports.model import Upload
from sijill.ledgers.handlers import LedgerHandlers
from sijill.limits.policy import Policy
from sijill.limits.window import Counters
from sijill.oauth.admission import Admission
from sijill.oauth.apps import App
from sijill.oauth.bearer import GrantCache
from sijill.oauth.consent_handlers import ConsentHandlers
from sijill.oauth.devices import Devices
from sijill.oauth.entries import EntryHandlers
from sijill.oauth.grants import lifetimes
from sijill.oauth.invitation_handlers import InvitationHandlers
from sijill.oauth.passwords import Passwords
from sijill.oauth.scopes import OFFLINE
from sijill.oauth.session_handlers import SessionHandlers
from sijill.oauth.sessions import SessionLife
from sijill.oauth.setup_handlers import SetupHandlers
from sijill.oauth.token_handlers import TokenHandlers
from sijill.oauth.tokens import Grant
from sijill.oauth.users import UserHandlers
from sijill.oauth.visits import Guard, Visit
from sijill.pages.assets import Assets
from sijill.register import Register
from sijill.routes import PREFIXES, Handlers, all_routes
from sijill.runtime import Runtime
from sijill.settings import Settings
from sijill.stores.handlers import StoreHandlers
from sijill.stores.model import CUSTOMER_ID, Store
from sijill.telemetry.unnamed_proxy import UnnamedProxy
from sijill.values.ids import new_event_id
from sijill.webhooks.events import INSTALLED, Event, install_event
from sijill.webhooks.feed_handlers import FeedHandlers
from sijill.webhooks.handlers import DeliveryHandlers, WebhookHandlers
from sijill.webhooks.message import headers
from sijill.webhooks.model import wants
from sijill.webhooks.worker import BATCH


def admission_of(runtime: Runtime, register: Register, counters: Counters) -> Admission:
    """Return what lets requests in."""
    settings = runtime.settings
    return Admission(
        GrantCache(register.tokens, runtime.monotonic),
        counters,
        policy(settings),
        parse_networks(settings.trusted_proxies),
        runtime.metrics,
        runtime.clock,
        UnnamedProxy(Path(settings.data_dir), settings.trusted_proxies).note,
    )


def policy(settings: Settings) -> Policy:
    """Return the limits in force."""
    return Policy(
        customers=settings.customers_limit,
        customers_key=settings.customers_limit_key,
        plans=settings.plan_limit,
        failed_tokens=settings.failed_tokens_limit,
        logins=settings.login_limit,
        others=settings.others_limit,
    )


class Wired(NamedTuple):
    """The handlers of every noun, the router that leads to them, and what lets requests in."""

    handlers: Handlers
    router: Router
    authorize: Authorize


def wire_requests(
    runtime: Runtime,
    register: Register,
    admission: Admission,
    on_import: Callable[[], None],
    read_upload: Callable[[IO[bytes], int], Awaitable[Upload]],
    route: Callable[[Handlers], Router] = lambda handlers: Router(all_routes(handlers), PREFIXES),
) -> Wired:
    """
    Return the handlers, each with the tables that it needs, and their router, which `route` makes.

    Its body is one list: a row for the handlers of each noun.
    """
    settings, now, url, draw = runtime.settings, runtime.now, runtime.public_url, runtime.draw
    sequence = event_sequencer(register, runtime.clock)
    passwords = Passwords(draw)
    sessions = _sessions(runtime, register, admission, passwords)
    handlers = Handlers(
        customers=CustomerHandlers(register.customers, now, url),
        groups=GroupHandlers(register.groups, now, url),
        imports=ImportHandlers(register.imports, read_upload, now, draw, on_import),
        ledgers=LedgerHandlers(register.wallets, register.loyalty, now, url),
        webhooks=_webhooks(runtime, register),
        feed=_feed(runtime, register, admission, sequence),
        deliveries=DeliveryHandlers(
            register.deliveries,
            sequence,
            lambda due, at: headers(due, at, settings.webhook_headers),
        ),
        stores=StoreHandlers(url),
        users=UserHandlers(register.people),
        consent=_consent(runtime, register, sessions),
        tokens=TokenHandlers(
            *(register.apps, register.grants, admission, lifetimes(settings), now, draw)
        ),
        sessions=sessions,
        setup=_setup(runtime, register, sessions, passwords),
        entry=EntryHandlers(runtime.entries, register.people, sessions),
        health=HealthHandlers(
            *(register.schema.ping, runtime.metrics, runtime.draining, runtime.replica)
        ),
        description=DescriptionHandlers(lambda: router, url, CUSTOMER_ID, runtime.describe),
        front=FrontPage(url, runtime.facts),
        console=console_of(_desk(runtime, register, admission, on_import, read_upload)),
        assets=Assets(),
    )
    router = route(handlers)
    guard = Guard(sessions, entries_of(register.mirror, runtime.further.entries))
    return Wired(handlers, router, admitting(admission, guard))


def _sessions(
    runtime: Runtime, register: Register, admission: Admission, passwords: Passwords
) -> SessionHandlers:
    settings = runtime.settings
    return SessionHandlers(
        register.people,
        register.sessions,
        register.apps,
        passwords,
        Devices(register.sealer, runtime.clock, runtime.draw),
        admission,
        SessionLife(settings.session_idle, settings.session_lifetime),
        *(runtime.now, runtime.draw, runtime.public_url),
    )


def _consent(runtime: Runtime, register: Register, sessions: SessionHandlers) -> ConsentHandlers:
    return ConsentHandlers(
        *(register.apps, register.grants, register.people, sessions),
        lifetimes(runtime.settings),
        install_announcer(runtime, register),
        *(runtime.now, runtime.draw, runtime.public_url),
        runtime.settings.oauth_state == "observed",
    )


def _setup(
    runtime: Runtime, register: Register, sessions: SessionHandlers, passwords: Passwords
) -> SetupHandlers:
    now, draw = runtime.now, runtime.draw
    return SetupHandlers(
        *(register.people, register.stores, passwords, sessions),
        InvitationHandlers(register.invitations, passwords, sessions, now, draw),
        *(now, draw, runtime.public_url),
    )


def _webhooks(runtime: Runtime, register: Register) -> WebhookHandlers:
    return WebhookHandlers(
        *(register.webhooks, register.apps, runtime.now, runtime.draw, runtime.public_url),
        runtime.settings.webhook_targets == "local",
    )


def _feed(
    runtime: Runtime,
    register: Register,
    admission: Admission,
    sequence: Callable[[int], Awaitable[None]],
) -> FeedHandlers:
    return FeedHandlers(
        register.outbox,
        admission.bearers,
        sequence,
        *(runtime.clock, runtime.monotonic, runtime.draining, runtime.sleep),
    )


def _desk(
    runtime: Runtime,
    register: Register,
    admission: Admission,
    on_import: Callable[[], None],
    read_upload: Callable[[IO[bytes], int], Awaitable[Upload]],
) -> Desk:
    return Desk(
        *(register, runtime.settings, runtime.now, runtime.draw, runtime.public_url),
        runtime.draining,
        runtime.last_backup,
        runtime.replica,
        read_upload,
        on_import,
        _limiter(register, admission),
        runtime.further,
    )


def _limiter(register: Register, admission: Admission) -> Limiter:
    write_usage = partial(register.usage.drain, admission.tally)
    return Limiter(admission.policy, admission.counters, write_usage)


def admitting(admission: Admission, guard: Guard) -> Authorize:
    """Return what lets in tokens to the API and people to the console, each by its own rules."""

    async def admit(request: Request, route: Route) -> Grant | Visit:
        if route.permission is None:
            return await admission.authorize(request, route)
        return await guard.admit(request, route)

    return admit


def install_announcer(
    runtime: Runtime, register: Register
) -> Callable[[App, Store, frozenset[str]], Awaitable[None]]:
    """Return what tells an app that it is installed, where the app has a webhook URL."""

    escaped = runtime.settings.webhook_body == "escaped"

    async def announce(app: App, store: Store, scopes: frozenset[str]) -> None:
        if not app.webhook_url:
            return
        at = runtime.now()
        await register.installs.subscribe_app(app, store.id, at)
        body = install_event(store, INSTALLED, at, app, scopes - {OFFLINE}, escaped=escaped)
        event_id = new_event_id(at, runtime.draw)
        event = Event(event_id, store.id, INSTALLED, at, body, app_id=app.id)
        await register.outbox.append(event)

    return announce


def event_sequencer(
    register: Register, clock: Callable[[], float]
) -> Callable[[int], Awaitable[None]]:
    """Return what gives every committed event of a store its position, as the worker would."""

    async def sequence(store_id: int) -> None:
        at = datetime.fromtimestamp(clock(), UTC)
        while await register.outbox.sequence_events(wants, at, BATCH, store_id) == BATCH:
            pass

    return sequence
