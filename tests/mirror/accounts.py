"""Token endpoints of either kind, on real sockets: what upstream does is not known, so both are."""

import asyncio
import json
from asyncio import StreamReader, StreamWriter
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import parse_qs

Mishap = Literal["lost", "late_500", "429", "garbage"]


@dataclass
class Accounts:
    """Rotates refresh tokens: a used one ends the grant; `lives`: whether old access tokens do."""

    lives: bool
    lifetime: float = 1_209_600.0
    url: str = ""
    number: int = 1
    ended: bool = False
    sent: Counter[str] = field(default_factory=Counter)
    """How often each refresh token came."""
    open: int = 0
    most_open: int = 0
    mishaps: list[Mishap] = field(default_factory=list)
    """What happens to the next requests."""
    pause: float = 0.0
    """Seconds that an answer takes."""

    def accepts(self, access: str) -> bool:
        """Return whether the API takes an access token now."""
        if self.ended:
            return False
        numbers = range(1, self.number + 1) if self.lives else [self.number]
        return access in {f"access-{number}" for number in numbers}

    def _answer(self, body: bytes) -> bytes:
        asked = parse_qs(body.decode())
        token = asked["refresh_token"][0]
        self.sent[token] += 1
        assert (asked["client_id"], asked["client_secret"]) == (["app"], ["secret"])
        mishap = self.mishaps.pop(0) if self.mishaps else None
        if mishap == "429":
            return _http(429, b"{}")
        if self.ended or token != f"refresh-{self.number}":
            self.ended = True
            return _http(401, b'{"error":"invalid_grant"}')
        self.number += 1
        if mishap == "lost":
            return b""
        if mishap == "late_500":
            return _http(500, b"{}")
        if mishap == "garbage":
            return _http(200, b"<html>")
        pair = {
            "access_token": f"access-{self.number}",
            "expires_in": self.lifetime,
            "refresh_token": f"refresh-{self.number}",
            "scope": "customers.read offline_access",
            "token_type": "bearer",
        }
        return _http(200, json.dumps(pair).encode())

    async def serve(self, reader: StreamReader, writer: StreamWriter) -> None:
        """Answer one request, and close."""
        self.open += 1
        self.most_open = max(self.most_open, self.open)
        try:
            with suppress(ConnectionError, asyncio.IncompleteReadError):
                head = await reader.readuntil(b"\r\n\r\n")
                lines = head.lower().split(b"\r\n")
                [length] = [int(line[15:]) for line in lines if line.startswith(b"content-length")]
                answer = self._answer(await reader.readexactly(length))
                await asyncio.sleep(self.pause)
                self.open -= 1  # before the answer: its reader may be faster than this line
                writer.write(answer)
                await writer.drain()
        finally:
            writer.close()


def _http(status: int, body: bytes) -> bytes:
    head = f"HTTP/1.1 {status} X\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    return head.encode() + body


@asynccontextmanager
async def accounts(*, lives: bool, **more: float) -> AsyncIterator[Accounts]:
    """Run a token endpoint that has issued the first pair."""
    made = Accounts(lives, **more)
    server = await asyncio.start_server(made.serve, "127.0.0.1", 0)
    made.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield made
    finally:
        server.close()
        await server.wait_closed()
