"""The databases that every behaviour of the register is shown on."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from fixtures.registers import opened

from sijill.domain.ids import random_id
from sijill.storage.register import Register

Scenario = Callable[[Register], Awaitable[None]]
Run = Callable[..., None]

DATABASES = ["memory", "file", pytest.param("postgres", marks=pytest.mark.postgres)]

SECONDS = 30.0
"""No scenario takes this long, unless it hangs."""


@pytest.fixture(params=DATABASES)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the address of a fresh database of each kind."""
    match request.param:
        case "memory":
            return "sqlite://:memory:"
        case "file":
            return f"sqlite://{tmp_path}/data/sijill.db"
        case _:
            address: str = request.getfixturevalue("postgres_url")
            return address


@pytest.fixture
def run(url: str) -> Run:
    """Return a function that runs a scenario on a migrated register."""

    def run(scenario: Scenario, new_id: Callable[[], int] = random_id) -> None:
        async def whole() -> None:
            async with asyncio.timeout(SECONDS), opened(url, new_id) as register:
                await scenario(register)

        asyncio.run(whole())

    return run
