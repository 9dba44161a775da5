"""
A loss of power, made up below SQLite: of what was written and not synced, anything may be lost.

Every write goes to the real file, and to a model of what a disk would hold. At some of the writes
and syncs the model makes an image: what was synced, and of the rest some sectors, in no order. A
register that is opened on an image must have all that was acknowledged by then, and nothing half.
"""

import asyncio
import random
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from threading import RLock
from typing import Any, NamedTuple

import apsw
from fixtures.registers import STORE

from crash.backups import WRITERS, Writer, path_of, settings_in
from crash.failpoints import in_child
from sijill.database.sqlite import connection
from sijill.opening import open_register

SECTOR = 512
SHARE = 0.15
"""Of the writes and syncs, how many make an image."""

AT_ONCE = 100
"""Images of one register, which are in memory until all of them are made."""

_BASE = "unix"


class Change(NamedTuple):
    """A part of a file that was written and not synced; without data its new length."""

    offset: int
    data: bytes | None


class Image(NamedTuple):
    """What a disk holds after a loss of power, and what was acknowledged before it."""

    files: dict[str, bytes]
    acknowledged: Sequence[int]


class Disk:
    """What was synced of each file, and what was written since."""

    def __init__(self, chance: random.Random, writers: list[Writer]) -> None:
        self.images: list[Image] = []
        self.lock = RLock()
        self._chance, self._writers = chance, writers
        self._synced: dict[str, bytearray] = {}
        self._since: dict[str, list[Change]] = {}

    def opened(self, name: str) -> None:
        if name and name not in self._synced:
            path = Path(name)
            self._synced[name] = bytearray(path.read_bytes() if path.exists() else b"")
            self._since[name] = []

    def deleted(self, name: str) -> None:
        self._synced.pop(name, None)
        self._since.pop(name, None)

    def wrote(self, name: str, offset: int, data: bytes | None) -> None:
        """Note a write, sector by sector; or without data a new length."""
        if name not in self._since:
            return
        if data is None:
            self._since[name].append(Change(offset, None))
        else:
            for at in range(0, len(data), SECTOR):
                self._since[name].append(Change(offset + at, data[at : at + SECTOR]))
        self._perhaps()

    def synced(self, name: str) -> None:
        """Note that everything written to a file is durable now; power may be lost just before."""
        self._perhaps()
        if name in self._since:
            self._apply(self._synced[name], self._since[name])
            self._since[name] = []
        self._perhaps()

    def _perhaps(self) -> None:
        if self._writers and self._chance.random() < SHARE:
            acknowledged = [writer.acknowledged for writer in self._writers]
            self.images.append(
                Image({name: self._after(name) for name in self._synced}, acknowledged)
            )

    def _after(self, name: str) -> bytes:
        content, since = bytearray(self._synced[name]), self._since[name]
        survives = self._chance.choice((0.0, 0.5, 1.0))
        self._apply(content, [one for one in since if self._chance.random() < survives])
        return bytes(content)

    @staticmethod
    def _apply(content: bytearray, changes: Sequence[Change]) -> None:
        for offset, data in changes:
            if data is None:
                del content[offset:]
                content.extend(bytes(max(0, offset - len(content))))
            else:
                content.extend(bytes(max(0, offset - len(content))))
                content[offset : offset + len(data)] = data


class _File(apsw.VFSFile):
    def __init__(self, name: Any, flags: Any, disk: Disk, text: str) -> None:
        super().__init__(_BASE, name, flags)
        self._disk, self._name = disk, text

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802 - SQLite's name
        with self._disk.lock:
            super().xWrite(data, offset)
            self._disk.wrote(self._name, offset, bytes(data))

    def xTruncate(self, size: int) -> None:  # noqa: N802 - SQLite's name
        with self._disk.lock:
            super().xTruncate(size)
            self._disk.wrote(self._name, size, None)

    def xSync(self, flags: int) -> None:  # noqa: N802 - SQLite's name
        with self._disk.lock:
            super().xSync(flags)
            self._disk.synced(self._name)


