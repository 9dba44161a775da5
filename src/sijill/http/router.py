"""Finding a route: a tree of path segments in which a fixed segment wins over a parameter."""

from collections.abc import Awaitable, Callable, Iterable
from typing import NamedTuple
from urllib.parse import unquote

from sijill.errors import Fault, MethodNotAllowed, NotFound
from sijill.http.refusals import refused
from sijill.http.request import Request, Response, Stream

Handler = Callable[..., Awaitable[Response | Stream]]
"""Gets the request; behind admission, what admission returned, too."""
Refuse = Callable[[Request, Fault], Response]


class Route(NamedTuple):
    """One method of one path. Either it names the scope it needs, or it is public."""

    method: str
    path: str
    handler: Handler
    scope: str | None = None
    public: bool = False
    customers: bool = False
    """Whether the customers limit counts it: every path under /customers."""
    refuse: Refuse = refused
    """What its faults become."""


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
        self._root = _Node()
        for route in routes:
            if (route.scope is None) != route.public:
                raise ValueError(f"{route.method} {route.path} must name a scope or be public")
            for prefix in [""] if route.public else prefixes:
                self._add(prefix + route.path, route)

    def find(self, method: str, path: bytes) -> tuple[Route, str]:
        """
        Return the route of a path, and the segment in the place of its parameter ("" for none).

        A trailing slash or an empty segment is no route. HEAD is GET without the body.
        Raises: NotFound; MethodNotAllowed naming every method the path has.
        """
        node = self._root
        captured = ""
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
    """Return the methods of a path as `Allow` names them: HEAD beside GET."""
    methods = set(routes)
    if "GET" in methods:
        methods.add("HEAD")
    return sorted(methods)
