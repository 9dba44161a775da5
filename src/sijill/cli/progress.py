"""The progress bar of long commands, on a terminal alone."""

import itertools
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

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
