"""
Two trees compared: in which order they take their turns, and whether one is slower.

Everything here is pure. `base` is the tree that the new one is held to, `again` is the same tree a
second time: how far these two are apart is what the machine alone makes of equal programs.
"""

from collections.abc import Mapping, Sequence
from statistics import median
from typing import NamedTuple

from msgspec import Struct

BASE, NEW, AGAIN = "base", "new", "again"

ORDERS = (
    (BASE, NEW, AGAIN),
    (AGAIN, NEW, BASE),
    (NEW, AGAIN, BASE),
    (BASE, AGAIN, NEW),
    (AGAIN, BASE, NEW),
    (NEW, BASE, AGAIN),
)
"""Orders in turns: in six of them each takes each place twice, and each pair turns round."""

RESOLUTION = 1.01
"""The least spread: a difference of less than one in a hundred says nothing of a program."""


class Unit(NamedTuple):
    """What a figure counts, whether more of it is better, and the words of its verdicts."""

    name: str
    more_is_better: bool
    worse: str = "slower"
    alike: str = "no slower"
    better: str = "faster"


RATE = Unit("req/s", more_is_better=True)
P99 = Unit("p99 ms", more_is_better=False)
CPU_MICROS = Unit("CPU us", more_is_better=False)
CPU_MILLIS = Unit("CPU ms", more_is_better=False)
MILLIS = Unit("ms", more_is_better=False)
MEMORY = Unit("MB", False, worse="larger", alike="no larger", better="smaller")


Figures = Mapping[Unit, float]
"""What one contestant took or gave in one turn."""

Turns = Mapping[str, Figures]
"""The figures of one case in one round, by the name of the contestant."""


class Round(NamedTuple):
    """What the three contestants took or gave in one round, in one unit."""

    base: float
    new: float
    again: float


class Verdict(Struct, frozen=True):
    """
    One case in one unit. `base` and `new` are medians of the rounds.

    `ratio` is above 1 where the new tree is better, in any unit; two runs of the base tree
    are up to `spread` (above 1) apart. `worse` says that `ratio` is below 1 / `spread`.
    """

    case: str
    unit: str
    base: float
    new: float
    ratio: float
    spread: float
    worse: bool
    says: str


def order(number: int, case: int) -> tuple[str, str, str]:
    """Return the names of the contestants as they come in a round, counted from 0, of a case."""
    return ORDERS[(number + case) % len(ORDERS)]


def judge(case: str, unit: Unit, rounds: Sequence[Round]) -> Verdict:
    """
    Return the verdict on a case.

    A round's ratio is that of `new` to the mean of `base` and `again`; the verdict's ratio is the
    median of those. The spread is the largest ratio of `base` and `again` in any round.
    Raises: ValueError if there is no round, or a figure is not above 0.
    """
    if not rounds or min(map(min, rounds)) <= 0:
        raise ValueError(f"{case}: {unit.name} must be above 0 in every round")
    ratio = median(_gain(unit, one.new, (one.base + one.again) / 2) for one in rounds)
    spread = max(RESOLUTION, *(_apart(one.base, one.again) for one in rounds))
    return Verdict(
        case=case,
        unit=unit.name,
        base=median(figure for one in rounds for figure in (one.base, one.again)),
        new=median(one.new for one in rounds),
        ratio=ratio,
        spread=spread,
        worse=ratio < 1 / spread,
        says=_word(unit, ratio, spread),
    )


def verdicts(taken: Mapping[str, Sequence[Turns]], rounds: int) -> tuple[list[Verdict], list[str]]:
    """
    Return the verdicts on cases, by title, and the titles of those that have too few turns.

    A case needs more than half of the rounds: the fewer there are, the more chance decides.
    """
    few = [title for title, turns in taken.items() if 2 * len(turns) <= rounds]
    judged = [
        judge(title, unit, [_round(unit, each) for each in turns])
        for title, turns in taken.items()
        if title not in few
        for unit in turns[0][BASE]
    ]
    return judged, few


def exit_code(verdicts: Sequence[Verdict]) -> int:
    """Return 1 if the new tree is worse in a case, else 0."""
    return int(any(verdict.worse for verdict in verdicts))


def table(verdicts: Sequence[Verdict]) -> str:
    """Return the verdicts as text, one line each."""
    head = ("", "", BASE, NEW, "ratio", "spread", "")
    return "\n".join(map(_line, [head, *map(_cells, verdicts)]))


def _round(unit: Unit, turns: Turns) -> Round:
    return Round(turns[BASE][unit], turns[NEW][unit], turns[AGAIN][unit])


def _gain(unit: Unit, figure: float, base: float) -> float:
    return figure / base if unit.more_is_better else base / figure


def _apart(one: float, other: float) -> float:
    return max(one / other, other / one)


def _word(unit: Unit, ratio: float, spread: float) -> str:
    if ratio < 1 / spread:
        return unit.worse
    return unit.better if ratio > spread else unit.alike


def _cells(verdict: Verdict) -> tuple[str, ...]:
    return (
        verdict.case,
        verdict.unit,
        _figure(verdict.base),
        _figure(verdict.new),
        f"{verdict.ratio:.3f}",
        f"{1 / verdict.spread:.3f}-{verdict.spread:.3f}",
        verdict.says,
    )


def _figure(figure: float) -> str:
    return f"{figure:,.0f}" if figure >= 1_000 else f"{figure:.1f}"


def _line(cells: Sequence[str]) -> str:
    case, unit, base, new, ratio, spread, says = cells
    return f"{case:<38}{unit:<7}{base:>9}{new:>9}{ratio:>8}{spread:>13}  {says}".rstrip()
