"""`sijill serve` and `sijill demo`."""

import asyncio
import socket
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from sijill import logs
from sijill.cli.common import ending, fail, settings_of, with_settings
from sijill.config import SETTINGS, Settings
from sijill.demo import demo_folder, prepare
from sijill.domain.sample import AHMED
from sijill.serve import address_of, bind, run
from sijill.workers import WorkerDied, run_workers

_SERVED = [name for name in SETTINGS if not name.startswith("demo_")]
_DEMO_DEFAULTS = {"access_log": "off", "log_format": "text"}


@with_settings(_SERVED)
def serve(**flags: Any) -> None:
    """Serve the register until a signal; every setting is an option."""
    settings = settings_of(flags)
    logs.configure(settings.log_level, settings.log_format)
    bound = _bind(settings)
    _run(settings, bound, lambda: say(f"Sijill listens on {address_of(bound)}"))


@with_settings(name for name in SETTINGS if name not in ("database_url", "database_connections"))
def demo(
    *,
    keep: Annotated[bool, typer.Option("--keep", help="Go on with the last demo's data.")] = False,
    **flags: Any,
) -> None:
    """Serve a demo store with a ready token, from a folder of its own that starts clean."""
    settings = settings_of(flags, defaults=_DEMO_DEFAULTS)
    logs.configure(settings.log_level, settings.log_format)
    bound = _bind(settings)
    with demo_folder(settings, keep=keep) as folder:
        with ending():
            ready = asyncio.run(prepare(settings, folder, datetime.now(UTC), lambda _: None))
        address = address_of(bound)

        def announce() -> None:
            say(f"Sijill demo store on {address} (API description: {address}/_/docs)")
            say(f"Token with every scope: {ready.token}")
            say(
                f"curl -H 'Authorization: Bearer {shell_quoted(ready.token)}' "
                f"{address}/admin/v2/customers/{AHMED.id}"
            )

        _run(ready.settings, bound, announce)


def say(line: str) -> None:
    """Print one plain line, unwrapped and at once, on a terminal or not."""
    print(line, flush=True)


def shell_quoted(text: str) -> str:
    """Return text as it stands between single quotes of a shell."""
    return text.replace("'", "'\\''")


def _bind(settings: Settings) -> socket.socket:
    try:
        bound = bind(settings)
    except OSError as fault:
        fail(f"cannot listen on {settings.host} port {settings.port}: {fault.strerror or fault}")
    if settings.port_file:
        try:
            Path(settings.port_file).write_text(f"{bound.getsockname()[1]}\n")
        except OSError as fault:
            bound.close()
            fail(f"port_file: {settings.port_file}: {fault.strerror}")
    return bound


def _run(settings: Settings, bound: socket.socket, on_ready: Callable[[], None]) -> None:
    start = run if settings.workers == 1 else run_workers
    try:
        with ending():
            start(settings, bound, on_ready)
    except WorkerDied:
        fail("a worker ended before it was ready: its reason stands above")
    finally:
        bound.close()
