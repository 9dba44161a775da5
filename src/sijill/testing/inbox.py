"""A real receiver of webhooks on this machine, for tests."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from json import loads
from typing import Any, NamedTuple

__tracebackhide__ = True


class Received(NamedTuple):
    """A delivery as it came."""

    headers: Message
    """By name in any case."""
    body: bytes

    def json(self) -> Any:
        """Return the body decoded. Raises: ValueError."""
        return loads(self.body)

    @property
    def event(self) -> str:
        """The name of the event."""
        name: str = self.json()["event"]
        return name


class Inbox:
    """The deliveries of a receiver, and its answers."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.status = 200
        """The status of its answers from now on: 500 makes the sandbox try again."""
        self.received: list[Received] = []
        self._more = threading.Condition()

    def take(self, received: Received) -> int:
        """Keep a delivery, and return the status of its answer."""
        with self._more:
            self.received.append(received)
            self._more.notify_all()
        return self.status

    def wait(self, count: int = 1, within: float = 5.0) -> list[Received]:
        """
        Return what came, as soon as there are `count` deliveries.

        `within` is in real seconds. Raises: AssertionError.
        """
        with self._more:
            if not self._more.wait_for(lambda: len(self.received) >= count, within):
                text = f"{len(self.received)} of {count} deliveries came within {within:g} s"
                raise AssertionError(text)
            return list(self.received)


@contextmanager
def opened() -> Iterator[Inbox]:
    """Receive until the end of the block."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            size = int(self.headers["Content-Length"])
            status = inbox.take(Received(self.headers, self.rfile.read(size)))
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Print nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        inbox = Inbox(f"http://127.0.0.1:{server.server_port}/")
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield inbox
        finally:
            server.shutdown()
            thread.join()
