"""
The file of the keys that seal, a line each, the oldest first.

A process reads the file again once it has changed, so a rotation needs no restart. A change is a
new file that takes the place of the old one at once: a process that is killed leaves one of them.
"""

import fcntl
import os
import secrets
from base64 import b64encode
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from sijill.database.sealing import KEY_BYTES, key_id, parse_keys
from sijill.folders import make_private

Seen = tuple[int, int, int]
"""The marks that tell one state of a file from another: inode, time of change, size."""


class Busy(Exception):
    """Another process is changing the file."""


class KeyFile:
    """The keys in a file that only its owner may read; the first use makes file and key."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._seen: Seen | None = None
        self._keys: tuple[bytes, ...] = ()

    def all(self) -> Sequence[bytes]:
        """
        Return the keys of the file as it is now, none if there is no file.

        A process goes on with the keys that it has read while the file is away or faulty.
        Raises: OSError if the file cannot be read; ValueError if it holds no key.
        """
        try:
            seen = _state(os.stat(self.path))
            if seen != self._seen:
                self._seen, self._keys = _read(self.path)
        except FileNotFoundError:
            pass
        except (OSError, ValueError):
            if not self._keys:
                raise
        return self._keys

    def newest(self) -> bytes:
        """Return the key that seals; the first secret makes it. Raises: as `all`."""
        keys = self.all()
        if not keys:
            _create(self.path)
            keys = self.all()
        return keys[-1]

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keep other processes from changing the file meanwhile. Raises: Busy; OSError."""
        folder = os.open(self.path.resolve().parent, os.O_RDONLY)
        try:
            try:
                fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise Busy from None
            yield
        finally:
            os.close(folder)

    def add(self) -> bytes:
        """Let a new key seal from now on, and return it; the others open. Raises: as `all`."""
        keys, new = self.all(), secrets.token_bytes(KEY_BYTES)
        while key_id(new) in map(key_id, keys):
            new = secrets.token_bytes(KEY_BYTES)
        self._write([*keys, new])
        return new

    def keep_newest(self) -> None:
        """Take every key but the newest out of the file. Raises: as `all`."""
        self._write(self.all()[-1:])

    def changed_at(self) -> float:
        """Return when the file was last changed, in seconds of the UTC epoch. Raises: OSError."""
        return self.path.stat().st_mtime

    def _write(self, keys: Sequence[bytes]) -> None:
        """Put a new file in the place of the old one; it belongs to the same user."""
        path = self.path.resolve()
        fresh = path.with_name(f".{path.name}.new")
        fresh.unlink(missing_ok=True)  # its writer was killed
        _write_file(fresh, keys, path.stat() if path.exists() else None)
        os.replace(fresh, path)
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _read(path: Path) -> tuple[Seen, tuple[bytes, ...]]:
    with open(path, encoding="ascii", errors="replace") as file:
        try:
            return _state(os.fstat(file.fileno())), parse_keys(file.read())
        except ValueError as fault:
            raise ValueError(f"{path}: {fault}") from None


def _state(found: os.stat_result) -> Seen:
    return found.st_ino, found.st_mtime_ns, found.st_size


def _create(path: Path) -> None:
    """Make the file with a first key; of two processes at once the first wins."""
    make_private(path.parent)
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    _write_file(fresh, [secrets.token_bytes(KEY_BYTES)], None)
    try:
        path.hardlink_to(fresh)
    except FileExistsError:
        pass
    finally:
        fresh.unlink()


def _write_file(path: Path, keys: Sequence[bytes], like: os.stat_result | None) -> None:
    """Write keys to a new file, which belongs to the user of another file if one is given."""
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        if like is not None and like.st_uid != os.fstat(file.fileno()).st_uid:
            os.fchown(file.fileno(), like.st_uid, like.st_gid)
        file.writelines(b64encode(key).decode() + "\n" for key in keys)
        file.flush()
        os.fsync(file.fileno())
