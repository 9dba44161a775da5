"""The progress bar of long commands, on a terminal alone."""

import itertools
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import click


@contextmanager
def progress(verb: str, total: int | None = None) -> Iterator[Callable[[int], None]]:
    """Yield a function of the number done, which moves a progress bar on a terminal."""
    if not sys.stderr.isatty():
        yield lambda done: None
        return
    # Without a total, the bar only shows movement.
    steps = itertools.repeat(None) if total is None else None
    with click.progressbar(steps, total, verb, show_pos=True, file=sys.stderr) as bar:
        yield lambda done: bar.update(done - bar.pos)


def progress_to_the_end(verb: str, total: int) -> Callable[[int], None]:
    """Return such a function whose bar begins with the first call, and ends with the total."""
    stack = ExitStack()
    move: Callable[[int], None] | None = None

    def note(done: int) -> None:
        nonlocal move
        if move is None:
            move = stack.enter_context(progress(verb, total))
        move(done)
        if done >= total:
            stack.close()

    return note
