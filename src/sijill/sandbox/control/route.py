"""The routes of control calls: how each is answered, and how it is described."""

from collections.abc import Callable, Coroutine, Sequence
from typing import Any, NamedTuple

from sijill.http.request import Request
from sijill.localized import Localized
from sijill.sandbox.control.problems import NO_CALL, NO_METHOD, Problem, Refusal
from sijill.sandbox.namespace import Namespace
from sijill.sandbox.namespaces import Namespaces

PREFIX = "/_/"


class Call(NamedTuple):
    """A control call, as its handler sees it."""

    request: Request
    """Its body has been received."""
    namespaces: Namespaces
    namespace: Namespace
    """The namespace that the call is about; the default one in a call about the sandbox."""
    body: Any
    """The decoded body, of the route's type; None for a route without a body."""
    captured: str = ""
    """The last segment of the path that stands for a parameter, behind the namespace's name."""


Handler = Callable[[Call], Coroutine[Any, Any, Any]]
"""Returns what the answer says as JSON, None for an answer without a body. Raises: Problem."""


class ControlRoute(NamedTuple):
    """One method of one path of the control API."""

    method: str
    path: str
    """Below `/_/`. The first parameter is the name of a namespace."""
    handler: Handler
    id: str
    summary: Localized
    description: Localized | None = None
    answer: Any = None
    """The type of the answer in JSON, bytes for a file, None for an answer without a body."""
    body: Any = None
    """The type of the body in JSON, bytes for a file, None if no body is read."""
    example: Any = None
    """A body, as JSON."""
    query: Any = None
    """A Struct with the parameters of the query."""
    refusals: tuple[Refusal, ...] = ()
    """Its refusals beside those that all control calls share."""
    status: int = 200
    """The status of an answer with a body."""

    @property
    def segments(self) -> list[str]:
        """The segments of the path below `/_/`."""
        return self.path.split("/")

    @property
    def is_about_one(self) -> bool:
        """Whether the call is about one namespace."""
        return self.path.startswith("ns/")


def find(
    routes: Sequence[ControlRoute], method: str, segments: Sequence[str]
) -> tuple[ControlRoute, str]:
    """
    Return the route of a path, and the last segment that stands for a parameter.

    Raises: Problem.
    """
    found = [route for route in routes if _fits(route.segments, segments)]
    for route in found:
        if route.method == method:
            captured = [s for t, s in zip(route.segments, segments, strict=True) if _is_open(t)]
            return route, captured[-1] if captured else ""
    if found:
        allowed = " and ".join(route.method for route in found)
        raise Problem(NO_METHOD, f"the path has {allowed} alone")
    raise Problem(NO_CALL)


def _fits(template: Sequence[str], segments: Sequence[str]) -> bool:
    return len(template) == len(segments) and all(
        s == t or (s and _is_open(t)) for t, s in zip(template, segments, strict=True)
    )


def _is_open(segment: str) -> bool:
    return segment.startswith("{")
