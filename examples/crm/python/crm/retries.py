"""Which answers are worth another attempt, and how long to wait before it."""

from collections.abc import Mapping

ATTEMPTS = 8
NO_ANSWER = 0
"""The status of a request that got no answer, or half of one."""

PASSING = {NO_ANSWER, 429, 500, 502, 503, 504}
"""Failures that may be over at the next attempt."""

UNCERTAIN = PASSING - {429}
"""Failures after which nobody knows whether the request was carried out."""


def seconds_before_retry(attempt: int, headers: Mapping[str, str]) -> float:
    """Return how long to wait after a failed attempt, counted from 1: as told, else 1, 2, 4 …"""
    told = headers.get("Retry-After", "")
    return int(told) if told.isdecimal() else 2.0 ** (attempt - 1)
