"""The field of a unique constraint, from the words of either database."""

from sijill.database.driver import Conflict, Driver, T, Work
from sijill.errors import Taken

FIELDS = (
    *(("digest", "token"), ("email", "email"), ("mobile", "mobile"), ("client_id", "client_id")),
    ("name", "name"),
)
"""
A word in the text of the database, and the field.

PostgreSQL names the constraint (`customers_email`), SQLite the columns (`customers.email_key`).
"""


def taken(conflict: Conflict) -> Taken:
    """Return the fault for a conflict; a constraint that names no field of these is on the id."""
    return Taken(next((field for word, field in FIELDS if word in conflict.constraint), "id"))


async def write_unique(driver: Driver, work: Work[T]) -> T:
    """
    Run `work` in a transaction and return its result, as `Driver.write`.

    Raises: Taken if a value belongs to another row; Unavailable.
    """
    try:
        return await driver.write(work)
    except Conflict as conflict:
        raise taken(conflict) from None
