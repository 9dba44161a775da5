"""Serves the register, or delivers webhooks, until a signal."""

import asyncio
import errno
import os
import signal
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import uvloop

from sijill import setup
from sijill.app import deliverer, open_app
from sijill.cli.arguments import settings_of
from sijill.cli.output import fail, say, say_json
from sijill.cli.register import ending, no_register
from sijill.counting import place
from sijill.database.reasons import place_of
from sijill.opening import NoRegister, open_register
from sijill.server.application import OpenApplication
from sijill.server.inherited import inherited_socket
from sijill.server.serve import address_of, bind, run
from sijill.server.supervisor import WorkerDied, run_workers
from sijill.server.tls.folder import folder_of
from sijill.settings import Settings
from sijill.telemetry import logs
from sijill.webhooks.backlog_log import BacklogLog
from sijill.webhooks.worker import DeliveryObserver

_ADVICE = {
    errno.EADDRINUSE: ": end what listens there, such as a demo, or choose another with --port"
    " (make demo PORT=8500)",
    errno.EACCES: ": ports below 1024 need a permission; choose another with --port",
}
"""What to do where a socket cannot be opened, by the number of the error."""


def serve(flags: dict[str, Any], tls: str | None, as_json: bool) -> None:
    """Serve the register until a signal."""
    settings = settings_of(flags | {"tls": tls})
    logs.configure(settings.log_level, settings.log_format)
    certificates = certificates_of(settings)
    with bound_socket(settings) as bound, ExitStack() as stack:
        with ending(settings):
            if not settings.database_url or Path(settings.data_dir).is_dir():
                stack.enter_context(place(settings))
            setup_path = asyncio.run(setup.offer(settings, lambda: datetime.now(UTC)))
        address = address_of(bound, tls=settings.tls)

        base, data = settings.public_url or address, _data(settings)
        setup_url = None if setup_path is None else f"{base}{setup_path}"

        def announce() -> None:
            if as_json:
                say_json({"url": address, "data": data, "setup_url": setup_url})
                return
            say(f"Sijill listens on {address}")
            if setup_url is not None:
                minutes = int(setup.GOOD_FOR.total_seconds()) // 60
                say(f"No owner yet: create the first one within {minutes} minutes at {setup_url}")
            say(f"Data: {data}")

        serve_on(settings, bound, announce, certificates)


def _data(settings: Settings) -> str:
    """Return the data folder, whole, and the database if it is elsewhere."""
    folder = str(Path(settings.data_dir).absolute())
    if not settings.database_url:
        return folder
    return f"{place_of(settings.database_url)}, and {folder}"


def deliver(flags: dict[str, Any], as_json: bool) -> None:
    """Deliver webhooks until a signal."""
    settings = settings_of(flags)
    logs.configure(settings.log_level, settings.log_format)
    with ending(settings):
        uvloop.run(_deliver(settings, as_json=as_json))


async def _deliver(settings: Settings, *, as_json: bool) -> None:
    with stopping() as stop:
        try:
            register = await open_register(settings, create=False)
        except NoRegister:
            fail(no_register(settings))
        try:
            register.outbox.backlog.tell = BacklogLog(_uncounted, time.monotonic)
            worker = deliverer(settings, register, DeliveryObserver(_uncounted))
            worker.start()
            if as_json:
                say_json({"delivers": True})
            else:
                say("Sijill delivers webhooks")
            await stop.wait()
            await worker.stop()
        finally:
            await register.close()


def _uncounted(*_: object) -> None:
    """Count nothing: no server publishes the figures."""


@contextmanager
def stopping() -> Iterator[asyncio.Event]:
    """Yield an event that SIGTERM and SIGINT set."""
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    try:
        yield stop
    finally:
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(number)


def certificates_of(settings: Settings) -> Path | None:
    """Return the folder of the certificates, renewed if they are missing or due; None for HTTP."""
    if not settings.tls:
        return None
    from sijill.server.tls.authority import prepare as prepare_tls  # 12 MB: loaded where it is used

    folder = folder_of(settings.data_dir)
    with ending():
        prepare_tls(folder, settings.tls_names, datetime.now(UTC))
    return folder


def bound_socket(settings: Settings) -> socket.socket:
    """
    Return the socket to serve on, and write its port where the settings want it.

    A socket that was handed over goes before `host` and `port`.
    """
    try:
        bound = inherited_socket(os.environ) or bind(settings)
    except ValueError as fault:
        fail(str(fault))
    except OSError as fault:
        fail(no_socket(f"{settings.host} port {settings.port}", fault))
    if settings.port_file:
        try:
            Path(settings.port_file).write_text(f"{bound.getsockname()[1]}\n")
        except OSError as fault:
            bound.close()
            fail(f"port_file: {settings.port_file}: {fault.strerror}")
    return bound


def no_socket(where: str, fault: OSError) -> str:
    """Return why nothing can listen at an address, and what to do where that is known."""
    advice = _ADVICE.get(fault.errno or 0, "")
    return f"cannot listen on {where}: {fault.strerror or fault}{advice}"


def serve_on(
    settings: Settings,
    bound: socket.socket,
    on_ready: Callable[[], None],
    certificates: Path | None,
    open_application: OpenApplication = open_app,
) -> None:
    """Serve on a bound socket until a signal; the command ends with what stands in the way."""
    try:
        with ending(settings):
            if settings.workers == 1:
                run(open_application, settings, bound, on_ready, certificates)
            else:
                run_workers(open_application, settings, bound, on_ready, certificates)
    except WorkerDied:
        fail("a worker ended before it was ready: the reason is above")
    finally:
        bound.close()
