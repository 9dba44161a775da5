"""Reads that a hot standby answers: how old they are told to be, and when the primary answers."""

import asyncio
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from fixtures.postgres import SECONDS, PostgresServer
from fixtures.standby import StandbyServer, standby_of
from fixtures.templates import MigratedDatabase
from fixtures.world import Answer, World, answer_of, request_of
from msgspec import structs
from msgspec.structs import replace

from sijill.app import open_app
from sijill.customers.examples import AHMED
from sijill.customers.model import Edit
from sijill.database.postgres.driver import Postgres
from sijill.database.postgres.standby import PROMOTED
from sijill.demo import APP
from sijill.doctor import examine
from sijill.http.cache_control import Wishes
from sijill.register import SQL_LISTS, Register
from sijill.replicas import (
    READS,
    RULES,
    UNMEASURED,
    Read,
    against,
    choice,
    open_copies,
    troubles_of,
)
from sijill.server.application import Application
from sijill.server.serve import places_of
from sijill.settings import load

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.proves(
        "an answer of a replica tells its age, none is older than the settings and its client "
        "allow, and a replica that is away fails no request"
    ),
]

PATH = f"/customers/{AHMED.id}"
LISTS = ("/customers", "/customers?keyword=Hamad", "/customers/groups")


class Copied(World):
    """A world whose register has a standby."""

    def __init__(self, url: str, *standbys: StandbyServer) -> None:
        super().__init__(url)
        for standby in standbys:
            standby.catch_up()
        urls = [standby.url(MigratedDatabase.NAME) for standby in standbys]
        self.change(
            copies={
                url: Register(Postgres(url, SQL_LISTS, patience=1.0, timeout=0.5)) for url in urls
            }
        )
        self.measure()

    def measure(self) -> None:
        self.run(self.replica.turn())

    def pass_time(self, seconds: float) -> None:
        self.clock.now += seconds

    def rename(self, name: str) -> None:
        """Change the customer as another server would."""
        edit = Edit(AHMED.id, lambda old: replace(old or AHMED, first_name=name))
        self.run(self.register.customers.change(self.store.id, [edit]))

    def reads(self, outcome: str) -> float:
        """Return how many reads had this outcome, by the metrics."""
        label = f'replica_reads_total{{outcome="{outcome}"}} '
        lines = self.get("/metrics", None).body.decode().splitlines()
        return next((float(line.split()[1]) for line in lines if line.startswith(label)), 0.0)


@pytest.fixture
def copied(migrated_postgres_url: str, standby: StandbyServer) -> Iterator[Copied]:
    world = Copied(migrated_postgres_url, standby)
    yield world
    world.close()
    standby.resume()


def name_of(answer: Answer) -> str:
    assert answer.status == 200
    name: str = answer.json["data"]["first_name"]
    return name


def test_a_replica_that_is_behind_answers_and_tells_its_age(
    copied: Copied, standby: StandbyServer
) -> None:
    assert copied.get(PATH).headers["age"] == "0"
    standby.pause()
    copied.rename("Hamad")
    for age in (1, 2, 5):
        copied.pass_time(age - int(copied.get(PATH).headers["age"]))
        copied.measure()
        answer = copied.get(PATH)
        assert (name_of(answer), answer.headers["age"]) == ("Ahmed", str(age))
    listed = copied.get("/customers")
    assert listed.json["data"][0]["first_name"] == "Ahmed"
    assert {copied.get(path).headers["age"] for path in LISTS} == {"5"}
    standby.resume()
    copied.measure()
    answer = copied.get(PATH)
    assert (name_of(answer), answer.headers["age"]) == ("Hamad", "0")
    copied.pass_time(1.9)  # the age grows by itself from one measurement to the next
    assert copied.get(PATH).headers["age"] == "1"


def test_a_tag_spares_the_body_of_a_replicas_answer(copied: Copied) -> None:
    tag = copied.get(PATH).headers["etag"]
    answer = copied.get(PATH, if_none_match=tag)
    assert (answer.status, answer.body, answer.headers["age"]) == (304, b"", "0")


