"""Tokens and client secrets: opaque text, of which only the SHA-256 is stored."""

import hashlib
import secrets
import zlib
from datetime import datetime
from typing import Literal

from msgspec import Struct

from sijill.stores.model import Store
from sijill.values.ids import Draw, by_chance

PREFIX = "sjl_at_"
"""The prefix of access tokens, by which scanners and people recognise a leaked token."""

REFRESH, CODE, SECRET = "sjl_rt_", "sjl_ac_", "sjl_cs_"
"""The prefixes of refresh tokens, authorization codes and client secrets."""

SESSION, SETUP, ENTRY, INVITATION = "sjl_ws_", "sjl_su_", "sjl_se_", "sjl_in_"
"""The prefixes of session cookies, and of one-time links to set up, to sign in, to join a store."""

PREFIX_LENGTH = len(PREFIX)
"""Characters of every prefix."""

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
SECRET_BYTES = 32
_SECRET_DIGITS = 43  # 62^43 > 2^256: enough for 256 random bits
_CHECK_DIGITS = 6  # 62^6 > 2^32: enough for a CRC-32


TokenState = Literal["active", "expired", "revoked"]


class Grant(Struct, frozen=True):
    """The rights of a token: one app in one store, with some scopes, until some time."""

    token_id: int
    app_id: int
    store: Store
    scopes: frozenset[str]
    expires_at: float | None
    """UTC epoch seconds; None for a token that never expires."""
    revoked: bool
    wallets: bool = True
    """Whether the app may move money in customers' wallets."""


class TokenInfo(Struct, frozen=True):
    """A token as an operator sees it, without the token itself."""

    id: int
    store_id: int
    app_id: int
    scopes: frozenset[str]
    hint: str
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    authorization_id: int | None = None
    """The authorization behind the token; None for a token that the operator created."""
    name: str = ""
    """The operator's name for the token."""


def state_of(token: TokenInfo, now: datetime) -> TokenState:
    """Return whether a token works at a moment, and why it does not."""
    if token.revoked_at is not None:
        return "revoked"
    return "expired" if token.expires_at is not None and token.expires_at <= now else "active"


def mint(prefix: str = PREFIX, draw: Draw = by_chance) -> str:
    """Return a new token: prefix, 256 random bits, checksum, in letters and digits."""
    secret = _base62(int.from_bytes(draw(prefix, SECRET_BYTES)), _SECRET_DIGITS)
    return f"{prefix}{secret}{_checksum(secret)}"


def secret_of(token: str) -> bytes | None:
    """Return the random bytes that a token was minted from, or None if it was not minted."""
    secret, check = token[PREFIX_LENGTH:-_CHECK_DIGITS], token[-_CHECK_DIGITS:]
    if len(secret) != _SECRET_DIGITS or not secret.isalnum() or not secret.isascii():
        return None
    number = 0
    for digit in secret:
        number = number * len(_ALPHABET) + _ALPHABET.index(digit)
    is_minted = check == _checksum(secret) and number < 256**SECRET_BYTES
    return number.to_bytes(SECRET_BYTES) if is_minted else None


def hint(token: str) -> str:
    """Return the part of a token that an operator may see: its last four characters."""
    return token[-4:]


def digest(token: str) -> bytes:
    """
    Return the SHA-256 under which a token is stored and looked up.

    256 random bits need no salt and no slow hash: there is nothing to guess.
    """
    return hashlib.sha256(token.encode()).digest()


def is_mistyped(token: str) -> bool:
    """
    Return whether a token has the prefix of Sijill's tokens and a wrong checksum.

    A token that the operator chose has neither prefix nor checksum.
    """
    if not token.startswith(PREFIX):
        return False
    body = token[len(PREFIX) :]
    secret, check = body[:_SECRET_DIGITS], body[_SECRET_DIGITS:]
    return len(secret) != _SECRET_DIGITS or not secrets.compare_digest(
        check.encode(), _checksum(secret).encode()
    )


def _checksum(secret: str) -> str:
    return _base62(zlib.crc32(secret.encode()), _CHECK_DIGITS)


def _base62(number: int, digits: int) -> str:
    text = ""
    for _ in range(digits):
        number, digit = divmod(number, 62)
        text = _ALPHABET[digit] + text
    return text
