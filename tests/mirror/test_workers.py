"""A process works for each linked store alone, until it is unlinked or the process stops."""

import asyncio
from collections.abc import Awaitable, Callable

from fixtures.registers import STORE
from mirror.sandboxed import Pair, paired

from sijill.mirror.worker import LEASE
from sijill.mirror.workers import Workers

Until = Callable[[], Awaitable[bool]]


def workers(pair: Pair, faults: list[Exception]) -> Workers:
    """Return the workers of a process, whose pauses pass at once."""

    async def pause(seconds: float) -> None:
        pair.clock.move_to(pair.now + seconds)
        await asyncio.sleep(0)

    register = pair.register
    tables = (register.mirror, register.customers, register.applier)
    parts = (register.driver, tables, lambda _: pair.asking, pair.time, faults.append, pause)
    return Workers(*parts)


async def wait_until(holds: Until) -> None:
    async with asyncio.timeout(30):
        while not await holds():
            await asyncio.sleep(0)


def test_a_store_is_copied_from_when_it_is_linked_until_it_is_unlinked() -> None:
    async def whole() -> None:
        async with paired(130, link=False) as pair:
            faults = list[Exception]()
            process = workers(pair, faults)
            process.start()
            await pair.register.mirror.link(STORE.id, "https://up.test", "here", pair.clock.now())
            await wait_until(pair.is_live)
            await pair.assert_equal()
            await pair.register.mirror.unlink(STORE.id)
            asked = len(pair.asking.sent)
            before = pair.now

            async def later() -> bool:
                return pair.now > before + 3_600

            await wait_until(later)
            assert len(pair.asking.sent) - asked <= 1
            await process.stop()
            assert faults == []

    asyncio.run(whole())


def test_of_two_processes_one_works_and_the_other_takes_over() -> None:
    async def whole() -> None:
        async with paired(130) as pair:
            one, other = (workers(pair, []) for _ in range(2))
            one.start()
            other.start()
            await wait_until(pair.is_live)
            requests = [path for _, lane, path in pair.asking.sent if lane == "backfill"]
            assert len(set(requests)) == len(requests)  # nothing was asked for twice
            await one.stop()
            before = pair.now
            await pair.register.mirror.want_sweep(STORE.id)

            async def swept() -> bool:
                return (await pair.store()).swept_at is not None

            await wait_until(swept)
            assert pair.now - before < 600
            await other.stop()

    asyncio.run(whole())


def test_a_worker_that_was_killed_is_replaced_after_its_lease() -> None:
    async def whole() -> None:
        async with paired(130) as pair:
            assert await pair.worker._lease(int(pair.now * 1_000_000))
            process = workers(pair, [])
            before = pair.now
            process.start()
            await wait_until(pair.is_live)
            assert pair.asking.sent[0][0] - before >= LEASE / 1_000_000
            await process.stop()

    asyncio.run(whole())


def test_a_fault_of_the_program_is_told_and_ends_nothing() -> None:
    async def whole() -> None:
        async with paired(10) as pair:
            get, failures = pair.asking.get, [LookupError("a secret")]

            async def broken(*args: object) -> object:
                if failures:
                    raise failures.pop()
                return await get(*args)  # type: ignore[arg-type]

            pair.asking.get = broken  # type: ignore[method-assign,assignment]
            told = list[Exception]()
            process = workers(pair, told)
            process.start()
            await wait_until(pair.is_live)
            await process.stop()
            assert [type(fault) for fault in told] == [LookupError]

    asyncio.run(whole())
