"""Lists of a body: a fault inside them is named by its place, as `items.0` or `items.0.name`."""

from collections.abc import Callable, Sequence
from typing import Any

from sijill.fields.form import Fields, Refused


def read_list(
    value: Any, *, max_items: int, read_item: Callable[[Any], Any | None], rule: str = "invalid"
) -> list[Any]:
    """Return the items as `read_item` reads them; None breaks `rule`. Raises: Refused."""
    if not isinstance(value, list):
        raise Refused("array")
    if len(value) > max_items:
        raise Refused(f"max_items:{max_items}")
    items = [read_item(item) for item in value]
    if None in items:
        raise Refused({str(place): [rule] for place, item in enumerate(items) if item is None})
    return items


def read_objects(value: Any, *, max_items: int, read_object: Callable[[Fields], Any]) -> list[Any]:
    """
    Return the objects of a list as `read_object` reads them.

    Raises: Refused with the faults of all objects, or of the nulls alone where there are nulls.
    """
    found: list[Any] = []
    faults: dict[str, Sequence[str]] = {}
    for place, item in enumerate(read_list(value, max_items=max_items, read_item=_as_it_is)):
        try:
            found.append(read_object(_object(item)))
        except Refused as refused:
            faults |= refused.at(str(place))
    if faults:
        raise Refused(faults)
    return found


def _as_it_is(item: Any) -> Any:
    return item


def _object(item: Any) -> Fields:
    if not isinstance(item, dict):
        raise Refused("invalid")
    return item
