"""The annotations of an answer's Struct: the meaning of each key, and keywords beside its type."""

from dataclasses import dataclass
from typing import Any, Literal

from sijill.localized import Localized

Json = dict[str, Any]

Present = Literal["observed", "fields[]"]

PRESENT = "x-sijill-present"
"""Marks a key that only some answers have: by the profile `observed`, or by `fields[]`."""

_BOUNDS = {"ge": "minimum", "le": "maximum"}


@dataclass(frozen=True, eq=False, slots=True)
class Key:
    """The keywords that an annotation adds to the JSON Schema of the type."""

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
