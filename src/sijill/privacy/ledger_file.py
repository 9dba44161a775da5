"""
The file of erasures, beside the database and its copies.

A copy of the database that is put back knows no later erasure: the file does, and the start reads
it. It has the sealed key of the marks, and the marks: nothing of a person.
"""

import os
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import msgspec
from msgspec import Struct

from sijill.customers.erasures import Entry, ErasureTable
from sijill.database.driver import Driver
from sijill.folders import make_private
from sijill.privacy.erasing import Eraser, erase_returned


class _Key(Struct, tag="key", tag_field="line"):
    sealed: str


class _Mark(Struct, tag="mark", tag_field="line"):
    store_id: int
    mark: str
    erased_at: int


_decoder = msgspec.json.Decoder(_Key | _Mark)


class Ledger(Struct, frozen=True):
    """The sealed key, and the marks under it."""

    sealed: bytes
    entries: Sequence[Entry]


def read(path: Path) -> Ledger | None:
    """
    Return what a file holds; None if it is not there.

    Raises: OSError; ValueError with the path, if the file is not as Sijill writes it.
    """
    try:
        lines = [_decoder.decode(line) for line in path.read_bytes().splitlines()]
        keys = [bytes.fromhex(line.sealed) for line in lines if isinstance(line, _Key)]
        marks = [line for line in lines if isinstance(line, _Mark)]
        entries = [Entry(each.store_id, bytes.fromhex(each.mark), each.erased_at) for each in marks]
        return Ledger(keys[-1], entries)
    except FileNotFoundError:
        return None
    except (ValueError, IndexError) as fault:
        raise ValueError(f"{path}: it is not a file of erasures") from fault


def write(path: Path, ledger: Ledger) -> None:
    """Put a new file in the place of the old one, for its owner alone. Raises: OSError."""
    lines: list[_Key | _Mark] = [_Key(ledger.sealed.hex())]
    lines += [_Mark(one.store_id, one.mark.hex(), one.erased_at) for one in ledger.entries]
    make_private(path.parent)
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(b"".join(msgspec.json.encode(line) + b"\n" for line in lines))
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


async def save(path: Path, erasures: ErasureTable) -> None:
    """Write the marks of the database, and those that only the file has. Raises: OSError."""
    sealed = await erasures.sealed_key()
    if sealed is None:
        return
    _add(path, Ledger(sealed, await erasures.all()))


def carry(source: Path, target: Path) -> None:
    """Add the marks of one file to another. Raises: OSError; ValueError."""
    ledger = read(source)
    if ledger is not None:
        _add(target, ledger)


def _add(path: Path, ledger: Ledger) -> None:
    """Write a ledger, and the marks that only the file has."""
    kept = read(path)
    have = {(entry.store_id, entry.mark) for entry in ledger.entries}
    more = [] if kept is None else [e for e in kept.entries if (e.store_id, e.mark) not in have]
    write(path, Ledger(ledger.sealed, [*ledger.entries, *more]))


async def replay(
    path: Path, driver: Driver, eraser: Eraser, erasures: ErasureTable, now: datetime
) -> int:
    """
    Erase who was erased before and is back, and return how many customers that were.

    Raises: Unavailable; OSError; ValueError; Unsealable if the key of the file does not open.
    """
    ledger = read(path)
    if ledger is None:
        return 0
    here = {(entry.store_id, entry.mark) for entry in await erasures.all()}
    missing = [each for each in ledger.entries if (each.store_id, each.mark) not in here]
    if not missing and ledger.sealed != await erasures.sealed_key():
        await save(path, erasures)  # the key was sealed again since
    new = await erasures.adopt(ledger.sealed, missing) if missing else []
    stores = sorted({entry.store_id for entry in new})
    return await erase_returned(driver, eraser, erasures, stores, now)
