"""The row of a field, the kind of its values, and the table of a noun's fields."""

from collections.abc import Callable, Mapping
from typing import Any

from msgspec import UNSET, Struct

from sijill.fields.doors import plain_text
from sijill.fields.form import Fields, Form
from sijill.localized import Localized
from sijill.values.masking import Mask, hide
from sijill.values.texts import is_blank_text

Json = dict[str, Any]
Convert = Callable[[Any], Any]


def _no_body(value: Any) -> Any:
    raise TypeError("no body holds this kind")


def _no_cell(cell: Any) -> Any:
    raise TypeError("no file holds this kind")


class Kind(Struct, frozen=True):
    """
    How the values of one type are read, written, stored and described.

    A conversion that is None leaves the value as it is.
    """

    schema: Json = {}
    """JSON Schema 2020-12 of the values in bodies."""
    read: Convert = _no_body
    """From a body's value, neither null nor empty. Raises: Refused."""
    parse: Convert = _no_cell
    """From a cell (a JSON value), neither null nor "". Raises: ValueError, a sentence."""
    cell: Convert | None = None
    """From a value to the JSON value of its cell."""
    text: Callable[[Any], str] = plain_text
    """From that JSON value to text, for CSV files and workbooks."""
    store: Convert | None = None
    """From a value to the value of its column."""
    load: Convert | None = None
    """From the value of a column."""
    is_day: bool = False
    """Whether a number in a workbook counts days."""
    is_exact: bool = False
    """Whether every character counts, as in a secret: a text of spaces is not an empty one."""


class Field(Struct, frozen=True):
    """One field of a noun. Shape of `headings`: Sijill's own in Arabic first, then others."""

    name: str
    """The attribute, the column of files, and the column of the database."""
    kind: Kind
    empty: Any = None
    """The value for an empty cell, and for what clears the field in a body."""
    headings: tuple[str, ...] = ()
    label: Localized | None = None
    """Its name on pages; None for a field that no page shows by itself."""
    sentence: Localized | None = None
    """Its description in bodies; None for a field that no body writes."""
    body_name: str = ""
    """Its name in bodies, if that name differs."""
    paired: bool = False
    """Whether the noun itself reads a body's value, together with another field."""
    clears: bool = False
    """Whether null or an empty value in a body clears the field, or else breaks `required`."""
    stored: bool = True
    """Whether the noun's own table has a column for it."""
    mask: Mask = hide
    """Its value as those see it who may not see personal data; `plain` if it is none."""


class Table:
    """The fields of one noun, or of one body, in their order."""

    def __init__(self, *fields: Field, empty: tuple[Any, ...] = (None, "", [])) -> None:
        """`empty` are the values of a body that clear a field."""
        self.fields: Mapping[str, Field] = {field.name: field for field in fields}
        self._in_body = {f.body_name or f.name: f for f in fields if f.sentence is not None}
        self._readers = [
            (name, f.name, None if f.paired else f.kind.read) for name, f in self._in_body.items()
        ]
        self._exact = {name for name, f in self._in_body.items() if f.kind.is_exact}
        self._clearing = {name: f for name, f in self._in_body.items() if f.clears}
        self._empty = empty
        self._parsers = {field.name: (field.kind.parse, field.empty) for field in fields}

    def read(self, fields: Fields, **readers: Convert) -> tuple[Form, dict[str, Any]]:
        """
        Return the form of a body, and the values that it writes, by attribute.

        `readers` read paired fields, by name in the body. A field that the body omits, or that is
        faulty, has no value.
        """
        fields = {name: self._without_blank(name, value) for name, value in fields.items()}
        cleared = {
            name: field
            for name, field in self._clearing.items()
            if name in fields and fields[name] in self._empty
        }
        form = Form({name: v for name, v in fields.items() if name not in cleared})
        values = {field.name: field.empty for field in cleared.values()}
        for name, attribute, own in self._readers:
            reader = own or readers.get(name)
            if reader is not None and (value := form.read(name, reader)) is not UNSET:
                values[attribute] = value
        return form, values

    def _without_blank(self, name: str, value: Any) -> Any:
        """Return the value of a body; a text without a visible character is an empty one."""
        blank = name not in self._exact and is_blank_text(value)
        return "" if blank else value

    def schema(self, *required: str, sentence: Localized | None = None) -> Json:
        """Return the schema of a body. Shape: JSON Schema 2020-12, descriptions `Localized`."""
        return {
            "type": "object",
            **({"description": sentence} if sentence else {}),
            "required": [*required],
            "properties": {name: _described(field) for name, field in self._in_body.items()},
        }

    def parse(self, name: str, cell: Any) -> Any:
        """
        Return the value of a cell of the named column; null and a blank text are no value.

        Raises: ValueError with a sentence that begins with the column's name.
        """
        parse, empty = self._parsers[name]
        if cell is None or is_blank_text(cell):
            return empty
        try:
            return parse(cell)
        except ValueError as error:
            raise ValueError(f"{name} {error}") from None


def _described(field: Field) -> Json:
    """Return a field's schema; a list or an object is cleared by an empty one, not by null."""
    schema = field.kind.schema
    if field.clears:
        schema = {key: value for key, value in schema.items() if key != "minLength"}
        if "enum" in schema:
            schema["enum"] = [*schema["enum"], None]
        elif schema["type"] in ("string", "integer", "number"):
            schema["type"] = [schema["type"], "null"]
    return schema | {"description": field.sentence}
