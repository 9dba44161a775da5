"""
When certificates are made: the authority once, on first use; the server's when it is due.

Sijill never replaces the authority on its own: people have to trust each new one by hand.
"""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from cryptography.x509 import ExtensionNotFound

from sijill.server.tls.certificates import (
    Pair,
    decode,
    encode,
    is_current,
    make_authority,
    make_server,
    unfit,
)
from sijill.server.tls.folder import (
    AUTHORITY,
    AUTHORITY_KEY,
    CERTIFICATE,
    KEY,
    PRIVATE,
    PUBLIC,
    locked,
    write,
)


def prepare(folder: Path, names: Sequence[str], now: datetime) -> None:
    """
    Make the authority and the server's certificate for `names` in `folder`.

    A certificate that is still valid stays as it is.
    Raises: OSError; ValueError if the authority there is damaged, expired, or constrained to
    other names.
    """
    with locked(folder):
        authority = _authority(folder, names, now)
        try:
            current = is_current(_load(folder, CERTIFICATE, KEY), authority, names, now)
        except (FileNotFoundError, ValueError, ExtensionNotFound):
            current = False  # absent, or incomplete since an earlier start was interrupted
        if not current:
            _save(folder, CERTIFICATE, KEY, make_server(authority, names, now))


def authority_pem(folder: Path, names: Sequence[str], now: datetime) -> str:
    """
    Return the certificate to trust, as PEM; make the authority if it does not exist.

    Raises: as `prepare`.
    """
    with locked(folder):
        return encode(_authority(folder, names, now))[0].decode("ascii")


def _authority(folder: Path, names: Sequence[str], now: datetime) -> Pair:
    if not (folder / AUTHORITY).exists():
        made = make_authority(names, now)
        _save(folder, AUTHORITY, AUTHORITY_KEY, made)
        return made
    try:
        authority = _load(folder, AUTHORITY, AUTHORITY_KEY)
        fault = unfit(authority, names, now)
    except (FileNotFoundError, ValueError, ExtensionNotFound):
        fault = "is damaged"
    if fault is not None:
        raise ValueError(
            f"the authority in {folder} {fault}: delete that folder and trust the new authority"
        )
    return authority


def _load(folder: Path, certificate: str, key: str) -> Pair:
    return decode((folder / certificate).read_bytes(), (folder / key).read_bytes())


def _save(folder: Path, certificate: str, key: str, pair: Pair) -> None:
    """Write the key first: a certificate in the folder always has its key."""
    public, private = encode(pair)
    write(folder / key, private, PRIVATE)
    write(folder / certificate, public, PUBLIC)
