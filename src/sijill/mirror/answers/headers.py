"""How fresh an answer is, told in its headers: nothing is said to be newer than it is."""

from functools import lru_cache
from time import gmtime, strftime

from sijill.http.cache_control import age_header
from sijill.http.request import Headers
from sijill.mirror.model import MICROS

CACHE = "sijill"
"""The name of this cache in `Cache-Status`."""


def hit(lifetime: int, age: float, detail: str = "") -> str:
    """Return `Cache-Status` of a copy; a negative `ttl` says that it is stale. RFC 9211 §2.2."""
    told = f"; detail={detail}" if detail else ""
    return f"{CACHE}; hit; ttl={lifetime - int(age)}{told}"


def forwarded(why: str, status: int | None, *, stored: bool = False, detail: str = "") -> str:
    """Return `Cache-Status` of an answer that upstream gave, or did not. RFC 9211 §2.2, §2.3."""
    parts = [CACHE, f"fwd={why}"]
    if status is not None:
        parts.append(f"fwd-status={status}")
    if stored:
        parts.append("stored")
    if detail:
        parts.append(f"detail={detail}")
    return "; ".join(parts)


def age_of(confirmed_at: int, now: float) -> float:
    """
    Return the seconds since upstream confirmed something, never below 0.

    `confirmed_at` is in microseconds of the UTC epoch, `now` in seconds.
    """
    return max(0.0, now - confirmed_at / MICROS)


def freshness(confirmed_at: int, now: float, status: str) -> Headers:
    """Return the headers of an answer whose oldest part upstream confirmed at a moment."""
    return [
        age_header(age_of(confirmed_at, now)),
        (b"cache-status", status.encode("ascii")),
        (b"sijill-synced-at", _moment(confirmed_at // MICROS)),
    ]


@lru_cache(10_000)
def _moment(second: int) -> bytes:
    """Return a moment as RFC 3339 has it: the rows of one page were confirmed at one."""
    return strftime("%Y-%m-%dT%H:%M:%SZ", gmtime(second)).encode("ascii")


def completeness(held: int, total: int | None) -> bytes:
    """Return the part of upstream's customers that is here, rounded down to four digits."""
    if total is None:
        return b"0"
    if held >= total:
        return b"1"
    return b"%.4f" % (held * 10_000 // total / 10_000)
