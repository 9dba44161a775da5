"""Fields as columns of the database: the lists of a statement, and values from and to rows."""

from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import Any

from sijill.fields.field import Field


def listed(fields: Sequence[Field], alias: str = "") -> str:
    """Return the columns for a SELECT or INSERT; `alias` (`customers.`) stands before each."""
    return ", ".join(f"{alias}{field.name}" for field in fields)


def placeholders(fields: Sequence[Field], first: int) -> str:
    """Return the placeholders of the fields' values for an INSERT: `$4, $5, …`."""
    return ", ".join(f"${number}" for number, _ in enumerate(fields, first))


def assignments(fields: Sequence[Field], first: int) -> str:
    """Return the columns and their placeholders for an UPDATE: `first_name = $4, …`."""
    return ", ".join(f"{field.name} = ${number}" for number, field in enumerate(fields, first))


def loader(fields: Sequence[Field]) -> Callable[[Sequence[Any]], list[Any]]:
    """Return the function from a row to the values of these fields, in their order."""
    loads = [(place, field.kind.load) for place, field in enumerate(fields) if field.kind.load]

    def load_row(row: Sequence[Any]) -> list[Any]:
        values = list(row)
        for place, load in loads:
            values[place] = load(values[place])
        return values

    return load_row


def storer(fields: Sequence[Field]) -> Callable[[object], list[Any]]:
    """Return the function from an object to the columns' values, in the order of the fields."""
    get = attrgetter(*(field.name for field in fields))
    stores = [(place, field.kind.store) for place, field in enumerate(fields) if field.kind.store]

    def store_row(value: object) -> list[Any]:
        values = list(get(value))
        for place, store in stores:
            values[place] = store(values[place])
        return values

    return store_row
