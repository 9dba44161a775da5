"""A receiver of webhooks on as many ports as wanted, with a thread for each connection."""

import selectors
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import BinaryIO, Literal, NamedTuple

from e2e.conftest import PATIENCE

Mode = Literal["answer", "refuse", "hold", "ignore"]

ANSWERS = {
    "answer": b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
    "refuse": b"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n",
}
"""By the modes that answer."""


class Received(NamedTuple):
    """A delivery as it came, and when, by `time.monotonic`."""

    port: int
    headers: dict[str, str]
    body: bytes
    at: float

    @property
    def id(self) -> str:
        """The event's: the same in every copy."""
        return self.headers["webhook-id"]


class Receiver:
    """Listens; what it does with a delivery may be changed at any time."""

    def __init__(self, ports: int) -> None:
        self.mode: Mode = "answer"
        """`hold` takes note and does not answer; `ignore` does neither."""
        self.dead: set[int] = set()
        """Ports that ignore whatever the mode is."""
        self.received: list[Received] = []
        self.ignored = self.given_up = 0
        """How many came and were not taken, and how many of those the sender has let go."""
        self._listeners = [socket.create_server(("127.0.0.1", 0)) for _ in range(ports)]
        self.ports: list[int] = [listener.getsockname()[1] for listener in self._listeners]
        self._connections: list[tuple[socket.socket, threading.Thread]] = []
        self._counting = threading.Lock()
        self._end, self._ended = socket.socketpair()
        self._accepting = threading.Thread(target=self._accept)
        self._accepting.start()

    def close(self) -> None:
        """Accept no more, hang up on everybody, and wait for the threads."""
        self._end.close()
        self._accepting.join(PATIENCE)
        for connection, _ in self._connections:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for _, serving in self._connections:
            serving.join(PATIENCE)
        for listener in [*self._listeners, self._ended]:
            listener.close()

    def _accept(self) -> None:
        with selectors.DefaultSelector() as selector:
            for one in [*self._listeners, self._ended]:
                selector.register(one, selectors.EVENT_READ)
            while True:
                ready = [key.fileobj for key, _ in selector.select()]
                if self._ended in ready:
                    return
                for listener in ready:
                    assert isinstance(listener, socket.socket)
                    connection, _ = listener.accept()
                    serving = threading.Thread(target=self._serve, args=(connection,))
                    self._connections.append((connection, serving))
                    serving.start()

    def _serve(self, connection: socket.socket) -> None:
        port: int = connection.getsockname()[1]
        with suppress(OSError), connection, connection.makefile("rb") as stream:
            while answer := self._one(port, stream):
                connection.sendall(answer)

    def _one(self, port: int, stream: BinaryIO) -> bytes:
        """Take a delivery, and return its answer; b"" ends the connection."""
        if not stream.readline().endswith(b"\r\n"):
            return b""
        headers = {}
        while (line := stream.readline()) != b"\r\n":
            if not line.endswith(b"\r\n"):
                return b""
            name, value = line.decode().rstrip().split(": ", 1)
            headers[name.lower()] = value
        mode = self.mode
        ignored = mode == "ignore" or port in self.dead
        if not ignored:
            size = int(headers["content-length"])
            if len(body := stream.read(size)) < size:
                return b""
            self.received.append(Received(port, headers, body, time.monotonic()))
            if mode in ANSWERS:
                return ANSWERS[mode]
        self._count(ignored=ignored)
        with suppress(ConnectionError):
            stream.read()  # until the sender lets go
        self._count(given_up=ignored)
        return b""

    def _count(self, ignored: bool = False, given_up: bool = False) -> None:
        with self._counting:
            self.ignored += ignored
            self.given_up += given_up


@contextmanager
def receiving(ports: int = 1) -> Iterator[Receiver]:
    """Listen until the block ends."""
    receiver = Receiver(ports)
    try:
        yield receiver
    finally:
        receiver.close()
