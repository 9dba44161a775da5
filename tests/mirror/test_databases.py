"""The whole life of a mirror on each database: backfill, changes, deletions, guard and end."""

import asyncio
from typing import Any

import pytest
from fixtures.registers import STORE
from mirror.sandboxed import Pair, faults, paired

pytestmark = pytest.mark.proves(
    "a mirror is the same on SQLite and on PostgreSQL, from its backfill to its end"
)

STORM: list[dict[str, Any]] = [
    {"op": "customers.details", "kind": "status", "status": 404, "rate": 0.5},
    {"op": "customers.list", "kind": "status", "status": 500, "rate": 0.3},
]


async def live(pair: Pair) -> None:
    """Copy, change, delete, halt, release, sweep, and end."""
    await pair.run(until=pair.is_live)
    await pair.assert_equal()
    ids = await pair.ids()
    await pair.update(ids[0])
    await pair.ban(ids[1])
    await pair.create()
    await pair.delete(ids[2])
    await pair.run(900)
    assert await pair.tombstones() == {ids[2]}
    faults(pair, *STORM)
    await pair.run(600)
    faults(pair)
    await pair.swept()
    await pair.assert_equal()
    for customer_id in ids[3:110]:
        await pair.delete(customer_id)
    await pair.run(1_200)
    assert (await pair.store()).trouble == "halted"
    await pair.register.mirror.release(STORE.id, pair.clock.now())
    await pair.crash(2, 600, committed=True)
    pair.restart()
    await pair.run(1_200)
    await pair.assert_equal()
    pair.assert_within_budget()
    await pair.register.mirror.unlink(STORE.id)
    assert await pair.register.mirror.all() == []
    assert len(await pair.shown()) == len(await pair.truth())


def test_a_mirror_lives_on_each_database(register_url: str) -> None:
    async def whole() -> None:
        async with asyncio.timeout(180), paired(150, register_url) as pair:
            await live(pair)

    asyncio.run(whole())
