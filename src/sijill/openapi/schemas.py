"""The JSON Schema of an answer, from its type: Structs with annotated keys."""

from collections.abc import Callable, Mapping
from datetime import datetime
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from msgspec import UNSET, Raw, Struct, UnsetType
from msgspec.structs import FieldInfo, fields

from sijill.errors import Fault
from sijill.http.envelope import Pagination
from sijill.http.errors import KINDS, ErrorAnswer
from sijill.localized import Localized
from sijill.openapi.keys import Json, Key
from sijill.openapi.operation import MAX_ROWS, Envelope

_PLAIN: dict[Any, Json] = {
    Any: {},
    str: {"type": "string"},
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    float: {"type": "number"},
    NoneType: {"type": "null"},
    datetime: {"type": "string", "format": "date-time"},
    Raw: {"type": "object"},
}

_COMBINED = ("allOf", "anyOf")
_BOUNDS = {
    "ge": "minimum",
    "gt": "exclusiveMinimum",
    "le": "maximum",
    "pattern": "pattern",
}
"""The keywords of the bounds that values are decoded with."""
_STATUS = Localized("رقم حالة HTTP أيضًا.", "The HTTP status.")
_SUCCESS = Localized("هل نجح الطلب.", "Whether the request succeeded.")
_PLACE = Localized("موضع الصفحة في القائمة.", "The position of the page in the list.")


def ref(name: str) -> Json:
    """Return a reference to a named schema."""
    return {"$ref": f"#/components/schemas/{name}"}


class Schemas:
    """Turns types into JSON Schema 2020-12, and collects the named ones."""

    def __init__(self) -> None:
        self.named: Json = {}

    def of(self, kind: Any) -> Json:
        """
        Return the schema of a type; for a named one, collect it and return a reference.

        `kind` is a Struct, an Envelope, a Fault, a type of a Struct's attribute, or a JSON Schema
        that may combine such kinds. A Struct's class attributes `component` (its name), `words`
        and `examples` describe it. Descriptions are Localized.
        Raises: KeyError naming an unknown type.
        """
        if isinstance(kind, dict):
            return {
                name: [*map(self.of, inner)] if name in _COMBINED else inner
                for name, inner in kind.items()
            }
        if isinstance(kind, Fault):
            return self._fault(kind)
        if isinstance(kind, Envelope):
            return self._named(kind.component, lambda: self._envelope(kind))
        struct = get_origin(kind) or kind
        if isinstance(struct, type) and issubclass(struct, Struct):
            name = vars(struct).get("component", "")
            return self._named(name, lambda: self._object(struct, fields(kind)))
        return self._composed(kind)

    def _named(self, name: str, make: Callable[[], Json]) -> Json:
        if not name:
            return make()
        if name not in self.named:
            self.named[name] = make()
        return ref(name)

    def _object(self, struct: type[Struct], known: tuple[FieldInfo, ...]) -> Json:
        own = vars(struct)
        words = {"description": own.get("words"), "examples": own.get("examples")}
        # A type that refuses unknown keys is read: what has a default may be left out.
        is_read = struct.__struct_config__.forbid_unknown_fields
        return {
            "type": "object",
            **{name: value for name, value in words.items() if value is not None},
            "required": [
                field.encode_name
                for field in known
                if (field.required if is_read else field.default is not UNSET)
            ],
            "properties": {field.encode_name: self.of(field.type) for field in known},
        }

    def _envelope(self, kind: Envelope) -> Json:
        properties = {
            "status": {"const": kind.status, "description": _STATUS},
            "success": {"const": True, "description": _SUCCESS},
            "data": self.of(kind.data) | ({"maxItems": MAX_ROWS} if kind.paged else {}),
            **{name: self.of(inner) for name, inner in kind.beside.items()},
        }
        if kind.paged:
            properties["pagination"] = self.of(Pagination) | {"description": _PLACE}
        return {"type": "object", "required": [*properties], "properties": properties}

    def _fault(self, fault: Fault) -> Json:
        """Return the schema of one kind of error: `Error`, with its own status and code."""
        kind = KINDS[fault.code]
        own = {
            "status": {"const": kind.status},
            "error": {"properties": {"code": {"const": kind.code}}},
        }
        return {"allOf": [self.of(ErrorAnswer), {"properties": own}]}

    def _composed(self, kind: Any) -> Json:
        origin, inner = get_origin(kind), get_args(kind)
        if origin is Annotated:
            return self._annotated(*inner)
        if origin is Literal:
            return {"const": inner[0]} if len(inner) == 1 else {"enum": [*inner]}
        if origin in (list, tuple):
            items = self.of(inner[0])
            return {"type": "array", **({"items": items} if items else {})}
        if origin in (dict, Mapping):
            return {"type": "object", "additionalProperties": self.of(inner[1])}
        if origin in (Union, UnionType):
            return _either([self.of(one) for one in inner if one is not UnsetType])
        return _PLAIN[kind]

    def _annotated(self, kind: Any, *added: Any) -> Json:
        schema = self.of(kind)
        for one in added:
            schema = schema | _keywords(one)
        return schema


def _keywords(annotation: Any) -> Json:
    """Return the keywords of JSON Schema that an annotation of a type stands for."""
    if isinstance(annotation, Key):
        return annotation.schema
    bounds = {word: getattr(annotation, name, None) for name, word in _BOUNDS.items()}
    return {word: bound for word, bound in bounds.items() if bound is not None}


def _either(schemas: list[Json]) -> Json:
    """Return the schema of a union: a list of types if they are plain, else `anyOf`."""
    if len(schemas) == 1:
        return schemas[0]
    if all(schema.keys() == {"type"} for schema in schemas):
        return {"type": [schema["type"] for schema in schemas]}
    return {"anyOf": schemas}
