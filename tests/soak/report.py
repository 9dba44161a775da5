"""The bounds of a soak, and its report as tables."""

import os
from collections.abc import Sequence

from soak.running import Outcome
from soak.slopes import Bound, Judged, judge

BOUNDS = {
    "memory": Bound(3.0),
    "descriptors": Bound(2.0),
    "threads": Bound(1.0),
}
"""By series: MB, descriptors, threads an hour."""

LATENCY = Bound(20.0, part=1.0)
"""Of the 99th percentile of any kind, in ms an hour; other work on the machine moves it."""

UNITS = {"memory": "MB"}


def judged(outcome: Outcome, warm_up: float) -> list[Judged]:
    """Return every series, judged."""
    bounds = {name: BOUNDS.get(name, LATENCY) for name in outcome.series}
    return judge(dict(sorted(outcome.series.items())), bounds, warm_up)


def failed(outcome: Outcome, lines: Sequence[Judged]) -> bool:
    """Whether something grows, or something was wrong."""
    return bool(outcome.faults) or any(line.grows for line in lines)


def written(outcome: Outcome, lines: Sequence[Judged]) -> str:
    """Return the report."""
    rows = [f"{'':<22}{'first':>9}{'median':>9}{'last':>9}{'an hour':>10}{'bound':>9}"]
    rows += [_row(line) for line in lines]
    rows += ["", *(f"{name:<34}{count:>9,}" for name, count in outcome.counted.items()), ""]
    kinds = sorted({kind for kind, _ in outcome.statuses})
    for kind in kinds:
        told = {s: n for (k, s), n in sorted(outcome.statuses.items()) if k == kind}
        rows.append(f"{kind:<12}" + "  ".join(f"{s} {n:,}" for s, n in told.items()))
    rows += ["", f"load average {' '.join(f'{one:.1f}' for one in os.getloadavg())} at the end"]
    rows += [f"FAULT  {fault}" for fault in outcome.faults[:40]]
    return "\n".join(rows)


def _row(line: Judged) -> str:
    grown = "short" if line.per_hour is None else f"{line.per_hour:+.2f}"
    unit = "ms" if line.name.startswith("p99") else UNITS.get(line.name, "")
    name = f"{line.name} {unit}".strip()
    numbers = f"{line.first:>9.1f}{line.middle:>9.1f}{line.last:>9.1f}{grown:>10}{line.bound:>9.1f}"
    return f"{name:<22}{numbers}{'  GROWS' if line.grows else ''}"
