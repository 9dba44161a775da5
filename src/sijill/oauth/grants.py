"""
Authorizations: an owner's word that an app may act in a store, and the tokens that come of it.

All tokens of one authorization are a family. Its code and each of its refresh tokens work once;
a second use means that somebody else has them too, and ends the whole family (RFC 9700 §4.14.2).
"""

import re
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple

from msgspec import Struct

from sijill.oauth.scopes import OFFLINE, narrowed
from sijill.oauth.tokens import PREFIX, REFRESH, digest, hint, mint

_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}", re.ASCII)


class Lifetimes(NamedTuple):
    """How long each kind lives."""

    code: timedelta = timedelta(seconds=60)
    access: timedelta = timedelta(days=14)
    refresh: timedelta = timedelta(days=30)


class Consent(Struct, frozen=True):
    """What an owner agreed to, or an operator; it becomes an authorization."""

    id: int
    store_id: int
    app_id: int
    owner_id: int | None
    scopes: frozenset[str]
    at: datetime


class Code(Struct, frozen=True):
    """A code that a consent is handed out as, and what has to be shown for it."""

    digest: bytes
    redirect_uri: str
    redirect_given: bool
    challenge: str | None
    expires_at: datetime


class TokenPair(Struct, frozen=True):
    """An access token and a refresh token that nobody has yet."""

    id: int
    access: str
    refresh: str
    at: datetime
    access_until: datetime
    refresh_until: datetime

    @property
    def hint(self) -> str:
        """What an operator may see of the access token."""
        return hint(self.access)

    @property
    def digests(self) -> tuple[bytes, bytes]:
        """What the access token and the refresh token are kept under."""
        return digest(self.access), digest(self.refresh)


class IssuedTokens(NamedTuple):
    """What an authorization gave out."""

    pair: TokenPair
    scopes: frozenset[str]
    """Of the access token."""
    renewable: frozenset[str]
    """Of the refresh token; without OFFLINE among them there is none."""

    @property
    def refresh(self) -> str | None:
        """The refresh token, or None."""
        return self.pair.refresh if OFFLINE in self.renewable else None


class CodeExchange(NamedTuple):
    """What a client shows for a code. Source: RFC 6749 §4.1.3, RFC 7636 §4.5."""

    app_id: int
    redirect_uri: str | None
    verifier: str | None


class CodeState(Struct, frozen=True):
    """A code as it is kept."""

    code: Code
    app_id: int
    used: bool
    revoked: bool


class RefreshState(Struct, frozen=True):
    """A refresh token as it is kept."""

    app_id: int
    scopes: frozenset[str]
    expires_at: datetime
    used: bool
    revoked: bool


class Decision(NamedTuple):
    """What becomes of a code or a refresh token that was shown."""

    granted: frozenset[str] | None = None
    """The scopes of the new pair, for a refresh; empty for a code, None for a refusal."""
    reused: bool = False
    """It was used before: the family ends."""
    too_wide: bool = False
    """More was asked for than was granted; nothing is used up."""


def decide_code(state: CodeState | None, exchange: CodeExchange, at: datetime) -> Decision:
    """Return whether a code is good for a pair; one that is not stays unused."""
    if state is None or state.app_id != exchange.app_id:
        return Decision()
    if state.used:
        return Decision(reused=True)
    code = state.code
    shown = exchange.redirect_uri
    fits = shown == code.redirect_uri or (shown is None and not code.redirect_given)
    if state.revoked or at >= code.expires_at or not fits:
        return Decision()
    return Decision(frozenset()) if verifies(exchange.verifier, code.challenge) else Decision()


def verifies(verifier: str | None, challenge: str | None) -> bool:
    """
    Return whether a verifier belongs to a challenge by S256.

    Without a challenge there must be no verifier: a client that sends one expects to be protected,
    and its challenge was taken away on the way (RFC 9700 §2.1.1).
    """
    if verifier is None or challenge is None:
        return verifier is None and challenge is None
    if _VERIFIER.fullmatch(verifier) is None:
        return False
    made = urlsafe_b64encode(digest(verifier)).rstrip(b"=")
    return secrets.compare_digest(made, challenge.encode("ascii"))


def decide_refresh(
    state: RefreshState | None, app_id: int, asked: frozenset[str], at: datetime
) -> Decision:
    """
    Return whether a refresh token is good for a pair, and the scopes of the access token: those
    `asked`, or all where no resource scope is. The new refresh token renews as much as the old one.

    Source: RFC 6749 §6, RFC 9700 §4.14.2.
    """
    if state is None or state.app_id != app_id:
        return Decision()
    if state.used:
        return Decision(reused=True)
    if state.revoked or at >= state.expires_at:
        return Decision()
    scopes = state.scopes if asked <= {OFFLINE} else narrowed(state.scopes, asked)
    return Decision(too_wide=True) if scopes is None else Decision(scopes)


def new_pair(now: datetime, lifetimes: Lifetimes, new_id: Callable[[], int]) -> TokenPair:
    """Return two fresh tokens."""
    return TokenPair(
        id=new_id(),
        access=mint(PREFIX),
        refresh=mint(REFRESH),
        at=now,
        access_until=now + lifetimes.access,
        refresh_until=now + lifetimes.refresh,
    )
