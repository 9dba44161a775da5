"""The requests in the journal of a namespace."""

from base64 import b64encode
from codecs import getincrementaldecoder
from collections import deque
from collections.abc import Mapping
from typing import Literal, Protocol

from msgspec import Struct

from sijill.sandbox.ring import CAPACITY, Ring

SHOWN = 64 * 1024
"""Bytes of one body in the journal, at most."""

BODIES = 16 * 2**20
"""Characters of all bodies in the journal, at most: older ones are forgotten first."""


_UTF8 = getincrementaldecoder("utf-8")


class Entry(Struct, kw_only=True):
    """One request and its answer."""

    at: str
    """The virtual time of its arrival, RFC 3339 in UTC."""
    op: str
    """The operation; "" for a path that has none."""
    method: str
    path: str
    query: str
    token: str
    """The beginning of the SHA-256 of its bearer token, as hexadecimal; "" without one."""
    status: int = 0
    """0 until it is answered, and if no answer was sent."""
    remaining: int | None = None
    """Requests that the limiter had left; None if no limiter counted it."""
    fault: str | None = None
    """The kind of fault that a rule made."""
    body: str = ""
    """As it was received; "" without one, and if the request was refused before its body came."""
    body_encoding: Literal["text", "base64"] = "text"
    """`base64` of a body that is no text in UTF-8."""
    body_cut: bool = False
    """Whether the end of the body is missing, or all of it has been forgotten."""
    unread: tuple[str, ...] = ()
    """The names that were sent and never read: `?perpage`, `body.mobil`."""
    nearest: Mapping[str, str] = {}
    """The known name near to a name that was sent, and the operation near to an unknown one."""


def is_answered(entry: Entry) -> bool:
    """Return whether a request has its answer, or will have none."""
    return bool(entry.status or entry.fault)


class Told(Protocol):
    """A request that tells its entry when somebody reads the journal."""

    def entry(self) -> Entry:
        """Return the entry, always the same one."""
        ...


class Journal(Ring[Told]):
    """The last requests, with so many of their bodies as there is room for."""

    def __init__(self, bodies: int = BODIES) -> None:
        super().__init__(is_answered, tell=lambda request: request.entry())
        self._most, self._bodies = bodies, deque[Entry]()
        self._size = 0

    def received(self, entry: Entry, body: bytes, *, whole: bool) -> None:
        """Keep the body of a request; without `whole`, `body` is the beginning of it."""
        try:
            entry.body = _UTF8().decode(body, final=whole)
        except UnicodeDecodeError:
            entry.body, entry.body_encoding = b64encode(body).decode(), "base64"
        entry.body_cut = not whole
        self._bodies.append(entry)
        self._size += len(entry.body)
        while self._size > self._most or len(self._bodies) > CAPACITY:
            self._forget(self._bodies.popleft())

    def _forget(self, entry: Entry) -> None:
        self._size -= len(entry.body)
        entry.body, entry.body_cut = "", True

    def clear(self) -> None:
        """Forget everything."""
        super().clear()
        self._bodies.clear()
        self._size = 0
