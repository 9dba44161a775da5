"""Stores take turns, at reading files and at importing them, and one store has so many at most."""

import asyncio
from collections.abc import Sequence

import pytest
from fixtures.databases import Run
from fixtures.events import APP, OTHER
from fixtures.registers import NOW, STORE
from fixtures.uploads import csv
from msgspec import json

from sijill.errors import Unavailable
from sijill.imports import job as module
from sijill.imports.job import HELD, Importer
from sijill.imports.model import BadUpload, Import, TooManyImports
from sijill.imports.rows import Row
from sijill.imports.scanning import CAPS
from sijill.imports.shares import WAITING
from sijill.imports.turns import OF_A_STORE, OF_ALL, Turns
from sijill.imports.uploads import batches
from sijill.register import Register
from sijill.stores.model import Store

pytestmark = pytest.mark.proves("an app that imports much keeps no other store waiting")

SECONDS, MB = 30.0, 2**20


def served(arrivals: Sequence[int], cancelled: Sequence[int] = ()) -> list[int]:
    """Return the order in which stores get turns, if all arrive while the first one reads."""

    async def whole() -> list[int]:
        turns, order = Turns(), list[int]()
        gate = asyncio.Event()

        async def read(store_id: int) -> None:
            async with turns.turn(store_id):
                order.append(store_id)
                await gate.wait()

        tasks = []
        for store_id in arrivals:
            tasks.append(asyncio.create_task(read(store_id)))
            await asyncio.sleep(0)
        for index in cancelled:
            tasks[index].cancel()
        gate.set()
        async with asyncio.timeout(SECONDS):
            await asyncio.gather(*tasks, return_exceptions=True)
            async with turns.turn(arrivals[0]):
                return order

    return asyncio.run(whole())


@pytest.mark.parametrize(
    ("arrivals", "cancelled", "order"),
    [
        ([1], [], [1]),
        ([1, 1, 1, 1], [], [1, 1, 1, 1]),
        ([1, 1, 1, 1, 2], [], [1, 1, 2, 1, 1]),
        ([1, 1, 1, 2, 2, 3], [], [1, 1, 2, 3, 1, 2]),
        ([3, 2, 1, 3], [], [3, 2, 1, 3]),
        ([1, 1, 1, 2], [1], [1, 1, 2]),
        ([1, 1, 2], [0], [1, 1, 2]),
        ([1, 1, 2], [1, 2], [1]),
    ],
)
def test_stores_are_read_in_a_circle(
    arrivals: list[int], cancelled: list[int], order: list[int]
) -> None:
    assert served(arrivals, cancelled) == order


def test_a_store_has_so_many_places_and_leaves_those_of_others() -> None:
    async def whole() -> None:
        turns, gate = Turns(), asyncio.Event()

        async def read(store_id: int) -> None:
            async with turns.turn(store_id):
                await gate.wait()

        stores = [store for store in range(OF_ALL // OF_A_STORE) for _ in range(OF_A_STORE)]
        tasks = [asyncio.create_task(read(store)) for store in stores]
        await asyncio.sleep(0)
        with pytest.raises(TooManyImports):
            await read(0)
        with pytest.raises(Unavailable):
            await read(len(stores))
        gate.set()
        await asyncio.wait_for(asyncio.gather(*tasks), SECONDS)
        await asyncio.wait_for(read(0), SECONDS)

    asyncio.run(whole())


async def keep(register: Register, store: Store, import_id: int, batches: int) -> None:
    """Store a file of batches of one row each."""
    if APP not in await register.apps.all():
        await register.apps.create(APP)
        await register.stores.create(OTHER)
    rows = [
        json.encode([Row(n, {"first_name": "N", "email": f"{import_id}.{n}@a.b"})]).decode()
        for n in range(batches)
    ]
    counts = (batches, 0, 0, 0, 0, NOW)
    job = Import(store.id, import_id, APP.id, "a.csv", "en", "queued", *counts)
    await register.imports.add(job, rows)


def test_a_file_of_a_row_waits_for_a_slice_of_anothers_files(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PAUSE", 0)
    monkeypatch.setattr(module, "SLICE", 3)

    async def scenario(register: Register) -> None:
        for import_id in (1, 2, 3):
            await keep(register, STORE, import_id, 7)
        await keep(register, OTHER, 9, 1)
        importer = Importer(register.imports, register.stores, NOW.timestamp)
        assert await importer.turn()
        assert await importer.turn()
        (theirs,) = await register.imports.all(OTHER.id)
        assert (theirs.state, theirs.created) == ("done", 1)
        ours = {one.id: one.done for one in await register.imports.all(STORE.id)}
        assert ours == {1: 3, 2: 0, 3: 0}
        while await importer.turn():
            pass
        assert {one.state for one in await register.imports.all(STORE.id)} == {"done"}
        assert sum(one.created for one in await register.imports.all(STORE.id)) == 21

    run(scenario)


def test_the_next_file_is_of_the_next_store_and_the_oldest_there(run: Run) -> None:
    async def scenario(register: Register) -> None:
        for store, import_id in ((STORE, 1), (STORE, 2), (OTHER, 3)):
            await keep(register, store, import_id, 1)
        found = []
        for after in (0, STORE.id, OTHER.id, OTHER.id):
            job = await register.imports.next("one", NOW, NOW + HELD, after)
            found.append(job and job.id)
        assert found == [1, 3, 2, None]

    run(scenario)


def test_so_many_files_of_a_store_wait_and_one_more_is_refused(run: Run) -> None:
    async def scenario(register: Register) -> None:
        for import_id in range(1, WAITING + 1):
            await keep(register, STORE, import_id, 1)
        with pytest.raises(TooManyImports):
            await keep(register, STORE, 99, 1)
        await keep(register, OTHER, 99, 1)
        importer = Importer(register.imports, register.stores, NOW.timestamp)
        await importer.turn()
        await keep(register, STORE, 99, 1)

    run(scenario)


@pytest.mark.parametrize(
    ("size", "most"),
    [(0, 4 * MB), (MB // 50, 4 * MB), (MB // 2, 25 * MB), (MB, 50 * MB), (10 * MB, 64 * MB)],
)
def test_the_rows_of_a_file_are_so_much_larger_than_the_file_at_most(size: int, most: int) -> None:
    assert CAPS.most_text(size) == most


def test_a_file_that_grows_too_much_is_refused() -> None:
    caps = CAPS._replace(growth=2, small_text=100)
    with pytest.raises(BadUpload, match="too_large"):
        list(batches(csv("first_name,last_name,city", *["a,b,c"] * 60), caps))
