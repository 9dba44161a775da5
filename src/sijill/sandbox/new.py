"""What a namespace is to be: the body of `POST ns`."""

from typing import Annotated

import msgspec
from msgspec import Meta, Struct

Name = Annotated[str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$")]

YEARS = 100 * 365 * 86_400
"""The most seconds of a control call."""


class Origin(Struct, frozen=True, forbid_unknown_fields=True):
    """A snapshot, and the namespace that has it."""

    namespace: str
    snapshot: str


class New(Struct, frozen=True, forbid_unknown_fields=True):
    """The namespace to make."""

    name: Name | None = None
    random: int = 0
    """The seed of its ids, tokens and secrets."""
    settings: dict[str, str] = {}
    seed: msgspec.Raw = msgspec.Raw()
    """The seed document; empty, or null, for the rows of the demo."""
    begin: Origin | str | None = msgspec.field(default=None, name="from")
    """The snapshot that it begins as, written as an object or as `t0/before`."""
    ttl: Annotated[float, Meta(gt=0, le=YEARS)] | None = None
    """Real seconds without a request, after which it ends."""

    @property
    def document(self) -> bytes | None:
        """The seed document in JSON, if there is one."""
        raw = bytes(self.seed)
        return None if raw in (b"", b"null") else raw

    @property
    def origin(self) -> Origin | None:
        """The snapshot that it begins as, if it does."""
        if isinstance(self.begin, str):
            namespace, _, snapshot = self.begin.partition("/")
            return Origin(namespace, snapshot)
        return self.begin
