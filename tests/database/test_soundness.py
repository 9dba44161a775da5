"""What readiness and a start know of a database that is full or damaged, in parts or whole."""

import asyncio
import re
import resource
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from pathlib import Path

import apsw
import pytest
from fixtures.databases import Run
from fixtures.registers import NOW, STORE, customer, opened

from sijill.customers.model import CustomerFilter, Edit
from sijill.database.driver import StatementRefused, Transaction, advice
from sijill.database.soundness import look_over
from sijill.database.sqlite.file import ADVICE, BROKEN_DISK, DAMAGED, refused
from sijill.errors import Unavailable
from sijill.register import Register

pytestmark = pytest.mark.proves(
    "a server whose database is full or damaged is not ready, and says what to do"
)

PAGE = 4096


@asynccontextmanager
async def on(path: Path) -> AsyncIterator[Register]:
    async with asyncio.timeout(30), opened(f"sqlite://{path}") as register:
        yield register


async def fill(register: Register) -> None:
    edits = [Edit(n, lambda _, n=n: customer(n, id=n)) for n in range(1, 201)]
    await register.customers.change(STORE.id, edits)


@contextmanager
def no_room(path: Path) -> Iterator[None]:
    """Let no file of this process grow: the limit stands for a disk that is full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    log = path.with_name(f"{path.name}-wal")
    resource.setrlimit(resource.RLIMIT_FSIZE, (log.stat().st_size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def damage(path: Path, table: str) -> None:
    """Overwrite the first page of a table or an index."""
    with closing(apsw.Connection(str(path), apsw.SQLITE_OPEN_READONLY)) as connection:
        page = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = ?", (table,)).get
    with path.open("r+b") as file:
        file.seek((page - 1) * PAGE)
        file.write(b"\x7f" * PAGE)


async def sentence_of(register: Register) -> str | None:
    """Return why a server on the register is not ready; None if it is."""
    try:
        await register.schema.ping()
    except Unavailable as fault:
        return advice(fault) or "away"
    return None


def test_after_a_write_that_failed_a_server_is_unready_until_one_works(tmp_path: Path) -> None:
    path = tmp_path / "x.db"

    async def write(register: Register, number: int) -> None:
        edit = Edit(number, lambda _: customer(number, id=number))
        await register.customers.change(STORE.id, [edit])

    async def scenario() -> None:
        async with on(path) as register:
            await fill(register)
            with no_room(path):
                with pytest.raises(Unavailable) as fault:
                    await write(register, 1001)
                assert advice(fault.value) == BROKEN_DISK
                assert [await sentence_of(register) for _ in range(3)] == [BROKEN_DISK] * 3
                assert (await register.customers.find(1, 1)).id == 1  # reads go on
                assert (await register.stores.all()) == [STORE]
            assert await sentence_of(register) is None
            await write(register, 1001)
            assert await register.schema.version() > 0

    asyncio.run(scenario())


def test_work_that_the_database_refuses_leaves_a_server_ready(run: Run) -> None:
    async def failing(transaction: Transaction) -> None:
        await transaction.run("insert_store", "too few")

    async def scenario(register: Register) -> None:
        with pytest.raises((StatementRefused, Unavailable)):
            await register.driver.write(failing)
        assert await sentence_of(register) is None

    run(scenario)


def test_a_write_is_tried_and_leaves_nothing(run: Run) -> None:
    async def scenario(register: Register) -> None:
        register.driver.writes_failed = True
        before = await register.driver.all("recorded_migrations")
        await asyncio.gather(*(register.schema.ping() for _ in range(5)))
        assert await register.driver.all("recorded_migrations") == before
        assert not register.driver.writes_failed

    run(scenario)


@pytest.mark.parametrize("table", ["customers", "customer_terms_data", "apps", "apps_client_id"])
def test_a_damaged_page_that_was_met_makes_a_server_unready_for_good(
    tmp_path: Path, table: str
) -> None:
    path = tmp_path / "x.db"

    async def scenario() -> None:
        async with on(path) as register:
            await fill(register)
        damage(path, table)
        async with on(path) as register:
            assert await sentence_of(register) is None  # nobody has met it
            told: list[str] = []
            await look_over(register.schema, told.append)
            assert len(told) == 1
            assert "damaged: stop the server and put a copy of" in told[0]
            assert "damaged: stop the server" in str(await sentence_of(register))

    asyncio.run(scenario())


def test_a_request_that_meets_damage_makes_a_server_unready(tmp_path: Path) -> None:
    path = tmp_path / "x.db"

    async def scenario() -> None:
        async with on(path) as register:
            await fill(register)
        damage(path, "customers")
        async with on(path) as register:
            with pytest.raises(Unavailable) as fault:
                await register.customers.page(1, CustomerFilter(), offset=0, limit=1)
            assert advice(fault.value) == DAMAGED
            assert await register.stores.all() == [STORE]
            assert [await sentence_of(register) for _ in range(2)] == [DAMAGED] * 2

    asyncio.run(scenario())


def test_a_look_over_a_sound_database_says_nothing(run: Run) -> None:
    async def scenario(register: Register) -> None:
        told: list[str] = []
        await look_over(register.schema, told.append)
        assert [sentence for sentence in told if "synchronous_commit" not in sentence] == []
        assert await sentence_of(register) is None

    run(scenario)


def test_a_look_over_a_full_disk_says_so(tmp_path: Path) -> None:
    path = tmp_path / "x.db"

    async def scenario() -> None:
        async with on(path) as register:
            await register.schema.migrate(NOW)
            told: list[str] = []
            with no_room(path):
                await look_over(register.schema, told.append)
                assert told == [BROKEN_DISK]
                assert await sentence_of(register) == BROKEN_DISK

    asyncio.run(scenario())


def test_a_database_tells_its_name_and_its_version_without_what_a_builder_adds(run: Run) -> None:
    async def scenario(register: Register) -> None:
        name = {"sqlite": "SQLite", "postgres": "PostgreSQL"}[register.driver.dialect]
        assert re.fullmatch(rf"{name} \d+(\.\d+)+", await register.schema.server_version())

    run(scenario)


@pytest.mark.parametrize("kind", ADVICE)
def test_every_fault_of_a_file_says_what_to_do(kind: type[apsw.Error]) -> None:
    fault = refused(kind("a row of people's data"))
    assert advice(fault) == ADVICE[kind]
    assert "people's data" not in str(advice(fault))