def test_a_client_gets_no_older_answer_than_it_asks_for(
    copied: Copied, standby: StandbyServer
) -> None:
    standby.pause()
    copied.rename("Hamad")
    copied.pass_time(5)
    copied.measure()
    for wish in ("no-cache", "max-age=0", "max-age=4"):
        answer = copied.get(PATH, cache_control=wish)
        assert (name_of(answer), "age" in answer.headers) == ("Hamad", False)
    assert copied.reads("asked") == 3
    assert copied.get(PATH, cache_control="max-age=5").headers["age"] == "5"
    assert copied.get(PATH, if_match='"0"').status == 412
    tag = copied.get(PATH, cache_control="no-cache").headers["etag"]
    assert name_of(copied.get(PATH, if_match=tag)) == "Hamad"


def test_beyond_the_greatest_age_the_primary_answers(
    copied: Copied, standby: StandbyServer
) -> None:
    standby.pause()
    copied.rename("Hamad")
    copied.pass_time(30)
    assert copied.get(PATH).headers["age"] == "30"
    copied.pass_time(0.25)
    copied.measure()
    answer = copied.get(PATH)
    assert (name_of(answer), "age" in answer.headers) == ("Hamad", False)
    assert copied.reads("old") == 1
    ready = copied.get("/readyz", None)
    assert (ready.status, ready.json["checks"]["replica"]) == (200, [{"status": "warn"}])
    assert b"replica_age_seconds 30.25\n" in copied.get("/metrics", None).body


def test_an_app_reads_what_it_wrote(copied: Copied, standby: StandbyServer) -> None:
    standby.pause()
    copied.run(copied.register.apps.create(replace(APP, id=9, name="other", client_id="other")))
    other = copied.mint(copied.store, app_id=9)
    written = copied.send("PUT", PATH, {"first_name": "Hamad"})
    assert written.status == 200
    answer = copied.get(PATH)
    assert (name_of(answer), "age" in answer.headers) == ("Hamad", False)
    assert copied.reads("written") == 1
    assert name_of(copied.get(PATH, other)) == "Ahmed"  # of another app: by the replica
    standby.resume()
    copied.pass_time(1)
    copied.measure()
    answer = copied.get(PATH)
    assert (name_of(answer), answer.headers["age"]) == ("Hamad", "0")


def test_a_customer_whom_the_replica_does_not_have_yet_is_found(
    copied: Copied, standby: StandbyServer
) -> None:
    standby.pause()
    new = replace(AHMED, id=77, email="new@example.com", mobile=500000077)
    copied.keep(copied.store, new)
    answer = copied.get("/customers/77")
    assert (answer.status, "age" in answer.headers) == (200, False)
    missing = copied.get("/customers/78")
    assert (missing.status, "age" in missing.headers) == (404, False)
    assert copied.get("/customers/nobody").status == 404
    assert copied.reads("absent") == 3
    assert copied.get("/customers?date_from=x").status == 422


def test_a_replica_that_is_killed_fails_no_request(copied: Copied, standby: StandbyServer) -> None:
    standby.stop(signal.SIGQUIT)
    try:
        for _ in range(3):
            answer = copied.get(PATH)
            assert (name_of(answer), "age" in answer.headers) == ("Ahmed", False)
        assert copied.reads("away") == 3
        copied.measure()
        ready = copied.get("/readyz", None)
        assert (ready.status, ready.json["checks"]["replica"]) == (200, [{"status": "warn"}])
    finally:
        standby.start()
    standby.catch_up()
    copied.measure()
    assert copied.get(PATH).headers["age"] == "0"
    assert copied.get("/readyz", None).json["checks"]["replica"] == [{"status": "pass"}]


def test_a_replica_that_hangs_fails_no_request(copied: Copied, standby: StandbyServer) -> None:
    copied.get(PATH)
    pids = copied.run(backends(standby, "migrated"))
    assert pids
    try:
        for pid in pids:
            os.kill(pid, signal.SIGSTOP)
        answer = copied.get(PATH)
        assert (name_of(answer), "age" in answer.headers) == ("Ahmed", False)
    finally:
        for pid in pids:
            os.kill(pid, signal.SIGCONT)
    assert copied.reads("away") == 1


