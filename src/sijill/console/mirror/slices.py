"""The slices of a copy as a picture: columns in the order of days, each split by state."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sijill.console.chart import Bar
from sijill.mirror.progress import SliceShown

MOST = 60
"""Columns of the picture at most: more slices stand in one column together."""

STATES = ("proven", "reading", "counted", "uncounted")
"""The states in the order of the picture, from its foot on."""

_STATE_OF: Mapping[str, str] = {"unbounded": "uncounted"}


class Column(NamedTuple):
    """Neighbouring slices. A day of "" is no bound."""

    first_day: str
    last_day: str
    counts: Sequence[int]
    """The number of slices in each of STATES."""


class SlicePicture(NamedTuple):
    """The slices of one run."""

    run: str
    columns: Sequence[Column]
    bars: Sequence[Bar]
    counts: Sequence[int]
    """The number of all slices in each of STATES."""


def slice_picture(slices: Sequence[SliceShown]) -> SlicePicture | None:
    """Return the picture of the sweep, or of the backfill if none is under way; None of neither."""
    for run in ("sweep", "backfill"):
        found = sorted((one for one in slices if one.run == run), key=lambda one: one.first_day)
        if found:
            size = -(-len(found) // MOST)
            columns = [_column(found[n : n + size]) for n in range(0, len(found), size)]
            counts = [sum(column.counts[n] for column in columns) for n in range(len(STATES))]
            return SlicePicture(run, columns, _bars(columns), counts)
    return None


def _column(slices: Sequence[SliceShown]) -> Column:
    states = [_STATE_OF.get(one.state, one.state) for one in slices]
    counts = [states.count(state) for state in STATES]
    return Column(slices[0].first_day, slices[-1].last_day, counts)


def _bars(columns: Sequence[Column]) -> list[Bar]:
    bars = []
    for place, column in enumerate(columns):
        foot, whole = 0.0, sum(column.counts)
        for series, count in enumerate(column.counts, 1):
            if count:
                height = 100 * count / whole
                foot += height
                bars.append(Bar(place, round(100 - foot, 2), 0.9, round(height, 2), series))
    return bars
