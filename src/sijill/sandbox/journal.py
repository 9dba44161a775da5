"""The requests in the journal of a namespace."""

from msgspec import Struct


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


def is_answered(entry: Entry) -> bool:
    """Return whether a request has its answer, or will have none."""
    return bool(entry.status or entry.fault)
