"""Reads of one turn of the event loop share a snapshot; nobody misses a write he waited for."""

import asyncio
from pathlib import Path

from fixtures.registers import STORE, customer, opened
from msgspec.structs import replace

from sijill.customers.model import Edit
from sijill.database.sqlite.driver import SQLite
from sijill.register import Register


def test_a_reader_that_waited_for_a_write_reads_it_however_busy_the_loop(tmp_path: Path) -> None:
    async def write_and_read(register: Register, number: int) -> None:
        wanted = replace(customer(number), id=number)
        for turn in range(20):
            named = replace(wanted, first_name=f"N{turn}")
            await register.customers.change(STORE.id, [Edit(number, lambda _, n=named: n)])
            assert (await register.customers.find(STORE.id, number)).first_name == f"N{turn}"

    async def read(register: Register) -> None:
        for _ in range(300):
            await register.tokens.grant(b"x" * 32)
            await asyncio.sleep(0)

    async def story() -> None:
        async with opened(f"sqlite://{tmp_path}/x.db") as register:
            writers = [write_and_read(register, number) for number in range(1, 9)]
            await asyncio.gather(*writers, *(read(register) for _ in range(8)))

    asyncio.run(story())


def test_a_snapshot_ends_with_its_turn(tmp_path: Path) -> None:
    async def story() -> None:
        async with opened(f"sqlite://{tmp_path}/x.db") as register:
            driver = register.driver
            assert isinstance(driver, SQLite)
            await register.tokens.grant(b"x" * 32)
            assert driver._loop_reader._handle is not None
            assert driver._loop_reader._handle.in_transaction
            await asyncio.sleep(0)
            assert not driver._loop_reader._handle.in_transaction

    asyncio.run(story())
