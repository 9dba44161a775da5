"""
A small database of each released schema, with rows in every table, and what becomes of it today.

At a release `PYTHONPATH=tests .venv/bin/python -m database.released 0.1.0` makes released/0.1.0.db
beside this file. Without a version the command migrates every file, and writes the canonical text
of each again. A later migration changes these texts alone.
"""

import re
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing
from itertools import count
from pathlib import Path
from typing import Any

import apsw
import asyncpg
from database.canonical import DERIVED, ROW_NUMBERS, Table, export, sqlite_tables
from database.first_schema import FILE, SHOP, migrated_copy

from sijill.database.migrate import migrations

FOLDER = FILE.with_name("released")
NUMBERS = count(1_001)
FLAGS = {
    name for step in migrations("postgres") for name in re.findall(r"(\w+) BOOLEAN\b", step.script)
}
"""Names of columns that hold 0 or 1."""


def files() -> list[Path]:
    """Return the database of the first schema, and that of each release."""
    return [FILE, *sorted(FOLDER.glob("*.db"))]


def make(path: Path) -> None:
    """Make a database of today's schema, with a made-up row in each table that had none."""
    with tempfile.TemporaryDirectory() as folder:
        path.write_bytes(migrated_copy(Path(folder)).read_bytes())
    empty = [table for table in sqlite_tables(path) if not table.rows]
    with closing(apsw.Connection(str(path))) as connection:
        connection.execute("PRAGMA foreign_keys = ON; BEGIN; PRAGMA defer_foreign_keys = ON")
        for table in empty:
            values = [*_values(connection, table)]
            marks = ", ".join("?" * len(values))
            names = ", ".join(table.columns)
            connection.execute(f"INSERT INTO {table.name} ({names}) VALUES ({marks})", values)
        connection.execute("COMMIT; PRAGMA journal_mode = DELETE; VACUUM")


def _values(connection: apsw.Connection, table: Table) -> Iterator[Any]:
    """Yield a value for each column: of what it refers to, or of its type and unlike any other."""
    found = connection.execute(
        'SELECT id, "from", "table", "to" FROM pragma_foreign_key_list(?)', (table.name,)
    ).fetchall()
    of_store = {key for key, mine, *_ in found if mine == "store_id"}
    refers = {mine: (other, theirs, key in of_store) for key, mine, other, theirs in found}
    types = dict(
        connection.execute("SELECT name, type FROM pragma_table_info(?)", (table.name,)).fetchall()
    )
    for column in table.columns:
        if column == "store_id":
            yield SHOP
        elif column in refers:
            other, theirs, in_store = refers[column]
            where = f"WHERE store_id = {SHOP}" if in_store else ""
            yield connection.execute(f"SELECT {theirs} FROM {other} {where} LIMIT 1").get
        elif column in FLAGS:
            yield 1
        else:
            yield _made_up(types[column], f"{table.name}.{column}")


def _made_up(kind: str, name: str) -> Any:
    return {"INTEGER": next(NUMBERS), "TEXT": name, "BLOB": name.encode()}.get(kind, 0.25)


async def put_into(url: str, path: Path) -> None:
    """Make the same database in an empty one of PostgreSQL."""
    tables = sqlite_tables(path)
    (versions,) = [table for table in tables if table.name == "schema_migrations"]
    newest = max(row[versions.columns.index("version")] for row in versions.rows)
    connection = await asyncpg.connect(url)
    try:
        for step in migrations("postgres"):
            if step.version <= newest:
                await connection.execute(step.script)
        # Foreign keys and triggers rest: the rows agree, and what is derived is not compared.
        await connection.execute("SET session_replication_role = replica")
        for table in tables:
            if table.name not in DERIVED:
                await _put(connection, table)
    finally:
        await connection.close()


async def _put(connection: Any, table: Table) -> None:
    kept = [n for n, c in enumerate(table.columns) if (table.name, c) not in ROW_NUMBERS]
    names = ", ".join(table.columns[n] for n in kept)
    marks = ", ".join(f"${n}" for n in range(1, len(kept) + 1))
    statement = await connection.prepare(
        f"INSERT INTO {table.name} ({names}) OVERRIDING SYSTEM VALUE VALUES ({marks})"
    )
    kinds = [parameter.name for parameter in statement.get_parameters()]
    for row in table.rows:
        values: Sequence[Any] = [row[n] for n in kept]
        await statement.fetch(*map(_as, kinds, values))


def _as(kind: str, value: Any) -> Any:
    """Return a value of SQLite as PostgreSQL takes it."""
    return bool(value) if kind == "bool" and value is not None else value


def export_of(file: Path) -> Path:
    """Return the path of the text that today's migrations make of a database."""
    return file.with_suffix(".jsonl")


if __name__ == "__main__":
    for version in sys.argv[1:]:
        FOLDER.mkdir(exist_ok=True)
        make(FOLDER / f"{version}.db")
    for file in files():
        with tempfile.TemporaryDirectory() as folder:
            text = export(sqlite_tables(migrated_copy(Path(folder), file)))
            export_of(file).write_text(text, encoding="utf-8")
