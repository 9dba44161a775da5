"""Whether a series grows: the slope by Theil and Sen, held to a bound."""

from collections.abc import Mapping, Sequence
from statistics import median
from typing import NamedTuple

HOUR = 3600.0

LEAST = 600.0
"""Seconds below which no slope is judged: a server that begins to work grows at first."""

FEW = 20
"""Points below which none is: chance would decide."""

Point = tuple[float, float]
"""Seconds since the beginning, and a value."""


class Bound(NamedTuple):
    """How much a series may grow in an hour: so much, or such a part of its beginning if more."""

    per_hour: float
    part: float = 0.0


class Judged(NamedTuple):
    """A series after its warm-up: values, growth in an hour, and what was allowed."""

    name: str
    first: float
    middle: float
    last: float
    per_hour: float | None
    """None where the series is too short to be judged."""
    bound: float

    @property
    def grows(self) -> bool:
        """Whether it grows by more than is allowed."""
        return self.per_hour is not None and self.per_hour > self.bound


def slope(points: Sequence[Point]) -> float:
    """
    Return the median of the slopes between any two points, per second; 0 without two.

    Up to a quarter of the points may be anything. Source: Sen 1968, "Estimates of the regression
    coefficient based on Kendall's tau".
    """
    slopes = [
        (later - value) / (then - at)
        for number, (at, value) in enumerate(points)
        for then, later in points[number + 1 :]
        if then > at
    ]
    return median(slopes) if slopes else 0.0


def judge(
    series: Mapping[str, Sequence[Point]], bounds: Mapping[str, Bound], warm_up: float
) -> list[Judged]:
    """Return each series that has points after the warm-up, judged by the bound of its name."""
    found = []
    for name, points in series.items():
        warm = [point for point in points if point[0] >= warm_up]
        if warm:
            found.append(_judged(name, warm, bounds[name]))
    return found


def _judged(name: str, points: Sequence[Point], bound: Bound) -> Judged:
    values = [value for _, value in points]
    tenth = max(1, len(values) // 10)
    judged = points[-1][0] - points[0][0] >= LEAST and len(points) >= FEW
    first = median(values[:tenth])
    return Judged(
        name,
        first,
        median(values),
        median(values[-tenth:]),
        slope(points) * HOUR if judged else None,
        max(bound.per_hour, bound.part * first),
    )
