"""
Folders of one process under the data folder, for files that end with it; who is there is counted.

A process holds a lock beside its folder for as long as it lives, so the next one that comes knows
which folders were left by a process that was killed, and removes them: they may hold people's data.
"""

import fcntl
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from sijill.folders import make_private

HOME = "tmp"
"""In the data folder: a folder and a lock for each process that has one."""

_LOCK = ".lock"


@contextmanager
def claimed(data_dir: str | Path, purpose: str) -> Iterator[Path]:
    """
    Yield an empty folder, for its owner alone, that is removed at the end.

    Folders that ended processes left are removed first. Raises: OSError.
    """
    home = Path(data_dir) / HOME
    make_private(home.parent)
    make_private(home)
    clear(data_dir)
    folder, lock = _claim(home, purpose)
    try:
        yield folder
    finally:
        _remove(folder)
        os.close(lock)


@contextmanager
def temporary_files(data_dir: str | Path, purpose: str) -> Iterator[None]:
    """Let this process make its temporary files in a folder of its own, if there is a data_dir."""
    with ExitStack() as stack:
        if Path(data_dir).is_dir():
            folder = stack.enter_context(claimed(data_dir, purpose))
            stack.callback(setattr, tempfile, "tempdir", tempfile.tempdir)
            tempfile.tempdir = str(folder)
        yield


def clear(data_dir: str | Path) -> None:
    """Remove the folders of processes that have ended."""
    for folder in _folders(data_dir):
        lock = _locked(_lock_of(folder))
        if lock is not None:
            _remove(folder)
            os.close(lock)


def count(data_dir: str | Path, purpose: str) -> int:
    """Return how many living processes hold a folder of this purpose."""
    alive = 0
    for folder in _folders(data_dir):
        if folder.name.startswith(f"{purpose}-"):
            alive += not is_left(_lock_of(folder))
    return alive


def is_left(path: Path) -> bool:
    """Return whether nobody holds a lock of a file. Raises: OSError."""
    lock = _locked(path)
    if lock is not None:
        os.close(lock)
    return lock is not None


def _claim(home: Path, purpose: str) -> tuple[Path, int]:
    while True:
        folder = home / f"{purpose}-{secrets.token_hex(8)}"
        lock = _locked(_lock_of(folder))
        if lock is not None:
            folder.mkdir(mode=0o700)
            return folder, lock


def _locked(path: Path) -> int | None:
    """
    Return the open, locked file at a path; None if another process holds it.

    A file that was removed between its opening and its locking would be held by nobody.
    """
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if os.path.samestat(os.fstat(handle), path.stat()):
            return handle
    except (BlockingIOError, FileNotFoundError):
        pass
    os.close(handle)
    return None


def _folders(data_dir: str | Path) -> list[Path]:
    """Return every folder that is or was claimed, also those of which only the lock is left."""
    home = Path(data_dir) / HOME
    if not home.is_dir():
        return []
    return sorted({p.with_suffix("") if p.suffix == _LOCK else p for p in home.iterdir()})


def _remove(folder: Path) -> None:
    """Remove a folder, then its lock: one without the other is removed by the next process."""
    if folder.is_dir():
        shutil.rmtree(folder, ignore_errors=True)
    else:
        folder.unlink(missing_ok=True)
    _lock_of(folder).unlink(missing_ok=True)


def _lock_of(folder: Path) -> Path:
    return folder.with_name(f"{folder.name}{_LOCK}")
