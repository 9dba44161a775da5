"""
Is this tree slower than another checkout?

Every case is asked of the base tree, of the new one, and of the base tree again, in turns.
"""

import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

from benchmarks.cases import SHARED, Case, Figures, all_cases
from benchmarks.comparison import BASE, NEW, Round, Unit, Verdict, judge, order
from benchmarks.contestants import Contestant, embedded, shared, standing
from benchmarks.data import say
from benchmarks.receiving import receiving
from benchmarks.rounds import Plan, Uncounted
from benchmarks.trees import HERE, Tree

TRIES = 3
"""How often a turn is begun whose requests were not all counted."""

PAUSE = 2.0
"""Seconds before the next try: a server asks for its counters again after one."""


class Sizes(NamedTuple):
    """Customers on SQLite and on PostgreSQL."""

    embedded: int
    shared: int


FULL = Sizes(embedded=100_000, shared=10_000)
QUICK = Sizes(embedded=10_000, shared=2_000)


class Comparison(NamedTuple):
    """The verdicts, case by case, and why a case has none, by its title."""

    verdicts: list[Verdict]
    unmeasured: dict[str, str]


def run(base: Tree, plan: Plan, sizes: Sizes, folder: Path) -> Comparison:
    """
    Return what came of it; `folder` is for what the servers write.

    A case is left out if a server did not count its requests, try after try.
    Raises: SystemExit if an answer was no success.
    """
    trees = {BASE: base, NEW: HERE}
    taken: dict[str, list[dict[str, Figures]]] = defaultdict(list)
    with ExitStack() as stack:
        registers = embedded(trees, sizes.embedded, folder / "registers")
        beside = shared(stack, trees, sizes.shared, folder)
        missing = {} if beside else {SHARED: "PostgreSQL or Valkey did not start"}
        receiver = stack.enter_context(receiving(folder / "receiver.ports", 1, 0))
        cases = list(all_cases(registers, beside, receiver, plan.seconds))
        for number in range(plan.rounds):
            say(f"round {number + 1} of {plan.rounds} ...")
            with standing(trees, registers, beside, folder / "round") as ready:
                for place, case in enumerate(cases):
                    if case.title not in missing:
                        _take(
                            case, {one: ready[one] for one in order(number, place)}, taken, missing
                        )
    return Comparison(list(_verdicts(taken, missing)), missing)


def _take(
    case: Case,
    contestants: Mapping[str, Contestant],
    taken: dict[str, list[dict[str, Figures]]],
    missing: dict[str, str],
) -> None:
    """Add what the contestants took, each in its turn, or why they cannot be measured."""
    try:
        turns = {name: _turn(case, one) for name, one in contestants.items()}
    except Uncounted as fault:
        missing[case.title] = str(fault)
    else:
        taken[case.title].append(turns)


def _turn(case: Case, contestant: Contestant) -> Figures:
    """
    Return what a contestant took.

    Raises: Uncounted if the last of the tries was not counted either.
    """
    for _ in range(TRIES - 1):
        try:
            return case.measure(contestant)
        except Uncounted as fault:
            say(f"{fault}: once more ...")
            time.sleep(PAUSE)
    return case.measure(contestant)


def _verdicts(
    taken: Mapping[str, Sequence[Mapping[str, Figures]]], missing: Mapping[str, str]
) -> Iterator[Verdict]:
    for title, rounds in taken.items():
        for unit in rounds[0][BASE] if title not in missing else ():
            yield judge(title, unit, [_round(unit, one) for one in rounds])


def _round(unit: Unit, turns: Mapping[str, Figures]) -> Round:
    return Round(**{name: figures[unit] for name, figures in turns.items()})
