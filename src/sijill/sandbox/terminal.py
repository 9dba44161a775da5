"""
The terminal of a sandbox: a line for each request, with the reason of a refusal.

A line has the path template of the request, never its path or its query: they may hold personal
data.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Any

from sijill.errors import (
    Fault,
    Invalid,
    InvalidToken,
    MethodNotAllowed,
    MissingScope,
    NotFound,
    Taken,
    TooManyRequests,
)
from sijill.http.dispatcher import METHODS, NO_ROUTE
from sijill.http.request import Request, Response, Stream
from sijill.http.sentences import SENTENCES
from sijill.oauth.refusals import NotAuthorizable, OAuthRefused
from sijill.oauth.tokens import hint
from sijill.sandbox.injection import Injected
from sijill.sandbox.nearest import nearest_operation
from sijill.telemetry.access_log import AccessLog, write_lines

_HINT = b"sijill-hint"

_REASONS: Mapping[type[Fault], Callable[[Any], str]] = {
    Injected: lambda fault: f"fault rule: {fault.kind}",
    Invalid: lambda fault: ", ".join(
        f"{field}: {' and '.join(rules)}" for field, rules in fault.fields.items()
    ),
    InvalidToken: lambda fault: fault.why,
    MethodNotAllowed: lambda fault: f"this path has {', '.join(fault.allowed)}",
    MissingScope: lambda fault: f"the token does not have the scope {fault.scope}",
    NotAuthorizable: lambda fault: fault.problem.replace("_", " "),
    NotFound: lambda _: "nothing in this store has this id",
    OAuthRefused: lambda fault: fault.error,
    Taken: lambda fault: f"taken: {', '.join(fault.fields)}",
    TooManyRequests: lambda fault: f"a limit is reached: wait {fault.wait} s",
}
"""The reason of each kind of fault. No reason holds a value that a client sent."""


class Terminal:
    """Writes a line for each answer; those of one turn of the event loop go out together."""

    def __init__(
        self, write: Callable[[str], None], now: Callable[[], datetime], token: str
    ) -> None:
        """`token` is the one that the start printed: a line shows its last characters."""
        self._now, self._token = now, token
        self._lines: AccessLog[str] = AccessLog(lambda lines: write("".join(lines)))

    def answered(self, request: Request, response: Response | Stream) -> None:
        """Write the line of a request and its answer."""
        self._add(request, str(response.status), self._reason(request, response))

    def unanswered(self, request: Request) -> None:
        """Write the line of a request that gets no answer."""
        self._add(request, "---", reason_of(request.fault) if request.fault else "the client left")

    def flush(self) -> None:
        """Write the lines of this turn now."""
        self._lines.flush()

    def _add(self, request: Request, status: str, reason: str) -> None:
        method = request.method if request.method in METHODS else "other"
        why = f"  {reason}" if reason else ""
        asked = f"{method} {request.route or NO_ROUTE}"
        self._lines.add(f"{self._now():%H:%M:%S} {status} {asked}{why}\n")

    def _reason(self, request: Request, response: Response | Stream) -> str:
        if response.status < HTTPStatus.BAD_REQUEST:
            return ""
        hints = [text.decode() for name, text in response.headers if name == _HINT]
        if hints:
            return hints[0]
        if isinstance(request.fault, NotFound) and not request.route:
            near = nearest_operation(request.method, request.path.decode("latin-1"))
            return "no such path" + (f"; near to it: {near}" if near else "")
        reason = reason_of(request.fault) if request.fault else ""
        if isinstance(request.fault, InvalidToken):
            reason += f"; this sandbox's ends in …{hint(self._token)}"
        return reason


def reason_of(fault: Fault) -> str:
    """Return why a request was refused, in a few words without a value that a client sent."""
    for kind, reason in _REASONS.items():
        if isinstance(fault, kind):
            return reason(fault)
    return SENTENCES.get(fault.code, SENTENCES[Fault.code])["en"]


def writing(descriptor: int) -> Callable[[str], None]:
    """Return the function that writes lines to a terminal."""
    return lambda lines: write_lines(descriptor, lines.encode())
