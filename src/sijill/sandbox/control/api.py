"""The control API: JSON in, JSON or `application/problem+json` out. It needs a control token."""

import asyncio
import re
from secrets import compare_digest
from typing import Any

from sijill.errors import Fault
from sijill.http.request import Request, Response
from sijill.oauth.bearer import bearer
from sijill.sandbox.control import clock, faults, journal, namespaces, snapshots, states, tokens
from sijill.sandbox.control.call import Call, Handlers
from sijill.sandbox.control.problems import Problem, json_answer, problem, problem_of
from sijill.sandbox.namespace import Namespace, TooMany
from sijill.sandbox.namespaces import Namespaces, NotThere
from sijill.sandbox.operations import NAMES

_CONTROL = re.compile(rb"/_/operations|/_/ns(/[^/]+(/(?!admin/v2(/|$)|oauth2/|_/).*)?)?")
"""Paths of control calls: all below `/_/ns/{ns}` but those of the API."""

UPLOADS = re.compile(rb"/_/ns|/_/ns/[^/]+/state")
"""Paths of calls with a seed document or a state: their bodies may be as long as an upload."""

_HANDLERS: Handlers = {
    **namespaces.HANDLERS,
    **clock.HANDLERS,
    **faults.HANDLERS,
    **journal.HANDLERS,
    **snapshots.HANDLERS,
    **states.HANDLERS,
    **tokens.HANDLERS,
}

_CREATES = frozenset({("PUT", "snapshots/{}")})
"""The calls that answer 201."""


class Control:
    """Answers control calls."""

    def __init__(self, namespaces: Namespaces, admin_token: str, hosts: frozenset[str]) -> None:
        """`hosts` are the names, without port, by which the sandbox may be called."""
        self._namespaces, self._admin_token, self._hosts = namespaces, admin_token, hosts

    def is_control(self, request: Request) -> bool:
        """Return whether a request is a control call, and not one of the API of a namespace."""
        return bool(_CONTROL.fullmatch(request.path))

    async def answer(self, request: Request) -> Response:
        """Return the answer to a control call."""
        await asyncio.sleep(0)  # waits have a timeout, which needs a task
        try:
            self._check_origin(request)
            status, result = await self._answer(request)
        except Problem as refusal:
            return problem(refusal.status, refusal.detail)
        except NotThere:
            return problem(404, "there is no such namespace")
        except TooMany as refusal:
            return problem(409, str(refusal))
        except Fault as fault:
            return problem_of(fault)
        return result if isinstance(result, Response) else json_answer(status, result)

    async def _answer(self, request: Request) -> tuple[int, Any]:
        path = request.path.decode("latin-1")
        method = "GET" if request.method == "HEAD" else request.method
        if path == "/_/operations" and method == "GET":
            self._check_token(request, None)
            return 200, {"operations": sorted(NAMES)}
        if path == "/_/ns":
            self._check_token(request, None)
            await request.content.receive()
            if method == "GET":
                return 200, {"namespaces": list(map(namespaces.described, self._namespaces.all()))}
            if method == "POST":
                return 201, await namespaces.create(self._namespaces, request)
            raise Problem(405, "GET lists the namespaces, POST makes one")
        name, _, rest = path.removeprefix("/_/ns/").partition("/")
        self._check_token(request, name)
        await request.content.receive()  # the namespace may end meanwhile
        return await self._about(request, self._namespaces.find(name), method, rest)

    async def _about(
        self, request: Request, namespace: Namespace, method: str, rest: str
    ) -> tuple[int, Any]:
        """Return the status and the result of a call about one namespace."""
        for path, captured in _readings(rest):
            handler = _HANDLERS.get((method, path))
            if handler is not None:
                call = Call(request, self._namespaces, namespace, captured)
                result = await namespace.used(handler(call))
                created = 201 if (method, path) in _CREATES else 200
                return (204 if result is None else created), result
        raise Problem(404, "there is no such control call")

    def _check_origin(self, request: Request) -> None:
        """Refuse what a page of another site makes a browser send."""
        host = _host_name(request.header(b"host") or "")
        if host not in self._hosts:
            raise Problem(403, "the Host header is not a name of this sandbox")
        origin = request.header(b"origin")
        if origin is not None and origin.partition("://")[2] != request.header(b"host"):
            raise Problem(403, "the Origin header is of another site")

    def _check_token(self, request: Request, name: str | None) -> None:
        token = (bearer(request.header(b"authorization")) or "").encode()
        good = compare_digest(token, self._admin_token.encode())
        if not good and name is not None:
            try:
                own = self._namespaces.find(name).identity.credentials.control_token
            except NotThere:
                own = ""
            good = bool(own) and compare_digest(token, own.encode())
        if not good:
            raise Problem(401, "a control call needs the admin token, or the namespace's own")


def _readings(path: str) -> list[tuple[str, str]]:
    """Return a path as it is, and with each of its segments but the first as the captured one."""
    segments = path.split("/")
    readings = [(path, "")]
    for place in range(1, len(segments)):
        template = [*segments[:place], "{}", *segments[place + 1 :]]
        readings.append(("/".join(template), segments[place]))
    return readings


def _host_name(host: str) -> str:
    """Return the name of a Host header, without its port and the brackets of IPv6."""
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0].lower()
