"""The clock of a namespace: it runs or stands still, and it moves when it is told to."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache

from sijill.server import answers


class VirtualClock:
    """
    A clock beside the real one, in UTC epoch seconds.

    It starts at the real time, and runs with it until it is frozen.
    """

    def __init__(self, real: Callable[[], float]) -> None:
        self._real = real
        self._offset = 0.0
        self._frozen: float | None = None

    def __call__(self) -> float:
        """Return the time."""
        return self._real() + self._offset if self._frozen is None else self._frozen

    def now(self) -> datetime:
        """Return the time as an aware moment."""
        return datetime.fromtimestamp(self(), UTC)

    def date_line(self) -> bytes:
        """Return the header line `Date` of the time; b"" if it is the real one."""
        if self._frozen is None and not self._offset:
            return b""
        return _date_line(int(self()))

    @property
    def is_frozen(self) -> bool:
        """Whether it stands still."""
        return self._frozen is not None

    @property
    def setting(self) -> tuple[float, float | None]:
        """What is another value whenever the clock was moved, stopped or let go."""
        return self._offset, self._frozen

    def put_back(self, setting: tuple[float, float | None]) -> None:
        """Go on as if the clock had kept a `setting` that it had before."""
        self._offset, self._frozen = setting

    def freeze(self) -> None:
        """Stand still, at a whole microsecond: the moments that tests name have no finer ones."""
        self._frozen = self.now().timestamp()

    def resume(self) -> None:
        """Run from where it stands."""
        if self._frozen is not None:
            self._offset = self._frozen - self._real()
            self._frozen = None

    def move_to(self, at: float) -> None:
        """
        Go to a later time; a frozen clock stands still there, another runs on.

        A clock that is past that time already stays where it is.
        """
        if at > self():
            self.jump_to(at)

    def jump_to(self, at: float) -> None:
        """Go to any time, running or frozen as it is."""
        if self._frozen is None:
            self._offset = at - self._real()
        else:
            self._frozen = at

    def reset(self) -> None:
        """Run at the real time."""
        self._offset, self._frozen = 0.0, None


@lru_cache(1_000)
def _date_line(second: int) -> bytes:
    return answers.date_line(second)
