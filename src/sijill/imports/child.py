"""
Reads files of strangers in a child process, whose memory and time are limited.

A workbook that crashes its reader or keeps it busy does no harm to the server.
"""

import asyncio
import os
import resource
import sys
from collections.abc import Hashable, Iterator, Mapping
from contextlib import suppress
from tempfile import TemporaryFile
from typing import IO

import msgspec

from sijill.imports.headings import BadHeadings, Headings
from sijill.imports.model import BadUpload, Unfit, Upload
from sijill.imports.rows import BadFile, Row
from sijill.imports.scanning import CAPS
from sijill.imports.turns import Turns
from sijill.imports.uploads import batches, rows_of

MEMORY = 512 * 2**20
"""Bytes of the child's address space."""

SECONDS = 60
"""Seconds of processor time that the child has, and that the server waits for it."""

_KEPT = ("PATH", "PYTHONPATH", "VIRTUAL_ENV", "LANG", "LC_ALL")
"""The variables that the child gets from the environment: no secret."""

_LIMITS = (
    (resource.RLIMIT_AS, MEMORY),
    (resource.RLIMIT_CPU, SECONDS),
    (resource.RLIMIT_FSIZE, 0),
    (resource.RLIMIT_CORE, 0),
)


class _Said(msgspec.Struct, omit_defaults=True):
    """The argument of a child: what an operator says of the headings of a file."""

    columns: Mapping[str, str] = {}
    ignores_unknown: bool = False


class _End(msgspec.Struct, omit_defaults=True):
    """The last line of a child: the number of rows and their headings, or the fault of the file."""

    rows: int = 0
    written: dict[str, str] = {}
    left_out: list[str] = []
    refused: Unfit | None = None
    fault: tuple[str, dict[str, str], list[str]] | None = None
    """The arguments of BadHeadings."""


class Children:
    """Reads each uploaded file in a child process."""

    def __init__(self) -> None:
        self._turns = Turns()

    async def read(self, file: IO[bytes], store: Hashable) -> Upload:
        """
        Return the rows of a file of a store; stores, named in any way, take turns.

        Raises: BadUpload; TooManyImports if too many files of the store wait; Unavailable if too
        many of all stores do.
        """
        async with self._turns.turn(store):
            return upload_of(await _run(file))


async def _run(file: IO[bytes], headings: Headings | None = None) -> bytes:
    """Return the output of a child; nothing if the child failed."""
    said = _Said(headings.said, headings.ignores_unknown) if headings else _Said()
    file.flush()
    os.lseek(file.fileno(), 0, os.SEEK_SET)
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-m", "sijill.imports.child", msgspec.json.encode(said)),
        stdin=file,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={name: os.environ[name] for name in _KEPT if name in os.environ},
    )
    try:
        async with asyncio.timeout(SECONDS):
            output, _ = await child.communicate()
    except TimeoutError:
        return b""
    finally:
        with suppress(ProcessLookupError):
            child.kill()
        await child.wait()
    return output if child.returncode == 0 else b""


def upload_of(output: bytes) -> Upload:
    """Return the rows of a child's output. Raises: BadUpload if it has a fault, or no end."""
    batches, end = _parted(output)
    if end.refused:
        _, suggested, repeated = end.fault or ("", {}, [])
        raise BadUpload(end.refused, [*suggested, *repeated])
    return Upload(end.rows, batches, frozenset(end.written))


def _parted(output: bytes) -> tuple[list[str], _End]:
    *lines, last = output.removesuffix(b"\n").decode().split("\n")
    try:
        return lines, msgspec.json.decode(last, type=_End)
    except msgspec.DecodeError:
        return [], _End(refused="unreadable")


def said_of(data: bytes, headings: Headings | None = None) -> Iterator[bytes]:
    """Yield the output of a child: a line for each batch of the file, then the end."""
    rows, headings = 0, headings or Headings()
    try:
        for count, batch in batches(data, headings=headings):
            rows += count
            yield batch
        end = _End(rows, headings.written, [*headings.left_out])
    except BadUpload as fault:
        end = _End(refused=fault.reason)
    except BadFile as fault:
        end = _End(refused="headings")
        if isinstance(fault, BadHeadings):
            end.fault = (str(fault), {**fault.suggested}, [*fault.repeated])
    except Exception:
        # The message of the reader may quote the file.
        end = _End(refused="unreadable")
    yield msgspec.json.encode(end)


_SENTENCES: dict[Unfit, str] = {
    "empty": "the file holds no rows",
    "kind": "the file is not an .xlsx workbook",
    "unreadable": "the workbook cannot be read",
    "unsafe": "the workbook holds macros, entities or links: save it without them",
    "too_large": f"the workbook holds more than {CAPS.rows} rows, {CAPS.columns} columns"
    f" or {CAPS.unpacked >> 20} MB, or more than {CAPS.members} parts: split it, or write .csv",
    "headings": "a heading is missing, unknown, or stands twice",
}


async def workbook_rows(data: bytes, headings: Headings) -> Iterator[Row]:
    """
    Return the rows of an operator's own workbook, read in a child too.

    Afterwards `headings` has those of the workbook. Raises: BadFile.
    """
    with TemporaryFile() as file:
        file.write(data)
        batches, end = _parted(await _run(file, headings))
    if end.fault:
        raise BadHeadings(*end.fault)
    if end.refused:
        raise BadFile(_SENTENCES[end.refused])
    headings.written |= end.written
    headings.left_out |= dict.fromkeys(end.left_out)
    return (row for batch in batches for row in rows_of(batch))


def main() -> None:
    """
    Read the file on standard input, and write its rows to standard output.

    The argument, if there is one, is what an operator says of the headings, as JSON.
    """
    said = msgspec.json.decode(sys.argv[1] if sys.argv[1:] else "{}", type=_Said)
    headings = Headings(said.columns, ignores_unknown=said.ignores_unknown)
    os.nice(10)
    for limit, maximum in _LIMITS:
        resource.setrlimit(limit, (maximum, maximum))
    for line in said_of(sys.stdin.buffer.read(), headings):
        sys.stdout.buffer.write(line + b"\n")


if __name__ == "__main__":
    main()
