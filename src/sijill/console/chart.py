"""
Pictures of numbers over time: bars on an axis, and the same numbers as a table for readers.

The shapes are an SVG that is stretched to its place; the texts are HTML beside it, so that they
keep their size on a telephone. From right to left the picture is mirrored, as a list is.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from math import ceil
from typing import NamedTuple

from sijill.values.dates import zone

HEIGHT = 100
"""The height of the picture, in units of its own."""

_GAP = 0.25
"""The part of a column's width that stays empty."""

_STEPS = (1, 2, 2.5, 5, 10)
_TICKS_OF_X = 6
"""Labels that are shown at most."""


class Period(NamedTuple):
    """A time that a picture shows: so many columns, each so long."""

    columns: int
    step: timedelta
    label: str
    """How the beginning of a column is written."""

    @property
    def whole(self) -> timedelta:
        """The time from its beginning to its end."""
        return self.step * self.columns

    def labels(self, begin: datetime, timezone: str) -> list[str]:
        """Return the label of each column in a time zone."""
        local = begin.astimezone(zone(timezone))
        return [(local + n * self.step).strftime(self.label) for n in range(self.columns)]


class Series(NamedTuple):
    """The numbers of one thing, one for each label of the axis; None where none is known."""

    name: str
    values: Sequence[int | None]


class Bar(NamedTuple):
    """A rectangle; `series` is the number of its series, from 1."""

    x: float
    y: float
    width: float
    height: float
    series: int


class Chart(NamedTuple):
    """A picture that is ready to be drawn."""

    unit: str
    labels: Sequence[str]
    series: Sequence[Series]
    bars: Sequence[Bar]
    ticks: Sequence[str]
    """The numbers beside the vertical axis, from the top down to 0."""
    shown_labels: Sequence[str]
    """The labels below the horizontal axis, one for each column: "" for one that is not shown."""
    limit: float | None
    """The height of the line of a limit."""

    @property
    def width(self) -> int:
        """The width of the picture, in units of its own: one for each label."""
        return len(self.labels)


def chart(
    unit: str, labels: Sequence[str], series: Sequence[Series], limit: int | None = None
) -> Chart:
    """
    Return the picture of series of numbers, stacked on one another.

    `unit` is what the numbers count; `limit` draws a line at a number.
    Raises: ValueError unless each series has a number of 0 or more for each label.
    """
    counted = [[value or 0 for value in one.values] for one in series]
    if any(len(values) != len(labels) or min(values, default=0) < 0 for values in counted):
        raise ValueError("a series has not one number of 0 or more for each label")
    sums = [sum(values) for values in zip(*counted, strict=True)]
    top = nice_top(max([*sums, limit or 0, 1]))
    return Chart(
        unit=unit,
        labels=labels,
        series=series,
        bars=_bars(counted, top),
        ticks=[f"{number:,}" for number in (top, top // 2, 0)],
        shown_labels=_some(labels),
        limit=None if limit is None else _height(limit, top),
    )


def nice_top(most: int) -> int:
    """Return the even number at the top of an axis: 1, 2, 2.5 or 5 times a power of ten."""
    power = 1
    while True:
        for step in _STEPS:
            top = int(step * power)
            if top >= most and top == step * power and top % 2 == 0:
                return top
        power *= 10


def _some(labels: Sequence[str]) -> list[str]:
    """Return the labels with "" for those that are not shown: every nth one is, the last among."""
    last, step = len(labels) - 1, ceil(len(labels) / _TICKS_OF_X)
    return [label if (last - n) % step == 0 else "" for n, label in enumerate(labels)]


def _bars(series: Sequence[Sequence[int]], top: int) -> list[Bar]:
    bars, feet = [], [0] * max(map(len, series), default=0)
    for number, values in enumerate(series, 1):
        for column, value in enumerate(values):
            feet[column] += value
            if value:
                size = round(HEIGHT * value / top, 2)
                y = _height(feet[column], top)
                bars.append(Bar(column + _GAP / 2, y, 1 - _GAP, size, number))
    return bars


def _height(value: int, top: int) -> float:
    return round(HEIGHT - HEIGHT * value / top, 2)
