"""What the mirror does about the wishes that a client has for a copy."""

from typing import Literal

from sijill.http.cache_control import Wishes

FRESH = 86_400
"""Seconds for which a copy is told to be fresh, where the client names no age of its own."""

Plan = Literal["serve", "fetch", "refuse"]


def lifetime(wishes: Wishes) -> int:
    """Return the seconds for which a copy is fresh to a client."""
    if wishes.no_cache:
        return 0
    return FRESH if wishes.max_age is None else wishes.max_age


def plan(age: float | None, wishes: Wishes) -> Plan:
    """
    Return what to do with a copy of this age, in seconds; None if there is none.

    A copy of any age is served, unless the client asks for a fresher one.
    """
    if age is not None and wishes.takes(age):
        return "serve"
    return "refuse" if wishes.only_if_cached else "fetch"


def may_be_stale(age: float, wishes: Wishes) -> bool:
    """Return whether the client takes a copy of this age after upstream failed."""
    if wishes.stale_if_error is None:
        return False
    return age <= (wishes.max_age or 0) + wishes.stale_if_error
