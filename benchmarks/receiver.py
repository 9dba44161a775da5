"""A receiver of webhooks: its live ports answer and take note, its dead ones never answer."""

import argparse
import asyncio
import time
from asyncio import Protocol, Transport
from pathlib import Path
from typing import Any

import httptools
import msgspec
import uvloop


class Notes:
    """What was received: how much, and when each customer was heard of, by `time.monotonic`."""

    def __init__(self) -> None:
        self.count = 0
        self.heard: dict[str, list[float]] = {}

    def take(self, body: bytes) -> None:
        """Take note of an event."""
        self.count += 1
        email = msgspec.json.decode(body)["data"]["email"]
        self.heard.setdefault(email, []).append(time.monotonic())


class Connection(Protocol):
    """One connection; a GET asks for the notes, anything else is noted."""

    def __init__(self, notes: Notes, live: bool) -> None:
        self._notes = notes
        self._live = live
        self._parser = httptools.HttpRequestParser(self)
        self._body = b""

    def connection_made(self, transport: Any) -> None:
        self._transport: Transport = transport

    def data_received(self, data: bytes) -> None:
        if self._live:
            self._parser.feed_data(data)

    def on_message_begin(self) -> None:
        """Begin a request; the parser calls this, and those below."""
        self._body, self._path = b"", b""

    def on_url(self, url: bytes) -> None:
        """Keep the path."""
        self._path += url

    def on_body(self, body: bytes) -> None:
        """Keep a piece of the body."""
        self._body += body

    def on_message_complete(self) -> None:
        """Answer."""
        answer = b""
        if self._parser.get_method() != b"GET":
            self._notes.take(self._body)
        elif self._path == b"/heard":
            answer = msgspec.json.encode(self._notes.heard)
        else:
            answer = str(self._notes.count).encode()
        self._transport.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(answer))
        self._transport.write(answer)


async def serve(live: int, dead: int, ports: Path) -> None:
    """Listen until killed; the ports are written to a file, the live ones first."""
    notes, loop, bound = Notes(), asyncio.get_running_loop(), []
    for number in range(live + dead):
        is_live = number < live
        server = await loop.create_server(
            lambda is_live=is_live: Connection(notes, is_live), "127.0.0.1", 0
        )
        bound.append(server.sockets[0].getsockname()[1])
    ports.write_text(" ".join(map(str, bound)))
    await asyncio.Event().wait()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--live", type=int, required=True)
    parser.add_argument("--dead", type=int, required=True)
    parser.add_argument("--port-file", type=Path, required=True)
    options = parser.parse_args()
    uvloop.run(serve(options.live, options.dead, options.port_file))
