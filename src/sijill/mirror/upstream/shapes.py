"""
The shapes of answers: which keys they should have, of which types, and where one differs.

A key that nobody knows is kept in the raw body and counted. A key that is missing, or of another
type, may mean that upstream has changed: the mirror then tells that it may be wrong. A value may be
null wherever it need not be there, so a customer without an e-mail is no alarm.
"""

from collections.abc import Iterator, Mapping, Sequence
from hashlib import blake2b
from types import NoneType
from typing import Any, Literal, NamedTuple, get_args

from msgspec import Struct, json, structs

from sijill.mirror.body import Body, Moment

Endpoint = Literal["customers.list", "customers.details"]

Kind = Literal["unknown", "missing", "retyped"]


class Key(NamedTuple):
    """A key of an answer, by its path in the object, and the types of its values."""

    path: str
    types: frozenset[str]
    """Of JSON, with `integer` for a number without a fraction; without `null`, it must be there."""


_TYPES: Mapping[type, str] = {
    bool: "boolean",
    int: "integer",
    float: "number",
    str: "string",
    list: "array",
    dict: "object",
    Moment: "object",
    NoneType: "null",
}
"""The types of JSON by those of values that are decoded, or that are read."""


def _key(path: str, types: str) -> Key:
    return Key(path, frozenset(types.split()))


def _read(name: str, annotation: Any, *, required: bool) -> Key:
    """Return a key that the mirror reads: of the types that it can read, and null by default."""
    types = frozenset(_TYPES[one] for one in get_args(annotation) or (annotation,))
    return Key(name, types if required else types | {"null"})


_OTHERS = (
    _key("full_name", "string null"),
    _key("first_name", "string"),
    _key("urls", "object array null"),
    _key("updated_at.date", "string"),
    _key("updated_at.timezone_type", "integer null"),
    _key("updated_at.timezone", "string"),
    _key("groups", "array"),
    _key("custom_fields", "array object null"),
    _key("current_store_customer", "boolean integer string object array null"),
)
"""Keys that nobody reads, or that are judged more closely than they are read."""

CUSTOMER: Sequence[Key] = (
    *_OTHERS,
    *(
        _read(field.name, field.type, required=field.required)
        for field in structs.fields(Body)
        if field.name not in {key.path for key in _OTHERS}
    ),
)
"""A customer, in a list and alone. Source: Salla "List Customers" and "Customer Details"."""

_ENVELOPE = (_key("status", "integer null"), _key("success", "boolean null"))

SHAPES: Mapping[Endpoint, Sequence[Key]] = {
    "customers.list": (
        *_ENVELOPE,
        _key("data", "array"),
        _key("pagination", "object"),
        *(
            _key(f"pagination.{name}", "integer")
            for name in ("count", "total", "perPage", "currentPage", "totalPages")
        ),
        _key("pagination.links", "object array null"),
    ),
    "customers.details": (*_ENVELOPE, _key("data", "object")),
}
"""The keys around the customers."""


MOST, LONGEST = 50, 100
"""Lines of a shape of one kind, and characters of one, at most: upstream chooses the keys."""


class Shape(Struct, frozen=True):
    """
    How an answer differs from what is known. Shape of each line: `email string`, a path and a type.
    """

    unknown: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    retyped: tuple[str, ...] = ()

    @property
    def is_broken(self) -> bool:
        """Whether the mirror may read it wrongly."""
        return bool(self.missing or self.retyped)

    @property
    def digest(self) -> bytes:
        """A hash of it, 16 bytes."""
        return blake2b(json.encode(self), digest_size=16).digest()


def endpoint_of(path: str) -> Endpoint | None:
    """Return the endpoint of a path below `/admin/v2`; None for one whose shape nobody looks at."""
    if path == "/customers":
        return "customers.list"
    head, _, last = path.rpartition("/")
    return "customers.details" if head == "/customers" and last.isdigit() else None


def shape_of(endpoint: Endpoint, document: Any) -> Shape:
    """Return how a decoded answer differs from the shape of its endpoint."""
    found: set[tuple[Kind, str]] = set(_differences(SHAPES[endpoint], document, ""))
    data = document.get("data") if isinstance(document, dict) else None
    for customer in data if isinstance(data, list) else [data]:
        if isinstance(customer, dict):
            found.update(_differences(CUSTOMER, customer, "data."))
        elif isinstance(data, list):
            found.add(("retyped", f"data.[] {_type(customer)}"))
    return Shape(*(_of(found, kind) for kind in ("unknown", "missing", "retyped")))


def _of(found: set[tuple[Kind, str]], kind: str) -> tuple[str, ...]:
    lines = sorted(line[:LONGEST] for each, line in found if each == kind)
    return tuple(lines[:MOST])


def _differences(keys: Sequence[Key], document: Any, place: str) -> Iterator[tuple[Kind, str]]:
    """Yield what differs in an object whose keys, and those of its objects, are named."""
    if not isinstance(document, dict):
        yield "retyped", f"{place or '(whole) '}{_type(document)}"
        return
    values = _flat(document, {key.path.partition(".")[0] for key in keys if "." in key.path})
    known = {key.path: key for key in keys}
    for path, value in values.items():
        if path not in known:
            yield "unknown", f"{place}{path} {_type(value)}"
        elif _type(value) not in known[path].types:
            yield "retyped", f"{place}{path} {_type(value)}"
    for key in keys:
        if "null" not in key.types and key.path not in values and _has_parent(key, values):
            yield "missing", f"{place}{key.path}"


def _flat(document: dict[str, Any], deep: set[str]) -> dict[str, Any]:
    """Return the values by path: those of an object, and of the objects that `deep` names."""
    values = dict(document)
    for name in deep:
        inner = document.get(name)
        if isinstance(inner, dict):
            values |= {f"{name}.{key}": value for key, value in inner.items()}
    return values


def _has_parent(key: Key, values: Mapping[str, Any]) -> bool:
    """Return whether a key could be there: its object is."""
    parent, dot, _ = key.path.rpartition(".")
    return not dot or isinstance(values.get(parent), dict)


def _type(value: Any) -> str:
    return _TYPES[type(value)]
