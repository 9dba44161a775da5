"""The control API: JSON in, JSON or `application/problem+json` out. It needs a control token."""

import re
from collections.abc import Awaitable, Callable
from datetime import UTC, timedelta
from secrets import compare_digest
from typing import Any, NamedTuple

import msgspec

from sijill.http.query import parse_query
from sijill.http.request import Request, Response
from sijill.oauth.bearer import bearer
from sijill.sandbox.calls import Advance, At, Match, New, Rules, Wait
from sijill.sandbox.faults import FaultsRefused, parse_rules
from sijill.sandbox.namespace import Moved, Namespace
from sijill.sandbox.namespaces import (
    DEFAULT,
    Namespaces,
    NameTaken,
    NotThere,
    SettingsRefused,
)
from sijill.sandbox.operations import NAMES
from sijill.sandbox.problems import Problem, decoded, json_answer, problem
from sijill.values.dates import utc_text

_CONTROL = re.compile(rb"/_/operations|/_/ns(/[^/]+(/(?!admin/v2(/|$)|oauth2/|_/).*)?)?")
"""Paths of control calls: all below `/_/ns/{ns}` but those of the API."""


class Call(NamedTuple):
    """One control call: its request, the namespace it is about, and the last part of its path."""

    request: Request
    namespace: Namespace
    rest: str

    def body(self, kind: Any) -> Any:
        """Return the body. Raises: Problem."""
        return decoded(self.request, kind)


Handler = Callable[[Call], Awaitable[Any]]


