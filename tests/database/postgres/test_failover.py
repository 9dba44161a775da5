"""A process whose standby took over without its last writes: what is left, and how it goes on."""

import asyncio

import pytest
from audit.test_table import create
from database.postgres.test_standby import eventually, follow, receivers
from fixtures.logs import WrittenLog
from fixtures.postgres import PostgresServer, cluster
from fixtures.registers import NOW, STORE, opened
from fixtures.standby import StandbyServer, both, standby_of

from sijill.audit.copies import verify
from sijill.audit.job import Auditor
from sijill.audit.views import ViewLog
from sijill.errors import NotFound, Unavailable

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
