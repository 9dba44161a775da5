"""
The names that a request sent and the server never reads: parameters and fields.

The names that are read are those of the route's description, which the tables of fields make.
"""

import re
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any, NamedTuple

from sijill.description.operations import parameters_of
from sijill.errors import Fault
from sijill.fields.form import Fields
from sijill.http.bodies import parse_body
from sijill.http.query import Pairs
from sijill.http.router import Route
from sijill.http.uploads import FIELD, parse_parts
from sijill.openapi.keys import Json
from sijill.openapi.operation import FORM, JSON, MULTIPART, Parameter
from sijill.sandbox.nearest import Names, nearest
from sijill.values.texts import trimmed

MAX_NAMES, NAME_LENGTH = 32, 100
"""Names of one request at most, and characters of each."""

_NUMBER = re.compile(r"\[[0-9]*\]\Z", re.ASCII)
_KINDS = (JSON, FORM, MULTIPART)


class Unread(NamedTuple):
    """Names in the order in which they were sent, and the known name near to each that has one."""

    names: tuple[str, ...] = ()
    nearest: Mapping[str, str] = {}


class _Stray(NamedTuple):
    """A name that is not read."""

    told: str
    """`?perpage`, `body.mobil`, `body.conditions.0.tpye`, `?fields[]=emial`."""
    name: str
    known: Names
    """The names that are known in its place."""


class Known:
    """The names that a route reads."""

    def __init__(self, route: Route) -> None:
        parameters = [one for one in parameters_of(route) if one.place == "query"]
        self._parameters = {name: one for one in parameters for name in _spellings(one)}
        self._schema: Json = {"properties": {}} if route.body is None else route.body.schema
        self._kinds = (JSON,) if route.body is None else route.body.media_types
        self._has_body = route.body is not None
        in_query = {name: f"?{one.name}" for name, one in self._parameters.items()}
        in_body = {name: f"body.{name}" for name in self._schema["properties"]}
        self._names, self._fields = in_body | in_query, in_query | in_body

    def unread(self, query: Pairs, body: bytes, content_type: str | None) -> Unread:
        """Return the names of a request that are not among these; "…" stands for more of them."""
        strays = {
            stray.told: stray
            for stray in (*self._of_query(query), *self._of_body(body, content_type))
        }
        if not strays:
            return Unread()
        told = list(islice(strays.values(), MAX_NAMES))
        near = {one.told[:NAME_LENGTH]: nearest(one.name, one.known) for one in told}
        more = ["…"] if len(strays) > MAX_NAMES else []
        return Unread((*near, *more), {name: known for name, known in near.items() if known})

    def _of_query(self, query: Pairs) -> Iterator[_Stray]:
        for name, value in query:
            parameter = self._parameters.get(name) or self._parameters.get(_NUMBER.sub("[0]", name))
            if parameter is None:
                yield _Stray(f"?{name}", name, self._names)
            elif choices := _choices(parameter):
                known = {choice: f"?{name}={choice}" for choice in choices}
                words = filter(None, map(trimmed, value.split(",")))
                yield from (_Stray(f"?{name}={w}", w, known) for w in words if w not in known)

    def _of_body(self, body: bytes, content_type: str | None) -> Iterator[_Stray]:
        if not body:
            return
        try:
            fields = self._read(body, content_type)
        except Fault:  # the route refuses it, or reads no body at all
            if not self._has_body:
                yield _Stray("body", "", {})
            return
        for stray in _strays(fields, self._schema, "body"):
            at_top = stray.told == f"body.{stray.name}"
            yield stray._replace(known=self._fields) if at_top else stray

    def _read(self, body: bytes, content_type: str | None) -> Fields:
        """Return the fields of a body as the route reads them. Raises: BadRequest; Invalid."""
        kind = (content_type or "").partition(";")[0].strip().lower()
        if self._kinds == (MULTIPART,):
            return _upload(body, content_type)
        return parse_body(body, content_type if kind in _KINDS else self._kinds[0])


_KNOWN: dict[tuple[str, str], Known] = {}


def known(route: Route) -> Known:
    """Return the names that a route reads; routes of all namespaces read the same."""
    key = (route.method, route.path)
    if key not in _KNOWN:
        _KNOWN[key] = Known(route)
    return _KNOWN[key]


def _spellings(parameter: Parameter) -> tuple[str, ...]:
    """Return the names under which a parameter is read; [0] stands for any number, or none."""
    bare = parameter.name.removesuffix("[]")
    if bare != parameter.name:
        return bare, f"{bare}[0]"
    return (bare, f"{bare}[]") if parameter.schema.get("type") == "array" else (bare,)


def _choices(parameter: Parameter) -> tuple[str, ...]:
    """Return the values that a list knows, if it ignores others; else ()."""
    kinds = parameter.schema.get("items", {}).get("anyOf", ())
    return tuple(choice for kind in kinds for choice in kind.get("enum", ()))


def _strays(value: Any, schema: Json, place: str) -> Iterator[_Stray]:
    """Yield the names inside a value that its schema does not have, with their places."""
    if isinstance(value, list):
        for number, item in enumerate(value):
            yield from _strays(item, schema.get("items", {}), f"{place}.{number}")
    elif isinstance(value, dict) and "properties" in schema:
        fields = schema["properties"]
        for name, inner in value.items():
            if name in fields:
                yield from _strays(inner, fields[name], f"{place}.{name}")
            else:
                yield _Stray(f"{place}.{name}", name, {n: f"{place}.{n}" for n in fields})


def _upload(body: bytes, content_type: str | None) -> Fields:
    """Return the parts of an upload by name: the only file is read under every name."""
    parts = parse_parts(body, content_type)
    files = [name for name, data in parts if data is None]
    if len(files) == 1 and FIELD not in dict(parts):
        return {FIELD if data is None else name: data for name, data in parts}
    return dict(parts)
