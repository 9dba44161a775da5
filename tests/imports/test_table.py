"""Uploaded files in the database: kept, taken, worked off, taken back; on both databases."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from fixtures.databases import Run
from fixtures.registers import NOW, STORE
from msgspec.structs import replace

from sijill.customers.model import Edit
from sijill.customers.table import CustomerTable
from sijill.database.idempotency_keys import IdempotencyKey, KeyReused
from sijill.errors import NotFound
from sijill.imports.changes import merged
from sijill.imports.job import HELD, performing
from sijill.imports.model import KEPT, Import, Progress, StillRunning, TooLate, Undone
from sijill.imports.rows import Reject
from sijill.oauth.apps import App
from sijill.register import Register
from sijill.stores.model import Store

pytestmark = pytest.mark.proves("many workers write every row of an import once")

APP = App(3, "app", NOW, client_id="3")
JOB = Import(STORE.id, 7, APP.id, "a.xlsx", "ar", "queued", 4, 0, 0, 0, 0, NOW)
BATCHES = [
    '[[2,{"email":"a@b.c"},null],[3,{"gender":"robot","email":"x@y.z"},null]]',
    '[[4,{"email":"d@e.f"},null],[5,{"email":"A@B.C"},null]]',
]
LATER = NOW + timedelta(hours=1)


async def taken(register: Register, job: Import = JOB, worker: str = "one") -> Import:
    if APP not in await register.apps.all():
        await register.apps.create(APP)
    await register.imports.add(job, BATCHES)
    found = await register.imports.next(worker, NOW, NOW + HELD)
    assert found is not None
    return found


async def advance(register: Register, job: Import, worker: str = "one", now: Any = LATER) -> bool:
    return await register.imports.advance(
        job, worker, now, now + HELD, performing(replace(STORE, id=job.store_id), now)
    )


async def emails(register: Register, store_id: int = STORE.id) -> list[str]:
    return sorted([one.email async for one in register.customers.each(store_id)])


def test_a_file_is_worked_off_batch_by_batch_and_its_counts_follow(run: Run) -> None:
    async def scenario(register: Register) -> None:
        job = await taken(register)
        assert job == JOB
        assert (await register.imports.find(STORE.id, 7)).state == "running"
        assert await advance(register, job)
        half = await register.imports.find(STORE.id, 7)
        assert (half.done, half.created, half.updated, half.rejected) == (2, 1, 0, 1)
        assert await emails(register) == ["a@b.c"]
        assert await advance(register, job)
        assert not await advance(register, job)
        whole = await register.imports.find(STORE.id, 7)
        assert whole == replace(JOB, state="done", done=4, created=2, rejected=2, finished_at=LATER)
        assert await emails(register) == ["a@b.c", "d@e.f"]
        first = await register.customers.find_id(STORE.id, "a@b.c")
        assert await register.imports.rejects(STORE.id, 7) == [
            Reject(3, "gender is neither male nor female", {"gender": "robot", "email": "x@y.z"}),
            Reject(5, f"email is taken by another customer ({first})", {"email": "A@B.C"}),
        ]
        left = await register.driver.all("import_batch", STORE.id, 7)
        assert list(left) == []
        assert not await advance(register, job)

    run(scenario)


def test_a_batch_that_fails_leaves_nothing_of_itself(run: Run) -> None:
    async def failing(customers: CustomerTable, batch: str) -> Progress:
        await performing(STORE, NOW)(customers, batch)
        raise RuntimeError

    async def scenario(register: Register) -> None:
        job = await taken(register)
        with pytest.raises(RuntimeError):
            await register.imports.advance(job, "one", LATER, LATER + HELD, failing)
        assert await emails(register) == []
        kept = await register.imports.find(STORE.id, 7)
        assert (kept.done, kept.created, kept.state) == (0, 0, "running")
        assert await register.imports.rejects(STORE.id, 7) == []
        await register.imports.fail(job, "one", LATER)
        assert (await register.imports.find(STORE.id, 7)).state == "failed"
        assert await register.driver.one("import_batch", STORE.id, 7) is None
        assert await register.imports.next("two", LATER + HELD, LATER + 2 * HELD) is None

    run(scenario)


def test_a_file_has_one_worker_until_it_rests_too_long(run: Run) -> None:
    async def scenario(register: Register) -> None:
        job = await taken(register)
        assert await register.imports.next("two", NOW, NOW + HELD) is None
        assert await advance(register, job, now=NOW)
        assert await register.imports.next("two", NOW + HELD / 2, NOW + 2 * HELD) is None
        again = await register.imports.next("two", NOW + HELD, NOW + 2 * HELD)
        assert again is not None
        assert not await advance(register, job, "one")
        assert (await register.imports.find(STORE.id, 7)).done == 2
        await register.imports.fail(job, "one", LATER)
        assert await advance(register, again, "two")
        assert not await advance(register, again, "two")
        assert (await register.imports.find(STORE.id, 7)).created == 2

    run(scenario)


def test_a_file_that_is_left_is_taken_at_once(run: Run) -> None:
    async def scenario(register: Register) -> None:
        job = await taken(register)
        await register.imports.leave(job, "two")
        assert await register.imports.next("two", NOW, NOW + HELD) is None
        await register.imports.leave(job, "one")
        assert await register.imports.next("two", NOW, NOW + HELD) is not None

    run(scenario)


def test_many_workers_at_once_write_every_row_once(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await taken(register)
        await register.imports.leave(JOB, "one")

        names = [str(number) for number in range(6)]
        found = await asyncio.gather(
            *(register.imports.next(name, LATER, LATER + HELD) for name in names)
        )
        assert sum(job is not None for job in found) == 1

        async def worker(name: str) -> int:
            done = 0
            while await advance(register, JOB, name):
                done += 1
            return done

        assert sum(await asyncio.gather(*map(worker, names))) == 2
        assert await emails(register) == ["a@b.c", "d@e.f"]
        assert (await register.imports.find(STORE.id, 7)).done == 4

    run(scenario)


def test_a_file_stays_its_stores(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await register.stores.create(Store(2, "other"))
        await register.apps.create(APP)
        theirs = replace(JOB, store_id=2, created_at=NOW - timedelta(hours=1))
        for job in (JOB, theirs):
            await register.imports.add(job, BATCHES)
        first = await register.imports.next("one", NOW, NOW + HELD, STORE.id)
        assert first == theirs
        while await advance(register, theirs):
            pass
        assert await emails(register) == []
        assert len(await emails(register, 2)) == 2
        assert (await register.imports.find(STORE.id, 7)).done == 0
        assert await register.imports.rejects(STORE.id, 7) == []
        assert [job.store_id for job in await register.imports.all(2)] == [2]
        with pytest.raises(NotFound):
            await register.imports.find(2, 8)
        with pytest.raises(NotFound):
            await register.imports.undo(3, 7, NOW)

    run(scenario)


def test_a_file_under_the_same_key_is_kept_once(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await register.apps.create(APP)
        key = IdempotencyKey(APP.id, "key", b"print", NOW)
        assert await register.imports.add(JOB, BATCHES, key=key)
        assert not await register.imports.add(replace(JOB, id=8), BATCHES, key=key)
        with pytest.raises(KeyReused):
            await register.imports.add(
                replace(JOB, id=9), BATCHES, key=key._replace(fingerprint=b"other")
            )
        assert [job.id for job in await register.imports.all(STORE.id)] == [7]

    run(scenario)


def test_undoing_takes_back_the_new_customers_that_nobody_changed(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await register.customers.change(
            STORE.id, [Edit(50, lambda _: merged(None, _email("old@b.c", 50), NOW))]
        )
        batches = [
            '[[2,{"email":"a@b.c"},null],[3,{"email":"d@e.f"},null],[4,{"email":"g@h.i"},null],'
            '[5,{"id":50,"city":"x"},null]]'
        ]
        await register.apps.create(APP)
        await register.imports.add(JOB, batches)
        job = await register.imports.next("one", NOW, NOW + HELD)
        assert job is not None
        with pytest.raises(StillRunning):
            await register.imports.undo(STORE.id, 7, NOW)
        while await advance(register, job):
            pass
        ids = {one.email: one.id async for one in register.customers.each(STORE.id)}
        changed = Edit(
            ids["a@b.c"], lambda old: replace(old, updated_at=LATER + timedelta(seconds=1))
        )
        await register.customers.change(STORE.id, [changed])
        await register.customers.delete(STORE.id, ids["d@e.f"], LATER)
        assert await register.imports.undo(STORE.id, 7, LATER) == Undone(removed=1, kept=2)
        assert await emails(register) == ["a@b.c", "old@b.c"]
        assert (await register.customers.find(STORE.id, 50)).city == "x"
        assert (await register.imports.find(STORE.id, 7)).state == "undone"
        assert await register.imports.undo(STORE.id, 7, LATER) == Undone(0, 0)

    run(scenario)


def _email(email: str, customer_id: int) -> Any:
    from sijill.imports.changes import Changes

    return Changes(customer_id, {"email": email}, {})


def test_an_import_can_be_undone_for_a_day_and_its_counts_stay(run: Run) -> None:
    async def scenario(register: Register) -> None:
        job = await taken(register)
        while await advance(register, job):
            pass
        with pytest.raises(TooLate):
            await register.imports.undo(STORE.id, 7, LATER + KEPT + timedelta(seconds=1))
        assert (await register.imports.find(STORE.id, 7)).state == "done"
        assert len(await emails(register)) == 2
        assert (await register.imports.find(STORE.id, 7)).rejected == 2

    run(scenario)