def test_of_two_replicas_the_first_that_may_answer_does(
    postgres_server: PostgresServer, migrated_postgres_url: str, standby: StandbyServer
) -> None:
    with standby_of(postgres_server) as second:
        world = Copied(migrated_postgres_url, standby, second)
        try:
            standby.pause()
            world.rename("Hamad")
            second.catch_up()
            world.pass_time(5)
            world.measure()
            answer = world.get(PATH)
            assert (name_of(answer), answer.headers["age"]) == ("Ahmed", "5")
            newer = world.get(PATH, cache_control="max-age=4")
            assert (name_of(newer), newer.headers["age"]) == ("Hamad", "0")
            standby.stop(signal.SIGQUIT)
            assert "age" not in world.get(PATH).headers  # found to be away by this read
            for _ in range(2):
                answer = world.get(PATH)
                assert (name_of(answer), answer.headers["age"]) == ("Hamad", "0")
                world.measure()
            assert world.get("/readyz", None).json["checks"]["replica"] == [{"status": "pass"}]
            assert b"replica_age_seconds 0.0\n" in world.get("/metrics", None).body
        finally:
            standby.start()
            world.close()
            standby.resume()


async def backends(standby: StandbyServer, database: str) -> list[int]:
    async with standby.connected("postgres") as connection:
        rows = await connection.fetch(
            "SELECT pid FROM pg_stat_activity WHERE datname = $1", database
        )
    return [pid for (pid,) in rows]


def test_a_revoked_token_is_refused_though_the_replica_knows_it(
    copied: Copied, standby: StandbyServer
) -> None:
    assert copied.get(PATH).headers["age"] == "0"
    standby.pause()
    for token in copied.run(copied.register.tokens.all()):
        copied.run(copied.register.tokens.revoke(token.id, copied.moment))
    copied.pass_time(1)
    assert copied.get(PATH).status == 401


def test_everything_else_is_read_from_the_primary(copied: Copied) -> None:
    others = [
        f"{PATH}?fields[]=nothing",
        "/customers/groups",
        "/oauth2/user/info",
        "/webhooks",
        "/store/info",
    ]
    aged = {path for path in others if "age" in copied.get(path).headers}
    assert aged == {f"{PATH}?fields[]=nothing", "/customers/groups"}
    assert {*READS} == {"getCustomer", "listCustomers", "listGroups"}


def test_a_server_measures_by_itself_and_the_doctor_looks_too(
    copied: Copied, standby: StandbyServer, migrated_postgres_url: str, tmp_path: Path
) -> None:
    settings = structs.replace(
        copied.settings,
        data_dir=str(tmp_path),
        database_url=migrated_postgres_url,
        replica_url=standby.url("migrated"),
        webhooks="off",
        log_level="error",
    )

    async def ask(app: Application, path: str) -> Answer:
        request = request_of("GET", path, {"authorization": f"Bearer {copied.token}"})
        return answer_of(request, await app.dispatcher.answer(request))

    async def scenario() -> None:
        app = await open_app(settings, "http://127.0.0.1:8466")
        try:
            deadline = time.monotonic() + SECONDS
            while (await ask(app, "/readyz")).json["checks"]["replica"][0]["status"] != "pass":
                assert time.monotonic() < deadline
                await asyncio.sleep(0.01)
            answer = await ask(app, PATH)
            assert (answer.status, "age" in answer.headers) == (200, True)
        finally:
            await app.close()

    def finding() -> tuple[str, str]:
        (found,) = [f for f in asyncio.run(examine(settings, {})) if f.check == "replica"]
        return found.status, found.sentence

    asyncio.run(scenario())
    assert finding() == ("pass", f"{standby.data} replays the log")
    settings = structs.replace(settings, replica_url=migrated_postgres_url)
    assert finding()[0] == "warn"
    assert f"{PROMOTED}; it is not read" in finding()[1]
    settings = structs.replace(settings, replica_url="redis://x")
    assert finding()[0] == "fail"


def test_no_replica_is_taken_for_good_while_the_primary_does_not_answer(
    copied: Copied, standby: StandbyServer
) -> None:
    urls = (standby.url("migrated"), "postgresql://127.0.0.1:1/migrated")
    assert [trouble_beside_no_primary(copied, url) for url in urls] == [UNMEASURED, UNMEASURED]


def trouble_beside_no_primary(copied: Copied, url: str) -> str | None:
    """Return the trouble of a replica whose primary is away."""
    away = "postgresql://127.0.0.1:1/migrated"
    settings = structs.replace(copied.settings, database_url=away, replica_url=url)

    async def told() -> str | None:
        primary = Register(Postgres(away, SQL_LISTS, patience=1.0))
        try:
            (trouble,) = (await troubles_of(settings, primary)).values()
            return trouble
        finally:
            await primary.close()

    return asyncio.run(told())


