"""
What a client asks of a copy by `Cache-Control`, and how a copy tells its age.

Source: RFC 9111 §5.1, §5.2.1. Directives that nobody knows, or that are written wrongly, are
ignored.
"""

import re
from typing import NamedTuple

_DIRECTIVE = re.compile(r'\s*([a-z-]+)\s*(?:=\s*"?([0-9]{1,9})"?)?\s*', re.ASCII)


class Wishes(NamedTuple):
    """The directives of a request; seconds, or None for one that was not given."""

    max_age: int | None = None
    no_cache: bool = False
    only_if_cached: bool = False
    stale_if_error: int | None = None

    def takes(self, age: float) -> bool:
        """Return whether the client takes a copy of this age, in seconds."""
        return not self.no_cache and (self.max_age is None or age <= self.max_age)


ALL_ALIKE = Wishes()
"""Of a client that takes any copy."""


def parse(header: str | None) -> Wishes:
    """Return the wishes of `Cache-Control`; of a repeated directive the last one counts."""
    if header is None:
        return ALL_ALIKE
    given: dict[str, int | None] = {}
    for part in header.lower().split(","):
        match = _DIRECTIVE.fullmatch(part)
        if match:
            given[match[1]] = None if match[2] is None else int(match[2])
    return Wishes(
        given.get("max-age"),
        "no-cache" in given,
        "only-if-cached" in given,
        given.get("stale-if-error"),
    )


def age_header(age: float) -> tuple[bytes, bytes]:
    """Return the header of a copy's age: whole seconds, rounded down."""
    return (b"age", b"%d" % age)