class Control:
    """Answers control calls."""

    def __init__(self, namespaces: Namespaces, admin_token: str, hosts: frozenset[str]) -> None:
        """`hosts` are the names, without port, by which the sandbox may be called."""
        self._namespaces, self._admin_token, self._hosts = namespaces, admin_token, hosts
        self._handlers: dict[tuple[str, str], Handler] = {
            ("DELETE", ""): self._delete,
            ("GET", ""): self._show,
            ("POST", "reset"): self._reset,
            ("POST", "settle"): self._settle,
            ("GET", "clock"): self._clock,
            ("POST", "clock/advance"): self._advance,
            ("POST", "clock/set"): self._set,
            ("POST", "clock/freeze"): self._freeze,
            ("POST", "clock/resume"): self._resume,
            ("GET", "faults"): self._faults,
            ("PUT", "faults"): self._put_faults,
            ("DELETE", "faults"): self._delete_faults,
            ("GET", "requests"): self._requests,
            ("POST", "requests/wait"): self._wait,
            ("PUT", "snapshots/{}"): self._save,
            ("POST", "snapshots/{}"): self._load,
            ("DELETE", "snapshots/{}"): self._forget,
        }

    def is_control(self, request: Request) -> bool:
        """Return whether a request is a control call, and not one of the API of a namespace."""
        return bool(_CONTROL.fullmatch(request.path))

    async def answer(self, request: Request) -> Response:
        """Return the answer to a control call. Raises: Fault if its body does not arrive."""
        try:
            self._check_origin(request)
            status, result = await self._answer(request)
        except Problem as refusal:
            return problem(refusal.status, refusal.detail)
        except NotThere:
            return problem(404, "there is no such namespace")
        return json_answer(status, result)

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
                return 200, {"namespaces": [_described(one) for one in self._namespaces.all()]}
            if method == "POST":
                return 201, await self._create(decoded(request, New))
            raise Problem(405, "GET lists the namespaces, POST makes one")
        name, _, rest = path.removeprefix("/_/ns/").partition("/")
        self._check_token(request, name)
        namespace = self._namespaces.find(name)
        known = "snapshots/{}" if rest.startswith("snapshots/") else rest
        handler = self._handlers.get((method, known))
        if handler is None:
            raise Problem(404, "there is no such control call")
        await request.content.receive()
        result = await handler(Call(request, namespace, rest.rpartition("/")[2]))
        if result is None:
            return 204, None
        return (201 if (method, known) == ("PUT", "snapshots/{}") else 200), result

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
                own = self._namespaces.find(name).credentials.control_token
            except NotThere:
                own = ""
            good = bool(own) and compare_digest(token, own.encode())
        if not good:
            raise Problem(401, "a control call needs the admin token, or the namespace's own")

    async def _create(self, new: New) -> Any:
        try:
            made = await self._namespaces.create(new.name, new.random, new.settings)
        except NameTaken:
            raise Problem(409, "a namespace has this name already") from None
        except SettingsRefused as fault:
            raise Problem(422, str(fault)) from None
        return _described(made) | {
            "token": made.credentials.token,
            "client_id": made.client_id,
            "client_secret": made.credentials.client_secret,
            "control_token": made.credentials.control_token,
        }

    async def _show(self, call: Call) -> Any:
        return _described(call.namespace)

    async def _delete(self, call: Call) -> None:
        if call.namespace.name == DEFAULT:
            raise Problem(409, "the default namespace stays: reset it")
        await self._namespaces.remove(call.namespace.name)

    async def _reset(self, call: Call) -> None:
        await call.namespace.reset()

    async def _settle(self, call: Call) -> None:
        await call.namespace.settle()

    async def _clock(self, call: Call) -> Any:
        clock = call.namespace.clock
        due = await call.namespace.next_due()
        mode = "frozen" if clock.is_frozen else "running"
        return {"now": utc_text(clock.now()), "mode": mode, "next_due": due and utc_text(due)}

    async def _advance(self, call: Call) -> Any:
        seconds = timedelta(seconds=call.body(Advance).seconds)
        return _moved(await call.namespace.move_to(call.namespace.clock.now() + seconds))

    async def _set(self, call: Call) -> Any:
        at = call.body(At).at
        if at.tzinfo is None:
            raise Problem(422, "at needs its zone: 2026-03-01T00:00:00Z")
        if at < call.namespace.clock.now():
            raise Problem(409, "a clock goes back only with a snapshot")
        return _moved(await call.namespace.move_to(at.astimezone(UTC)))

    async def _freeze(self, call: Call) -> Any:
        call.namespace.clock.freeze()
        return await self._clock(call)

    async def _resume(self, call: Call) -> Any:
        call.namespace.clock.resume()
        call.namespace.wake()
        return await self._clock(call)

    async def _faults(self, call: Call) -> Any:
        return {"faults": call.namespace.faults.report()}

    async def _put_faults(self, call: Call) -> Any:
        try:
            call.namespace.faults.put(parse_rules(call.body(Rules).faults))
        except FaultsRefused as fault:
            raise Problem(422, str(fault)) from None
        return await self._faults(call)

    async def _delete_faults(self, call: Call) -> None:
        call.namespace.faults.put([])

    async def _requests(self, call: Call) -> Any:
        asked = dict(parse_query(call.request.query))
        try:
            match = msgspec.convert(asked, Match, strict=False)
        except msgspec.ValidationError as fault:
            raise Problem(422, str(fault)) from None
        journal = call.namespace.journal
        return {"requests": journal.find(match.fits), "overflowed": journal.overflowed}

    async def _wait(self, call: Call) -> Any:
        wait = call.body(Wait)
        journal = call.namespace.journal
        found = await journal.wait(wait.match.fits, wait.count, wait.within)
        if len(found) < wait.count:
            raise Problem(408, f"{len(found)} of {wait.count} requests came in time")
        return {"requests": found, "overflowed": journal.overflowed}

    async def _save(self, call: Call) -> Any:
        return await call.namespace.save(call.rest)

    async def _load(self, call: Call) -> Any:
        try:
            return await call.namespace.load(call.rest)
        except KeyError:
            raise Problem(404, "there is no such snapshot") from None

    async def _forget(self, call: Call) -> None:
        call.namespace.snapshots.pop(call.rest, None)


def _host_name(host: str) -> str:
    """Return the name of a Host header, without its port and the brackets of IPv6."""
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0].lower()


def _described(namespace: Namespace) -> dict[str, Any]:
    return {"name": namespace.name, "url": f"{namespace.url}/admin/v2"}


def _moved(moved: Moved) -> Any:
    return {
        "from": utc_text(moved.begin),
        "to": utc_text(moved.end),
        "did": [{"at": utc_text(at), "what": "deliveries"} for at in moved.did],
        "next_due": moved.next_due and utc_text(moved.next_due),
    }
