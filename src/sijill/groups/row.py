"""A group as columns, both ways. The order is that of `group_columns` in queries.sql."""

from typing import Any

from msgspec import json

from sijill.database.driver import Row
from sijill.groups.model import Conditions, Features, Group


def group(row: Row) -> Group:
    """Return the group of a row that holds `group_columns`."""
    id_, name, is_default, rules, features = row
    return Group(
        id_, name, bool(is_default), conditions(rules), json.decode(features, type=Features)
    )


def conditions(text: str) -> Conditions:
    """Return the conditions that a column holds."""
    return json.decode(text, type=Conditions)


def arguments(store_id: int, group: Group) -> tuple[Any, ...]:
    """Return what insert_group and update_group begin with."""
    rules, features = json.encode(group.conditions), json.encode(group.features)
    return (store_id, group.id, group.name, rules.decode(), features.decode())