class _FileSystem(apsw.VFS):
    def __init__(self, disk: Disk) -> None:
        self._disk = disk
        super().__init__("power", _BASE, makedefault=True)

    def xOpen(self, name: Any, flags: Any) -> apsw.VFSFile:  # noqa: N802 - SQLite's name
        text = name.filename() if isinstance(name, apsw.URIFilename) else (name or "")
        with self._disk.lock:
            self._disk.opened(text)
        return _File(name, flags, self._disk, text)

    def xDelete(self, filename: str, syncdir: bool) -> None:  # noqa: N802 - SQLite's name
        with self._disk.lock:
            super().xDelete(filename, syncdir)
            self._disk.deleted(filename)


def losses(folder: Path, count: int, seed: int, synchronous: str = "FULL") -> list[str]:
    """Make so many images while several clients write; return what was wrong, in words."""
    wrong: list[str] = []
    for first in range(0, count, AT_ONCE):
        some, place = min(AT_ONCE, count - first), folder / str(first)

        def work(tell: Any, some: int = some, place: Path = place, first: int = first) -> None:
            for fault in asyncio.run(_images(place, some, seed + first, synchronous)):
                tell(fault)

        wrong += [words[0] for words in in_child(work, must_end=True)[0]]
    return wrong


async def _images(folder: Path, count: int, seed: int, synchronous: str) -> list[str]:
    settings, writers = settings_in(folder / "data"), list[Writer]()
    disk = Disk(random.Random(seed), writers)
    system = _FileSystem(disk)
    if synchronous != "FULL":
        _let(synchronous)
    register = await open_register(settings)
    await register.stores.create(STORE)
    await register.driver.empty_log()
    writers += [Writer(register, number) for number in range(WRITERS)]
    tasks = [asyncio.create_task(writer.run()) for writer in writers]
    while len(disk.images) < count:
        until = sum(writer.acknowledged for writer in writers) + 40
        while sum(writer.acknowledged for writer in writers) < until:
            await asyncio.sleep(0)
        await register.driver.empty_log()
    for writer in writers:
        writer.stopped = True
    await asyncio.gather(*tasks)
    await register.close()
    wrong, path = list[str](), path_of(settings)
    for number, image in enumerate(disk.images[:count]):
        place = folder / "image"
        place.mkdir(parents=True, exist_ok=True)
        for name, content in image.files.items():
            (place / Path(name).name).write_bytes(content)
        wrong += [
            f"image {number}, seed {seed}: {one}" for one in _faults(place / path.name, image)
        ]
        for file in place.iterdir():
            file.unlink()
    del system
    return wrong


def _faults(path: Path, image: Image) -> list[str]:
    found = []
    flags = apsw.SQLITE_OPEN_READWRITE
    with closing(apsw.Connection(str(path), flags, vfs=_BASE)) as file:
        try:
            if (told := file.execute("PRAGMA integrity_check").get) != "ok":
                found.append(f"integrity: {told}"[:200])
            ids = {id_ for (id_,) in file.execute("SELECT id FROM customers").fetchall()}
            events = {id_ for (id_,) in file.execute("SELECT customer_id FROM events").fetchall()}
        except apsw.Error as error:
            return [f"it cannot be read: {error}"]
    for number, acknowledged in enumerate(image.acknowledged):
        mine = sorted((id_ - 1) // WRITERS for id_ in ids if (id_ - 1) % WRITERS == number)
        if mine != [*range(1, len(mine) + 1)]:
            found.append(f"writer {number}: a gap")
        if len(mine) < acknowledged:
            found.append(f"writer {number}: {acknowledged - len(mine)} acknowledged are lost")
    if ids != events:
        found.append(f"{len(ids ^ events)} customers without their event, or events without it")
    return found


def _let(synchronous: str) -> None:
    """Plant a bug: every writer waits less for the disk."""
    plain = connection._prepare_to_write

    def prepared(handle: apsw.Connection, patience: float) -> None:
        plain(handle, patience)
        handle.execute(f"PRAGMA synchronous = {synchronous}")

    connection._prepare_to_write = prepared
