"""
When certificates are made: the authority once, on first use, the server's when it is due.

The authority is never replaced by itself, since people have to trust each one anew.
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
    Leave in `folder` what serving `names` needs: an authority, and a certificate it gave.

    What is there and still good stays as it is.
    Raises: OSError; ValueError if the authority there is damaged, expired, or constrained to
    other names.
    """
    with locked(folder):
        authority = _authority(folder, names, now)
        try:
            shown = _load(folder, CERTIFICATE, KEY)
            current = is_current(shown, authority, names, now)
        except (FileNotFoundError, ValueError, ExtensionNotFound):
            current = False  # absent, or half written by a start that was cut short
        if not current:
            _save(folder, CERTIFICATE, KEY, make_server(authority, names, now))


def authority_pem(folder: Path, names: Sequence[str], now: datetime) -> str:
    """
    Return the certificate to trust, as PEM; the authority is made if there is none.

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
        kept = _load(folder, AUTHORITY, AUTHORITY_KEY)
        fault = unfit(kept, names, now)
    except (FileNotFoundError, ValueError, ExtensionNotFound):
        fault = "is damaged"
    if fault is not None:
        raise ValueError(
            f"the authority in {folder} {fault}: delete that folder and trust the new authority"
        )
    return kept


def _load(folder: Path, certificate: str, key: str) -> Pair:
    return decode((folder / certificate).read_bytes(), (folder / key).read_bytes())


def _save(folder: Path, certificate: str, key: str, pair: Pair) -> None:
    """Write the key first: whoever finds a certificate finds its key."""
    public, private = encode(pair)
    write(folder / key, private, PRIVATE)
    write(folder / certificate, public, PUBLIC)
