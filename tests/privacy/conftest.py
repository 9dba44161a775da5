"""The demo store on databases that leave traces."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fixtures.world import World

from sijill.opening import announce


@pytest.fixture(params=["file", pytest.param("postgres", marks=pytest.mark.postgres)])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "file":
        return f"sqlite://{tmp_path}/sijill.db"
    url: str = request.getfixturevalue("migrated_postgres_url")
    return url


@pytest.fixture
def world(place: str) -> Iterator[World]:
    """The demo store on a database that leaves traces: a file, or a server."""
    made = World(place)
    made.register.customer_events.make = announce(made.settings, made.clock)
    yield made
    made.close()
