"""Repeated lines of one kind: the first is written, then only how many more there were."""

import asyncio
from collections.abc import Callable, MutableMapping
from typing import Any, NamedTuple

from sijill.telemetry.structured import structlog

PERIOD, LONGEST = 1.0, 60.0
"""Seconds until the first count of a kind, and between two at most: each time twice the last."""

_OUR_FAULT = ("fault", "at")

SAME = {
    "fault": _OUR_FAULT,
    "refused": ("status",),
    "library_warning": ("logger", "fault"),
    "delivery_dead": ("status", "error"),
    "deliverer_failed": _OUR_FAULT,
    "evaluation_failed": _OUR_FAULT,
    "imports_failed": _OUR_FAULT,
    "retention_failed": _OUR_FAULT,
    "audit_failed": _OUR_FAULT,
    "usage_failed": _OUR_FAULT,
    "namespace_failed": _OUR_FAULT,
    "sandbox_failed": _OUR_FAULT,
    "bulk_changes_failed": _OUR_FAULT,
    "mirror_failed": _OUR_FAULT,
    "mirror_figures_failed": _OUR_FAULT,
    "mirror_hearing_failed": _OUR_FAULT,
    "replica_failed": _OUR_FAULT,
    "mirror_renewal_unsent": ("store", "reason"),
    "mirror_renewal_lost": ("store", "reason"),
}
"""
Events that others can cause as often as they like, and the fields that make a kind of each.

`refused` comes with every connection that sends no HTTP, a fault with every request of an outage,
`delivery_dead` with every event of a receiver that is gone.
"""

Event = MutableMapping[str, Any]


class Kind(NamedTuple):
    """The common part of the lines of one kind."""

    method: str
    """The logger's method, which is the level."""
    event: str
    values: tuple[Any, ...]

    @property
    def fields(self) -> dict[str, Any]:
        """The common values by name."""
        return dict(zip(SAME[self.event], self.values, strict=True))


class Repeats:
    """
    A processor of structlog that drops the repeated lines of a kind and counts them.

    `tell` logs how many more of a kind there were. Outside of an event loop no line is dropped:
    there is no timer that would tell of it.
    """

    def __init__(
        self,
        tell: Callable[[Kind, int], None],
        later: Callable[[float, Callable[[], None]], object] | None = None,
    ) -> None:
        """`later` calls a function after so many seconds; None is that of the running loop."""
        self._tell, self._later = tell, later
        self._more: dict[Kind, int] = {}

    def __call__(self, logger: Any, method: str, event: Event) -> Event:
        """
        Return the line unchanged.

        Raises: DropEvent for a line of a kind that is being counted.
        """
        kind = _kind(method, event)
        if kind in self._more:
            self._more[kind] += 1
            raise structlog.DropEvent
        if kind is not None:
            self._watch(kind, PERIOD)
        return event

    def _watch(self, kind: Kind, period: float) -> None:
        try:
            later = self._later or asyncio.get_running_loop().call_later
        except RuntimeError:
            return
        self._more[kind] = 0
        later(period, lambda: self._look(kind, period))

    def _look(self, kind: Kind, period: float) -> None:
        """Tell of the lines of the period that is over; one without any ends the counting."""
        more = self._more.pop(kind)
        if more:
            self._tell(kind, more)
            self._watch(kind, min(2 * period, LONGEST))


def _kind(method: str, event: Event) -> Kind | None:
    """Return the kind of a line; None for a line that is always written."""
    names = SAME.get(event["event"])
    if names is None or "more" in event:
        return None
    values = (event.get(name) for name in names)
    return Kind(
        method, event["event"], tuple(tuple(v) if isinstance(v, list) else v for v in values)
    )
