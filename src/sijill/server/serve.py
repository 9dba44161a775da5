"""Serving in one process: the socket, and a stop that finishes the requests in flight."""

import asyncio
import resource
import signal
import socket
import ssl
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import uvicorn
import uvloop

from sijill.database.postgres.hosts import each
from sijill.http.forwarded import parse_networks
from sijill.server.application import Application, OpenApplication
from sijill.server.budget import Budget
from sijill.server.connection import Connection
from sijill.server.request_limits import RequestLimits
from sijill.server.site import Site
from sijill.server.tls.folder import server_context
from sijill.settings import Settings
from sijill.temporary import temporary_files

OTHER_FILES = 256
"""Files that are kept for all but clients and PostgreSQL: SQLite, uploads, children, logs."""

MIN_PLACES = 16
"""Connections that a process takes however few files it may open."""


def bind(settings: Settings) -> socket.socket:
    """
    Return a socket bound to the host and port of the settings.

    Raises: OSError if the address is in use or not ours.
    """
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((settings.host, settings.port))
        bound.set_inheritable(True)
    except BaseException:
        bound.close()
        raise
    return bound


def address_of(bound: socket.socket, *, tls: bool) -> str:
    """Return the base URL of a bound socket; a wildcard address is named as the local one."""
    scheme = "https" if tls else "http"
    host, port = bound.getsockname()[:2]
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - not a bind
    return f"{scheme}://[{host}]:{port}" if ":" in host else f"{scheme}://{host}:{port}"


def run(
    open_application: OpenApplication,
    settings: Settings,
    bound: socket.socket,
    on_ready: Callable[[], None],
    certificates: Path | None = None,
) -> None:
    """
    Serve until a signal, in this process; `on_ready` is called once requests are answered.

    `certificates` is the folder of the certificate for HTTPS, None for HTTP.
    Raises: as `open_application`; OSError if the certificates cannot be loaded.
    """
    uvloop.run(serve(open_application, settings, bound, on_ready, certificates))


async def serve(
    open_application: OpenApplication,
    settings: Settings,
    bound: socket.socket,
    on_ready: Callable[[], None],
    certificates: Path | None = None,
    parent: int | None = None,
) -> None:
    """Serve until a signal, or until the file descriptor `parent` shows that the parent ended."""
    app = await open_application(settings, address_of(bound, tls=certificates is not None))
    try:
        context = server_context(certificates) if certificates else None
        server = UvicornServer(site_of(settings, app), context, settings.shutdown_timeout, on_ready)
        with temporary_files(settings.data_dir, "process"), _signals(server, app, parent):
            await server.serve(sockets=[bound])
    finally:
        await app.close()


class UvicornServer(uvicorn.Server):
    """
    uvicorn's server for its life cycle alone: it waits at a stop until all connections have ended.

    The listening sockets, the signals and the connections are ours.
    """

    def __init__(
        self,
        site: Site,
        tls: ssl.SSLContext | None,
        shutdown_timeout: float,
        on_ready: Callable[[], None],
    ) -> None:
        super().__init__(
            uvicorn.Config(
                site.application.answer,
                http=Connection,
                interface="asgi3",
                ws="none",
                lifespan="off",
                log_config=None,
                access_log=False,
                proxy_headers=False,
                timeout_graceful_shutdown=shutdown_timeout,  # type: ignore[arg-type]
            )
        )
        self.site, self._tls, self._on_ready = site, tls, on_ready
        site.connections, site.tasks = self.server_state.connections, self.server_state.tasks

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup([])
        handshake = None if self._tls is None else self.site.limits.receive
        for bound in sockets or []:
            server = await self.site.loop.create_server(
                lambda: Connection(self.site),
                sock=bound,
                ssl=self._tls,
                backlog=self.config.backlog,
                ssl_handshake_timeout=handshake,  # uvicorn would give it a minute
            )
            self.servers.append(server)
        self.site.start()
        self._on_ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await super().shutdown(sockets)
        self.site.stop()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def open_files() -> int:
    """Raise the limit of open files to its highest, and return it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with suppress(ValueError, OSError):  # a system may allow less than it says
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        soft = hard
    return soft if soft != resource.RLIM_INFINITY else sys.maxsize


def places_of(settings: Settings, files: int) -> int:
    """Return how many connections fit a process that may have `files` files open."""
    databases = 1 + (len(each(settings.replica_url)) if settings.replica_url else 0)
    others = OTHER_FILES + databases * settings.database_connections
    return max(MIN_PLACES, min(settings.max_connections, files - others))


def site_of(settings: Settings, app: Application) -> Site:
    """Return the application within the bounds of the settings; the loop is the running one."""
    limits = RequestLimits(
        url=settings.max_url,
        headers=settings.max_headers,
        body=settings.max_body,
        upload=settings.max_upload,
        uploads=app.uploads,
        receive=settings.receive_timeout,
    )
    return Site(
        app.dispatcher,
        limits,
        asyncio.get_running_loop(),
        places=Budget(places_of(settings, open_files()), settings.max_connections_per_client),
        bodies=Budget(settings.max_bytes, settings.max_bytes_per_client),
        memory=Budget(settings.max_bytes // 8, settings.max_bytes_per_client // 8),
        keep_alive=settings.keep_alive,
        eager=app.eager,
        proxies=parse_networks(settings.trusted_proxies),
        plain=not settings.public_url.startswith("https:"),
    )


@contextmanager
def _signals(server: UvicornServer, app: Application, parent: int | None) -> Iterator[None]:
    """The first signal stops the server gracefully, the second at once."""
    loop = asyncio.get_running_loop()

    def stop() -> None:
        server.force_exit = server.should_exit
        server.should_exit = True
        app.draining.begin()

    def orphaned() -> None:
        if parent is not None:
            loop.remove_reader(parent)
        stop()

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop)
    if parent is not None:
        loop.add_reader(parent, orphaned)
    try:
        yield
    finally:
        if parent is not None:
            with suppress(OSError):
                loop.remove_reader(parent)
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(number)
