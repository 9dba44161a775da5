"""
The folder of the certificates: its place, its lock, and atomic writes of its files.

Loading a certificate needs only the standard library, so a worker imports nothing else.
"""

import fcntl
import os
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkstemp

from sijill.folders import make_private

CERTIFICATE, KEY = "server.pem", "server.key"
AUTHORITY, AUTHORITY_KEY = "ca.pem", "ca.key"

PUBLIC, PRIVATE = 0o644, 0o600


def folder_of(data_dir: str) -> Path:
    """Return the folder of a data folder's certificates; it need not exist."""
    return Path(data_dir).absolute() / "tls"


def server_context(folder: Path) -> ssl.SSLContext:
    """
    Return a server's TLS context (1.2 and later) with the certificate in `folder`.

    Raises: OSError if it cannot be read, ssl.SSLError (an OSError too) if it is damaged.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    with locked(folder, fcntl.LOCK_SH):  # a new pair is useless between the writes of its two files
        context.load_cert_chain(folder / CERTIFICATE, folder / KEY)
    return context


@contextmanager
def locked(folder: Path, kind: int = fcntl.LOCK_EX) -> Iterator[None]:
    """Make the folder if it does not exist, and lock it against other processes."""
    make_private(folder.parent)
    make_private(folder)
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(handle, kind)
        yield
    finally:
        os.close(handle)


def write(path: Path, data: bytes, mode: int) -> None:
    """Write a file atomically; its mode is set before other processes can read it."""
    handle, name = mkstemp(prefix=f".{path.name}.", dir=path.parent)
    draft = Path(name)
    try:
        with open(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fchmod(handle, mode)
            os.fsync(handle)
        draft.replace(path)
    except BaseException:
        draft.unlink()
        raise
