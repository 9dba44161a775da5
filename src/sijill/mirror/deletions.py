"""
When a customer counts as deleted: upstream tells of no deletion, so it has to be shown.

A customer who is missing from a list that was proven is a suspect. After a 404, a 200 for somebody
else in the same minute, and a 404 again a minute later, the suspect is gone. All here is pure.
"""

from typing import Literal, NamedTuple

from sijill.mirror.model import MICROS, MirrorRow, MirrorStore

CheckState = Literal["hint", "suspect", "missing", "alive"]
"""
A hint: to be fetched. A suspect: missing from a list. Missing: its first 404. Alive: somebody else
was there in that minute, so that a second 404 decides.
"""

MINUTE = 60 * MICROS
GATHERED = 20 * MICROS
"""Microseconds after a 404 until somebody else is asked for: one answer vouches for many."""

HOUR = 3_600 * MICROS
LEAST_GUARD, GUARD_SHARE = 100, 0.01
"""More deletions in an hour than the larger of these halt the store."""

NOT_FOUND, OK = 404, 200


class Check(NamedTuple):
    """A customer to be asked for. Moments are in microseconds of the UTC epoch."""

    customer_id: int
    state: CheckState
    missing_since: int | None
    attempts: int


Verdict = Literal["there", "ask_day", "drop", "missing", "gone", "later"]


def judge(check: Check, status: int, row: MirrorRow | None, sequence: int, now: int) -> Verdict:
    """
    Return what an answer about a customer means.

    `row` is what is known at the moment of writing, `sequence` the number of the request.
    """
    if status == OK:
        return "there"
    if status != NOT_FOUND:
        return "later"
    if row is None or row.state != "live":
        return "drop"
    if row.sequence > sequence:
        return "drop"  # seen again since the request was sent
    if check.state == "hint":
        return "ask_day"
    if check.state == "suspect":
        return "missing"
    since = check.missing_since
    if check.state != "alive" or since is None or now - since < MINUTE:
        return "missing"
    return "gone"


def vouches(check: Check, status: int, asked_at: int) -> bool:
    """Return whether an answer about somebody else stands by the first 404 of a customer."""
    since = check.missing_since
    return status == OK and since is not None and 0 <= asked_at - since < MINUTE


def most_gone(held: int) -> int:
    """Return how many deletions of an hour are believed, of a store with so many customers."""
    return max(LEAST_GUARD, int(held * GUARD_SHARE))


def guarded_since(store: MirrorStore, now: int) -> int:
    """Return the moment from which on deletions count against the guard."""
    return max(now - HOUR, store.guard_since or 0)


def is_too_many(store: MirrorStore, gone: int, held: int, now: int) -> bool:
    """Return whether one more deletion is one too many; a release makes room for an hour."""
    released = store.guard_since is not None and store.guard_since > now - HOUR
    return gone >= most_gone(held) + (store.guard_allowance if released else 0)
