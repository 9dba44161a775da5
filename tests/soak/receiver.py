"""A receiver of webhooks that fails sometimes, in the event loop of the load."""

import asyncio
import random
from contextlib import suppress

_DONE = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
_FAILED = b"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n"

FAILS = 0.05
"""The part of deliveries that it answers with 500, or hangs up on."""


class Receiver:
    """Listens on a port of its own; `taken` are the ids of the events that it said yes to."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)
        self.taken: set[str] = set()
        self.received = self.failed = 0
        self._server: asyncio.Server | None = None
        self._open: dict[asyncio.StreamWriter, asyncio.Task[None] | None] = {}

    async def start(self) -> str:
        """Listen, and return the address for webhooks."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}/hook"

    async def stop(self) -> None:
        """Accept no more, hang up on everybody, and wait until they know."""
        if self._server is not None:
            self._server.close()
        serving = [task for task in self._open.values() if task is not None]
        for writer in self._open:
            writer.transport.abort()
        await asyncio.gather(*serving)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open[writer] = asyncio.current_task()
        with suppress(OSError, asyncio.IncompleteReadError):
            while await self._one(reader, writer):
                await writer.drain()
        writer.close()
        del self._open[writer]

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Take a delivery; return whether the connection stays open."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower().split("\r\n")
        headers = dict(line.split(": ", 1) for line in head[1:] if line)
        await reader.readexactly(int(headers["content-length"]))
        self.received += 1
        luck = self._chance.random()
        if luck < FAILS:
            self.failed += 1
            if luck > FAILS / 5:
                writer.write(_FAILED)
            return luck > FAILS / 5
        self.taken.add(headers["webhook-id"])
        writer.write(_DONE)
        return True
