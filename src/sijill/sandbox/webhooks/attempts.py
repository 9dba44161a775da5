"""The attempts to deliver an event, as a namespace keeps them."""

from typing import Literal

from msgspec import Struct

Outcome = Literal["delivered", "failed"]
"""`delivered`: the receiver answered with a status that counts as received."""


class Attempt(Struct, frozen=True, kw_only=True):
    """One attempt and its outcome."""

    at: str
    """The virtual time at which it was signed, RFC 3339 in UTC."""
    id: str
    """The id of the event: `webhook-id`, the same in every attempt and for every webhook."""
    event: str
    webhook: int
    url: str
    attempt: int
    """From 1."""
    outcome: Outcome
    status: int = 0
    """The status of the answer, 0 without one."""
    error: str | None = None
    """Why there was no answer: a slug such as `timeout`."""
    fault: str | None = None
    """The kind of fault that a rule made."""
    headers: dict[str, str]
    body: str
    took: int
    """Real milliseconds."""
