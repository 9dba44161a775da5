"""Ctrl-C in commands that write for long: they stop after a batch, and say what they have done."""

import signal
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TypeVar

from sijill.cli.output import INTERRUPTED, fail

T = TypeVar("T")


class Interrupts:
    """
    Holds Ctrl-C back while something is written.

    Outside of writing, and when it is pressed again, it takes effect at once.
    """

    def __init__(self) -> None:
        self._writing = self._pressed = False

    def press(self, number: int, frame: FrameType | None) -> None:
        """Take note of Ctrl-C. Raises: KeyboardInterrupt if it takes effect at once."""
        if self._pressed or not self._writing:
            raise KeyboardInterrupt
        self._pressed = True

    def hold(self) -> None:
        """Say that from now on something is written."""
        self._writing = True

    def written(self) -> None:
        """Say that a batch is written. Raises: KeyboardInterrupt for a Ctrl-C held back."""
        if self._pressed:
            raise KeyboardInterrupt

    def between(self, items: Iterable[T]) -> Iterator[T]:
        """Yield items that are written before the next one is asked for."""
        for item in items:
            self._writing = True
            yield item
            self._writing = False
            self.written()
        self._writing = True


@contextmanager
def interruptible(so_far: Callable[[], str]) -> Iterator[Interrupts]:
    """Let Ctrl-C end the command with a sentence on what it has done so far."""
    interrupts = Interrupts()
    before = signal.signal(signal.SIGINT, interrupts.press)
    try:
        yield interrupts
    except KeyboardInterrupt:
        fail(f"interrupted: {so_far()}", code=INTERRUPTED)
    finally:
        signal.signal(signal.SIGINT, before)
