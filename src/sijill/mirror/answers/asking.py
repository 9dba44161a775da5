"""Passes requests of clients on to upstream, and answers those that cannot be passed on."""

from collections.abc import Callable
from math import ceil
from typing import NamedTuple, Protocol
from urllib.parse import urlencode

from sijill.errors import Fault, Unavailable
from sijill.http.errors import refused
from sijill.http.query import parse_query
from sijill.http.request import JSON, PREFIX, Headers, Request, Response
from sijill.mirror.model import (
    Lane,
    MirrorStore,
    NeedsAuthorisation,
    NoBudget,
    Reply,
    UpstreamAway,
    state_of,
)

LATER = 30
"""Seconds after which a client may try again, where nothing tells it better."""

SILENT = frozenset({"paused", "needs_authorisation"})
"""The states in which upstream is asked for nothing."""

PASSED_ON = ("content-type", "content-language", "retry-after")
"""The header fields of upstream that a client gets too."""


class Sending(Protocol):
    """Sends requests of one linked store."""

    async def send(
        self, method: str, target: str, lane: Lane, body: bytes = b"", media_type: str = ""
    ) -> Reply:
        """Return the answer. Raises: NoBudget; UpstreamAway; NeedsAuthorisation; Unavailable."""


Clients = Callable[[MirrorStore], Sending]


class NoAnswer(NamedTuple):
    """Why upstream was not asked, or did not answer."""

    why: str
    """One word, which `Cache-Status` tells."""
    wait: int
    """Seconds."""
    has_budget: bool = True


async def ask(
    clients: Clients, store: MirrorStore, request: Request, method: str, target: str
) -> Reply | NoAnswer:
    """Return what upstream answers to a request of a client; other methods send its body."""
    state = state_of(store)
    if state in SILENT:
        return NoAnswer(state, LATER)
    body = b"" if method == "GET" else await request.body()
    media_type = (request.header(b"content-type") or "") if body else ""
    try:
        return await clients(store).send(method, target, "foreground", body, media_type)
    except NoBudget as fault:
        return NoAnswer("budget", max(1, ceil(fault.wait)), has_budget=False)
    except UpstreamAway as fault:
        return NoAnswer(fault.reason, LATER)
    except NeedsAuthorisation:
        return NoAnswer("needs_authorisation", LATER)


def target_of(request: Request) -> str:
    """Return the path and the query of a request, as upstream has them below `/admin/v2`."""
    path = request.path.decode("latin-1").removeprefix(PREFIX)
    pairs = parse_query(request.query) if request.query else ()
    return f"{path}?{urlencode(pairs)}" if pairs else path


def passed_on(reply: Reply, headers: Headers) -> Response:
    """Return the answer of upstream as the client's, byte for byte."""
    kept = [
        (name.encode("ascii"), reply.headers[name].encode("latin-1"))
        for name in PASSED_ON
        if name in reply.headers
    ]
    if "content-type" not in reply.headers and reply.body:
        kept.append((b"content-type", JSON))
    return Response(reply.status, reply.body, [*kept, *headers])


def refusal(request: Request, fault: Fault, headers: Headers) -> Response:
    """Return the refusal of a fault, with headers that say where the answer comes from."""
    request.fault = fault
    answer = refused(request, fault)
    answer.headers.extend(headers)
    return answer


def unavailable(request: Request, missing: NoAnswer, status: str) -> Response:
    """Return the 503 of a request that upstream alone could answer."""
    return refusal(request, Unavailable(missing.wait), [(b"cache-status", status.encode("ascii"))])
