"""Several servers behind one address: the one that takes writes is found."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from fixtures.postgres import PostgresServer
from fixtures.standby import StandbyServer, both

from sijill.database.driver import advice
from sijill.database.postgres.driver import Postgres
from sijill.database.postgres.hosts import each, hosts_of, target_of
from sijill.errors import Unavailable
from sijill.register import SQL_LISTS

WRITES = "target_session_attrs=read-write"


@pytest.mark.parametrize(
    ("url", "addresses"),
    [
        ("postgresql://a:b@h/d", ["postgresql://a:b@h/d"]),
        ("postgresql:///d", ["postgresql:///d"]),
        ("postgresql:///d?host=/run", ["postgresql:///d?host=/run"]),
        (
            "postgresql://a:b%40@h:1,i/d?sslmode=require",
            [f"postgresql://a:b%40@{host}/d?sslmode=require&{WRITES}" for host in ("h:1", "i")],
        ),
        (
            "postgresql://a@/d?host=/x,/y&port=1,2",
            [
                f"postgresql://a@/d?host=%2F{host}&{WRITES}&port={port}"
                for host, port in (("x", 1), ("y", 2))
            ],
        ),
        (
            "postgres://h,i/d?port=7&target_session_attrs=any",
            [f"postgres://{host}/d?target_session_attrs=any&port=7" for host in "hi"],
        ),
    ],
)
def test_each_server_of_an_address_has_its_own(url: str, addresses: list[str]) -> None:
    assert each(url, target_of(url)) == addresses


def test_an_environment_that_says_which_server_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    url = "postgresql://h,i/d"
    assert target_of(url) == "read-write"
    monkeypatch.setenv("PGTARGETSESSIONATTRS", "primary")
    assert target_of(url) is None
    assert each(url, target_of(url))[0] == "postgresql://h/d?"
    assert hosts_of("postgresql:///d") == []


def asked(url: str, question: Callable[[Postgres], Awaitable[str]]) -> str:
    async def whole() -> str:
        driver = Postgres(url, SQL_LISTS, patience=4.0)
        try:
            return await question(driver)
        finally:
            await driver.close()

    return asyncio.run(whole())


async def written(driver: Postgres) -> str:
    """Write, as on a primary alone."""
    await driver.write(lambda work: work.script("CREATE TEMPORARY TABLE written (at BIGINT)"))
    return "written"


@pytest.mark.postgres
def test_the_server_that_takes_writes_is_found_in_any_place(
    postgres_server: PostgresServer, standby: StandbyServer
) -> None:
    for servers in ((postgres_server, standby), (standby, postgres_server)):
        assert asked(both(*servers), written) == "written"


@pytest.mark.postgres
def test_a_server_that_does_not_answer_leaves_time_for_the_next(
    postgres_server: PostgresServer, standby: StandbyServer
) -> None:

    async def order(driver: Postgres) -> str:
        first = driver._pool._addresses
        assert await written(driver) == "written"
        return "turned" if driver._pool._addresses == first[::-1] else "as it was"

    with standby.frozen():
        assert asked(both(standby, postgres_server), order) == "turned"


@pytest.mark.postgres
def test_without_a_server_that_takes_writes_the_reason_is_told(
    postgres_server: PostgresServer, standby: StandbyServer
) -> None:
    with pytest.raises(Unavailable) as fault:
        asked(both(standby, standby), written)
    assert "promote a standby" in str(advice(fault.value))
