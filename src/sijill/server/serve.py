"""Serving in one process: the socket, and a stop that finishes the requests in flight."""

import asyncio
import signal
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

import uvicorn
import uvloop

from sijill.server.application import Application, OpenApplication
from sijill.server.protocol import bounded_protocol
from sijill.server.request_limits import RequestLimits
from sijill.server.tls.folder import server_context
from sijill.settings import Settings

FAREWELL = 1.0
"""Seconds that a client has at least to answer the `close_notify` of TLS at a stop."""


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
        tls = _Tls(server_context(certificates), settings.receive_timeout) if certificates else None
        server = _UvicornServer(_uvicorn(settings, app), on_ready, tls)
        with _signals(server, app, parent):
            await server.serve(sockets=[bound])
    finally:
        await app.close()


class _Tls(NamedTuple):
    context: ssl.SSLContext
    handshake: float
    """Seconds."""


class _UvicornServer(uvicorn.Server):
    """uvicorn's server; it leaves signals to us, reports readiness, and bounds waits for TLS."""

    def __init__(
        self, config: uvicorn.Config, on_ready: Callable[[], None], tls: _Tls | None
    ) -> None:
        super().__init__(config)
        self._on_ready, self._tls = on_ready, tls

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        if self._tls is None:
            await super().startup(sockets)
        else:
            await super().startup([])
            await self._listen(sockets or [], *self._tls)
        self._on_ready()

    async def _listen(
        self, sockets: list[socket.socket], context: ssl.SSLContext, handshake: float
    ) -> None:
        """Listen as uvicorn does, but with our timeout: uvicorn gives a handshake a minute."""
        for bound in sockets:
            server = await asyncio.get_running_loop().create_server(
                self._connection,
                sock=bound,
                ssl=context,
                backlog=self.config.backlog,
                ssl_handshake_timeout=handshake,
            )
            self.servers.append(server)

    def _connection(self) -> asyncio.Protocol:
        return self.config.http_protocol_class(  # type: ignore[call-arg]
            config=self.config, server_state=self.server_state, app_state=self.lifespan.state
        )

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        aborting = asyncio.create_task(self._abort_idle()) if self._tls else None
        await super().shutdown(sockets)
        if aborting is not None:
            aborting.cancel()

    async def _abort_idle(self) -> None:
        """
        Abort connections whose data is all sent but whose client does not answer `close_notify`.

        asyncio waits half a minute for that answer, and an idle client reads nothing: it would
        delay the stop. RFC 8446 §6.1 does not require the answer.
        """
        connections: set[Any] = self.server_state.connections
        while True:
            closed = {one for one in connections if _is_drained(one.transport)}
            await asyncio.sleep(FAREWELL)
            for connection in closed & connections:
                connection.transport.abort()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _is_drained(transport: asyncio.Transport) -> bool:
    return transport.is_closing() and not transport.get_write_buffer_size()


def _uvicorn(settings: Settings, app: Application) -> uvicorn.Config:
    limits = RequestLimits(
        url=settings.max_url,
        headers=settings.max_headers,
        body=settings.max_body,
        upload=settings.max_upload,
        receive=settings.receive_timeout,
    )

    def refused(status: int, request_id: str) -> None:
        app.metrics.answered("other", "(edge)", status, 0.0)
        app.journal.answered(request_id, "other", "(edge)", status, 0.0)

    return uvicorn.Config(
        app.asgi,
        http=bounded_protocol(limits, app.new_id, refused),
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=settings.keep_alive,  # type: ignore[arg-type] # it goes to call_later
        timeout_graceful_shutdown=settings.shutdown_timeout,  # type: ignore[arg-type]
    )


@contextmanager
def _signals(server: _UvicornServer, app: Application, parent: int | None) -> Iterator[None]:
    """The first signal stops the server gracefully, the second at once."""
    loop = asyncio.get_running_loop()

    def stop() -> None:
        server.force_exit = server.should_exit
        server.should_exit = True
        app.draining.begun = True

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
