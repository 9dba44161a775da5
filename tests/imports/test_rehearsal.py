"""A rehearsed import says what the import then does, and touches nothing, on every database."""

import asyncio
import random
from contextlib import closing
from pathlib import Path
from typing import Any

import apsw
import asyncpg
import pytest
from fixtures.databases import Run
from fixtures.events import announce
from fixtures.registers import NOW, STORE, customer, opened

from sijill.customers.model import Edit
from sijill.imports.changes import Match, Rules
from sijill.imports.importing import Report, import_customers
from sijill.imports.rehearsal import rehearse
from sijill.imports.rows import Reject, Row
from sijill.register import Register

pytestmark = pytest.mark.proves(
    "a rehearsed import tells what the import would do, and neither writes nor waits"
)

STORED, DELETED, ABSENT = range(1, 21), range(21, 25), range(31, 40)


async def fill(register: Register) -> None:
    """Keep some customers, and delete some."""
    edits = [Edit(number, lambda _, n=number: customer(n, id=n)) for number in (*STORED, *DELETED)]
    await register.customers.change(STORE.id, edits)
    for number in DELETED:
        await register.customers.delete(STORE.id, number, NOW)


def made_up(dice: random.Random, line: int) -> Row:
    """Return a row that meets stored, deleted, absent or earlier ones, in any of three ways."""
    numbers = [dice.choice((*STORED, *DELETED, *ABSENT)) for _ in range(3)]
    theirs = [customer(number) for number in numbers]
    cells: dict[str, Any] = {
        "id": numbers[0],
        "email": dice.choice((theirs[1].email, theirs[1].email.upper(), "", "no address")),
        "mobile": dice.choice((theirs[2].mobile, f"0{theirs[2].mobile}", 5)),
        "city": dice.choice(("جدة", "أبها")),
        "gender": dice.choice(("male", "robot")),
    }
    weights = {"id": 0.5, "email": 0.6, "mobile": 0.5, "city": 0.5, "gender": 0.2}
    given = {name: cell for name, cell in cells.items() if dice.random() < weights[name]}
    return Row(line, given)


async def rehearsed(
    register: Register, rows: list[Row], **more: Any
) -> tuple[Report, list[Reject]]:
    rejected: list[Reject] = []
    async with opened() as scratch:
        report = await rehearse(
            *(register.driver, scratch.customers, STORE, rows, NOW),
            on_reject=rejected.append,
            **more,
        )
    return report, rejected


async def everything(register: Register) -> list[Any]:
    """Return the customers, the deleted ids, and whether anything is to be told."""
    return [
        [one async for one in register.customers.each(STORE.id)],
        [await register.driver.one("deleted_customer", STORE.id, number) for number in DELETED],
        await register.driver.one("any_new_event"),
    ]


@pytest.mark.parametrize(
    ("seed", "match"), [(0, "id"), (1, "id"), (2, "mobile"), (3, "email"), (4, "email")]
)
def test_a_rehearsal_tells_what_the_import_then_does(run: Run, seed: int, match: Match) -> None:
    dice = random.Random(seed)
    rows = [made_up(dice, line) for line in range(2, 122)]
    rules = Rules(match=match)

    async def scenario(register: Register) -> None:
        await fill(register)
        register.customer_events.make = announce
        before = await everything(register)
        told = [await rehearsed(register, rows, batch=size, rules=rules) for size in (7, 500)]
        assert await everything(register) == before
        rejected: list[Reject] = []
        alike = rules._replace(names_others=False)
        report = await import_customers(
            register.customers, STORE, rows, NOW, rules=alike, on_reject=rejected.append
        )
        assert told == [(report, rejected)] * 2
        assert min(report) > 5  # the rows are of every kind

    run(scenario)


def test_what_is_done_so_far_is_told(run: Run) -> None:
    rows = [Row(line, {"email": f"{line}@a.b"}) for line in range(2, 9)]

    async def scenario(register: Register) -> None:
        done: list[Report] = []
        report, _ = await rehearsed(register, rows, batch=3, on_progress=done.append)
        assert (report.created, [sum(one) for one in done]) == (7, [3, 6, 7])

    run(scenario)


ROWS = [Row(2, {"id": 1, "city": "أبها"}), Row(3, {"email": customer(2).email})]


@pytest.mark.postgres
def test_on_postgresql_it_writes_nothing_and_waits_for_no_writer(
    migrated_postgres_url: str,
) -> None:
    async def scenario() -> None:
        async with opened(migrated_postgres_url) as register:
            await fill(register)
            writer = await asyncpg.connect(migrated_postgres_url)
            database = await writer.fetchval("SELECT current_database()")
            read_only = f'ALTER DATABASE "{database}" %s default_transaction_read_only'
            await writer.execute(read_only % "SET" + " = on")  # for those who connect from now on
            try:
                async with writer.transaction():
                    await writer.execute(
                        "LOCK TABLE customers, deleted_customers IN EXCLUSIVE MODE"
                    )
                    async with opened(migrated_postgres_url) as reader:
                        report, _ = await rehearsed(reader, ROWS)
                assert report == (0, 1, 1)
            finally:
                await writer.execute(read_only % "RESET")
                await writer.close()

    asyncio.run(scenario())


def test_on_a_file_it_writes_nothing_and_waits_for_no_writer(tmp_path: Path) -> None:
    file = tmp_path / "sijill.db"

    async def scenario() -> None:
        async with opened(f"sqlite://{file}") as register:
            await fill(register)
            await register.driver.empty_log()
            before = file.read_bytes()
            with closing(apsw.Connection(str(file))) as writer:
                writer.execute("BEGIN IMMEDIATE")
                report, _ = await rehearsed(register, ROWS)
                writer.execute("ROLLBACK")
            assert report == (0, 1, 1)
            assert file.read_bytes() == before

    asyncio.run(scenario())
