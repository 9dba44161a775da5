"""Prints the webhooks that arrive, and whether each is genuine."""

import asyncio
import socket
import sys
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from typing import Any, NamedTuple

import msgspec
import uvicorn
from msgspec.structs import replace

from sijill.cli.arguments import DEMO, settings_of
from sijill.cli.output import USAGE, fail, say
from sijill.cli.receiving import Received, Receiver, json_line, line
from sijill.cli.register import find_app, find_store, opened
from sijill.cli.serving import no_socket, stopping
from sijill.server.serve import address_of, bind
from sijill.settings import Settings
from sijill.values.ids import random_id
from sijill.webhooks.model import Webhook
from sijill.webhooks.signing import new_secret

GRACE = 2
"""Seconds for the requests in flight after the signal."""

LOCAL = (
    "sijill: the server delivers to this address only if its setting webhook_targets is local, "
    "as in sijill sandbox"
)


class _Subscription(NamedTuple):
    """The events to subscribe to, a store and an app by id or name, and the secret."""

    events: tuple[str, ...]
    store: str
    app: str
    secret: str | None


def listen(
    flags: dict[str, Any],
    port: int,
    secret: str | None,
    subscribe: Sequence[str],
    store: str,
    app: str,
    status: int,
    as_json: bool,
) -> None:
    """Receive webhooks until a signal, and print a line for each."""
    events = tuple(dict.fromkeys(subscribe))
    if len({bool(events), bool(store), bool(app)}) > 1:
        fail("subscribe, store and app: give all three of them, or leave all out", code=USAGE)
    if events and secret is None:
        secret = new_secret()
    write = json_line if as_json else line

    def report(received: Received) -> None:
        say(write(received, secret))

    settings = replace(settings_of(flags), host="127.0.0.1", port=port)
    try:
        bound = bind(settings)
    except OSError as fault:
        fail(no_socket(f"port {port}", fault))
    with bound:
        bound.listen()  # a delivery that arrives before uvicorn is ready waits
        if events and settings.webhook_targets != "local" and not flags.get(DEMO):
            print(LOCAL, file=sys.stderr, flush=True)
        receiver = Receiver(status, report, time.time)
        subscription = _Subscription(events, store, app, secret)
        asyncio.run(_listen(bound, receiver, settings, subscription, as_json=as_json))


async def _listen(
    bound: socket.socket,
    receiver: Receiver,
    settings: Settings,
    subscription: _Subscription,
    *,
    as_json: bool,
) -> None:
    """Receive until a signal. A signal during the subscription ends it too."""
    address = address_of(bound, tls=False)
    with stopping() as stop:
        async with _subscribed(settings, subscription, address):
            line = msgspec.json.encode({"address": address}).decode()
            say(line if as_json else f"Listening on {address}")
            server = _Server(_uvicorn(receiver))
            serving = asyncio.create_task(server.serve(sockets=[bound]))
            await stop.wait()
            server.should_exit = True
            await serving


@asynccontextmanager
async def _subscribed(
    settings: Settings, subscription: _Subscription, address: str
) -> AsyncIterator[None]:
    """Subscribe an address to the events while the block runs."""
    if not subscription.events:
        yield
        return
    async with opened(settings) as register:
        hook = Webhook(
            id=0,
            store_id=(await find_store(register, subscription.store)).id,
            app_id=(await find_app(register, subscription.app)).id,
            name="sijill webhook listen",
            event="",
            url=f"{address}/",
            version=2,
            rule=None,
            headers=(),
            strategy="signature",
            secret=subscription.secret,
            created_at=datetime.now(UTC),
        )
        hooks = [
            await register.webhooks.subscribe(replace(hook, id=random_id(), event=event))
            for event in subscription.events
        ]
    try:
        yield
    finally:
        async with opened(settings) as register:
            for hook in hooks:
                where = hook.store_id, hook.app_id
                await register.webhooks.unsubscribe(*where, webhook_id=hook.id, url=None)


class _Server(uvicorn.Server):
    """uvicorn's server, without its handling of signals."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _uvicorn(receiver: Receiver) -> uvicorn.Config:
    return uvicorn.Config(
        receiver,
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE,
    )
