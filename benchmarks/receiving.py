"""The receiver of webhooks as a process of its own, and the webhooks that lead to it."""

import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from benchmarks.servers import SECONDS, Server

_SUBSCRIBE = "/admin/v2/webhooks/subscribe"
_WEBHOOK = {
    "name": "bench",
    "event": "customer.created",
    "version": 2,
    "security_strategy": "signature",
    "secret": "bench",
}


class Receiver(NamedTuple):
    """The ports of a receiver: those that answer, and those that never do."""

    live: Sequence[int]
    dead: Sequence[int]

    def ask(self, path: str = "/") -> bytes:
        """Return how many deliveries arrived or, of `/heard`, when each customer's did."""
        return ask("GET", self.live[0], path)


@contextmanager
def receiving(ports: Path, live: int, dead: int) -> Iterator[Receiver]:
    """Yield a receiver, which writes its ports to the file `ports`."""
    options = [f"--live={live}", f"--dead={dead}", f"--port-file={ports}"]
    process = subprocess.Popen([sys.executable, "-m", "benchmarks.receiver", *options])
    try:
        deadline = time.monotonic() + SECONDS
        while not (ports.exists() and ports.read_text()):
            if time.monotonic() > deadline:
                raise SystemExit("benchmarks: the receiver did not start")
            time.sleep(0.05)
        bound = [int(port) for port in ports.read_text().split()]
        yield Receiver(bound[:live], bound[live:])
    finally:
        process.kill()
        process.wait()


def subscribe(server: Server, port: int) -> None:
    """Register a webhook for new customers at a local port."""
    body: dict[str, Any] = {**_WEBHOOK, "url": f"http://127.0.0.1:{port}/"}
    ask("POST", server.port, _SUBSCRIBE, server.token, msgspec.json.encode(body))


def ask(method: str, port: int, path: str, token: str = "", body: bytes | None = None) -> bytes:
    """
    Return the body of an answer.

    Raises: SystemExit if the answer is no 200.
    """
    connection = HTTPConnection("127.0.0.1", port, timeout=SECONDS)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    try:
        connection.request(method, path, body, headers)
        response = connection.getresponse()
        if response.status != 200:
            raise SystemExit(f"benchmarks: an answer was {response.status}")
        return response.read()
    finally:
        connection.close()
