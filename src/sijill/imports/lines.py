"""The lines of a text file in one of some encodings, with the numbers that an editor shows."""

import codecs
import io
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from sijill.imports.rows import MAX_LINE, BadFile

_RAW_LENGTH = 4_096  # characters of a line that is too long, enough to recognize it
_PIECE = 65_536

TOO_LONG = f"is longer than {MAX_LINE} bytes"

ENCODINGS = {
    "utf-8": "UTF-8",
    "utf-16": "UTF-16",
    "windows-1256": "Windows-1256",
    "iso-8859-6": "ISO 8859-6",
}
"""The encodings that an operator may say of a file, with the names that sentences have for them."""

UNDECODABLE = {f"is not {name}" for name in ENCODINGS.values()}
"""The faults of lines whose bytes are not text in the encoding of their file."""

_MARKS = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
_USUAL = ((0x09, 0x0D), (0x20, 0x7E), (0x600, 0x6FF), (0x200B, 0x200F), (0xFB50, 0xFEFF))
"""The characters of a first line: ASCII, Arabic, and marks."""


class BadEncoding(BadFile):
    """The first line of a file is not text in its encoding; nothing of the file was imported."""


class Line(NamedTuple):
    """One physical line; `fault` says why its text is incomplete."""

    number: int
    text: str
    fault: str | None


def encoding_of(head: bytes, said: str = "") -> str:
    """
    Return the encoding of a file whose first line this is, as Python names it.

    A byte order mark says it, or else an operator; without either it is UTF-8, or UTF-16 if the
    line looks so.
    """
    if mark := _MARKS.get(head[:2]):
        return mark
    if head.startswith(codecs.BOM_UTF8):
        return "utf-8"
    if said and said != "utf-16":
        return said
    if b"\0" in head:
        for code in _MARKS.values():
            if _looks_written(head[: len(head) // 2 * 2], code):
                return code
    return "utf-16-le" if said else "utf-8"


def _looks_written(head: bytes, code: str) -> bool:
    text = head.decode(code, errors="replace")
    usual = all(any(first <= ord(c) <= last for first, last in _USUAL) for c in text)
    return usual and any(c.isascii() for c in text)


class Source:
    """The bytes of a file as UTF-8, with LF at the ends of lines."""

    def __init__(self, stream: BinaryIO, encoding: str = "") -> None:
        """`encoding` is one of ENCODINGS if an operator has said it; see `encoding_of`."""
        head = stream.readline(MAX_LINE + 1)
        code = encoding_of(head, encoding)
        self._fault = f"is not {ENCODINGS[code.removesuffix('-le').removesuffix('-be')]}"
        returns = b"\r" in head and b"\n" not in head  # lines end as they once did on a Mac
        if code == "utf-8" and not returns:
            self._stream, self._given = stream, io.BytesIO(head)
        else:
            recoded = _Recoded(head, stream, code, returns=returns)
            self._stream, self._given = io.BufferedReader(recoded), io.BytesIO()

    def readline(self, most: int) -> bytes:
        """Return the next line, or the first `most` bytes of it."""
        data = self._given.readline(most)
        if data.endswith(b"\n") or len(data) == most:
            return data
        return data + self._stream.readline(most - len(data))

    def goes_on(self, size: int) -> bool:
        """Return whether at least this many bytes follow; they are read, and given back."""
        data = self._given.read() + self._stream.read(size)
        self._given = io.BytesIO(data)
        return len(data) >= size

    def lines(self) -> Iterator[Line]:
        """Yield the lines; each is read when it is asked for."""
        number = 0
        while data := self.readline(MAX_LINE + 1):
            number += 1
            is_long = len(data) > MAX_LINE
            if number == 1:
                data = data.removeprefix(codecs.BOM_UTF8)
            if is_long:
                text = data[:_RAW_LENGTH].decode(errors="replace")
                yield Line(number, text, TOO_LONG)
                self._skip_line(data)  # a reader that ends here waits for nothing more
                continue
            try:
                yield Line(number, data.decode(), None)
            except UnicodeDecodeError:
                yield Line(number, data.decode(errors="replace"), self._fault)

    def _skip_line(self, data: bytes) -> None:
        while data and not data.endswith(b"\n"):
            data = self.readline(MAX_LINE)


class _Recoded(io.RawIOBase):
    """A stream in UTF-8 of one in another encoding; what is broken there is broken here."""

    def __init__(self, head: bytes, stream: BinaryIO, code: str, *, returns: bool) -> None:
        self._head, self._stream, self._returns = head, stream, returns
        self._decoder = codecs.getincrementaldecoder(code)(_errors(code))
        self._errors, self._ready, self._is_over = _errors(code), b"", False

    def readable(self) -> bool:
        """Return True."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Fill the buffer as far as there are bytes, and return their number; 0 at the end."""
        while not self._ready and not self._is_over:
            self._ready = self._next()
        size = min(len(buffer), len(self._ready))
        buffer[:size], self._ready = self._ready[:size], self._ready[size:]
        return size

    def _next(self) -> bytes:
        data, self._head = self._head or self._stream.read(_PIECE), b""
        self._is_over = not data
        try:
            text = self._decoder.decode(data, final=not data)
        except UnicodeDecodeError:
            return b"\xff"  # half a character ends the file
        encoded = text.encode("utf-8", self._errors)
        return encoded.replace(b"\r", b"\n") if self._returns else encoded


def _errors(code: str) -> str:
    """Return how bytes that are no text go through, so that a line with them can be refused."""
    return "surrogatepass" if code.startswith("utf-16") else "surrogateescape"
