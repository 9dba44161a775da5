"""
When certificates are made: the authority once, on first use; the server's when it is due.

Sijill never replaces the authority on its own: people have to trust each new one by hand.
"""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

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


class AuthorityPem(NamedTuple):
    """The certificate to trust, as PEM, and whether its authority is a new one."""

    text: str
    is_new: bool


def authority_pem(folder: Path, names: Sequence[str], now: datetime) -> AuthorityPem:
    """
    Return the certificate to trust; make the authority if it does not exist.

    Raises: as `prepare`.
    """
    with locked(folder):
        is_new = not (folder / AUTHORITY).exists()
        return AuthorityPem(encode(_authority(folder, names, now))[0].decode("ascii"), is_new)


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
