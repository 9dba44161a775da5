"""Parse the body of a request, JSON or a form, into one mapping of fields."""

import math
import re
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import parse_qsl

import msgspec

from sijill.errors import BadRequest, Invalid
from sijill.fields.form import Fields
from sijill.http.uploads import parse_parts
from sijill.openapi.operation import FORM, MULTIPART
from sijill.values.depth import DEPTH, exceeds_max_depth
from sijill.values.texts import is_unstorable_text

MAX_PAIRS = 5_000
"""Most fields of a form: 1,000 customers in a group, and room for more."""

_FILE = math.nan
"""The value of a file in a form: no field takes this number, which no JSON body can hold."""

_STEP = re.compile(r"\[([^\[\]]*)\]")


def parse_body(raw: bytes, content_type: str | None) -> Fields:
    """
    Return the fields of a body; an empty body has no fields.

    A form, urlencoded or multipart, is read as PHP does: `a=1`, `a[]=1`, `a[0]=1`, `a[b]=1`. A
    body of any other type is read as JSON; the last of repeated keys counts.
    Raises: BadRequest if it is not JSON or is nested too deep; Invalid if it is not an object, or a
    name holds NUL or a lone surrogate. `fields.form` refuses such values.
    """
    kind = (content_type or "").partition(";")[0].strip().lower()
    pairs = _PAIRS.get(kind)
    fields: Any = _json(raw) if pairs is None else _nested(pairs(raw, content_type))
    if not isinstance(fields, dict):
        raise Invalid({"body": ["object"]})
    if is_unstorable_text(list(fields)):
        raise Invalid({"body": ["characters"]})
    return fields


def _json(raw: bytes) -> Any:
    if not raw.strip():
        return {}
    try:
        document = msgspec.json.decode(raw.removeprefix(b"\xef\xbb\xbf"))
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise BadRequest from error
    if exceeds_max_depth(document):
        raise BadRequest
    return document


Pairs = Sequence[tuple[str, Any]]


def _urlencoded(raw: bytes, _: str | None) -> Pairs:
    try:
        return parse_qsl(
            raw.decode(), keep_blank_values=True, errors="strict", max_num_fields=MAX_PAIRS
        )
    except ValueError as error:
        raise BadRequest from error


def _multipart(raw: bytes, content_type: str | None) -> Pairs:
    try:
        return [
            (name, _FILE if data is None else data.decode())
            for name, data in parse_parts(raw, content_type, MAX_PAIRS)
        ]
    except UnicodeDecodeError as error:
        raise BadRequest from error


_PAIRS: dict[str, Callable[[bytes, str | None], Pairs]] = {
    FORM: _urlencoded,
    MULTIPART: _multipart,
}


def _nested(pairs: Pairs) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for key, value in pairs:
        name, bracket, rest = key.partition("[")
        steps = _STEP.findall(bracket + rest)
        if len(steps) >= DEPTH:
            raise BadRequest
        _put(fields, [name, *steps], value)
    return {name: _lists(value) for name, value in fields.items()}


def _put(place: dict[str, Any], steps: list[str], value: Any) -> None:
    """Write one pair; an empty step takes the next number, as PHP's `[]` does."""
    *parents, last = steps
    for step in parents:
        inner = place.setdefault(step or str(len(place)), {})
        if not isinstance(inner, dict):
            inner = place[step] = {}
        place = inner
    place[last or str(len(place))] = value


def _lists(value: Any) -> Any:
    """Return mappings whose keys are 0, 1, 2 … as lists."""
    if not isinstance(value, dict):
        return value
    inner = {key: _lists(item) for key, item in value.items()}
    if list(inner) == [str(number) for number in range(len(inner))]:
        return list(inner.values())
    return inner
