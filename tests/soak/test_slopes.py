"""Planted growth is found, and noise is not."""

import random
from collections.abc import Callable

import pytest

from soak.report import BOUNDS, LATENCY
from soak.slopes import HOUR, Bound, Point, judge, slope

WARM_UP = 900.0


def series(value: Callable[[float], float], hours: float = 2.0, seed: int = 1) -> list[Point]:
    """Return a value each ten seconds."""
    return [(at, value(at)) for at in range(0, int(hours * HOUR), 10)]


def noise(spread: float, seed: int = 1) -> Callable[[], float]:
    chance = random.Random(seed)
    return lambda: chance.gauss(0, spread)


def grows(name: str, points: list[Point], bound: Bound | None = None) -> bool:
    (line,) = judge({name: points}, {name: bound or BOUNDS[name]}, WARM_UP)
    return line.grows


def test_a_line_has_its_slope() -> None:
    assert slope([(at, 3.0 * at + 7) for at in range(50)]) == pytest.approx(3.0)


def test_a_fifth_of_wild_points_does_not_move_it() -> None:
    points = [(float(at), 1e6 if at % 5 == 0 else 2.0 * at) for at in range(200)]
    assert slope(points) == pytest.approx(2.0, rel=0.2)


@pytest.mark.parametrize("points", [[], [(1.0, 5.0)], [(1.0, 5.0), (1.0, 9.0)]])
def test_without_two_moments_there_is_no_slope(points: list[Point]) -> None:
    assert slope(points) == 0.0


PLANTED: dict[str, tuple[str, Callable[[float], float]]] = {
    "a megabyte a minute": ("memory", lambda at: 80 + at / 60),
    "a tenth of that": ("memory", lambda at: 80 + at / 600 * 1.1),
    "a descriptor in ten minutes": ("descriptors", lambda at: 40 + at // 600),
    "a thread in half an hour": ("threads", lambda at: 3 + at // 1800),
    "an answer that slows down to twice in an hour": ("p99", lambda at: 50 * (1 + 3 * at / HOUR)),
}


@pytest.mark.parametrize("leak", PLANTED)
def test_a_planted_leak_is_found_under_noise(leak: str) -> None:
    name, value = PLANTED[leak]
    shake = noise({"memory": 3.0, "p99": 15.0}.get(name, 0.0))
    bound = LATENCY if name == "p99" else None
    assert grows(name, series(lambda at: value(at) + shake()), bound)


FLAT: dict[str, tuple[str, float, float]] = {
    "memory with noise": ("memory", 80.0, 5.0),
    "descriptors that come and go": ("descriptors", 45.0, 8.0),
    "threads": ("threads", 3.0, 0.0),
    "slow answers now and then": ("p99", 50.0, 40.0),
}


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("kind", FLAT)
def test_flat_noise_is_no_leak(kind: str, seed: int) -> None:
    name, middle, spread = FLAT[kind]
    shake = noise(spread, seed)
    bound = LATENCY if name == "p99" else None
    assert not grows(name, series(lambda at: middle + round(shake())), bound)


def test_growth_that_ends_with_the_warm_up_is_no_leak() -> None:
    assert not grows("memory", series(lambda at: 60 + min(at, 800) / 20))


def test_what_is_too_short_or_too_rare_is_not_judged() -> None:
    steep = [(float(at), float(at)) for at in range(599)]
    rare = [(at * 600.0, at * 600.0) for at in range(12)]
    lines = judge({"a": steep, "b": rare}, {"a": Bound(0), "b": Bound(0)}, warm_up=0)
    assert [(line.per_hour, line.grows) for line in lines] == [(None, False)] * 2
