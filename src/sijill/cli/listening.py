"""`sijill webhook listen`: shows a developer what webhooks arrive, and whether they are genuine."""

import asyncio
import socket
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import msgspec
import typer
import uvicorn
from msgspec.structs import replace

from sijill.cli.common import (
    USAGE,
    WHERE,
    Json,
    fail,
    find_app,
    find_store,
    opened,
    settings_of,
    with_settings,
)
from sijill.cli.receiving import Received, Receiver, json_line, line
from sijill.cli.serving import say
from sijill.cli.signals import stopping
from sijill.cli.typed import checked, read_secret
from sijill.server.serve import address_of, bind
from sijill.settings.parsers import one_of
from sijill.values.ids import random_id
from sijill.webhooks.events import EVENTS
from sijill.webhooks.model import Webhook
from sijill.webhooks.signing import new_secret

GRACE = 2
"""Seconds that requests in flight get at the end."""

LOCAL = (
    "sijill: the server delivers to this address only if its setting webhook_targets is local; "
    "sijill demo has it so"
)


class _Wanted(NamedTuple):
    events: tuple[str, ...]
    store: str
    app: str


@with_settings((*WHERE, "webhook_targets"))
def listen(
    *,
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes a free one.")] = 0,
    secret_file: Annotated[
        Path | None,
        typer.Option(help="File with the secret to check by, or - for standard input."),
    ] = None,
    subscribe: Annotated[
        list[str] | None,
        typer.Option(help="Subscribe to an event until the end; may be repeated."),
    ] = None,
    store: Annotated[str, typer.Option(help="Of the subscription: id or name.")] = "",
    app: Annotated[str, typer.Option(help="Of the subscription: id or name.")] = "",
    status: Annotated[int, typer.Option(min=200, max=599, help="What it answers.")] = 200,
    as_json: Json = False,
    **flags: Any,
) -> None:
    """
    Receive webhooks on this machine until a signal, and print a line for each.

    The line says whether the signature is ok, wrong, none, or unchecked for want of a secret.
    """
    wanted = _wanted(subscribe or [], store, app)
    secret = None if secret_file is None else read_secret(secret_file)
    if wanted.events and secret is None:
        secret = new_secret()
    write = json_line if as_json else line

    def tell(received: Received) -> None:
        say(write(received, secret))

    settings = replace(settings_of(flags), host="127.0.0.1", port=port)
    try:
        bound = bind(settings)
    except OSError as fault:
        fail(f"cannot listen on port {port}: {fault.strerror or fault}")
    with bound:
        bound.listen()  # what comes before uvicorn is ready waits
        if wanted.events and settings.webhook_targets != "local":
            print(LOCAL, file=sys.stderr, flush=True)
        receiver = Receiver(status, tell, time.time)
        asyncio.run(_listen(bound, receiver, _Subscriber(wanted, secret, flags), as_json=as_json))


class _Subscriber(NamedTuple):
    wanted: _Wanted
    secret: str | None
    flags: dict[str, Any]

    @asynccontextmanager
    async def subscribed(self, address: str) -> AsyncIterator[None]:
        """Have the wanted events come to an address while the block runs."""
        if not self.wanted.events:
            yield
            return
        hooks = await self._subscribe(address)
        try:
            yield
        finally:
            async with opened(self.flags) as register:
                for hook in hooks:
                    where = hook.store_id, hook.app_id
                    await register.webhooks.unsubscribe(*where, webhook_id=hook.id, url=None)

    async def _subscribe(self, address: str) -> list[Webhook]:
        async with opened(self.flags) as register:
            store = await find_store(register, self.wanted.store)
            app = await find_app(register, self.wanted.app)
            hook = Webhook(
                id=random_id(),
                store_id=store.id,
                app_id=app.id,
                name="sijill webhook listen",
                event="",
                url=f"{address}/",
                version=2,
                rule=None,
                headers=(),
                strategy="signature",
                secret=self.secret,
                created_at=datetime.now(UTC),
            )
            return [
                await register.webhooks.subscribe(replace(hook, id=random_id(), event=event))
                for event in self.wanted.events
            ]


async def _listen(
    bound: socket.socket, receiver: Receiver, subscriber: _Subscriber, *, as_json: bool
) -> None:
    """Receive until a signal; it is waited for before anything is subscribed to."""
    address = address_of(bound, tls=False)
    with stopping() as stop:
        async with subscriber.subscribed(address):
            said = {"address": address}
            say(msgspec.json.encode(said).decode() if as_json else f"Listening on {address}")
            server = _Server(_uvicorn(receiver))
            serving = asyncio.create_task(server.serve(sockets=[bound]))
            await stop.wait()
            server.should_exit = True
            await serving


class _Server(uvicorn.Server):
    """uvicorn, with signals left to us."""

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


def _wanted(events: list[str], store: str, app: str) -> _Wanted:
    names = tuple(dict.fromkeys(checked("subscribe:", one_of(*EVENTS), name) for name in events))
    if bool(names) != bool(store and app) or bool(store) != bool(app):
        fail("subscribe: it needs a --store and an --app, and they need it", code=USAGE)
    return _Wanted(names, store, app)
