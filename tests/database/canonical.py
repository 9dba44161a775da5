"""
Everything that a database holds, as text that is the same for equal rows on either database.

JSON Lines: tables by name, the rows of each by their text, the columns of a row in their order.
Bytes are `{"hex": …}`, a flag is 0 or 1. What an index derives from other rows is left out.
"""

import json
from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

import apsw
import asyncpg

ROW_NUMBERS = {("customers", "number"), ("memberships", "customer_id")}
"""Columns that SQLite alone has."""

DERIVED = ("customer_counts", "search_index")
"""Tables that triggers derive from other rows, in each database its own way."""

ROWS_OF = {
    "memberships": "SELECT {} FROM memberships AS t JOIN customers AS c ON c.number = t.member"
}
"""How the rows of a SQLite table are read that refers to a row number."""

IN_PLACE_OF = {("memberships", "member"): "c.id"}
"""The columns that hold one, and what is read instead."""

_SQLITE_TABLES = """
SELECT name FROM pragma_table_list
WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite!_%' ESCAPE '!' ORDER BY name
"""
_POSTGRES_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"


class Table(NamedTuple):
    """A table: its name, the names of its columns, and its rows."""

    name: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]


def sqlite_tables(path: Path) -> list[Table]:
    """Return every table of a SQLite file."""
    with closing(apsw.Connection(str(path), apsw.SQLITE_OPEN_READONLY)) as connection:
        tables = []
        for (name,) in connection.execute(_SQLITE_TABLES).fetchall():
            if name in DERIVED:
                continue
            found = connection.execute("SELECT name FROM pragma_table_info(?)", (name,)).fetchall()
            columns = [column for (column,) in found]
            read = [IN_PLACE_OF.get((name, column), f't."{column}"') for column in columns]
            text = ROWS_OF.get(name, f'SELECT {{}} FROM "{name}" AS t').format(", ".join(read))
            tables.append(Table(name, columns, connection.execute(text).fetchall()))
        return tables


async def postgres_tables(url: str) -> list[Table]:
    """Return every table of a PostgreSQL database."""
    connection = await asyncpg.connect(url)
    try:
        tables = []
        for (name,) in await connection.fetch(_POSTGRES_TABLES):
            if name in DERIVED:
                continue
            statement = await connection.prepare(f'SELECT * FROM "{name}"')
            columns = [attribute.name for attribute in statement.get_attributes()]
            tables.append(Table(name, columns, [tuple(row) for row in await statement.fetch()]))
        return tables
    finally:
        await connection.close()


def export(tables: Iterable[Table]) -> str:
    """Return the canonical text of some tables."""
    return "".join(line for table in tables for line in sorted(map(_line(table), table.rows)))


def _line(table: Table) -> Any:
    def line(row: Sequence[Any]) -> str:
        values = zip(table.columns, row, strict=True)
        kept = {name: _plain(x) for name, x in values if (table.name, name) not in ROW_NUMBERS}
        return json.dumps({"table": table.name, "row": kept}, ensure_ascii=False) + "\n"

    return line


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return {"hex": value.hex()}
    return int(value) if isinstance(value, bool) else value
