"""Secrets that must be read again: sealed with AES-256-GCM under a key beside the data."""

import os
import secrets
from base64 import b64decode, b64encode
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES, NONCE_BYTES = 32, 12
FORMAT = b"\x01"
"""The first byte of a sealed text: the version of its format."""


class Unsealable(Exception):
    """The text was sealed under another key or for another context, or it was changed."""


class Sealer:
    """Seals under one key; a function that returns the key is called on first use."""

    def __init__(self, key: bytes | Callable[[], bytes]) -> None:
        if isinstance(key, bytes) and len(key) != KEY_BYTES:
            raise ValueError(f"a key has {KEY_BYTES} bytes")
        self._key = key

    @cached_property
    def _cipher(self) -> "AESGCM":
        from cryptography.hazmat.primitives.ciphers.aead import (
            AESGCM,  # 4 MB, loaded only for sealing
        )

        return AESGCM(self._key if isinstance(self._key, bytes) else self._key())

    def seal(self, text: str, context: str) -> bytes:
        """Return the sealed text; only the same key and context open it."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        return FORMAT + nonce + self._cipher.encrypt(nonce, text.encode(), context.encode())

    def open(self, sealed: bytes, context: str) -> str:
        """
        Return the text that was sealed for this context.

        Raises: Unsealable.
        """
        from cryptography.exceptions import InvalidTag

        nonce, rest = sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
        if sealed[:1] != FORMAT or len(nonce) != NONCE_BYTES:
            raise Unsealable
        try:
            return self._cipher.decrypt(nonce, rest, context.encode()).decode()
        except InvalidTag:
            raise Unsealable from None


def parse_key(text: str) -> bytes:
    """
    Return the key that is written as 44 characters of base64.

    Raises: ValueError with a sentence that does not repeat the text.
    """
    try:
        key = b64decode(text.strip(), validate=True)
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise ValueError("write 32 bytes in base64, for example from: openssl rand -base64 32")
    return key


def load_or_create_key(path: Path) -> bytes:
    """
    Return the key in a file that only its owner may read, created on first use.

    Raises: OSError if the file cannot be read or written; ValueError if it holds no key.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    if not path.exists():
        with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(b64encode(secrets.token_bytes(KEY_BYTES)).decode() + "\n")
            file.flush()
            os.fsync(file.fileno())
        try:
            path.hardlink_to(fresh)  # of two processes at once the first wins
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return parse_key(path.read_text())
