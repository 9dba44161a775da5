"""The requests that a namespace got, and what a test asserts of them."""

from collections import Counter
from collections.abc import Callable, Mapping
from json import loads
from typing import Any, NamedTuple

from sijill.testing.client import PATIENCE
from sijill.testing.control import Control, ControlRefused
from sijill.testing.masking import BASE, listed, request_line

__tracebackhide__ = True

MATCHES = frozenset({"method", "path", "status", "fault"})
"""The properties that `assert_called` and `assert_never` match, beside the operation."""


class JournalOverflowed(AssertionError):
    """The journal has forgotten requests: nothing can be said of how many there were."""


class Request(NamedTuple):
    """A request of the app, and its answer."""

    at: str
    """The virtual time of its arrival, RFC 3339 in UTC."""
    op: str
    """The operation, "customers.details"; "" for a path without an operation."""
    method: str
    path: str
    """Without `/admin/v2`."""
    query: str
    status: int
    """0 if no answer was sent."""
    fault: str | None
    """The kind of the fault that it met."""
    unread: list[str]
    """The fields and parameters that were sent and never read."""
    entry: Mapping[str, Any]
    """All that the control API tells of it."""

    def json(self) -> Any:
        """Return its body decoded. Raises: ValueError if it is no JSON, or was forgotten."""
        return loads(self.entry["body"])


class Journal:
    """Reads the journal of one namespace."""

    def __init__(self, control: Control, check: Callable[[str], None]) -> None:
        """`check` refuses the name of an operation that does not exist."""
        self._control, self._check = control, check

    def all(self) -> list[Request]:
        """Return every request, in order. Raises: JournalOverflowed."""
        return list(map(_request, self._told()))

    def lines(self) -> str:
        """Return the last requests as masked lines, also after an overflow."""
        told = self._control.call("GET", "/requests")
        return listed(map(request_line, told["requests"]), told["overflowed"])

    def unread(self) -> str:
        """Return the requests with something that was never read, as masked lines."""
        told = self._control.call("GET", "/requests", params={"unread": "true"})
        return listed(map(request_line, told["requests"]), told["overflowed"])

    def assert_called(self, op: str, times: int | None, within: float, match: Any) -> None:
        """Fail as `Salla.assert_called` says."""
        found = self._found(op, within, times or 1, match)
        if len(found) == times or (times is None and found):
            return
        asked = ", ".join([op, *(f"{name}={value!r}" for name, value in match.items())])
        wanted = "at least 1" if times is None else str(times)
        text = f"calls of {asked}: expected {wanted}, found {len(found)}"
        raise AssertionError(f"{text}\n{self._instead()}")

    def _found(self, op: str, within: float, count: int, match: Mapping[str, Any]) -> list[Request]:
        self._check(op)
        unknown = match.keys() - MATCHES
        if unknown:
            raise TypeError(f"{sorted(unknown)[0]} matches nothing: use {sorted(MATCHES)}")
        if within > 0:
            self._wait(op, within, count, match)
        wanted = dict(match)
        if "path" in match:
            wanted["path"] = match["path"].removeprefix(BASE)
        return [
            one
            for one in self.all()
            if one.op == op and all(getattr(one, name) == wanted[name] for name in wanted)
        ]

    def _wait(self, op: str, within: float, count: int, match: Mapping[str, Any]) -> None:
        known = {name: value for name, value in match.items() if name != "path" and value}
        asked = {"match": {"op": op} | known, "count": count, "within": within}
        try:
            self._control.call("POST", "/requests/wait", asked, timeout=within + PATIENCE)
        except ControlRefused as refusal:
            if refusal.status != 408:
                raise

    def _told(self) -> list[dict[str, Any]]:
        told = self._control.call("GET", "/requests")
        if told["overflowed"]:
            raise JournalOverflowed(
                f"the journal keeps {len(told['requests'])} requests and has forgotten older ones"
            )
        found: list[dict[str, Any]] = told["requests"]
        return found

    def _instead(self) -> str:
        counts = Counter(_short(one) for one in self.all())
        lines = [f"  {count} x {line}" for line, count in counts.items()]
        return "\n".join(["the journal has:", *lines]) if lines else "the journal has no request"


def _request(entry: Mapping[str, Any]) -> Request:
    told = {name: entry[name] for name in ("at", "op", "method", "query", "status", "fault")}
    path, unread = entry["path"].removeprefix(BASE), list(entry["unread"])
    return Request(**told, path=path, unread=unread, entry=entry)


def _short(one: Request) -> str:
    return " ".join(request_line(one.entry).split("  ")[1:])
