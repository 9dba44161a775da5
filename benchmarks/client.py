"""The load where wrk is absent: the same requests and the same line of JSON, from Python."""

import asyncio
import sys
import time
from asyncio import Protocol, Transport
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import chain, repeat
from pathlib import Path
from random import Random
from typing import Any

import httptools
import msgspec
import uvloop


@dataclass
class Tally:
    """What the connections share: the requests that are next, until when, and what came."""

    requests: Iterator[bytes]
    until: float
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
        self._transport.write(next(self._tally.requests))


def requests(lines: Sequence[str], token: str) -> Iterator[bytes]:
    """
    Yield requests without end, as the first of the lines says: `GET`, which may be left out, and
    `PUT` draw a path, `DELETE` takes the paths in order, `POST` has one.
    """
    method = lines[0].partition(" ")[0] if " " in lines[0] else "GET"
    paths, run = [line.rpartition(" ")[2] for line in lines], f"{time.time_ns():x}"
    if method == "GET":
        made = [_request(method, path, token, b"") for path in paths]
        yield from iter(partial(Random(1).choice, made), None)
    drawn = iter(partial(Random(1).choice, paths), None)
    ordered = chain(paths, repeat(paths[-1]))
    for number, path in enumerate(ordered if method == "DELETE" else drawn):
        yield _request(method, path, token, _body(method, number, run))


def _body(method: str, number: int, run: str) -> bytes:
    if method == "PUT":
        return b'{"last_name":"Ali %d"}' % number
    if method == "POST":
        email = f"w{number}.{run}@example.com"
        return b'{"first_name":"Sara","last_name":"Ali","gender":"female","email":"%b"}' % (
            email.encode()
        )
    return b""


def _request(method: str, path: str, token: str, body: bytes) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "Host: x", f"Authorization: Bearer {token}"]
    if body:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode() + body


async def main(port: int, token: str, paths: Path, seconds: float, connections: int) -> None:
    """Ask until the time is up, and print what came."""
    prepared = requests(paths.read_text().splitlines(), token)
    begun = time.perf_counter()
    tally = Tally(prepared, begun + seconds)
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
