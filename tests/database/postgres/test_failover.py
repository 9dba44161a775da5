"""A process whose standby took over without its last writes: what is left, and how it goes on."""

import asyncio

import pytest
from audit.test_table import create
from database.postgres.test_standby import eventually, follow, receivers
from fixtures.logs import WrittenLog
from fixtures.postgres import PostgresServer, cluster
from fixtures.registers import NOW, STORE, opened
from fixtures.standby import StandbyServer, both, pair, standby_of

from sijill.audit.copies import verify
from sijill.audit.job import Auditor
from sijill.audit.views import ViewLog
from sijill.database.driver import Transaction
from sijill.database.postgres.driver import Postgres
from sijill.errors import NotFound, Unavailable
from sijill.register import SQL_LISTS

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.proves(
        "a process whose standby took over without its last writes goes on by itself, with an "
        "audit log that verifies, and says that a part of it was lost"
    ),
]


def test_a_process_goes_on_after_writes_were_lost_and_says_that_its_audit_log_was_among_them(
    written: WrittenLog,
) -> None:
    async def scenario(primary: PostgresServer, standby: StandbyServer) -> None:
        async with opened(both(primary, standby), audit="changes") as register:
            auditor = Auditor(register.audit, ViewLog(NOW.timestamp), lambda: 0.0)
            there = await create(register, 1)
            await auditor.turn()
            await asyncio.to_thread(standby.catch_up)
            await follow(standby, None)

            async def is_cut() -> bool:
                return await receivers(standby) == 0

            await eventually(is_cut)
            lost = await create(register, 2)
            await auditor.turn()
            before = auditor.head
            await asyncio.to_thread(primary.stop)
            await asyncio.to_thread(standby.promote)

            async def is_written() -> bool:
                try:
                    await create(register, 3)
                except Unavailable:  # of a connection that is gone
                    return False
                return True

            await eventually(is_written)
            assert (await register.customers.find(STORE.id, there)).id == there
            with pytest.raises(NotFound):
                await register.customers.find(STORE.id, lost)
            while await auditor.turn():
                pass
            assert auditor.head.chain != before.chain
            assert (await verify(register.audit)).findings == []
            assert {head.chain: head.number for head in await register.audit.heads()} == {
                before.chain: before.number - 1,
                auditor.head.chain: 1,
            }

    with cluster() as primary, standby_of(primary) as standby:
        asyncio.run(scenario(primary, standby))
    assert "audit_chain_ended" in written.text


async def write(driver: Postgres) -> None:
    await driver.write(lambda work: work.script("INSERT INTO written VALUES (1)"))


@pytest.mark.proves(
    "a primary that goes on beside its promoted standby, and waits for it, is left after the first "
    "write that it does not acknowledge"
)
def test_a_primary_that_waits_for_a_standby_that_was_promoted_is_left() -> None:
    async def scenario(primary: PostgresServer, standby: StandbyServer) -> None:
        driver = Postgres(both(primary, standby), SQL_LISTS)
        entered, leave = asyncio.Event(), asyncio.Event()

        async def hold(work: Transaction) -> None:
            """Keep a second connection to the old primary until it was left."""
            await work.script("SELECT 1")
            entered.set()
            await leave.wait()

        try:
            await driver.write(lambda work: work.script("CREATE TABLE written (at BIGINT)"))
            holding = asyncio.create_task(driver.write(hold))
            await entered.wait()
            await asyncio.to_thread(standby.promote)
            with pytest.raises(Unavailable):
                await write(driver)
            leave.set()
            await holding
            for _ in range(3):
                await write(driver)
            async with standby.connected("postgres") as connection:
                assert await connection.fetchval("SELECT count(*) FROM written") == 3
        finally:
            await driver.close()

    with pair() as (primary, standby):
        asyncio.run(scenario(primary, standby))
