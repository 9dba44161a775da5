"""
How old a hot standby is, by what it has replayed of its primary's log, and by no server's clock.

Each measurement notes a moment and how far the primary had written then. A standby that has
replayed so far has every write that was acknowledged before that moment. A standby whose
connection to the primary is cut replays nothing more, and is known to grow old: its own word,
that it has replayed all that it has received, would not tell.
A standby that was ahead of the one that was promoted can not follow it, and its position says
nothing: so it must be known to follow the timeline of the primary.
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
BEHIND = "it is not known to follow the present primary"


class Position(NamedTuple):
    """The position of a server in a log; see the statements of these names."""

    position: int
    system: int
    timeline: int


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
            ((*written,),) = await self._primary.all("written_position")
        except StatementRefused as fault:  # a primary no more
            raise Unavailable from fault
        own, standby = Position(*written), await self._replayed()
        position = NOWHERE if standby is None else standby.position
        marks = [*self._marks, Mark(now, own.position)]
        self._marks = after(marks, position, now - self._max_age)
        reached = [mark.at for mark in self._marks if mark.position <= position]
        self._until = reached[0] if reached else None
        self.trouble = AWAY if standby is None else _trouble(own, standby)

    async def _replayed(self) -> Position | None:
        """Return the position of the standby, None if it is away."""
        try:
            ((position, *others),) = await self._standby.all("replayed_position")
        except (Unavailable, StatementRefused):
            return None
        return Position(NOWHERE if position is None else position, *others)


def _trouble(primary: Position, standby: Position) -> str | None:
    """Return why a server is of no use; None if it is of use."""
    if standby.system != primary.system:
        return STRANGE
    if standby.position == NOWHERE:
        return PROMOTED
    return BEHIND if standby.timeline < primary.timeline else None
