"""The control API: JSON in, JSON or `application/problem+json` out. It needs a control token."""

import asyncio
import re
from secrets import compare_digest
from typing import Any
from urllib.parse import unquote

from sijill.http.request import Request, Response
from sijill.oauth.bearer import bearer
from sijill.sandbox.control import clock, faults, journal, namespaces, snapshots, states, tokens
from sijill.sandbox.control.problems import (
    NO_NAMESPACE,
    NO_TOKEN,
    OTHER_HOST,
    OTHER_ORIGIN,
    TOO_MANY,
    Problem,
    decoded,
    json_answer,
    problem,
)
from sijill.sandbox.control.route import PREFIX, Call, ControlRoute, find
from sijill.sandbox.namespace import TooMany
from sijill.sandbox.namespaces import DEFAULT, Namespaces, NotThere
from sijill.values.urls import canonical_host

_CONTROL = re.compile(rb"/_/operations|/_/ns(/[^/]+(/(?!admin/v2(/|$)|oauth2/|_/).*)?)?")
"""Paths of control calls: all below `/_/ns/{ns}` but those of the API."""

_HOST = re.compile(r"(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9._-]+))(?::[0-9]*)?", re.ASCII)

UPLOADS = re.compile(rb"/_/ns|/_/ns/[^/]+/state")
"""Paths of calls with a seed document or a state: their bodies may be as long as an upload."""

ROUTES: tuple[ControlRoute, ...] = (
    *namespaces.ROUTES,
    *clock.ROUTES,
    *faults.ROUTES,
    *journal.ROUTES,
    *snapshots.ROUTES,
    *states.ROUTES,
    *tokens.ROUTES,
)
"""Every control call, in the order of the description."""


class Control:
    """Answers control calls."""

    def __init__(self, namespaces: Namespaces, admin_token: str, hosts: frozenset[str]) -> None:
        """`hosts` are the names, without port, by which the sandbox may be called."""
        self._namespaces, self._admin_token, self._hosts = namespaces, admin_token, hosts

    def is_control(self, request: Request) -> bool:
        """Return whether a request is a control call, and not one of the API of a namespace."""
        return bool(_CONTROL.fullmatch(request.path))

    async def answer(self, request: Request) -> Response:
        """Return the answer to a control call. Raises: Fault of a body that does not arrive."""
        await asyncio.sleep(0)  # waits have a timeout, which needs a task
        try:
            self._check_origin(request)
            return await self._answer(request)
        except Problem as refusal:
            return problem(refusal.status, refusal.detail)
        except NotThere:
            return problem(NO_NAMESPACE.status, NO_NAMESPACE.text.en)
        except TooMany as refusal:
            return problem(TOO_MANY.status, str(refusal))

    async def _answer(self, request: Request) -> Response:
        path = request.path.decode("latin-1").removeprefix(PREFIX).removesuffix("/")
        method = "GET" if request.method == "HEAD" else request.method
        segments = [unquote(segment) for segment in path.split("/")]
        name = segments[1] if len(segments) > 1 else None
        self._check_token(request, name)
        await request.content.receive()  # the namespace may end meanwhile
        namespace = self._namespaces.find(name or DEFAULT)
        route, captured = find(ROUTES, method, segments)
        body = _body(request, route)
        call = Call(request, self._namespaces, namespace, body, captured)
        result = await namespace.used(route.handler(call))
        if isinstance(result, Response):
            return result
        return json_answer(204 if result is None else route.status, result)

    def _check_origin(self, request: Request) -> None:
        """Refuse what a page of another site makes a browser send."""
        host = _host_name(request.header(b"host") or "")
        if host not in self._hosts:
            raise Problem(OTHER_HOST)
        origin = request.header(b"origin")
        if origin is not None and origin.partition("://")[2] != request.header(b"host"):
            raise Problem(OTHER_ORIGIN)

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
            raise Problem(NO_TOKEN)


def _body(request: Request, route: ControlRoute) -> Any:
    """Return the body of a call as the type of its route. Raises: Problem."""
    if route.body is None:
        return None
    return request.content.read() if route.body is bytes else decoded(request, route.body)


def _host_name(host: str) -> str:
    """
    Return the name of a Host header, without its port and the brackets of IPv6.

    It is "" for any other text, which names no sandbox. Source: RFC 9110 §7.2.
    """
    match = _HOST.fullmatch(host)
    return canonical_host(match[1] or match[2]) if match is not None else ""
