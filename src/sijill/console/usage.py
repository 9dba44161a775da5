"""The requests of apps in columns of a picture: which period, and which app has which numbers."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from sijill.console.chart import Period, Series
from sijill.limits.usage import Part

STACKED = 3
"""Apps with a colour of their own in the picture of all; the others are one."""


PERIODS = {
    "6h": Period(36, timedelta(minutes=10), "%H:%M"),
    "24h": Period(24, timedelta(hours=1), "%H:%M"),
    "7d": Period(28, timedelta(hours=6), "%m-%d %H:%M"),
}
"""By their names in addresses. The steps are whole rows of the table of usage."""


class Total(NamedTuple):
    """The requests of one app in the period."""

    id: int
    name: str
    passed: int
    refused: int


def beginning(now: datetime, period: Period) -> datetime:
    """Return when the first column begins: the last one holds `now`."""
    step = int(period.step.total_seconds())
    last = int(now.timestamp()) // step * step
    return datetime.fromtimestamp(last - (period.columns - 1) * step, UTC)


def by_app(
    parts: Sequence[Part], apps: Mapping[int, str], columns: int, others: str
) -> list[Series]:
    """Return the requests that passed, for each of the first apps and for the others together."""
    shown = [*apps][:STACKED]
    rows = {id_: [0] * columns for id_ in shown}
    rest = [0] * columns
    for part in parts:
        if part.number < columns:
            rows.get(part.app_id, rest)[part.number] += part.passed
    series = [Series(apps[id_], values) for id_, values in rows.items() if any(values)]
    return [*series, Series(others, rest)] if any(rest) or not series else series


def of_app(
    parts: Sequence[Part], app_id: int, columns: int, word: Mapping[str, str]
) -> list[Series]:
    """Return what passed of the requests of one app, and what was refused."""
    passed, refused = [0] * columns, [0] * columns
    for part in parts:
        if part.app_id == app_id and part.number < columns:
            passed[part.number] += part.passed
            refused[part.number] += part.refused
    return [Series(word["limits_passed"], passed), Series(word["limits_refused"], refused)]


def totals(parts: Sequence[Part], apps: Mapping[int, str]) -> list[Total]:
    """Return the sums of each app that is shown, in the order of `apps`."""
    sums = {id_: [0, 0] for id_ in apps}
    for part in parts:
        if part.app_id in sums:
            sums[part.app_id][0] += part.passed
            sums[part.app_id][1] += part.refused
    return [Total(id_, apps[id_], *both) for id_, both in sums.items()]
