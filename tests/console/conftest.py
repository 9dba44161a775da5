"""People at the console, one of each role."""

import pytest
from console.desks import Seat, seat
from fixtures.world import World


@pytest.fixture
def owner(world: World) -> Seat:
    return seat(world, "owner")


@pytest.fixture
def support(world: World) -> Seat:
    return seat(world, "support")


@pytest.fixture
def viewer(world: World) -> Seat:
    return seat(world, "viewer")
