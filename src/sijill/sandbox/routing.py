"""The routes of all namespaces: made once, and bound to the handlers of each when they are used."""

from collections.abc import Callable, Mapping
from functools import cache
from operator import attrgetter
from typing import Any, NamedTuple

from sijill.console.routes import console_routes
from sijill.http.router import Handler, Route, Router
from sijill.routes import PREFIXES, Handlers, all_routes
from sijill.sandbox.console.rows import ROWS


class Shown(NamedTuple):
    """What the console shows of one namespace beside its store."""

    pages: Any
    """Has the handler of each row of `sandbox.console.rows`."""
    states: Callable[[], Mapping[str, Any]]
    """Returns the states of topics that the pages show."""


class _Bound(NamedTuple):
    """The handlers of one namespace: those of every server, and those of its own pages."""

    nouns: Handlers
    pages: Any


class _Name:
    """Stands for a handler in the shared routes: each of its attributes is a name, too."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __getattr__(self, verb: str) -> Any:
        return _Name(f"{self.name}.{verb}")


@cache
def shared_router() -> Router:
    """Return the router of all routes, with names in the place of handlers."""
    nouns: list[Any] = [_Name(f"nouns.{name}") for name in Handlers._fields]
    pages = console_routes(_Name("pages"), ROWS)
    return Router((*all_routes(Handlers(*nouns)), *pages), PREFIXES)


class BoundRouter(Router):
    """
    The shared router with the handlers of one namespace.

    A table of its own would take a millisecond and half a megabyte for each namespace.
    """

    def __init__(self, handlers: Handlers, pages: Any) -> None:
        """`pages` has the handlers of the pages of the sandbox."""
        self._shared, self._handlers = shared_router(), _Bound(handlers, pages)
        self.routes, self.prefixes = self._shared.routes, self._shared.prefixes
        self._bound: dict[int, Route] = {}

    def find(self, method: str, path: bytes) -> tuple[Route, str]:
        """Return the route of a path and the segment of its parameter; see `Router.find`."""
        route, captured = self._shared.find(method, path)
        bound = self._bound.get(id(route))
        if bound is None:
            bound = route._replace(handler=self._handler(route))
            self._bound[id(route)] = bound
        return bound, captured

    def _handler(self, route: Route) -> Handler:
        """Return the handler of this namespace; a function of no object serves all of them."""
        named: object = route.handler
        return attrgetter(named.name)(self._handlers) if isinstance(named, _Name) else route.handler
