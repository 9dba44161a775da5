"""Behind PgBouncer in transaction mode: it works, or is refused with a sentence."""

import asyncio
import shutil

import asyncpg
import pytest
from fixtures.databases import SECONDS
from fixtures.events import announce
from fixtures.pgbouncer import KEEPING, Opens, version
from fixtures.registers import STORE, customer, opened
from fixtures.templates import MigratedDatabase

from sijill.customers.model import CustomerFilter, Edit
from sijill.database.driver import DatabaseRefused
from sijill.database.postgres.driver import Postgres
from sijill.database.postgres.errors import fault
from sijill.errors import Unavailable
from sijill.groups.model import DEFAULT_GROUP
from sijill.register import SQL_LISTS

JIT = "ignore_startup_parameters = jit"


def keeps() -> bool:
    """Return whether the machine's PgBouncer keeps prepared statements."""
    program = shutil.which("pgbouncer")
    return program is not None and version(program) >= KEEPING


@pytest.mark.parametrize(
    "error",
    [
        asyncpg.InvalidSQLStatementNameError('prepared statement "x" does not exist'),
        asyncpg.DuplicatePreparedStatementError('prepared statement "x" already exists'),
    ],
)
def test_a_statement_that_a_pooler_forgot_means_away(error: Exception) -> None:
    meant = fault("customer", error)
    assert isinstance(meant, Unavailable)
    assert isinstance(meant.__cause__, DatabaseRefused)
    assert "max_prepared_statements" in str(meant.__cause__)


@pytest.mark.postgres
def test_a_pooler_that_keeps_statements_works_and_an_older_one_is_refused(
    open_pgbouncer: Opens, migrated_database: MigratedDatabase, migrated_postgres_url: str
) -> None:
    url = open_pgbouncer(JIT).url(migrated_database.NAME)

    async def works() -> None:
        async with asyncio.timeout(SECONDS), opened(url) as register:
            register.customer_events.make = announce

            async def create(number: int) -> None:
                edit = Edit(None, lambda _: customer(number), DEFAULT_GROUP)
                (outcome,) = await register.customers.change(STORE.id, [edit])
                assert outcome.created
                found = await register.customers.find(STORE.id, outcome.customer.id)
                assert found.email == f"c{number}@test.test"

            await asyncio.gather(*(create(number) for number in range(100)))
            page = await register.customers.page(STORE.id, CustomerFilter(), offset=0, limit=1)
            assert page.total == 100

    async def is_refused() -> None:
        driver = Postgres(url, SQL_LISTS)
        with pytest.raises(Unavailable) as away:
            await driver.one("newest_migration")
        await driver.close()
        assert isinstance(away.value.__cause__, DatabaseRefused)
        assert "PgBouncer 1.21 or newer" in str(away.value.__cause__)

    asyncio.run(works() if keeps() else is_refused())


@pytest.mark.postgres
def test_a_pooler_that_refuses_a_startup_parameter_is_refused_with_a_sentence(
    open_pgbouncer: Opens, migrated_database: MigratedDatabase, migrated_postgres_url: str
) -> None:
    url = open_pgbouncer().url(migrated_database.NAME)

    async def scenario() -> None:
        driver = Postgres(url, SQL_LISTS)
        with pytest.raises(Unavailable) as away:
            await driver.one("newest_migration")
        assert "ignore_startup_parameters" in str(away.value.__cause__)
        await driver.close()

    asyncio.run(scenario())


@pytest.mark.postgres
def test_a_pooler_with_a_single_connection_makes_nobody_wait_for_ever(
    open_pgbouncer: Opens, migrated_database: MigratedDatabase, migrated_postgres_url: str
) -> None:
    url = open_pgbouncer(JIT, "default_pool_size = 1").url(migrated_database.NAME)

    async def scenario() -> None:
        driver = Postgres(url, SQL_LISTS, size=1, patience=0.2)
        async with asyncio.timeout(SECONDS):
            assert await driver.one("newest_migration")
        await driver.close()

    asyncio.run(scenario())
