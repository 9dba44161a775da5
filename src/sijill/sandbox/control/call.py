"""One control call, as its handlers see it."""

from collections.abc import Callable, Coroutine, Mapping
from typing import Any, NamedTuple

from sijill.http.request import Request
from sijill.sandbox.control.problems import decoded
from sijill.sandbox.namespace import Namespace
from sijill.sandbox.namespaces import Namespaces


class Call(NamedTuple):
    """A control call about one namespace."""

    request: Request
    """Its body has been received."""
    namespaces: Namespaces
    namespace: Namespace
    captured: str
    """The part of the path that stands at `{}` in the key of the handler, "" without one."""

    def body(self, kind: Any) -> Any:
        """Return the body. Raises: Problem."""
        return decoded(self.request, kind)


Handler = Callable[[Call], Coroutine[Any, Any, Any]]
"""Returns what the answer says as JSON, None for an answer without a body. Raises: Problem."""

Handlers = Mapping[tuple[str, str], Handler]
"""Handlers by method, and by path below `/_/ns/{ns}/`, in which `{}` stands for one segment."""
