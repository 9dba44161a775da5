"""A group as Salla's JSON, and the sentences that answer what was done to one."""

from typing import Any

from sijill.groups.model import Group

ADDED = ["The customers has been added to group successfully"]
DELETED = {"message": "The Object has been removed successfully", "code": 202}
DEFAULT_CHANGED = {"message": "The default group has been updated successfully", "code": 201}
"""English whatever is asked: so Salla's samples have them, grammar included."""


def body(group: Group) -> dict[str, Any]:
    """
    Return the `data` of one group.

    Source: Salla "List Customer Groups": its items hold these two keys alone.
    """
    return {"id": group.id, "name": group.name}
