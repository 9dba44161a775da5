"""The history of requests by app: written by several processes, read in spans of time."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fixtures import databases
from fixtures.databases import SECONDS, Run
from fixtures.registers import STORE
from fixtures.world import World, request_of
from msgspec.structs import replace

from sijill.app import open_app
from sijill.errors import Unavailable
from sijill.limits.policy import Quota
from sijill.limits.tally import WINDOW, Tally, Used
from sijill.limits.usage import Part, UsageTable, UsageWriter
from sijill.oauth.apps import App
from sijill.oauth.tokens import TokenInfo, digest, hint, mint
from sijill.opening import open_register
from sijill.register import Register
from sijill.removal import remove_app, remove_store
from sijill.settings import load

pytestmark = pytest.mark.proves(
    "how many requests of each app passed its limits, and how many were refused, is written once a"
    " minute by every process, for a week"
)

on_register = databases.run
"""The fixture that runs a scenario on each database; `run` is that of counters here."""

BEGAN = 1_800_000_000
SINCE = datetime.fromtimestamp(BEGAN, UTC)
TEN = timedelta(seconds=WINDOW)
OTHER = replace(STORE, id=STORE.id + 1, name="Other")


def used(window: int, app: int, passed: int, refused: int = 0, *, customers: bool = True) -> Used:
    return Used(STORE.id, BEGAN + window * WINDOW, app, customers, passed, refused)


async def settled(register: Register) -> None:
    """Make two apps, and a second store."""
    for number in (5, 6):
        await register.apps.create(App(number, f"app {number}", SINCE))
    await register.stores.create(OTHER)


def test_processes_add_up_and_stores_stand_apart(on_register: Run) -> None:
    async def scenario(register: Register) -> None:
        await settled(register)
        table = register.usage
        writes = [table.add([used(0, 5, 1), used(0, 6, 2, 3), used(1, 5, 4)]) for _ in range(8)]
        await asyncio.gather(*writes)
        await table.add([used(0, 5, 9)._replace(store_id=OTHER.id), used(0, 5, 7, customers=False)])
        assert await table.parts(STORE.id, SINCE, TEN, customers=True) == [
            Part(5, 0, 8, 0),
            Part(5, 1, 32, 0),
            Part(6, 0, 16, 24),
        ]
        assert await table.parts(STORE.id, SINCE, TEN, customers=False) == [Part(5, 0, 7, 0)]
        assert await table.apps(STORE.id) == [5, 6]
        assert await table.parts(OTHER.id, SINCE, TEN, customers=True) == [Part(5, 0, 9, 0)]

    on_register(scenario)


def test_spans_may_hold_several_rows_and_begin_later(on_register: Run) -> None:
    async def scenario(register: Register) -> None:
        await settled(register)
        await register.usage.add([used(window, 5, 1) for window in range(12)])
        found = await register.usage.parts(STORE.id, SINCE + TEN, TEN * 6, customers=True)
        assert found == [Part(5, 0, 6, 0), Part(5, 1, 5, 0)]
        assert await register.usage.first(STORE.id) == SINCE
        assert await register.usage.first(OTHER.id) is None

    on_register(scenario)


def test_what_is_gone_leaves_nothing_and_stops_no_write(on_register: Run) -> None:
    async def scenario(register: Register) -> None:
        await settled(register)
        both = [used(0, 5, 1), used(0, 6, 1)]
        await register.usage.add(both)
        await remove_app(register, 5)
        await register.usage.add(both)
        assert await register.usage.parts(STORE.id, SINCE, TEN, customers=True) == [
            Part(6, 0, 2, 0)
        ]
        await remove_store(register, STORE.id, SINCE)
        await register.usage.add(both)
        assert await register.usage.apps(STORE.id) == []

    on_register(scenario)


class Away(UsageTable):
    """A table whose database is away."""

    def __init__(self) -> None:
        pass

    async def add(self, used: object) -> None:
        raise Unavailable


def test_what_cannot_be_written_waits_for_the_next_turn(on_register: Run) -> None:
    async def scenario(register: Register) -> None:
        await settled(register)
        tally = Tally()
        tally.count(STORE.id, 5, BEGAN, customers=True, passed=True)
        with pytest.raises(Unavailable):
            await UsageWriter(Away(), tally).turn()
        tally.count(STORE.id, 5, BEGAN, customers=True, passed=False)
        writer = UsageWriter(register.usage, tally)
        assert await writer.turn() is False
        await writer.turn()
        assert await register.usage.parts(STORE.id, SINCE, TEN, customers=True) == [
            Part(5, 0, 1, 1)
        ]

    on_register(scenario)


def test_a_stop_writes_what_is_left(on_register: Run) -> None:
    async def scenario(register: Register) -> None:
        await settled(register)
        tally = Tally()
        writer = UsageWriter(register.usage, tally)
        writer.start()
        await asyncio.sleep(0)
        tally.count(STORE.id, 5, BEGAN, customers=True, passed=True)
        await writer.stop()
        assert await register.usage.apps(STORE.id) == [5]

    on_register(scenario)


def test_a_server_writes_what_it_counted(tmp_path: Path) -> None:
    settings, _ = load({"data_dir": str(tmp_path)}, environ={}, folder=tmp_path)

    async def scenario() -> None:
        register = await open_register(settings)
        try:
            await register.stores.create(STORE)
            await register.apps.create(App(5, "app", SINCE))
            token = mint()
            read = frozenset({"customers.read"})
            info = TokenInfo(1, STORE.id, 5, read, hint(token), SINCE, None, None)
            await register.tokens.add(digest(token), info)
            app = await open_app(settings, "http://localhost")
            request = request_of("GET", "/customers", {"authorization": f"Bearer {token}"})
            assert (await app.dispatcher.answer(request)).status == 200
            await app.close()
            assert await register.usage.apps(STORE.id) == [5]
        finally:
            await register.close()

    asyncio.run(asyncio.wait_for(scenario(), SECONDS))


def test_requests_with_a_token_are_tallied_and_others_are_not(world: World) -> None:
    world.change(policy=world.policy._replace(customers=Quota(2, 600.0)))
    statuses = [world.get("/customers").status for _ in range(3)]
    statuses.append(world.get("/countries").status)  # a scope that is missing is counted
    statuses += [world.get("/nowhere").status, world.get("/customers", "unknown").status]
    assert statuses == [200, 200, 429, 401, 404, 401]
    began = int(world.clock.now) // WINDOW * WINDOW
    app = world.run(world.register.apps.all())[0].id
    assert world.admission.tally.take() == [
        Used(world.store.id, began, app, False, 1, 0),
        Used(world.store.id, began, app, True, 2, 1),
    ]
