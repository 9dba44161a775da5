"""What the CRM keeps: customers, the events it has handled, and where its import stands."""

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from crm.config import Tokens

SCHEMA = """
CREATE TABLE IF NOT EXISTS customers (
  id INTEGER PRIMARY KEY, updated_at TEXT NOT NULL,
  name TEXT NOT NULL, mobile TEXT NOT NULL, email TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS events (id TEXT PRIMARY KEY);
CREATE TABLE IF NOT EXISTS tasks (customer_id INTEGER NOT NULL, what TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS tokens (given TEXT PRIMARY KEY, access TEXT, refresh TEXT);
CREATE TABLE IF NOT EXISTS progress (one INTEGER PRIMARY KEY, page INTEGER, total INTEGER);
"""

# What came late, by webhook or by page, must not replace what is newer.
# The texts are wall time of one store, so they compare as times.
SAVE = """
INSERT INTO customers VALUES (?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET
  updated_at = excluded.updated_at, name = excluded.name,
  mobile = excluded.mobile, email = excluded.email
WHERE excluded.updated_at >= customers.updated_at
"""


class Progress(NamedTuple):
    """Where an import stands."""

    page: int = 1
    """The page to read next."""
    total: int = 0
    """The number of customers that the list had when it was last read."""


class Store:
    """The SQLite file of the CRM. Each process and each thread opens it for itself."""

    def __init__(self, path: Path | str) -> None:
        self._database = sqlite3.connect(path, timeout=30, isolation_level=None)
        self._database.execute("PRAGMA journal_mode = WAL")
        self._database.executescript(SCHEMA)

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        """Write all of it or nothing, while every other writer waits."""
        self._database.execute("BEGIN IMMEDIATE")
        try:
            yield self._database
        except BaseException:
            self._database.execute("ROLLBACK")
            raise
        self._database.execute("COMMIT")

    # Customers

    def customers(self) -> dict[int, dict[str, str]]:
        """Return every customer by its id at Salla."""
        rows = self._database.execute("SELECT id, name, mobile, email FROM customers")
        return {
            key: {"name": name, "mobile": mobile, "email": email}
            for key, name, mobile, email in rows
        }

    def progress(self) -> Progress:
        """Return where the import stands: at its beginning, or where it was broken off."""
        row = self._database.execute("SELECT page, total FROM progress").fetchone()
        return Progress(*row) if row else Progress()

    def save_page(self, customers: Iterable[Any], progress: Progress) -> None:
        """Save the customers of a page together with where to go on."""
        with self._transaction() as database:
            database.executemany(SAVE, map(row_of, customers))
            database.execute("INSERT OR REPLACE INTO progress VALUES (1, ?, ?)", progress)

    # Events

    def handle(self, event_id: str, event: Any) -> bool:
        """Do what an event asks for, once; return False for one that was handled before."""
        with self._transaction() as database:
            if database.execute("SELECT 1 FROM events WHERE id = ?", (event_id,)).fetchone():
                return False
            database.execute("INSERT INTO events VALUES (?)", (event_id,))
            if event["event"] in ("customer.created", "customer.updated"):
                database.execute(SAVE, row_of(event["data"]))
            if event["event"] == "customer.created":
                database.execute("INSERT INTO tasks VALUES (?, 'welcome')", (event["data"]["id"],))
            return True

    def tasks(self) -> list[tuple[int, str]]:
        """Return the id of the customer and the name of every task, in their order."""
        rows = self._database.execute("SELECT customer_id, what FROM tasks ORDER BY rowid")
        return list(rows)

    # Tokens

    def tokens(self, first: Tokens) -> Tokens:
        """Return the pair that `first` has become by renewals."""
        query = "SELECT access, refresh FROM tokens WHERE given = ?"
        row = self._database.execute(query, (first.refresh,)).fetchone()
        return Tokens(*row) if row else first

    def renew(self, first: Tokens, refused: str, renewed: Callable[[str], Tokens]) -> Tokens:
        """
        Return a pair whose access token is not the refused one, and keep it before it is used.

        A refresh token works once: of several processes one renews, the others find its pair.
        """
        with self._transaction() as database:
            tokens = self.tokens(first)
            if tokens.access == refused:
                tokens = renewed(tokens.refresh)
                row = (first.refresh, *tokens)
                database.execute("INSERT OR REPLACE INTO tokens VALUES (?, ?, ?)", row)
            return tokens


def row_of(customer: Any) -> tuple[int, str, str, str, str]:
    """Return a customer of Salla's as a row of the CRM."""
    name = f"{customer['first_name']} {customer['last_name']}".strip()
    code = str(customer["mobile_code"]).lstrip("+")
    mobile = f"+{code}{customer['mobile']}" if customer["mobile"] else ""
    updated_at = customer["updated_at"]["date"]
    return customer["id"], updated_at, name, mobile, customer["email"] or ""
