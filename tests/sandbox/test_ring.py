"""A ring of entries: it is bounded, tells when it forgot, and wakes those who wait."""

import asyncio
from typing import Any

from sijill.sandbox.ring import Ring


def anything(item: int) -> bool:
    return True


def test_a_ring_keeps_the_last_entries_and_tells_that_it_forgot() -> None:
    ring: Ring[int] = Ring(capacity=3)
    for item in range(3):
        ring.add(item)
    assert (ring.find(anything), ring.overflowed) == ([0, 1, 2], False)
    ring.add(3)
    assert (ring.find(anything), ring.overflowed) == ([1, 2, 3], True)
    assert ring.find(lambda item: item % 2 == 0) == [2]
    ring.clear()
    assert (ring.find(anything), ring.overflowed) == ([], False)


def test_a_wait_ends_with_the_entry_that_it_is_for() -> None:
    async def scenario() -> Any:
        ring: Ring[int] = Ring()
        waiting = asyncio.create_task(ring.wait(lambda item: item > 5, 2, within=60))
        for item in (1, 7, 2, 8):
            await asyncio.sleep(0)
            assert not waiting.done()
            ring.add(item)
        return await waiting

    assert asyncio.run(scenario()) == [7, 8]


def test_a_wait_that_ends_in_vain_returns_what_came() -> None:
    async def scenario() -> Any:
        ring: Ring[int] = Ring()
        ring.add(1)
        return await ring.wait(anything, 2, within=0)

    assert asyncio.run(scenario()) == [1]


def test_a_wait_is_for_entries_that_are_complete() -> None:
    async def scenario() -> None:
        ring: Ring[dict[str, int]] = Ring(lambda entry: entry["status"] != 0)
        entry = {"status": 0}
        waiting = asyncio.create_task(ring.wait(lambda entry: True, 1, within=60))
        ring.add(entry)
        await asyncio.sleep(0)
        assert not waiting.done()
        entry["status"] = 200
        ring.wake()
        assert await waiting == [entry]

    asyncio.run(scenario())


def test_a_ring_tells_what_came_since_a_moment() -> None:
    ring: Ring[int] = Ring(capacity=3)
    ring.add(0)
    before = ring.added
    assert ring.since(before) == []
    ring.add(1)
    assert ring.since(before) == [1]
    for item in range(2, 9):
        ring.add(item)
    assert ring.since(before) == [6, 7, 8]
    ring.clear()
    ring.add(9)
    assert (ring.since(before), ring.since(ring.added)) == ([9], [])
