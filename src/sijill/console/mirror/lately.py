"""How complete and how fresh a copy was lately: samples, gathered into columns of time."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from math import ceil
from typing import NamedTuple

from sijill.console.chart import Chart, Period, Series, chart
from sijill.mirror.history import Sample

SPANS: Mapping[str, Period] = {
    "day": Period(24, timedelta(hours=1), "%H:%M"),
    "week": Period(28, timedelta(hours=6), "%d %H:%M"),
    "month": Period(30, timedelta(days=1), "%m-%d"),
}

HOUR, LONG = 3_600, 3 * 3_600
"""Seconds: ages are told in minutes up to LONG, and in hours beyond."""


class Lately(NamedTuple):
    """The pictures of a time; None where there is no sample in it."""

    completeness: Chart
    age: Chart


def lately(
    samples: Sequence[Sample], now: datetime, span: Period, timezone: str, word: Mapping[str, str]
) -> Lately | None:
    """Return the pictures of the worst sample of each column."""
    begin = _next_hour(now) - span.whole
    columns: list[list[Sample]] = [[] for _ in range(span.columns)]
    for sample in samples:
        place = (sample.at - begin) // span.step
        if 0 <= place < span.columns:
            columns[place].append(sample)
    if not any(columns):
        return None
    labels = span.labels(begin, timezone)
    # The part is rounded down: a copy that lacks one customer is not whole.
    parts = [
        min((int(100 * one.completeness) for one in column), default=None) for column in columns
    ]
    lags = [max((one.lag for one in column), default=None) for column in columns]
    long = max(lag for lag in lags if lag is not None) > LONG
    unit = HOUR if long else 60
    ages = [None if lag is None else ceil(lag / unit) for lag in lags]
    return Lately(
        chart("%", labels, [Series(word["mirror_completeness"], parts)]),
        chart(
            word["mirror_hours" if long else "mirror_minutes"],
            labels,
            [Series(word["mirror_oldest"], ages)],
        ),
    )


def _next_hour(now: datetime) -> datetime:
    hour = now.replace(minute=0, second=0, microsecond=0)
    return hour if hour == now else hour + timedelta(hours=1)
