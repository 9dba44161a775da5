"""Long histories: every counter decides as the arithmetic does, and bears a clock that jumps."""

import random
from collections import Counter

import pytest

from sijill.limits.window import LAG, Count, Rule, Verdict, decide

pytestmark = pytest.mark.proves("memory, SQLite and Valkey decide alike, to the last header")

STEPS, SEEDS = 400, range(4)
RULES = (
    Rule("{1}:few", 3, 60.0),
    Rule("{1}:some", 20, 600.0),
    Rule("{1}:paced", 5, 60.0, overflow=1.0),
    Rule("{2}:few", 3, 60.0),
)
FORWARD = (0, 0, 0, 0, 1, 1, 2, 5, 30, 59, 60, 61, 599, 601)
JUMPS = (*FORWARD, -1, -2, -30, -61, -700)
"""Seconds by which the clock moves between two requests."""

Step = tuple[int, tuple[Rule, ...]]


def history(seed: int, jumps: tuple[int, ...]) -> list[Step]:
    """Return the seconds since the start and the rules of each request."""
    dice, at, steps = random.Random(seed), 10_000, []
    for _ in range(STEPS):
        at += dice.choice(jumps)
        one = dice.choice((RULES[:3], RULES[3:]))
        steps.append((at, tuple(dice.sample(one, dice.randint(1, len(one))))))
    return steps


class Model:
    """What the arithmetic alone says."""

    def __init__(self) -> None:
        self._counts: dict[str, Count] = {}

    def hit(self, rules: tuple[Rule, ...], now: float) -> Verdict:
        verdict, written = decide(rules, [self._counts.get(rule.key) for rule in rules], now)
        for rule, count in zip(rules, written, strict=True):
            if count is not None:
                self._counts[rule.key] = count
        return verdict


@pytest.mark.parametrize("seed", SEEDS)
def test_every_counter_decides_a_history_as_the_arithmetic_does(run, seed: int) -> None:
    async def steps(bench) -> None:
        model = Model()
        for number, (at, rules) in enumerate(history(seed, FORWARD)):
            bench.at(at)
            assert await bench.hit(*rules) == model.hit(rules, bench.now), number

    run(steps)


@pytest.mark.parametrize("seed", SEEDS)
def test_no_jump_of_the_clock_makes_a_counter_overstep_its_numbers(run, seed: int) -> None:
    async def steps(bench) -> None:
        for at, rules in history(seed, JUMPS):
            bench.at(at)
            verdict = await bench.hit(*rules)
            assert 0 <= verdict.remaining < verdict.limit
            assert (verdict.wait == 0) == verdict.admitted
            longest = max(rule.period for rule in rules)
            assert verdict.wait <= longest + LAG
            assert bench.now < verdict.reset <= bench.now + longest + LAG + 1

    run(steps)


@pytest.mark.parametrize("seed", range(20))
def test_no_window_of_a_history_admits_more_than_its_limit(seed: int) -> None:
    model, admitted = Model(), Counter[tuple[str, int]]()
    for at, (rule, *_) in history(seed, FORWARD):
        verdict = model.hit((rule,), at + 0.25)
        if verdict.admitted and not rule.overflow:
            admitted[rule.key, verdict.reset] += 1
            assert admitted[rule.key, verdict.reset] <= rule.limit
    assert max(admitted.values()) > 1
