"""
Is this tree slower than another checkout?

Every case is asked of the base tree, of the new one, and of the base tree again, in turns.
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

from benchmarks.cases import SHARED, Case, all_cases
from benchmarks.comparison import BASE, NEW, Figures, Turns, Verdict, order, verdicts
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
    Return the result; `folder` is for what the servers write.

    A case needs more than half of the rounds; those do not count whose requests a server did not.
    Raises: SystemExit if an answer was no success.
    """
    trees = {BASE: base, NEW: HERE}
    with ExitStack() as stack:
        registers = embedded(trees, sizes.embedded, folder / "registers")
        beside = shared(stack, trees, sizes.shared, folder)
        receiver = stack.enter_context(receiving(folder / "receiver.ports", 1, 0))
        cases = list(all_cases(registers, beside, receiver, plan.seconds))
        taken: dict[str, list[Turns]] = {case.title: [] for case in cases}
        for number in range(plan.rounds):
            say(f"round {number + 1} of {plan.rounds} ...")
            with standing(trees, registers, beside, folder / "round") as ready:
                for place, case in enumerate(cases):
                    taken[case.title] += _turns(case, ready, order(number, place))
    found, few = verdicts(taken, plan.rounds)
    unmeasured = dict.fromkeys(few, "a server did not count all requests in half of the rounds")
    if beside is None:
        unmeasured[SHARED] = "PostgreSQL or Valkey did not start"
    return Comparison(found, unmeasured)


def _turns(case: Case, ready: Mapping[str, Contestant], names: Sequence[str]) -> Iterator[Turns]:
    """Yield the figures of each contestant in its turn, or nothing if one was not counted."""
    try:
        yield {name: _turn(case, ready[name]) for name in names}
    except Uncounted as fault:
        say(f"{fault}: this round says nothing of {case.title}")


def _turn(case: Case, contestant: Contestant) -> Figures:
    """
    Return the figures of a contestant.

    Raises: Uncounted if the last of the tries was not counted either.
    """
    for _ in range(TRIES - 1):
        try:
            return case.measure(contestant)
        except Uncounted as fault:
            say(f"{fault}: once more ...")
            time.sleep(PAUSE)
    return case.measure(contestant)