@pytest.mark.usefixtures("migrated_postgres_url")  # the database of which the standby has a copy
def test_a_doctor_whose_database_is_a_standby_measures_none(
    standby: StandbyServer, tmp_path: Path
) -> None:
    given = {"data_dir": str(tmp_path), "database_url": standby.url("migrated")}
    settings, _ = load({**given, "replica_url": standby.url("migrated")}, {}, tmp_path)
    standby.catch_up()
    found = [f for f in asyncio.run(examine(settings, {})) if f.check == "replica"]
    assert [(f.status, f.sentence) for f in found] == [("warn", f"{standby.data}: {UNMEASURED}")]


def test_without_a_replica_nothing_is_told(world: World) -> None:
    assert "age" not in world.get(PATH).headers
    assert b"replica_" not in world.get("/metrics", None).body
    assert "replica" not in world.get("/readyz", None).json["checks"]


def test_a_server_that_is_no_standby_is_not_read(migrated_postgres_url: str) -> None:
    world = World(migrated_postgres_url)
    try:
        world.change(copies={"x": Register(Postgres(migrated_postgres_url, SQL_LISTS))})
        world.run(world.replica.turn())
        assert [copy.standby.trouble for copy in world.replica.copies] == [PROMOTED]
        assert "age" not in world.get(PATH).headers
    finally:
        world.close()


KNOWN = Read(now=100.0, complete_until=95.0, max_age=30.0)


@pytest.mark.parametrize(
    ("read", "reason"),
    [
        (KNOWN, None),
        (KNOWN._replace(is_away=True), "away"),
        (KNOWN._replace(complete_until=None), "old"),
        (KNOWN._replace(now=125.0), None),
        (KNOWN._replace(now=125.1), "old"),
        (KNOWN._replace(wishes=Wishes(no_cache=True)), "asked"),
        (KNOWN._replace(wishes=Wishes(max_age=5)), None),
        (KNOWN._replace(wishes=Wishes(max_age=4)), "asked"),
        (KNOWN._replace(is_conditional=True), "asked"),
        (KNOWN._replace(written_at=94.9), None),
        (KNOWN._replace(written_at=95.0), "written"),
        (KNOWN._replace(written_at=99.0), "written"),
    ],
)
def test_the_primary_answers_if_a_rule_says_so(read: Read, reason: str | None) -> None:
    assert against(read) == reason
    assert reason is None or reason in RULES


@pytest.mark.parametrize(
    ("reads", "chosen"),
    [
        ([KNOWN, KNOWN], 0),
        ([KNOWN._replace(is_away=True), KNOWN], 1),
        ([KNOWN._replace(complete_until=None), KNOWN._replace(now=126.0)], "old"),
        ([KNOWN._replace(is_away=True), KNOWN._replace(is_conditional=True)], "away"),
        ([KNOWN._replace(complete_until=None, is_away=True)] * 2, "away"),
    ],
)
def test_the_first_that_may_answer_is_chosen(reads: list[Read], chosen: int | str) -> None:
    assert choice(reads) == chosen


def test_each_standby_of_the_setting_has_connections_of_its_own() -> None:
    given = {"database_url": "postgresql://p/d", "replica_url": "postgresql://one,two:7/d"}
    settings, _ = load(given, environ={}, folder=Path("/nonexistent"))
    assert [*open_copies(settings)] == ["one:5432", "two:7"]
    one_folder = "postgresql:///d?host=/run/pg,/run/pg&port=5433,5434"
    places = [*open_copies(replace(settings, replica_url=one_folder))]
    assert places == ["/run/pg:5433", "/run/pg:5434"]
    assert [places_of(replace(settings, replica_url=url), 500) for url in ("", "x")] == [
        places_of(settings, 500) + count * settings.database_connections for count in (2, 1)
    ]


@pytest.mark.parametrize(
    ("database", "replica", "sentence"),
    [
        ("", "postgresql://h/d", "replica_url needs a database_url of PostgreSQL"),
        ("postgresql://h/d", "sqlite:///x.db", "replica_url is no address of PostgreSQL"),
    ],
)
def test_settings_that_cannot_be_are_refused(database: str, replica: str, sentence: str) -> None:
    given = {"database_url": database, "replica_url": replica}
    settings, _ = load(given, environ={}, folder=Path("/nonexistent"))
    with pytest.raises(ValueError, match=sentence):
        open_copies(settings)
