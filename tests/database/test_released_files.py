"""A database of each released schema is today what its text says; a new release adds one."""

import asyncio
from contextlib import closing
from pathlib import Path

import apsw
import pytest
from database.canonical import export, postgres_tables, sqlite_tables
from database.first_schema import migrate, migrated_copy
from database.released import export_of, files, make, put_into

pytestmark = pytest.mark.proves(
    "a database of every released schema loses no value on its way to today's, on both databases"
)


@pytest.fixture(params=[*files(), None], ids=lambda file: "today" if file is None else file.stem)
def file(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Return a released database, or one that a release of today would add."""
    if request.param is not None:
        return request.param
    made = tmp_path / "today.db"
    make(made)
    export_of(made).write_text(export(sqlite_tables(made)), encoding="utf-8")
    return made


def test_it_is_small_and_sound_and_has_a_row_in_every_table(file: Path) -> None:
    assert file.stat().st_size < 400_000
    assert [table.name for table in sqlite_tables(file) if not table.rows] == []
    with closing(apsw.Connection(str(file), apsw.SQLITE_OPEN_READONLY)) as connection:
        assert connection.execute("PRAGMA integrity_check").get == "ok"
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []


def test_it_is_migrated_to_its_text(file: Path, tmp_path: Path) -> None:
    (tmp_path / "copy").mkdir()
    copy = migrated_copy(tmp_path / "copy", file)
    assert export(sqlite_tables(copy)) == export_of(file).read_text(encoding="utf-8")


@pytest.mark.postgres
def test_the_same_rows_in_postgresql_are_migrated_to_the_same_text(
    file: Path, postgres_url: str
) -> None:
    async def scenario() -> str:
        await put_into(postgres_url, file)
        await migrate(postgres_url)
        return export(await postgres_tables(postgres_url))

    assert asyncio.run(scenario()) == export_of(file).read_text(encoding="utf-8")
