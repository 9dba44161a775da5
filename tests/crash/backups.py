"""
Backups that are taken while several clients write, restored, and compared.

Each writer writes customers in their order and notes what was acknowledged. A backup is right if it
holds, of every writer, all that was acknowledged before it was begun, nothing that was not sent,
and no gap: a prefix. What belongs to a customer, an event and an entry of the audit log, is there
with the customer or not at all; and the restored register is the copy, row by row.
"""

import asyncio
import random
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import apsw
from database.canonical import export, sqlite_tables
from fixtures.registers import AHMED, STORE
from msgspec.structs import replace

from sijill.backups.model import Backup
from sijill.backups.restoring import restore
from sijill.backups.taking import take
from sijill.customers.model import Edit
from sijill.database.open import location_of
from sijill.opening import database_url, open_register
from sijill.register import Register
from sijill.settings import Settings, load

WRITERS = 4
PER_SOURCE = 20
"""Rounds until the writers begin on an empty register again."""

Take = Callable[[Settings, Path, int, datetime], Backup]


class Known(NamedTuple):
    """What one writer knows of a backup: acknowledged before it began, sent before it ended."""

    acknowledged: int
    sent: int


class Writer:
    """Writes customers one after another, each numbered, until it is told to stop."""

    def __init__(self, register: Register, number: int) -> None:
        self._register, self.number = register, number
        self.sent = self.acknowledged = 0
        self.stopped = False

    async def run(self) -> None:
        while not self.stopped:
            self.sent += 1
            id_ = self.sent * WRITERS + self.number + 1
            one = replace(AHMED, id=id_, email=f"w{id_}@example.com", mobile=None, mobile_code="")
            await self._register.customers.change(STORE.id, [Edit(id_, lambda _, one=one: one)])
            self.acknowledged += 1


def settings_in(folder: Path) -> Settings:
    return load({"data_dir": str(folder), "audit": "changes"}, None, folder.parent)[0]


def path_of(settings: Settings) -> Path:
    return location_of(database_url(settings)).path


async def rounds(
    folder: Path, count: int, seed: int, taking: Take = take, tell: Callable[[str], None] = print
) -> list[str]:
    """Run so many rounds; return what was wrong, as sentences. A source of writes has 20 each."""
    chance, wrong = random.Random(seed), []
    for first in range(0, count, PER_SOURCE):
        numbers = range(first, min(count, first + PER_SOURCE))
        found = await _under_writes(folder / str(first), numbers, chance, taking)
        wrong += [f"{one} (seed {seed})" for one in found]
        tell(f"{numbers[-1] + 1} rounds, {len(wrong)} fault(s)")
    return wrong


async def _under_writes(
    folder: Path, numbers: range, chance: random.Random, taking: Take
) -> list[str]:
    settings, wrong = settings_in(folder / "data"), []
    register = await open_register(settings)
    await register.stores.create(STORE)
    writers = [Writer(register, number) for number in range(WRITERS)]
    tasks = [asyncio.create_task(writer.run()) for writer in writers]
    try:
        for number in numbers:
            until = sum(writer.acknowledged for writer in writers) + chance.randint(1, 60)
            while sum(writer.acknowledged for writer in writers) < until:
                await asyncio.sleep(0)
            before = [writer.acknowledged for writer in writers]
            backup = await asyncio.to_thread(taking, settings, folder / "bk", 3, datetime.now(UTC))
            known = [Known(b, w.sent) for b, w in zip(before, writers, strict=True)]
            found = await asyncio.to_thread(_restored, folder, backup, known)
            wrong += [f"round {number}: {one}" for one in found]
    finally:
        for writer in writers:
            writer.stopped = True
        await asyncio.gather(*tasks)
        await register.close()
    return wrong


def _restored(folder: Path, backup: Backup, known: list[Known]) -> list[str]:
    """Restore a backup to a place of its own, and return what is wrong there."""
    with TemporaryDirectory(dir=folder) as place:
        target = settings_in(Path(place) / "data")
        restore(target, backup.folder, datetime.now(UTC))
        return faults(backup, target, known)


def faults(backup: Backup, target: Settings, known: list[Known]) -> list[str]:
    """Return what is wrong with a restored register, in words."""
    found = []
    with closing(apsw.Connection(str(path_of(target)), apsw.SQLITE_OPEN_READONLY)) as file:
        if (told := file.execute("PRAGMA integrity_check").get) != "ok":
            found.append(f"integrity: {told}")
        ids = {id_ for (id_,) in file.execute("SELECT id FROM customers").fetchall()}
        events = {id_ for (id_,) in file.execute("SELECT customer_id FROM events").fetchall()}
    for number, one in enumerate(known):
        mine = sorted((id_ - 1) // WRITERS for id_ in ids if (id_ - 1) % WRITERS == number)
        if mine != [*range(1, len(mine) + 1)]:
            found.append(f"writer {number}: a gap")
        if not one.acknowledged <= len(mine) <= one.sent:
            found.append(f"writer {number}: {len(mine)} of {one.acknowledged} to {one.sent}")
    if ids != events:
        found.append(f"{len(ids ^ events)} customers without their event, or events without it")
    if export(sqlite_tables(path_of(target))) != export(sqlite_tables(backup.copy)):
        found.append("the restored register is not the copy")
    return found
