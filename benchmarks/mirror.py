"""
What does a read of a copy cost, beside the same read of a directory?

(m) Customer Details of a linked store, from what the mirror holds; (m0) those of the same customers
in a register that is not linked. The copy is paused: it asks its upstream for nothing.
"""

import asyncio
import shutil
from datetime import UTC, datetime
from pathlib import Path

from msgspec import json

from benchmarks.data import Population, details_paths, kept, say
from benchmarks.rounds import Case, Plan, Result, measure
from benchmarks.servers import sijill
from sijill.customers.wire import body
from sijill.database.columns import micros
from sijill.database.driver import Transaction
from sijill.mirror.model import MIRRORED_FIELDS
from sijill.register import Register, open_register

CUSTOMERS = 100_000

ROWS = 1_000
"""Rows that one transaction writes."""


def run(plan: Plan, folder: Path) -> list[Result]:
    """Return the results of both; `folder` is for what the servers write. Raises: SystemExit."""
    population, details = kept(CUSTOMERS), details_paths(CUSTOMERS)
    copied = _copied(population, folder)
    with (
        sijill("directory", folder, population) as directory,
        sijill("copy", folder, copied) as copy,
    ):
        cases = [
            Case("m0", "Details, directory", directory, details),
            Case("m", "Details, copy of another store", copy, details),
        ]
        return measure(cases, plan)


def _copied(population: Population, folder: Path) -> Population:
    """Return a register of the same customers, as a copy that has read them all."""
    file = folder / "copied.db"
    shutil.copyfile(population.url.removeprefix("sqlite://"), file)
    copied = population._replace(url=f"sqlite://{file}")
    say("making a copy of them ...")
    asyncio.run(_link(copied.url))
    return copied


async def _link(url: str) -> None:
    register = await open_register(url)
    try:
        await register.schema.migrate(datetime.now(UTC))
        [store] = await register.stores.all()
        await register.mirror.link(
            store.id, "http://127.0.0.1:9/admin/v2", "nowhere", datetime.now(UTC)
        )
        await register.mirror.pause(store.id)
        await _fill(register, store.id)
    finally:
        await register.close()


async def _fill(register: Register, store_id: int) -> None:
    """Give every customer the body that an upstream would have sent."""
    [store] = await register.stores.all()
    rows = []
    now = micros(datetime.now(UTC))
    async for customer in register.customers.each(store_id):
        raw = json.encode(body(customer, store, MIRRORED_FIELDS))
        moments = (micros(customer.created_at), micros(customer.updated_at))
        rows.append((store_id, customer.id, "live", raw, *moments, 1, now, 0, now))
    for begin in range(0, len(rows), ROWS):

        async def work(transaction: Transaction, begin: int = begin) -> None:
            await transaction.run_each("put_mirror_customer", rows[begin : begin + ROWS])

        await register.driver.write(work)
