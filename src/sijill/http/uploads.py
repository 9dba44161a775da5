"""Parse a multipart form: a file in it, or its parts."""

from __future__ import annotations

import re
from io import BytesIO
from typing import IO, TYPE_CHECKING, NamedTuple

from python_multipart import MultipartParser
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import parse_options_header

from sijill.errors import BadRequest, Invalid
from sijill.http.body import new_file
from sijill.values.texts import clean

if TYPE_CHECKING:
    from python_multipart.multipart import MultipartCallbacks

MULTIPART = b"multipart/form-data"
FIELD = "file"

_PIECE = 64 * 1024

MAX_PARTS = 20
"""Most parts of a form that holds a file, or asks for a token."""

NAME_LENGTH = 255
"""Most characters of a file's name."""


class File(NamedTuple):
    """A file: its name, without folders, and a temporary file that holds it, to be closed."""

    name: str
    data: IO[bytes]


class _Part(NamedTuple):
    field: str
    name: str | None
    data: IO[bytes]


def parse_upload(form: IO[bytes], content_type: str | None) -> File:
    """
    Return the file of a multipart form: that of the field `file`, or the only file.

    The form is read piece by piece, so that no more than a piece is in memory.

    Raises: Invalid if there is no such file; BadRequest if the form is malformed.
    Source: RFC 7578.
    """
    kind, options = parse_options_header(content_type)
    if kind != MULTIPART:
        raise Invalid({FIELD: ["required"]})
    with _Reader() as reader:
        _read(form, options.get(b"boundary", b""), reader)
        named = [part for part in reader.parts if part.field == FIELD]
        found = named or [part for part in reader.parts if part.name is not None]
        if len(found) != 1:
            raise Invalid({FIELD: ["invalid" if found else "required"]})
        reader.files.remove(found[0].data)
    return File(_base_name(found[0].name or ""), found[0].data)


def parse_parts(
    form: bytes, content_type: str | None, max_parts: int = MAX_PARTS
) -> list[tuple[str, bytes | None]]:
    """
    Return the parts of a multipart form by field, in order, byte for byte; None for a file.

    Raises: BadRequest if the form is malformed or has more parts.
    """
    _, options = parse_options_header(content_type)
    with _Reader(max_parts) as reader:
        _read(BytesIO(form), options.get(b"boundary", b""), reader)
        return [(p.field, p.data.read() if p.name is None else None) for p in reader.parts]


def _read(form: IO[bytes], boundary: bytes, reader: _Reader) -> None:
    if not boundary:
        raise BadRequest
    try:
        parser = MultipartParser(boundary, reader.callbacks())
        while piece := form.read(_PIECE):
            parser.write(piece)
        parser.finalize()
    except FormParserError as error:
        raise BadRequest from error
    if not reader.ended:
        raise BadRequest


class _Reader:
    """Collects parts, and closes their files; its methods are the callbacks of the parser."""

    def __init__(self, max_parts: int = MAX_PARTS) -> None:
        self._max_parts = max_parts
        self.parts: list[_Part] = []
        self.files: list[IO[bytes]] = []
        self.ended = False
        self._name, self._value = b"", b""
        self._headers: dict[bytes, bytes] = {}

    def __enter__(self) -> _Reader:
        return self

    def __exit__(self, *_: object) -> None:
        for file in self.files:
            file.close()

    def callbacks(self) -> MultipartCallbacks:
        return {
            "on_part_begin": self._begin,
            "on_header_field": self._on_name,
            "on_header_value": self._on_value,
            "on_header_end": self._on_header,
            "on_part_data": self._on_data,
            "on_part_end": self._end,
            "on_end": self._on_end,
        }

    def _begin(self) -> None:
        if len(self.parts) == self._max_parts:
            raise BadRequest
        self._headers = {}
        self.files.append(new_file())

    def _on_name(self, data: bytes, start: int, end: int) -> None:
        self._name += data[start:end]

    def _on_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _on_header(self) -> None:
        self._headers[self._name.lower()] = self._value
        self._name, self._value = b"", b""

    def _on_data(self, data: bytes, start: int, end: int) -> None:
        self.files[-1].write(data[start:end])

    def _end(self) -> None:
        _, options = parse_options_header(self._headers.get(b"content-disposition"))
        name = options.get(b"filename")
        field = options.get(b"name", b"").decode(errors="replace")
        shown = None if name is None else name.decode(errors="replace")
        self.files[-1].seek(0)
        self.parts.append(_Part(field, shown, self.files[-1]))

    def _on_end(self) -> None:
        self.ended = True


def _base_name(name: str) -> str:
    """Return the last part of a path, or "" for an unclean or too long name."""
    try:
        return clean(re.split(r"[/\\]", name)[-1], NAME_LENGTH)
    except ValueError:
        return ""
