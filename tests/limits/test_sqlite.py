"""The file of the SQLite counter: private, disposable, and never in the way for long."""

import asyncio
import stat
import time

import apsw
import pytest

from sijill.limits.sqlite import SQLiteCounters
from sijill.limits.window import CounterAway, Rule

RULE = Rule("{1}:customers:5", 5, 600.0)
NOW = 1_800_000_000.0


@pytest.fixture
def path(tmp_path):
    return tmp_path / "limiter.db"


@pytest.fixture
def opened(path):
    """Opens counters on the file and closes them after the test."""
    counters = []

    def opened(**options):
        counters.append(SQLiteCounters(path, **options))
        return counters[-1]

    yield opened
    for each in counters:
        asyncio.run(each.close())


def hit(counters, rule=RULE, now=NOW):
    return asyncio.run(counters.hit([rule], now)).verdict


def rows(path):
    connection = apsw.Connection(str(path))
    try:
        return connection.execute("SELECT count(*) FROM counts").get
    finally:
        connection.close()


def test_the_file_is_its_owners_alone(path, opened):
    path.touch(0o644)
    hit(opened())
    modes = {p.name: stat.S_IMODE(p.stat().st_mode) for p in path.parent.iterdir()}
    assert set(modes) >= {"limiter.db", "limiter.db-wal"}
    assert set(modes.values()) == {0o600}


def test_counts_outlive_the_process(path, opened):
    hit(opened())
    assert hit(opened()).remaining == 3


@pytest.mark.parametrize("size", [10, 10_000])
def test_a_damaged_file_is_begun_anew(path, opened, size):
    path.write_bytes(b"not a database " * size)
    assert hit(opened()).remaining == 4


def test_a_file_of_another_program_is_put_aside_whole(path, opened):
    connection = apsw.Connection(str(path))
    connection.execute("CREATE TABLE theirs (x); INSERT INTO theirs VALUES (1)")
    connection.close()
    assert hit(opened()).remaining == 4
    aside = apsw.Connection(str(path) + ".aside")
    assert aside.execute("SELECT x FROM theirs").get == 1
    aside.close()


def test_a_file_damaged_while_open_is_begun_anew_by_the_next_hit(path, opened):
    counters = opened()
    hit(counters)
    other = apsw.Connection(str(path))
    other.execute("DELETE FROM counts")
    other.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_TRUNCATE)
    other.close()
    path.write_bytes(b"\xff" * path.stat().st_size)
    with pytest.raises(CounterAway):
        hit(counters)
    assert hit(counters).remaining == 4


def test_a_file_kept_busy_is_away_within_the_bound_and_then_works_again(path, opened):
    counters = opened(busy=0.02)
    holder = apsw.Connection(str(path))
    holder.execute("BEGIN IMMEDIATE")
    began = time.monotonic()
    with pytest.raises(CounterAway):
        hit(counters)
    assert time.monotonic() - began < 1.0
    holder.execute("ROLLBACK")
    holder.close()
    assert hit(counters).remaining == 4


def test_a_file_that_cannot_be_opened_is_away_until_it_can(path, opened):
    counters = opened()
    asyncio.run(counters.close())
    path.rename(path.with_name("kept"))
    path.mkdir()
    for _ in range(2):
        with pytest.raises(CounterAway):
            hit(counters)
    path.rmdir()
    with pytest.raises(CounterAway):
        hit(counters)
    assert hit(counters).remaining == 4


def test_a_folder_that_is_missing_is_said_at_once(tmp_path):
    with pytest.raises(FileNotFoundError):
        SQLiteCounters(tmp_path / "missing" / "limiter.db")


def test_expired_rows_are_swept_once_a_minute(path, opened):
    counters = opened()
    for number in range(10):
        hit(counters, Rule(f"short {number}", 5, 30.0))
    hit(counters)
    hit(counters, now=NOW + 59.0)
    assert rows(path) == 11
    hit(counters, now=NOW + 60.0)
    assert rows(path) == 1


def test_an_exception_names_no_key(path, opened):
    counters = opened(busy=0.0)
    holder = apsw.Connection(str(path))
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(CounterAway) as caught:
        hit(counters, Rule("{192.0.2.1}:customers", 5, 600.0))
    holder.close()
    assert "192.0.2.1" not in f"{caught.value!r} {caught.value.__cause__!r}"
