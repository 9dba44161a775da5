"""
What a client asks of a copy by `Cache-Control`, and what the mirror does about it.

Source: RFC 9111 §5.2.1. Directives that nobody knows, or that are written wrongly, are ignored.
"""

import re
from typing import Literal, NamedTuple

_DIRECTIVE = re.compile(r'\s*([a-z-]+)\s*(?:=\s*"?([0-9]{1,9})"?)?\s*', re.ASCII)

FRESH = 86_400
"""Seconds for which a copy is told to be fresh, where the client names no age of its own."""

Plan = Literal["serve", "fetch", "refuse"]


class Wishes(NamedTuple):
    """The directives of a request; seconds, or None for one that was not given."""

    max_age: int | None = None
    no_cache: bool = False
    only_if_cached: bool = False
    stale_if_error: int | None = None

    @property
    def lifetime(self) -> int:
        """Seconds for which a copy is fresh to this client."""
        if self.no_cache:
            return 0
        return FRESH if self.max_age is None else self.max_age


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


def plan(age: float | None, wishes: Wishes) -> Plan:
    """
    Return what to do with a copy of this age, in seconds; None if there is none.

    A copy of any age is served, unless the client asks for a fresher one.
    """
    is_good = age is not None and not wishes.no_cache
    if is_good and (wishes.max_age is None or age <= wishes.max_age):  # type: ignore[operator]
        return "serve"
    return "refuse" if wishes.only_if_cached else "fetch"


def may_be_stale(age: float, wishes: Wishes) -> bool:
    """Return whether the client takes a copy of this age after upstream failed."""
    if wishes.stale_if_error is None:
        return False
    return age <= (wishes.max_age or 0) + wishes.stale_if_error
