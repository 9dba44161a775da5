"""
The folder of the certificates: where it is, one process at a time in it, files written whole.

Loading what lies there needs no more than the standard library, so a worker holds no more.
"""

import fcntl
import os
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkstemp

CERTIFICATE, KEY = "server.pem", "server.key"
AUTHORITY, AUTHORITY_KEY = "ca.pem", "ca.key"

PUBLIC, PRIVATE = 0o644, 0o600


def folder_of(data_dir: str) -> Path:
    """Return the folder of a data folder's certificates; it need not be there."""
    return Path(data_dir).absolute() / "tls"


def server_context(folder: Path) -> ssl.SSLContext:
    """
    Return the server's side of TLS 1.2 and later, with the certificate that `folder` holds.

    Raises: OSError if it cannot be read, ssl.SSLError (an OSError too) if it is damaged.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    with locked(folder, fcntl.LOCK_SH):  # between its two files a new pair is none
        context.load_cert_chain(folder / CERTIFICATE, folder / KEY)
    return context


@contextmanager
def locked(folder: Path, kind: int = fcntl.LOCK_EX) -> Iterator[None]:
    """Make the folder if there is none, and hold it against other processes."""
    folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.mkdir(mode=0o700, exist_ok=True)
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(handle, kind)
        yield
    finally:
        os.close(handle)


def write(path: Path, data: bytes, mode: int) -> None:
    """Put a file in its place whole or not at all; nobody reads it before its mode is set."""
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
