"""The random bytes of a namespace: they follow from its seed, its name and the sandbox's key."""

import hashlib
import hmac
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from sijill.oauth.tokens import PREFIX, REFRESH, SECRET, mint, secret_of

CONTROL = "sjl_ct_"
"""The prefix of control tokens of namespaces."""

TAG_BYTES = 8
"""The beginning of the bytes of every token: the same in all tokens of a namespace."""

_OPEN = frozenset({"id", "event"})
"""Purposes whose bytes the key does not change, so that tests may write ids down."""


class Source:
    """
    Draws the bytes of each purpose in an order of its own: see `values.ids.Draw`.

    Without the key, nobody can guess the bytes of tokens and secrets.
    """

    def __init__(
        self, key: bytes, name: str, seed: int, drawn: Mapping[str, int] | None = None
    ) -> None:
        """`drawn` has how often each purpose has drawn already: see `position`."""
        text = f"{seed}\0{name}".encode()
        self._open = hashlib.sha256(text).digest()
        self._secret = hmac.digest(key, text, hashlib.sha256)
        self._drawn = dict(drawn or {})
        self._request_ids = _bytes(self._open, "request", 8).hex()
        self.tag = _bytes(self._secret, "tag", TAG_BYTES)
        """The first bytes of the tokens."""

    def __call__(self, purpose: str, size: int) -> bytes:
        """Return the next bytes for a purpose."""
        number = self._drawn.get(purpose, 0)
        self._drawn[purpose] = number + 1
        key = self._open if purpose in _OPEN else self._secret
        tag = self.tag if purpose.startswith("sjl_") else b""
        return tag + _bytes(key, f"{purpose}\0{number}", size - len(tag))

    def request_id(self) -> str:
        """Return the next id of a request: 16 hexadecimal digits of the namespace, then a count."""
        number = self._drawn.get("request", 0)
        self._drawn["request"] = number + 1
        return f"{self._request_ids}{number:08x}"

    def position(self) -> Mapping[str, int]:
        """Return how often each purpose has drawn."""
        return dict(self._drawn)


def _bytes(key: bytes, text: str, size: int) -> bytes:
    return hashlib.shake_256(key + text.encode()).digest(size)


BEGUN: Mapping[str, int] = {PREFIX: 1, SECRET: 1, CONTROL: 1, REFRESH: 1}
"""The position of a source behind `credentials`."""


class Credentials(NamedTuple):
    """The secrets of one namespace: the same for the same key, seed and name."""

    token: str
    client_secret: str
    control_token: str
    refresh_token: str


def credentials(key: bytes, name: str, seed: int) -> Credentials:
    """Return the secrets of a namespace, which its source draws first."""
    source = Source(key, name, seed)
    return Credentials(*(mint(prefix, source) for prefix in BEGUN))


@lru_cache(10_000)
def tag_of(token: str) -> bytes | None:
    """Return the tag of the namespace that minted a token, or None if it was not minted."""
    secret = secret_of(token)
    return None if secret is None else secret[:TAG_BYTES]
