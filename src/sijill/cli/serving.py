"""`sijill serve` and `sijill demo`."""

import asyncio
import socket
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from sijill import setup
from sijill.app import open_app, open_register
from sijill.cli.common import ending, fail, settings_of, with_settings
from sijill.demo import APP, OWNER, demo_folder, prepare
from sijill.server.serve import address_of, bind, run
from sijill.server.supervisor import WorkerDied, run_workers
from sijill.server.tls.folder import AUTHORITY, folder_of
from sijill.settings import SETTINGS, Settings
from sijill.stores.model import CUSTOMER_ID
from sijill.telemetry import logs

_SERVED = [name for name in SETTINGS if not name.startswith("demo_") and name != "tls"]
_DEMO = [n for n in SETTINGS if n not in ("database_url", "database_connections", "tls")]
_DEMO_DEFAULTS = {"access_log": "off", "log_format": "text", "webhook_targets": "local"}

Tls = Annotated[bool, typer.Option("--tls", help=SETTINGS["tls"].sentence)]


@with_settings(_SERVED)
def serve(*, tls: Tls = False, **flags: Any) -> None:
    """Serve the register until a signal; every setting is an option."""
    settings = settings_of(flags | _switched(tls))
    logs.configure(settings.log_level, settings.log_format)
    certificates = _certificates(settings)
    with _bind(settings) as bound:
        with ending():
            first = asyncio.run(setup.offer(settings, lambda: datetime.now(UTC)))
        address = address_of(bound, tls=settings.tls)

        def announce() -> None:
            say(f"Sijill listens on {address}")
            if first is not None:
                minutes = int(setup.GOOD_FOR.total_seconds()) // 60
                say(
                    f"No owner yet: create the first one within {minutes} minutes at "
                    f"{settings.public_url or address}{first}"
                )

        _run(settings, bound, announce, certificates)


@with_settings(_DEMO)
def demo(
    *,
    keep: Annotated[bool, typer.Option("--keep", help="Go on with the last demo's data.")] = False,
    tls: Tls = False,
    **flags: Any,
) -> None:
    """Serve a demo store with a ready token, from a folder of its own that starts clean."""
    settings = settings_of(flags | _switched(tls), defaults=_DEMO_DEFAULTS)
    logs.configure(settings.log_level, settings.log_format)
    certificates = _certificates(settings)
    trusting = f"--cacert '{shell_quoted(str(certificates / AUTHORITY))}' " if certificates else ""
    bound = _bind(settings)
    with demo_folder(settings, keep=keep) as folder:
        with ending():
            ready = asyncio.run(prepare(settings, folder, datetime.now(UTC), lambda _: None))
        address = address_of(bound, tls=settings.tls)

        def announce() -> None:
            say(f"Sijill demo store on {address} (API description: {address}/_/docs)")
            say(f"Token with every scope: {ready.token}")
            say(
                f"curl {trusting}-H 'Authorization: Bearer {shell_quoted(ready.token)}' "
                f"{address}/admin/v2/customers/{CUSTOMER_ID}"
            )
            say(
                f"OAuth: client_id {APP.client_id}, client_secret {ready.client_secret}, "
                "redirect_uri http://127.0.0.1:<any port>/callback"
            )
            say(f"Owner who consents: {OWNER.email}, password {ready.password}")

        _run(ready.settings, bound, announce, certificates)


def say(line: str) -> None:
    """Print one plain line, unwrapped and at once, on a terminal or not."""
    print(line, flush=True)


def shell_quoted(text: str) -> str:
    """Return text as it stands between single quotes of a shell."""
    return text.replace("'", "'\\''")


def _switched(tls: bool) -> dict[str, str]:
    """Return `--tls` as the flag of its setting."""
    return {"tls": "on"} if tls else {}


def _certificates(settings: Settings) -> Path | None:
    """Return the folder of what HTTPS shows, made where it is missing or due; None for HTTP."""
    if not settings.tls:
        return None
    from sijill.server.tls.authority import prepare as prepare_tls  # 12 MB: loaded where it is used

    folder = folder_of(settings.data_dir)
    with ending():
        prepare_tls(folder, settings.tls_names, datetime.now(UTC))
    return folder


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


def _run(
    settings: Settings,
    bound: socket.socket,
    on_ready: Callable[[], None],
    certificates: Path | None,
) -> None:
    try:
        with ending():
            if settings.workers == 1:
                run(open_app, settings, bound, on_ready, certificates)
            else:
                asyncio.run(_migrate(settings))  # once, not by every worker at the same time
                run_workers(open_app, settings, bound, on_ready, certificates)
    except WorkerDied:
        fail("a worker ended before it was ready: its reason stands above")
    finally:
        bound.close()


async def _migrate(settings: Settings) -> None:
    await (await open_register(settings)).close()
