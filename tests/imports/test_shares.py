"""What the uploads of one store take of the database is bounded, on every database."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

import pytest
from fixtures.databases import Run
from fixtures.events import APP, OTHER
from fixtures.registers import NOW, STORE
from msgspec import json
from msgspec.structs import replace

from sijill.imports import shares
from sijill.imports.job import HELD, performing
from sijill.imports.model import Import, TooManyImports
from sijill.imports.rows import Reject, Row
from sijill.imports.scanning import CAPS
from sijill.imports.shares import REFUSED_SIZE, ROW, WAITING, WAITING_SIZE, Held, room_for
from sijill.register import Register
from sijill.stores.model import Store

pytestmark = pytest.mark.proves("an app that imports much takes a bounded share of the database")

SECOND = timedelta(seconds=1)
FAULTY = Row(2, {"gender": "robot", "email": "x@y.z"})
WHY = "gender is neither male nor female"
REFUSED_ROW = len(WHY) + len(json.encode(FAULTY.cells)) + ROW
"""Bytes that one such row counts."""


def faulty(*lines: int) -> list[Row]:
    return [FAULTY._replace(line=line) for line in lines]


def held(import_id: int, size: int, ended: int | None = None) -> Held:
    return Held(import_id, size, None if ended is None else NOW + ended * SECOND)


@pytest.mark.parametrize(
    ("size", "files", "dropped", "suffices"),
    [
        (10, [], [], True),
        (100, [], [], True),
        (101, [], [], False),
        (10, [held(1, 90, 5)], [], True),
        (11, [held(1, 90, 5)], [1], True),
        (30, [held(1, 40, 5), held(2, 40, 3)], [2], True),
        (70, [held(1, 40, 5), held(2, 40, 3)], [2, 1], True),
        (11, [held(1, 90)], [], False),
        (31, [held(1, 40), held(2, 30, 9)], [2], True),
        (61, [held(1, 40), held(2, 30, 9)], [], False),
        (11, [held(9, 90)], [], False),
        (10, [held(9, 50), held(2, 40, 1)], [], True),
        (1, [held(2, 1, 2), held(1, 1, 1), held(3, 1, 3)], [1], True),
        (1, [held(2, 1), held(1, 1), held(3, 1)], [], False),
        (1, [held(9, 1), held(1, 1, 1), held(3, 1, 3)], [], True),
    ],
)
def test_the_oldest_of_the_finished_files_make_room(
    size: int,
    files: Sequence[Held],
    dropped: Sequence[int],
    suffices: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(shares, "REFUSED_SIZE", 100)
    monkeypatch.setattr(shares, "REFUSED", 3)
    assert room_for(size, 9, files) == (dropped, suffices)


def test_the_largest_file_has_room_in_the_share_of_a_store() -> None:
    assert CAPS.text <= WAITING_SIZE
    assert CAPS.text <= REFUSED_SIZE


async def keep(
    register: Register, import_id: int, *batches: Sequence[Row], store: Store = STORE
) -> Import:
    """Store a file that waits."""
    counts = (sum(map(len, batches)), 0, 0, 0, 0, NOW + import_id * SECOND)
    job = Import(store.id, import_id, APP.id, "a.csv", "en", "queued", *counts)
    await register.imports.add(job, [json.encode(rows).decode() for rows in batches])
    return job


async def begin(register: Register) -> None:
    await register.apps.create(APP)
    await register.stores.create(OTHER)


async def advance(register: Register, job: Import, worker: str = "one") -> bool:
    at = NOW + job.id * SECOND
    perform = performing(replace(STORE, id=job.store_id), at)
    return await register.imports.advance(job, worker, at, at + HELD, perform)


async def finish(register: Register, job: Import) -> None:
    """Import a file to its end."""
    assert await register.imports.next("one", NOW, NOW + HELD) is not None
    while await advance(register, job):
        pass


async def kept(register: Register, *jobs: Import) -> list[int]:
    """Return how many refused rows of each file are kept, after a look at their sizes."""
    counts = [len(await register.imports.rejects(job.store_id, job.id)) for job in jobs]
    sizes = {row[0]: row[1] for row in await register.driver.all("held_rejects", STORE.id)}
    assert sizes == {job.id: n * REFUSED_ROW for job, n in zip(jobs, counts, strict=True) if n}
    return counts


def test_a_file_beyond_the_bytes_of_a_store_is_refused_until_others_are_imported(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    size = len(json.encode([FAULTY]))
    monkeypatch.setattr(shares, "WAITING_SIZE", 3 * size)

    async def scenario(register: Register) -> None:
        await begin(register)
        first = await keep(register, 1, [FAULTY])
        await keep(register, 2, [FAULTY], [FAULTY])
        with pytest.raises(TooManyImports):
            await keep(register, 3, [FAULTY])
        await keep(register, 3, [FAULTY], store=OTHER)
        await finish(register, first)
        await keep(register, 3, [FAULTY])
        with pytest.raises(TooManyImports):
            await keep(register, 4, [FAULTY])

    run(scenario)


def test_of_many_files_sent_at_once_no_more_are_taken_than_may_wait(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await begin(register)
        sent = [keep(register, number, [FAULTY]) for number in range(1, 4 * WAITING)]
        outcomes = await asyncio.gather(*sent, return_exceptions=True)
        refused = [one for one in outcomes if isinstance(one, TooManyImports)]
        assert len(refused) == len(sent) - WAITING
        assert len(await register.imports.all(STORE.id)) == WAITING

    run(scenario)


def test_refused_rows_of_the_oldest_finished_files_go_when_there_are_too_many(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shares, "REFUSED_SIZE", 5 * REFUSED_ROW)

    async def scenario(register: Register) -> None:
        await begin(register)
        jobs = [await keep(register, number, faulty(2, 3)) for number in (1, 2, 3)]
        theirs = await keep(register, 9, faulty(2, 3), store=OTHER)
        for job in (*jobs, theirs):
            await finish(register, job)
        assert await kept(register, *jobs) == [0, 2, 2]
        assert len(await register.imports.rejects(OTHER.id, 9)) == 2
        assert [job.rejected for job in await register.imports.all(STORE.id)] == [2, 2, 2]

    run(scenario)


def test_refused_rows_of_one_file_are_counted_when_there_is_no_room_to_keep_them(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shares, "REFUSED_SIZE", 5 * REFUSED_ROW)

    async def scenario(register: Register) -> None:
        await begin(register)
        rows = [faulty(2, 3), faulty(4, 5), faulty(6, 7)]
        job = await keep(register, 1, *rows)
        await finish(register, job)
        assert await kept(register, job) == [4]
        assert await register.imports.rejects(STORE.id, 1) == [
            Reject(row.line, WHY, row.cells) for row in (*rows[0], *rows[1])
        ]
        assert (await register.imports.find(STORE.id, 1)).rejected == 6

    run(scenario)


def test_workers_at_once_keep_no_more_refused_rows_than_may_be(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shares, "REFUSED_SIZE", 5 * REFUSED_ROW)

    async def scenario(register: Register) -> None:
        await begin(register)
        jobs = [await keep(register, number, [FAULTY]) for number in range(1, WAITING)]
        for job in jobs:
            assert await register.imports.next(str(job.id), NOW, NOW + HELD) == job
        await asyncio.gather(*(advance(register, job, str(job.id)) for job in jobs))
        assert sum(await kept(register, *jobs)) == 5

    run(scenario)
