"""The worker of uploaded files: started, woken, stopped in the middle, and taken over from."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from fixtures.registers import NOW, STORE, opened

from sijill.errors import Unavailable
from sijill.imports import job as jobs
from sijill.imports.job import HELD, Importer
from sijill.imports.model import Import
from sijill.imports.uploads import batches
from sijill.oauth.apps import App
from sijill.register import Register

pytestmark = pytest.mark.proves("an import that is killed in the middle ends as if it had not been")

SECONDS = 20.0
ROWS = 330
APP = App(3, "app", NOW, client_id="3")


class Clock:
    def __init__(self) -> None:
        self.now = NOW.timestamp()

    def __call__(self) -> float:
        return self.now


def file() -> list[str]:
    """Return batches in which some rows are bad, and some want what an earlier one took."""
    lines = ["id,first_name,email,gender"]
    for number in range(ROWS):
        gender = "robot" if number % 50 == 7 else "male"
        lines.append(f"{number + 1},n{number},c{number % 320}@example.com,{gender}")
    return [text.decode() for _, text in batches("\n".join(lines).encode())]


async def keep(register: Register, import_id: int = 7) -> None:
    if APP not in await register.apps.all():
        await register.apps.create(APP)
    job = Import(STORE.id, import_id, APP.id, "a.csv", "ar", "queued", ROWS, 0, 0, 0, 0, NOW)
    await register.imports.add(job, file())


async def everything(register: Register) -> tuple[Any, ...]:
    """Return what an import leaves: customers, refused rows, and the import itself."""
    customers = [one async for one in register.customers.each(STORE.id)]
    return (
        customers,
        await register.imports.rejects(STORE.id, 7),
        await register.imports.all(STORE.id),
    )


def run(story: Callable[[Register, Clock], Awaitable[Any]]) -> Any:
    async def whole() -> Any:
        async with asyncio.timeout(SECONDS), opened() as register:
            return await story(register, Clock())

    return asyncio.run(whole())


async def until(met: Callable[[], Awaitable[bool]]) -> None:
    """Wait until a condition is met; the test's own deadline bounds it."""
    while not await met():
        await asyncio.sleep(0.005)


async def uninterrupted(register: Register, clock: Clock) -> tuple[Any, ...]:
    await keep(register)
    importer = Importer(register.imports, register.stores, clock)
    assert await importer.turn()
    assert not await importer.turn()
    return await everything(register)


def test_a_file_is_worked_off_to_its_end() -> None:
    customers, rejects, (job,) = run(uninterrupted)
    assert (job.state, job.done, job.created, job.rejected) == ("done", ROWS, 314, 16)
    assert len(customers) == 314
    assert [row.line for row in rejects] == sorted(row.line for row in rejects)


class StoppedAfter:
    """The table of imports, whose worker is stopped while it imports a batch."""

    def __init__(self, register: Register, clock: Clock, batches: int) -> None:
        self._imports, self._left = register.imports, batches
        self.importer = Importer(self, register.stores, clock)  # type: ignore[arg-type]
        self.stopped: asyncio.Task[None] | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._imports, name)

    async def advance(self, *args: Any) -> bool:
        self._left -= 1
        if self._left == 0:
            self.stopped = asyncio.create_task(self.importer.stop())
            await asyncio.sleep(0)
        return await self._imports.advance(*args)


@pytest.mark.parametrize("done", [1, 4, 6])
def test_a_worker_that_is_stopped_in_the_middle_leaves_a_prefix_and_the_next_goes_on(
    done: int,
) -> None:
    async def story(register: Register, clock: Clock) -> tuple[Any, ...]:
        await keep(register)
        stopping = StoppedAfter(register, clock, done)
        await stopping.importer.turn()
        assert stopping.stopped is not None
        await stopping.stopped
        job = await register.imports.find(STORE.id, 7)
        assert (job.state, job.done) == ("running", 50 * done)
        assert job.created == len([one async for one in register.customers.each(STORE.id)])
        again = Importer(register.imports, register.stores, clock)
        while await again.turn():
            pass
        return await everything(register)

    assert run(story) == run(uninterrupted)


def test_a_worker_that_died_is_taken_over_from_when_its_time_is_up() -> None:
    async def story(register: Register, clock: Clock) -> tuple[Any, ...]:
        await keep(register)
        dead = await register.imports.next("dead", NOW, NOW + HELD)
        assert dead is not None
        importer = Importer(register.imports, register.stores, clock)
        assert not await importer.turn()
        clock.now += HELD.total_seconds()
        assert await importer.turn()
        customers, rejects, (job,) = await everything(register)
        return len(customers), len(rejects), job.done

    assert run(story) == (314, 16, ROWS)


def test_a_started_worker_finds_what_waits_and_is_woken_for_what_comes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Importer, "EVERY", 3600.0)

    async def story(register: Register, clock: Clock) -> None:
        async def state(import_id: int) -> str:
            return (await register.imports.find(STORE.id, import_id)).state

        async def done(import_id: int) -> bool:
            return await state(import_id) == "done"

        await keep(register)
        importer = Importer(register.imports, register.stores, clock)
        importer.start()
        await until(lambda: done(7))
        await keep(register, 8)
        importer.wake()
        await until(lambda: done(8))
        await importer.stop()
        await keep(register, 9)
        assert await state(9) == "queued"

    run(story)


def test_a_database_that_is_away_for_a_while_stops_nothing_for_good(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Importer, "EVERY", 0.001)

    async def story(register: Register, clock: Clock) -> None:
        await keep(register)
        real, failures = register.imports.advance, iter(range(3))

        async def away(*args: Any) -> bool:
            clock.now += HELD.total_seconds()
            if next(failures, None) is not None:
                raise Unavailable
            return await real(*args)

        register.imports.advance = away  # type: ignore[method-assign]
        importer = Importer(register.imports, register.stores, clock)
        importer.start()

        async def done() -> bool:
            return (await register.imports.find(STORE.id, 7)).state == "done"

        await until(done)
        await importer.stop()

    run(story)


def test_a_file_that_cannot_be_worked_off_fails_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[dict[str, Any]] = []
    monkeypatch.setattr(jobs.log, "error", lambda event, **more: told.append({event: more}))

    async def story(register: Register, clock: Clock) -> list[str]:
        await register.apps.create(APP)
        broken = Import(STORE.id, 6, APP.id, "", "ar", "queued", 1, 0, 0, 0, 0, NOW - HELD)
        await register.imports.add(broken, ['["secret"]'])
        await keep(register)
        importer = Importer(register.imports, register.stores, clock)
        while await importer.turn():
            pass
        return [job.state for job in await register.imports.all(STORE.id)]

    assert run(story) == ["done", "failed"]
    assert [next(iter(line)) for line in told] == ["import_failed"]
    assert "secret" not in repr(told)
