"""
How old a hot standby is, by what it has replayed of its primary's log, and by no server's clock.

Each measurement notes a moment and how far the primary had written then. A standby that has
replayed so far has every write that was acknowledged before that moment. A standby whose
connection to the primary is cut replays nothing more, and is known to grow old: its own word,
that it has replayed all that it has received, would not tell.
Source: PostgreSQL "System Administration Functions", recovery information functions.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from sijill.database.driver import Driver, StatementRefused
from sijill.errors import Unavailable

NOWHERE = -1
"""The position of a server that replays nothing."""

AWAY = "it does not answer"
PROMOTED = "it is no standby"
STRANGE = "it is a standby of another PostgreSQL"


class Mark(NamedTuple):
    """How far the primary had written at a moment."""

    at: float
    """Monotonic seconds."""
    position: int
    """Bytes of its log."""


def after(marks: Sequence[Mark], replayed: int, horizon: float) -> list[Mark]:
    """
    Return the marks that still matter, the oldest first, of a standby that has replayed so far.

    They are the newest mark that it has reached, if any, and those beyond it since `horizon`.
    """
    reached = [mark for mark in marks if mark.position <= replayed]
    return [*reached[-1:], *(m for m in marks if m.position > replayed and m.at >= horizon)]


class Standby:
    """What is known of one standby."""

    def __init__(
        self, primary: Driver, standby: Driver, monotonic: Callable[[], float], max_age: float
    ) -> None:
        """`max_age` is in seconds: older states need not be told apart."""
        self._primary, self._standby = primary, standby
        self._monotonic, self._max_age = monotonic, max_age
        self._marks: list[Mark] = []
        self._until: float | None = None
        self.trouble: str | None = None
        """Why nothing can be read from it; None if that is possible, or not yet known."""

    @property
    def complete_until(self) -> float | None:
        """The monotonic second before which it has every write; None while that is unknown."""
        return None if self.trouble else self._until

    def failed(self) -> None:
        """Read nothing from it before the next measurement: it did not answer."""
        self.trouble = AWAY

    async def measure(self) -> None:
        """Measure it. Raises: Unavailable if the primary is away; then what was known stays."""
        now = self._monotonic()
        try:
            ((written, own),) = await self._primary.all("written_position")
        except StatementRefused as fault:  # a primary no more
            raise Unavailable from fault
        position, system = await self._replayed()
        marks = [*self._marks, Mark(now, written)]
        self._marks = after(marks, position, now - self._max_age)
        reached = [mark.at for mark in self._marks if mark.position <= position]
        self._until = reached[0] if reached else None
        self.trouble = AWAY if system is None else _trouble(own, position, system)

    async def _replayed(self) -> tuple[int, int | None]:
        """Return the standby's position, NOWHERE for none, and its system, None if it is away."""
        try:
            ((position, system),) = await self._standby.all("replayed_position")
        except (Unavailable, StatementRefused):
            return NOWHERE, None
        return NOWHERE if position is None else position, system


def _trouble(primary: int, position: int, system: int) -> str | None:
    """Return why a server is of no use, by the identifiers of the systems and its position."""
    if system != primary:
        return STRANGE
    return PROMOTED if position == NOWHERE else None
