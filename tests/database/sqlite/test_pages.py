"""Databases in memory that share an image: each sees its own writes, and no other's."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from random import Random

import apsw
import pytest

from sijill.database.sqlite.pages import Pages, connect

ROWS = 500


@contextmanager
def opened(pages: Pages) -> Iterator[apsw.Connection]:
    with closing(connect(pages)) as connection:
        connection.execute("PRAGMA journal_mode = MEMORY").fetchall()
        yield connection


def image_of(folder: Path, page_size: int = 4096, journal_mode: str = "DELETE") -> bytes:
    """Return the bytes of a file with a table of `ROWS` rows."""
    file = folder / "template.db"
    with closing(apsw.Connection(str(file))) as connection:
        connection.execute(f"PRAGMA page_size = {page_size}").fetchall()
        connection.execute(f"PRAGMA journal_mode = {journal_mode}").fetchall()
        connection.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, text TEXT)")
        rows = ((number, f"row {number} " * 20) for number in range(ROWS))
        connection.executemany("INSERT INTO t VALUES (?, ?)", rows)
    return file.read_bytes()


def rows(connection: apsw.Connection) -> list[tuple[int, str]]:
    assert connection.execute("PRAGMA integrity_check").get == "ok"
    return connection.execute("SELECT * FROM t ORDER BY id").fetchall()


@pytest.mark.parametrize("journal_mode", ["DELETE", "WAL"])
@pytest.mark.parametrize("page_size", [512, 4096, 65_536])
def test_each_of_two_sees_its_own_writes(tmp_path: Path, page_size: int, journal_mode: str) -> None:
    image = image_of(tmp_path, page_size, journal_mode)
    shared, kept = Pages(image), bytes(image)
    one, two = shared.copy(), shared.copy()
    with opened(one) as first, opened(two) as second:
        assert len(rows(first)) == len(rows(second)) == ROWS
        first.execute("DELETE FROM t WHERE id % 2")
        second.execute("UPDATE t SET text = 'other' WHERE id = 1")
        assert len(rows(first)) == ROWS // 2
        assert rows(second)[1] == (1, "other")
    with opened(one) as again, opened(shared) as untouched:
        assert len(rows(again)) == ROWS // 2
        assert rows(untouched)[1][1].startswith("row 1 ")
    assert image == kept


def test_what_it_holds_is_the_bytes_of_a_file(tmp_path: Path) -> None:
    pages = Pages(image_of(tmp_path))
    with opened(pages) as connection:
        connection.execute("INSERT INTO t VALUES (-1, 'new')")
        expected = rows(connection)
    copy = tmp_path / "copy.db"
    copy.write_bytes(pages.image())
    with closing(apsw.Connection(str(copy))) as file, opened(pages.merged()) as merged:
        assert rows(file) == rows(merged) == expected


def test_a_new_database_may_grow_and_shrink() -> None:
    pages, random = Pages(), Random(1)
    with opened(pages) as ours, closing(apsw.Connection(":memory:")) as plain:
        for connection in (ours, plain):
            connection.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, text TEXT)")
        for _ in range(300):
            first, size = random.randrange(ROWS), random.randrange(3000)
            statement = random.choice(
                [
                    f"INSERT OR REPLACE INTO t VALUES ({first}, '{'x' * size}')",
                    f"DELETE FROM t WHERE id BETWEEN {first} AND {first + 50}",
                    f"UPDATE t SET text = text || '{'y' * size}' WHERE id > {ROWS - first}",
                    "VACUUM",
                ]
            )
            for connection in (ours, plain):
                connection.execute(statement)
        assert rows(ours) == rows(plain)
        with opened(pages.copy()) as copy:
            assert rows(copy) == rows(plain)
    assert pages.size == len(pages.image())


def test_a_long_transaction_that_is_rolled_back_leaves_nothing(tmp_path: Path) -> None:
    pages = Pages(image_of(tmp_path))
    before = pages.image()
    with opened(pages) as connection:
        connection.execute("PRAGMA cache_size = 10").fetchall()  # pages are written before the end
        connection.execute("BEGIN; UPDATE t SET text = text || text")
        assert pages.image() != before
        connection.execute("ROLLBACK")
        assert len(rows(connection)) == ROWS
    assert pages.image() == before


@pytest.mark.parametrize("garbage", [b"x" * 5000, b"SQLite format 3\0" + bytes(5000)])
def test_bytes_that_are_no_database_are_refused(garbage: bytes) -> None:
    with closing(connect(Pages(garbage))) as connection, pytest.raises(apsw.NotADBError):
        connection.execute("SELECT * FROM sqlite_schema").fetchall()
