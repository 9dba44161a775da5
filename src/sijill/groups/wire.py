"""Groups as Salla's JSON, and the sentences of answers about groups."""

from typing import Annotated

from msgspec import Struct

from sijill.groups.model import Group
from sijill.http.envelope import Sentence
from sijill.openapi.keys import key

ADDED = ["The customers has been added to group successfully"]
DELETED = Sentence("The Object has been removed successfully", 202)
DEFAULT_CHANGED = Sentence("The default group has been updated successfully", 201)
"""Always English, with the grammar of Salla's samples."""


class GroupAnswer(Struct, gc=False):
    """One group. Source: Salla "List Customer Groups": its items have these two keys."""

    id: Annotated[int, key("رقم المجموعة.", "The group's id.")]
    name: Annotated[str, key("اسمها، أو نص فارغ.", "Its name, or empty.")]


def body(group: Group) -> GroupAnswer:
    """Return the `data` of one group."""
    return GroupAnswer(group.id, group.name)
