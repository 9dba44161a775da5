"""The annotations of an answer's Struct: what each key means, and what the type does not say."""

from dataclasses import dataclass
from typing import Any, Literal

from sijill.localized import Localized

Json = dict[str, Any]

Present = Literal["observed", "fields[]"]

PRESENT = "x-sijill-present"
"""Beside a key that not every answer has: `observed` (profile) or `fields[]` (asked for)."""

_BOUNDS = {"ge": "minimum", "le": "maximum"}


@dataclass(frozen=True, eq=False, slots=True)
class Key:
    """What an annotation adds to the JSON Schema that the type gives."""

    schema: Json


def key(ar: str = "", en: str = "", *, present: Present | None = None, **more: Any) -> Key:
    """
    Return the annotation of one key: `Annotated[int, key("الرقم.", "The id.", ge=1)]`.

    `more` are keywords of JSON Schema; `ge` and `le` stand for `minimum` and `maximum`. A key with
    `present` is left out of some answers, so its attribute is `| UnsetType = UNSET`.
    """
    schema: Json = {_BOUNDS.get(name, name): value for name, value in more.items()}
    if en:
        schema["description"] = Localized(ar, en)
    if present:
        schema[PRESENT] = present
    return Key(schema)


def shape(properties: Json, *optional: str, **more: Any) -> Json:
    """Return the schema of an object; every property is required but the `optional` ones."""
    required = [name for name in properties if name not in optional]
    return {"type": "object", **more, "required": required, "properties": properties}
