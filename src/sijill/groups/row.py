"""A group as columns of the database and back, in the order of `groups.fields.COLUMNS`."""

from typing import Any

from msgspec import json

from sijill.database.driver import Row
from sijill.fields.columns import loader, storer
from sijill.groups.fields import COLUMNS
from sijill.groups.model import Conditions, Group

_load, _store = loader(COLUMNS), storer(COLUMNS)


def group(row: Row) -> Group:
    """Return the group of a row that holds `group_columns`."""
    return Group(*_load(row))


def conditions(text: str) -> Conditions:
    """Return the conditions that a column holds."""
    return json.decode(text, type=Conditions)


def arguments(store_id: int, group: Group, after: int | None) -> tuple[Any, ...]:
    """Return the arguments of insert_group and update_group; see `evaluate_after` for `after`."""
    return (store_id, after, *_store(group))
