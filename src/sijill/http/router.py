"""
Routes: how each is served and described, and how a path finds its route.

Routes form a tree of path segments, in which a fixed segment wins over a parameter.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import NamedTuple
from urllib.parse import unquote

from sijill.errors import Fault, MethodNotAllowed, NotFound
from sijill.http.errors import refused
from sijill.http.request import Request, Response, Stream
from sijill.localized import Localized
from sijill.openapi.operation import Answer, Parameter
from sijill.openapi.operation import Request as Sent

Handler = Callable[..., Awaitable[Response | Stream]]
"""Takes the request and, unless the route is public, the result of `dispatcher.Authorize`."""
Refuse = Callable[[Request, Fault], Response]

_UNSAID = Localized("", "")


class Route(NamedTuple):
    """
    One method of one path. It names the scopes or the permission that it needs, or it is public.

    The other fields describe it. A route does not repeat facts that follow from them: the id in
    the path and its 404, the headers and refusals that such routes share, and the 400 of a body.
    """

    method: str
    path: str
    handler: Handler
    scopes: tuple[str, ...] | None = None
    """All of these are needed; () is any valid token, None no token at all."""
    public: bool = False
    permission: str | None = None
    """The permission that a person needs: a row of `oauth.roles.MAY`."""
    customers: bool = False
    """Whether the customers limit counts it, as every path under /customers."""
    always: bool = False
    """Whether it is answered beyond every capacity and never counted: the health of the server."""
    for_people: bool = False
    """Whether its path is a page for people alone, and unknown to other methods than its own."""
    refuse: Refuse = refused
    """Turns its faults into answers."""
    undescribed: bool = False
    """Whether the description of the API leaves it out: pages of the console, files of pages."""

    id: str = ""
    """The operation's id; "" for a route without a description."""
    tag: str = ""
    """A row of `description.about.TAGS`."""
    summary: Localized = _UNSAID
    description: Localized = _UNSAID
    parameters: tuple[Parameter, ...] = ()
    """Its own parameters, including that of the path."""
    body: Sent | None = None
    """The body of the request; None if it is not read."""
    answers: Mapping[int, Answer] = {}
    """By status: the successes, and the refusals of this route alone."""
    faults: tuple[type[Fault], ...] = ()
    """Its refusals beside those that all such routes share."""
    paginated: Parameter | None = None
    """The `per_page` of a list."""
    cached: bool = False
    """Whether its answer has a tag and may be a 304: it heeds `If-None-Match`."""
    conditional: bool = False
    """Whether it heeds `If-Match`, and may be a 412."""
    idempotent: Localized | None = None
    """The effect of `Idempotency-Key`, for a route that heeds it."""


class _Node:
    def __init__(self) -> None:
        self.fixed: dict[str, _Node] = {}
        self.parameter: _Node | None = None
        self.routes: dict[str, Route] = {}

    def child(self, segment: str) -> "_Node":
        if not segment.startswith("{"):
            return self.fixed.setdefault(segment, _Node())
        if self.parameter is None:
            self.parameter = _Node()
        return self.parameter


class Router:
    """Every route, each API route under each of `prefixes`; built once."""

    def __init__(self, routes: Iterable[Route], prefixes: Iterable[str]) -> None:
        self.routes = tuple(routes)
        self.prefixes = tuple(prefixes)
        """Prefixes of the paths that are not public, the preferred one last."""
        self._root = _Node()
        for route in self.routes:
            named = (route.scopes is not None, route.public, route.permission is not None)
            if sum(named) != 1:
                raise ValueError(f"{route.method} {route.path} must name who may ask, once")
            for prefix in ("",) if route.scopes is None else self.prefixes:
                self._add(prefix + route.path, route)

    def find(self, method: str, path: bytes) -> tuple[Route, str]:
        """
        Return the route of a path, and the segment in the place of its parameter (else "").

        A path with a trailing slash or an empty segment has no route. HEAD is GET without the body.
        Raises: NotFound; MethodNotAllowed naming every method the path has.
        """
        node, captured = self._root, ""
        for segment in path.decode("latin-1").split("/")[1:]:
            if "%" in segment:
                segment = unquote(segment)
            child = node.fixed.get(segment)
            if child is None and segment:
                child, captured = node.parameter, segment
            if child is None:
                raise NotFound
            node = child
        if not node.routes:
            raise NotFound
        route = node.routes.get("GET" if method == "HEAD" else method)
        if route is None:
            if any(known.for_people for known in node.routes.values()):
                raise NotFound
            raise MethodNotAllowed(_allowed(node.routes))
        return route, captured

    def _add(self, path: str, route: Route) -> None:
        node = self._root
        for segment in path.split("/")[1:]:
            node = node.child(segment)
        if route.method in node.routes:
            raise ValueError(f"{route.method} {path} is there twice")
        node.routes[route.method] = route


def _allowed(routes: Iterable[str]) -> list[str]:
    """Return the methods of a path for `Allow`: HEAD beside GET."""
    methods = set(routes)
    if "GET" in methods:
        methods.add("HEAD")
    return sorted(methods)
