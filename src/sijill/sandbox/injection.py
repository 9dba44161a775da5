"""Faults as answers: what the client gets in place of the real one."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import NoReturn

from msgspec import UNSET

from sijill.errors import (
    Fault,
    Invalid,
    InvalidToken,
    NotFound,
    TooManyRequests,
    Unavailable,
    WalletForbidden,
)
from sijill.http.dispatcher import limit_headers
from sijill.http.errors import refused
from sijill.http.request import CACHED, Request, Response, Stream
from sijill.sandbox.faults import FaultRule

BAD_GATEWAY = (
    b"<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n"
    b"<center><h1>502 Bad Gateway</h1></center>\r\n</body>\r\n</html>\r\n"
)
"""The answer of a proxy whose server is away."""


class Injected(Fault):
    """A fault that a rule makes; `kind` is that of the rule."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


DRIPS = 16
"""Pieces that `drip` sends an answer in."""

Sleep = Callable[[float], Awaitable[None]]
"""Waits real seconds, or less if the namespace ends."""


def fault_of(rule: FaultRule) -> Fault:
    """Return the fault whose answer has the status of a rule."""
    match rule.status:
        case 401:
            return InvalidToken()
        case 403:
            return WalletForbidden()
        case 404:
            return NotFound()
        case 422:
            return Invalid({"sandbox": ["invalid"]})
        case 429:
            return TooManyRequests(rule.wait)
        case 503:
            return Unavailable(rule.wait)
        case _:
            return Fault()


def refuse(request: Request, rule: FaultRule) -> Response:
    """Return the refusal of a rule of kind `status` or `html-502`."""
    if rule.status is UNSET:
        return Response(502, BAD_GATEWAY, [(b"content-type", b"text/html")])
    response = refused(request, fault_of(rule))
    response.headers.extend(CACHED)
    response.headers.extend(limit_headers(request.verdict))
    return response


async def silence(request: Request, rule: FaultRule, sleep: Sleep) -> NoReturn:
    """
    Send nothing: `stall` after a while, other kinds at once.

    The server closes the connection, and resets it for the kind `reset`. Raises: CancelledError.
    """
    request.resets = rule.kind == "reset"
    await sleep(rule.seconds if rule.kind == "stall" else 0)
    raise asyncio.CancelledError


def alter(response: Response, rule: FaultRule, sleep: Sleep) -> Response | Stream:
    """Return a real answer as a rule spoils it."""
    status, body, headers = response
    if rule.kind == "drop-headers":
        return Response(status, body, [])
    if rule.kind == "malformed":
        return Response(status, body[: len(body) // 2], headers)
    if rule.kind == "drip":
        return Stream(status, _drip(body, rule.seconds, sleep), headers, OWNER)
    return Stream(status, _truncated(body), headers, OWNER)


OWNER = (0, 0)
"""The owner of a spoilt answer: no limit counts its streams."""


async def _drip(body: bytes, seconds: float, sleep: Sleep) -> AsyncGenerator[bytes, None]:
    size = max(1, -(-len(body) // DRIPS))
    for start in range(0, len(body), size):
        yield body[start : start + size]
        await sleep(seconds / DRIPS)


async def _truncated(body: bytes) -> AsyncGenerator[bytes, None]:
    yield body[: len(body) // 2]
    await asyncio.sleep(0)
    raise asyncio.CancelledError
