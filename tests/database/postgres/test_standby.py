"""How old a standby is: by what it replayed, not by its own word nor any server's clock."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress

import asyncpg
import pytest
from fixtures.postgres import PostgresServer, cluster, folder_for_servers
from fixtures.standby import StandbyServer, both, standby_of
from fixtures.world import Clock

from sijill.database.postgres.driver import Postgres
from sijill.database.postgres.standby import AWAY, BEHIND, PROMOTED, STRANGE, Mark, Standby, after
from sijill.errors import Unavailable
from sijill.register import SQL_LISTS

pytestmark = pytest.mark.postgres

OLD, MIDDLE, NEW = Mark(10.0, 100), Mark(20.0, 200), Mark(30.0, 300)


@pytest.mark.parametrize(
    ("replayed", "horizon", "left"),
    [
        (99, 0.0, [OLD, MIDDLE, NEW]),
        (100, 0.0, [OLD, MIDDLE, NEW]),
        (250, 0.0, [MIDDLE, NEW]),
        (300, 0.0, [NEW]),
        (999, 99.0, [NEW]),
        (100, 25.0, [OLD, NEW]),
        (99, 25.0, [NEW]),
        (-1, 99.0, []),
    ],
)
def test_the_newest_mark_that_was_reached_is_kept_and_those_beyond_it(
    replayed: int, horizon: float, left: Sequence[Mark]
) -> None:
    assert after([OLD, MIDDLE, NEW], replayed, horizon) == left


@asynccontextmanager
async def measured(
    primary: str, standby: str, clock: Clock, max_age: float = 30.0
) -> AsyncIterator[Standby]:
    drivers = [Postgres(url, SQL_LISTS, patience=1.0) for url in (primary, standby)]
    try:
        made = Standby(*drivers, clock, max_age)
        await made.measure()
        yield made
    finally:
        for driver in drivers:
            await driver.close()


def ages(standby: Standby, clock: Clock) -> float | None:
    until = standby.complete_until
    return None if until is None else clock.now - until


async def write(server: PostgresServer) -> None:
    async with server.connected("postgres") as connection:
        await connection.execute("CREATE TABLE IF NOT EXISTS written (at BIGINT)")
        await connection.execute("INSERT INTO written VALUES (1)")


async def execute(server: PostgresServer, sql: str) -> None:
    async with server.connected("postgres") as connection:
        for each in sql.split(";"):
            await connection.execute(each)


async def eventually(holds: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(20):
        while not await holds():
            await asyncio.sleep(0.01)


def test_a_standby_without_its_primary_grows_old_though_it_replayed_all_it_received(
    postgres_server: PostgresServer, standby: StandbyServer
) -> None:
    clock = Clock()

    async def scenario() -> None:
        async with measured(postgres_server.url(), standby.url(), clock) as made:
            assert ages(made, clock) == 0
            async with standby.connected("postgres") as asked:
                known = await asked.fetchval("SELECT current_setting('primary_conninfo')")
                await execute(standby, "ALTER SYSTEM SET primary_conninfo = ''")
                await asked.execute("SELECT pg_reload_conf()")

                async def is_cut() -> bool:
                    return not await asked.fetchval("SELECT count(*) FROM pg_stat_wal_receiver")

                try:
                    await eventually(is_cut)
                    await write(postgres_server)
                    clock.now += 5
                    await made.measure()
                    assert ages(made, clock) == 5
                    assert await asked.fetchval(
                        "SELECT pg_last_wal_receive_lsn() <= pg_last_wal_replay_lsn()"
                    )
                finally:
                    text = known.replace("'", "''")
                    await execute(standby, f"ALTER SYSTEM SET primary_conninfo = '{text}'")
                    await asked.execute("SELECT pg_reload_conf()")

            async def is_young() -> bool:
                await made.measure()
                return ages(made, clock) == 0

            await eventually(is_young)

    asyncio.run(scenario())


def test_a_standby_that_is_behind_when_it_is_first_asked_has_no_age(
    postgres_server: PostgresServer, standby: StandbyServer
) -> None:
    clock = Clock()

    async def scenario() -> None:
        await execute(standby, "SELECT pg_wal_replay_pause()")
        await write(postgres_server)
        async with measured(postgres_server.url(), standby.url(), clock) as made:
            assert (ages(made, clock), made.trouble) == (None, None)

    asyncio.run(scenario())


def test_a_server_that_is_no_standby_of_the_primary_is_named(
    postgres_server: PostgresServer, standby: StandbyServer
) -> None:
    folder = folder_for_servers()
    stranger = PostgresServer(folder, postgres_server.binaries.parent)

    async def trouble(primary: str, copy: str) -> str | None:
        clock = Clock()
        async with measured(primary, copy, clock) as made:
            assert (made.trouble is None) == (ages(made, clock) is not None)
            return made.trouble

    try:
        stranger.create()
        stranger.start()
        urls = {
            (postgres_server.url(), standby.url()): None,
            (postgres_server.url(), postgres_server.url()): PROMOTED,
            (stranger.url(), standby.url()): STRANGE,
            (postgres_server.url(), "postgresql://127.0.0.1:1/none"): AWAY,
        }
        assert {pair: asyncio.run(trouble(*pair)) for pair in urls} == urls
    finally:
        stranger.stop()
        shutil.rmtree(folder, ignore_errors=True)


async def follow(standby: StandbyServer, primary: PostgresServer | None) -> None:
    """Let a standby follow another primary, or none, and return once its receiver is that one."""
    info = "" if primary is None else f"host={primary.data} user=postgres"
    await execute(standby, f"ALTER SYSTEM SET primary_conninfo = '{info}'")
    await execute(standby, "SELECT pg_reload_conf()")


async def receivers(server: StandbyServer) -> int:
    async with server.connected("postgres") as connection:
        count: int = await connection.fetchval("SELECT count(*) FROM pg_stat_wal_receiver")
    return count


def test_a_standby_that_cannot_follow_the_promoted_one_is_not_taken_for_complete() -> None:
    """It has what the promoted one lacks, so its position is beyond everything written since."""

    async def scenario(
        primary: PostgresServer, promoted: StandbyServer, ahead: StandbyServer
    ) -> None:
        await follow(promoted, None)

        async def is_cut() -> bool:
            return await receivers(promoted) == 0

        await eventually(is_cut)
        await execute(primary, "CREATE TABLE lost AS SELECT generate_series(1, 100000)")
        await asyncio.to_thread(ahead.catch_up)
        await asyncio.to_thread(primary.stop)
        await asyncio.to_thread(promoted.promote)
        await follow(ahead, promoted)
        clock = Clock()
        async with measured(promoted.url(), ahead.url(), clock) as made:
            assert made.trouble == BEHIND
            assert made.complete_until is None
            async with promoted.connected("postgres") as asked:
                written = await asked.fetchval("SELECT pg_current_wal_flush_lsn()")
            async with ahead.connected("postgres") as asked:
                assert await asked.fetchval("SELECT pg_last_wal_replay_lsn() > $1", written)

    with (
        cluster() as primary,
        standby_of(primary) as promoted,
        standby_of(primary) as ahead,
    ):
        asyncio.run(scenario(primary, promoted, ahead))


def test_a_standby_that_follows_the_promoted_one_is_complete_again() -> None:
    async def scenario(
        primary: PostgresServer, promoted: StandbyServer, other: StandbyServer
    ) -> None:
        clock = Clock()
        async with measured(both(primary, promoted), other.url(), clock) as made:
            assert ages(made, clock) == 0
            await asyncio.to_thread(primary.stop)
            await asyncio.to_thread(promoted.promote)
            with suppress(Unavailable):  # of the connection that is gone
                await made.measure()
            clock.now += 5
            await made.measure()
            assert made.trouble == BEHIND
            await follow(other, promoted)
            await write(promoted)

            async def is_complete() -> bool:
                await made.measure()
                return ages(made, clock) == 0

            await eventually(is_complete)

    with (
        cluster() as primary,
        standby_of(primary) as promoted,
        standby_of(primary) as other,
    ):
        asyncio.run(scenario(primary, promoted, other))


def test_a_primary_that_is_away_or_became_a_standby_leaves_the_age_as_it_was(
    postgres_server: PostgresServer, standby: StandbyServer
) -> None:
    async def scenario() -> None:
        for primary in ("postgresql://127.0.0.1:1/none", standby.url()):
            with pytest.raises(Unavailable):
                async with measured(primary, standby.url(), Clock()):
                    raise AssertionError

    asyncio.run(scenario())


def test_a_user_without_rights_may_measure(
    postgres_server: PostgresServer, standby: StandbyServer
) -> None:
    async def scenario() -> None:
        await execute(postgres_server, "DROP ROLE IF EXISTS plain; CREATE ROLE plain LOGIN")
        await asyncio.to_thread(standby.catch_up)
        urls = [
            server.url().replace("postgres@", "plain@") for server in (postgres_server, standby)
        ]
        clock = Clock()
        async with measured(*urls, clock) as made:
            assert ages(made, clock) == 0
        connection = await asyncpg.connect(urls[0])
        assert await connection.fetchval("SELECT current_user") == "plain"
        await connection.close()
        await execute(postgres_server, "DROP ROLE plain")

    asyncio.run(scenario())
