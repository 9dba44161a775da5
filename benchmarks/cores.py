"""Which core does what: one for the server that is measured, one for all the rest."""

import os
import sys


def server_core() -> int:
    """Return the core of the server under measurement: the last one there is."""
    return max(_CORES)


def load_core() -> int:
    """Return the core of the load and the databases: the first one there is."""
    return min(_CORES)


def pin(core: int) -> None:
    """Keep this process, and those it starts, on one core."""
    os.sched_setaffinity(0, {core})


if not sys.platform.startswith("linux"):
    raise SystemExit("benchmarks: they pin processes to cores and read /proc, so they need Linux")

_CORES = os.sched_getaffinity(0)
"""Read once, before anything is pinned."""
