"""The search for garbage in a sandbox: often, and little at once."""

import gc
from collections.abc import Iterator

import pytest
from sandbox.conftest import SandboxWorld

from sijill.sandbox.garbage import search_often
from sijill.sandbox.new import New


@pytest.fixture(autouse=True)
def usual_search() -> Iterator[None]:
    usual = gc.get_threshold()
    gc.set_threshold(700, 10, 10)
    yield
    gc.set_threshold(*usual)


def most_at_once(sandbox: SandboxWorld) -> int:
    """Return the most objects that one search of young ones found, while namespaces come and go."""
    found = [0]

    def note(phase: str, told: dict[str, int]) -> None:
        if phase == "stop" and told["generation"] == 1:
            found.append(told["collected"])

    async def come_and_go() -> None:
        for number in range(60):
            await sandbox.namespaces.create(New(name=f"n{number}"))
            await sandbox.namespaces.remove(f"n{number}")

    gc.collect()
    gc.callbacks.append(note)
    try:
        sandbox.run(come_and_go())
    finally:
        gc.callbacks.remove(note)
    return max(found)


def test_one_search_finds_less_than_half_of_what_it_would_find_by_default(
    sandbox: SandboxWorld,
) -> None:
    by_default = most_at_once(sandbox)
    search_often()
    assert most_at_once(sandbox) < by_default / 2
