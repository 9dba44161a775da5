"""A disk that is full, dying or read-only, and files that vanish: each has a defined answer."""

import asyncio
import os
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import apsw
import pytest
from fixtures.documents import ROOT
from fixtures.registers import NOW, STORE, customer
from fixtures.templates import migrated_register

from sijill.customers.model import Edit
from sijill.database.driver import advice
from sijill.database.sqlite.file import (
    ADVICE,
    BROKEN_DISK,
    LOG_GONE,
    MOVED,
    NO_LOG,
    NOT_OURS,
)
from sijill.errors import Unavailable
from sijill.register import Register, open_register

pytestmark = pytest.mark.proves(
    "on a disk that is full, broken or read-only, and with files that are moved or deleted, a "
    "write is whole or refused, nothing acknowledged is lost, and the answer says what to do"
)

PAGE = (ROOT / "docs" / "howto" / "watch-it.md").read_text("utf-8")
FULL = ADVICE[apsw.FullError]


WRITABLE = apsw.SQLITE_OPEN_READWRITE


class Failing:
    """What the next writes to the disk fail with."""

    error: type[apsw.Error] | None = None


class _File(apsw.VFSFile):
    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802 - SQLite's name
        if Failing.error is not None:
            raise Failing.error("made up")
        super().xWrite(data, offset)

    def xSync(self, flags: int) -> None:  # noqa: N802 - SQLite's name
        if Failing.error is not None:
            raise Failing.error("made up")
        super().xSync(flags)


class _FileSystem(apsw.VFS):
    def xOpen(self, name: Any, flags: Any) -> apsw.VFSFile:  # noqa: N802 - SQLite's name
        return _File(self._base, name, flags)

    def __init__(self, base: str) -> None:
        self._base = base
        super().__init__("failing", base)


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let every connection write through a disk that can be made to fail."""
    shim, plain = _FileSystem("unix"), apsw.Connection

    def connect(name: str, flags: int = WRITABLE) -> apsw.Connection:
        return plain(name, flags, vfs="failing")

    monkeypatch.setattr("sijill.database.sqlite.connection.apsw.Connection", connect)
    yield
    Failing.error = None
    shim.unregister()


def fails_with(error: type[apsw.Error]) -> Callable[[Path], Any]:
    @contextmanager
    def failing(_: Path) -> Iterator[None]:
        Failing.error = error
        try:
            yield
        finally:
            Failing.error = None

    return failing


@contextmanager
def renamed(path: Path) -> Iterator[None]:
    path.rename(path.with_suffix(".away"))
    try:
        yield
    finally:
        path.with_suffix(".away").rename(path)


@contextmanager
def log_renamed(path: Path) -> Iterator[None]:
    log = path.with_name(f"{path.name}-wal")
    log.rename(f"{log}.away")
    try:
        yield
    finally:
        Path(f"{log}.away").rename(log)


class Fault(NamedTuple):
    """A fault of the disk: what brings it about, what is said, and whether reads go on."""

    happens: Callable[[Path], Any]
    said: str
    reads: bool


FAULTS = {
    "the disk is full": Fault(fails_with(apsw.FullError), FULL, reads=True),
    "the disk does not write": Fault(fails_with(apsw.IOError), BROKEN_DISK, reads=True),
    "the disk became read-only": Fault(fails_with(apsw.ReadOnlyError), NOT_OURS, reads=True),
    "the file is renamed away": Fault(renamed, MOVED, reads=False),
    "the log is renamed away": Fault(log_renamed, LOG_GONE, reads=True),
}


async def write(register: Register, number: int) -> None:
    await register.customers.change(STORE.id, [Edit(number, lambda _: customer(number, id=number))])


async def count(register: Register) -> int:
    return sum([1 async for _ in register.customers.each(STORE.id)])


async def state(register: Register) -> str | None:
    """Return why a server on the register is not ready; None if it is."""
    try:
        await register.schema.ping()
    except Unavailable as fault:
        return advice(fault) or "away"
    return None


async def refused(work: Awaitable[object]) -> str | None:
    with pytest.raises(Unavailable) as fault:
        await work
    return advice(fault.value)


def story(path: Path, tell: Callable[[Register], Awaitable[None]]) -> None:
    async def whole() -> None:
        register = await migrated_register(f"sqlite://{path}")
        async with asyncio.timeout(30):
            try:
                await tell(register)
            finally:
                await register.close()

    asyncio.run(whole())


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_of_the_disk_is_told_and_works_again_without_a_restart(
    tmp_path: Path, disk: None, name: str
) -> None:
    fault, path = FAULTS[name], tmp_path / "x.db"

    async def tell(register: Register) -> None:
        await register.stores.create(STORE)
        for number in range(1, 21):
            await write(register, number)
        assert await state(register) is None
        with ExitStack() as stack:
            stack.enter_context(fault.happens(path))
            for number in (21, 22):
                assert await refused(write(register, number)) == fault.said
            assert await state(register) == fault.said
            if fault.reads:
                assert (await register.customers.find(STORE.id, 1)).id == 1
            else:
                assert await refused(register.customers.find(STORE.id, 1)) == fault.said
        assert await state(register) is None
        await write(register, 23)
        assert await count(register) == 21

    story(path, tell)
    assert ids(path) == {*range(1, 21), 23}


def ids(path: Path) -> set[int]:
    with closing(apsw.Connection(str(path))) as file:
        assert file.execute("PRAGMA integrity_check").get == "ok"
        return {id_ for (id_,) in file.execute("SELECT id FROM customers")}


@pytest.mark.parametrize("ends", [("-wal",), ("-wal", "-shm")])
def test_a_log_that_is_deleted_loses_no_acknowledged_write(
    tmp_path: Path, ends: tuple[str, ...]
) -> None:
    path = tmp_path / "x.db"

    async def tell(register: Register) -> None:
        await register.stores.create(STORE)
        for number in range(1, 21):
            await write(register, number)
        for end in ends:
            os.unlink(f"{path}{end}")
        assert await state(register) == LOG_GONE
        for number in (21, 22):
            assert await refused(write(register, number)) == LOG_GONE
        assert (await register.customers.find(STORE.id, 20)).id == 20

    story(path, tell)
    assert ids(path) == {*range(1, 21)}
    story(path, lambda register: write(register, 24))
    assert ids(path) == {*range(1, 21), 24}


def test_another_process_does_not_open_a_database_whose_log_is_gone(tmp_path: Path) -> None:
    path = tmp_path / "x.db"

    async def tell(register: Register) -> None:
        await register.stores.create(STORE)
        with log_renamed(path):
            other = await open_register(f"sqlite://{path}", create=False)
            assert await refused(other.schema.version()) == NO_LOG
            assert await refused(other.schema.migrate(NOW)) == NO_LOG
            await other.close()
        other = await open_register(f"sqlite://{path}", create=False)
        assert await other.schema.version() > 0
        await other.close()

    story(path, tell)


def test_a_log_that_sqlite_itself_has_removed_is_no_fault(tmp_path: Path) -> None:
    """The last connection that closes removes the log; the next one begins another."""
    path = tmp_path / "x.db"

    async def tell(register: Register) -> None:
        await register.stores.create(STORE)
        driver: Any = register.driver
        for one in (driver._loop_reader, driver._thread_readers, driver._writer._connection):
            one.close()  # the last one may write, and removes the log
        assert not path.with_name("x.db-wal").exists()
        await write(register, 1)
        assert await state(register) is None

    story(path, tell)
    assert ids(path) == {1}


def test_the_page_says_what_is_said() -> None:
    assert [name for name in FAULTS if name not in PAGE] == []
