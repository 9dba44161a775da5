"""The files of customers that commands read and write: their formats, streams and rejects."""

import fcntl
import glob
import os
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from sijill.cli.arguments import option
from sijill.cli.output import USAGE, fail
from sijill.imports.headings import Headings
from sijill.imports.rows import FORMATS, Format, Row, format_of
from sijill.settings.parsers import one_of
from sijill.temporary import is_left

FORMAT = option(
    "--format",
    "Format of the file; without it, the end of the file's name decides.",
    "form",
    default="",
    parse=one_of(*dict.fromkeys(FORMATS.values())),
)


def format_or_end(file: Path, form: Format | None) -> Format:
    """Return the format that was named, else that of the file's name; or end the command."""
    if form:
        return form
    if str(file) == "-":
        fail("say which --format standard input and output have: jsonl, csv or xlsx", code=USAGE)
    try:
        return format_of(file)
    except ValueError as fault:
        fail(str(fault), code=USAGE)


def rejects_beside(file: Path, kind: Format) -> Path:
    """Return the default file of rejects, beside the imported file or in the working folder."""
    if str(file) == "-":
        return Path(f"rejects.{kind}")
    return file.with_name(f"{file.stem}.rejects{file.suffix}")


async def rows_of(
    stream: BinaryIO, kind: Format, headings: Headings, encoding: str = ""
) -> tuple[Iterable[Row], int | None]:
    """Return the rows of a file, and how many they are, about; None for a stream of any length."""
    from sijill.imports.child import workbook_rows  # help reads no file
    from sijill.imports.reading import read_rows

    if kind == "xlsx":
        rows = [*await workbook_rows(stream.read(), headings)]
        return rows, len(rows)
    lines = _lines_left(stream)
    return read_rows(stream, kind, headings, encoding), lines


def _lines_left(stream: BinaryIO) -> int | None:
    """Return the number of line ends from here on, None if the stream cannot go back."""
    if not stream.seekable():
        return None
    here = stream.tell()
    lines = sum(part.count(b"\n") for part in iter(lambda: stream.read(2**20), b""))
    stream.seek(here)
    return lines


@contextmanager
def reading(file: Path) -> Iterator[BinaryIO]:
    """Yield the bytes of a file, or of standard input for `-`; or end the command."""
    if str(file) == "-":
        yield sys.stdin.buffer
        return
    try:
        stream = file.open("rb")
    except OSError as fault:
        fail(f"{file}: {fault.strerror}", code=USAGE)
    with stream:
        yield stream


@contextmanager
def writing(file: Path) -> Iterator[BinaryIO]:
    """Yield a stream. The complete file replaces one of its name; only the owner may read it."""
    if str(file) == "-":
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    try:
        for left in file.parent.glob(f".{glob.escape(file.name)}.*.part"):
            if is_left(left):  # by an export that was killed
                left.unlink(missing_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{file.name}.", suffix=".part", dir=file.parent)
        fcntl.flock(handle, fcntl.LOCK_EX)
    except OSError as fault:
        fail(f"{file}: {fault.strerror}", code=USAGE)
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            yield stream
        part.replace(file)
    except IsADirectoryError:
        part.unlink()
        fail(f"{file} is a folder", code=USAGE)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def is_same(stream: BinaryIO, file: Path) -> bool:
    """Return whether a stream reads this file, perhaps by another path."""
    try:
        return os.path.samestat(os.fstat(stream.fileno()), file.stat())
    except OSError:  # the file does not exist, or the stream is not a file
        return False
