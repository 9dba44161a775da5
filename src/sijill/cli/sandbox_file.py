"""
The file that tells which sandbox runs on a data folder.

The sandbox's process writes the file, and locks it for as long as it lives: a file that nobody
locks, or whose process has ended, tells of no sandbox. So a process that was given the same id
later is never taken for a sandbox.
"""

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
from msgspec import Struct

from sijill.cli.output import fail
from sijill.folders import make_private

MAX_BYTES = 65_536
"""Bytes of the file at most."""


class Running(Struct, frozen=True, kw_only=True):
    """A sandbox that runs: its process, its address, and what logs in to it."""

    pid: int
    folder: str
    """The folder of its data, whole."""
    url: str
    """The base of its URLs, without `/admin/v2` and without a last slash."""
    token: str
    """The token of the default namespace."""
    client_id: str
    client_secret: str
    email: str
    """The owner who consents, with `password`."""
    password: str
    admin_token: str
    console_url: str
    """The link that opens the console once."""


def folder_of(data_dir: str) -> Path:
    """Return the folder of what the sandbox of a data folder leaves; it need not exist."""
    return Path(data_dir) / "sandbox"


def log_of(data_dir: str) -> Path:
    """Return the path of the log of a sandbox in the background."""
    return folder_of(data_dir) / "log.txt"


def own_file(path: Path) -> int:
    """Return the open file at a path, for its owner alone. Raises: OSError."""
    make_private(path.parent.parent)
    make_private(path.parent)
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    os.fchmod(handle, 0o600)
    return handle


@contextmanager
def telling(data_dir: str) -> Iterator[Callable[[Running], bool]]:
    """
    Yield a function that tells other commands of the sandbox of this process, until the end.

    The function returns False, and tells nobody, if the data folder has another sandbox already,
    or cannot be written.
    """
    try:
        handle = own_file(_path(data_dir))
    except OSError:
        yield lambda running: False
        return
    try:
        if _lock(handle, fcntl.LOCK_EX):
            os.ftruncate(handle, 0)
            yield lambda running: _write(handle, running)
            os.ftruncate(handle, 0)
        else:
            yield lambda running: False
    finally:
        os.close(handle)


def find(data_dir: str) -> Running | None:
    """
    Return the sandbox that runs on a data folder, None if none does.

    A file that cannot be read ends the command.
    """
    path = _path(data_dir)
    try:
        handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as fault:
        fail(f"{path} cannot be read: {fault.strerror}")
    try:
        running = msgspec.json.decode(os.read(handle, MAX_BYTES), type=Running)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    else:
        # A look at the lock takes it for a moment, so there is none unless the process lives.
        runs = _is_alive(running.pid) and not _lock(handle, fcntl.LOCK_SH)
        return running if runs else None
    finally:
        os.close(handle)


def _path(data_dir: str) -> Path:
    return folder_of(data_dir) / "running.json"


def _write(handle: int, running: Running) -> bool:
    os.pwrite(handle, msgspec.json.encode(running), 0)
    return True


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # another user's
        return True
    return True


def _lock(handle: int, kind: int) -> bool:
    """Lock an open file; return False if another process has locked it."""
    try:
        fcntl.flock(handle, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
