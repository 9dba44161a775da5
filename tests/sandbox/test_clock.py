"""The clock of a namespace."""

from datetime import timedelta

import pytest

from sijill.sandbox.clock import VirtualClock


class Real:
    def __init__(self) -> None:
        self.at = 1000.0

    def __call__(self) -> float:
        return self.at


def test_it_runs_with_the_real_clock_until_it_is_frozen() -> None:
    real = Real()
    clock = VirtualClock(real)
    real.at += 5
    assert (clock(), clock.is_frozen) == (1005.0, False)
    clock.freeze()
    real.at += 5
    assert (clock(), clock.is_frozen) == (1005.0, True)


@pytest.mark.parametrize("at", [1_795_975_715.6711104, 1_800_000_000.0000004])
def test_ten_minutes_from_a_frozen_moment_are_ten_minutes(at: float) -> None:
    real = Real()
    real.at = at
    clock = VirtualClock(real)
    clock.freeze()
    before = clock()
    clock.move_to((clock.now() + timedelta(seconds=600)).timestamp())
    assert clock() == before + 600


def test_it_runs_on_from_where_it_stood() -> None:
    real = Real()
    clock = VirtualClock(real)
    clock.freeze()
    real.at += 100
    clock.resume()
    clock.resume()
    real.at += 1
    assert clock() == 1001.0


@pytest.mark.parametrize("frozen", [False, True])
def test_it_moves_forward_alone(frozen: bool) -> None:
    clock = VirtualClock(Real())
    if frozen:
        clock.freeze()
    clock.move_to(1600.0)
    assert (clock(), clock.is_frozen) == (1600.0, frozen)
    clock.move_to(1599.0)
    assert clock() == 1600.0
    clock.jump_to(10.0)
    assert clock() == 10.0
    clock.reset()
    assert (clock(), clock.is_frozen) == (1000.0, False)
