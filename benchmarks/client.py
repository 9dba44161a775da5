"""The load where wrk is absent: the same draws and the same line of JSON, from Python."""

import asyncio
import sys
import time
from asyncio import Protocol, Transport
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import httptools
import msgspec
import uvloop


@dataclass
class Tally:
    """What the connections share: the requests to draw from, until when, and what came."""

    requests: list[bytes]
    until: float
    random: Random
    micros: list[int] = field(default_factory=list)
    refused: int = 0
    broken: int = 0


class Connection(Protocol):
    """One connection: it asks again as soon as it is answered."""

    def __init__(self, tally: Tally) -> None:
        self._tally = tally
        self._parser = httptools.HttpResponseParser(self)
        self._asked = 0.0
        self.done = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: Any) -> None:
        self._transport: Transport = transport
        self._ask()

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_message_complete(self) -> None:
        """Note the answer; the parser calls this."""
        tally, now = self._tally, time.perf_counter()
        tally.micros.append(round((now - self._asked) * 1e6))
        tally.refused += self._parser.get_status_code() >= 400
        if now < tally.until:
            self._parser = httptools.HttpResponseParser(self)
            self._ask()
        else:
            self.done.set_result(None)

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.done.done():
            self._tally.broken += 1
            self.done.set_result(None)

    def _ask(self) -> None:
        self._asked = time.perf_counter()
        self._transport.write(self._tally.random.choice(self._tally.requests))


def request(path: str, token: str) -> bytes:
    """Return the bytes of a request."""
    return f"GET {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n\r\n".encode()


async def main(port: int, token: str, paths: Path, seconds: float, connections: int) -> None:
    """Ask until the time is up, and print what came."""
    requests = [request(path, token) for path in paths.read_text().splitlines()]
    begun = time.perf_counter()
    tally = Tally(requests, begun + seconds, Random(1))
    loop = asyncio.get_running_loop()
    made = [
        await loop.create_connection(lambda: Connection(tally), "127.0.0.1", port)
        for _ in range(connections)
    ]
    await asyncio.wait_for(asyncio.gather(*(one.done for _, one in made)), seconds + 10)
    micros = sorted(tally.micros)
    shot = {
        "requests": len(micros),
        "seconds": time.perf_counter() - begun,
        "p50": micros[len(micros) // 2],
        "p99": micros[len(micros) * 99 // 100],
        "refused": tally.refused,
        "broken": tally.broken,
    }
    print(msgspec.json.encode(shot).decode())


if __name__ == "__main__":
    port, token, paths, seconds, connections = sys.argv[1:]
    uvloop.run(main(int(port), token, Path(paths), float(seconds), int(connections)))
