"""Secrets that must be read again: sealed with AES-256-GCM under a key beside the data."""

import hmac
import secrets
from base64 import b64decode
from collections.abc import Sequence
from hashlib import sha256
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES, ID_BYTES, NONCE_BYTES = 32, 4, 12
FORMAT = b"\x01"
"""The first byte of a sealed text: the version of its format. The id of the key follows it."""

_HEAD = len(FORMAT) + ID_BYTES


class Unsealable(Exception):
    """The text was sealed under another key or for another context, or it was changed."""


class Keyring(Protocol):
    """The keys of an installation, the oldest first: the last one seals, each one opens."""

    def all(self) -> Sequence[bytes]:
        """Return every key as it is now; there may be none yet."""

    def newest(self) -> bytes:
        """Return the key that seals, made if there is none yet."""


class FixedKeys:
    """Keys that never change, as a setting gives them."""

    def __init__(self, *keys: bytes) -> None:
        if not keys or any(len(key) != KEY_BYTES for key in keys):
            raise ValueError(f"a key has {KEY_BYTES} bytes")
        self._keys = keys

    def all(self) -> Sequence[bytes]:
        """Return every key."""
        return self._keys

    def newest(self) -> bytes:
        """Return the key that seals."""
        return self._keys[-1]


class Sealer:
    """Seals under the newest key of a ring, and opens under any of them."""

    def __init__(self, keys: Keyring | bytes) -> None:
        self.keyring: Keyring = FixedKeys(keys) if isinstance(keys, bytes) else keys
        self._ciphers: dict[bytes, AESGCM] = {}

    def seal(self, text: str, context: str) -> bytes:
        """Return the sealed text; only the same key and context open it."""
        key, nonce = self.keyring.newest(), secrets.token_bytes(NONCE_BYTES)
        sealed = self._cipher(key).encrypt(nonce, text.encode(), context.encode())
        return FORMAT + key_id(key) + nonce + sealed

    def open(self, sealed: bytes, context: str) -> str:
        """
        Return the text that was sealed for this context.

        Raises: Unsealable.
        """
        from cryptography.exceptions import InvalidTag

        nonce, rest = sealed[_HEAD : _HEAD + NONCE_BYTES], sealed[_HEAD + NONCE_BYTES :]
        key = self._key(sealed[len(FORMAT) : _HEAD])
        if sealed[:1] != FORMAT or len(nonce) != NONCE_BYTES or key is None:
            raise Unsealable
        try:
            return self._cipher(key).decrypt(nonce, rest, context.encode()).decode()
        except InvalidTag:
            raise Unsealable from None

    def sign(self, text: str, context: str) -> bytes:
        """
        Return the HMAC-SHA-256 of a text, 32 bytes, under the newest key.

        Raises: OSError; ValueError: as the ring of keys.
        """
        return _signature(self.keyring.newest(), text, context)

    def is_signed(self, text: str, signature: bytes, context: str) -> bool:
        """Return whether `sign` made this under any key of the ring. Raises: as `sign`."""
        made = [_signature(key, text, context) for key in self.keyring.all()]
        return any(hmac.compare_digest(signature, one) for one in made)

    def _key(self, wanted: bytes) -> bytes | None:
        """Return the key with this id, even one that left the ring after its row was read."""
        keys = (*self.keyring.all(), *self._ciphers)
        return next((key for key in keys if key_id(key) == wanted), None)

    def _cipher(self, key: bytes) -> "AESGCM":
        from cryptography.hazmat.primitives.ciphers.aead import (
            AESGCM,  # 4 MB, loaded only for sealing
        )

        if key not in self._ciphers:
            self._ciphers[key] = AESGCM(key)
        return self._ciphers[key]


def key_id(key: bytes) -> bytes:
    """Return the name of a key, which stands before what is sealed under it and tells nothing."""
    return sha256(b"sijill key id\n" + key).digest()[:ID_BYTES]


def _signature(key: bytes, text: str, context: str) -> bytes:
    """Return a signature under a key of its own for each context, which seals nothing."""
    own = hmac.digest(key, f"sign {context}".encode(), "sha256")
    return hmac.digest(own, text.encode(), "sha256")


def parse_keys(text: str) -> tuple[bytes, ...]:
    """
    Return keys, each written as 44 characters of base64, with spaces or lines between them.

    Raises: ValueError with a sentence that does not repeat the text.
    """
    try:
        keys = tuple(b64decode(word, validate=True) for word in text.split())
    except ValueError:
        keys = ()
    if not keys or any(len(key) != KEY_BYTES for key in keys):
        raise ValueError("write 32 bytes in base64, for example from: openssl rand -base64 32")
    return keys
