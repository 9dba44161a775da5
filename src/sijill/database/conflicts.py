"""Which field a unique constraint speaks of: one table for the words of both databases."""

from sijill.database.driver import Conflict
from sijill.errors import Taken

FIELDS = (
    *(("digest", "token"), ("email", "email"), ("mobile", "mobile"), ("client_id", "client_id")),
    ("name", "name"),
)
"""
A word in what the database says, and the field.

PostgreSQL names the constraint (`customers_email`), SQLite the columns (`customers.email_key`).
"""


def taken(conflict: Conflict) -> Taken:
    """Return the fault that a conflict is; a constraint on none of the fields is on the id."""
    return Taken(next((field for word, field in FIELDS if word in conflict.constraint), "id"))
