"""What a server holds at a moment, and how long its clients waited since the last one."""

import os
import resource
from collections import Counter, defaultdict
from pathlib import Path
from typing import NamedTuple

MB = 1 << 20


class Held(NamedTuple):
    """What a process holds: resident memory in MB, descriptors, threads."""

    memory: float
    descriptors: int
    threads: int


def held(pid: int) -> Held:
    """Return what a process holds now. Raises: OSError if it is gone."""
    place = Path(f"/proc/{pid}")
    pages = int((place / "statm").read_text().split()[1])
    return Held(
        pages * resource.getpagesize() / MB,
        len(os.listdir(place / "fd")),
        len(os.listdir(place / "task")),
    )


class Answers:
    """The statuses of all answers, and the seconds of those since the last look, by kind."""

    def __init__(self) -> None:
        self.statuses: Counter[tuple[str, int]] = Counter()
        self._seconds: dict[str, list[float]] = defaultdict(list)

    def add(self, kind: str, status: int, seconds: float) -> None:
        """Count an answer; status 0 is none."""
        self.statuses[kind, status] += 1
        self._seconds[kind].append(seconds)

    def slowest(self) -> dict[str, float]:
        """Return the 99th percentile of each kind since the last call, in milliseconds."""
        found = {kind: percentile(seconds, 99) * 1000 for kind, seconds in self._seconds.items()}
        self._seconds.clear()
        return found


def percentile(values: list[float], part: int) -> float:
    """Return the smallest value that so many in a hundred do not exceed."""
    ordered = sorted(values)
    return ordered[-(-len(ordered) * part // 100) - 1]
