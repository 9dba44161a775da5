"""
Authorizations: the consent of an owner that an app may act in a store, and its tokens.

All tokens of one authorization are a family. Its code and each of its refresh tokens work once;
a second use shows that they have leaked, and ends the whole family (RFC 9700 §4.14.2).
"""

import re
import secrets
from base64 import urlsafe_b64encode
from datetime import datetime, timedelta
from typing import NamedTuple

from msgspec import Struct

from sijill.oauth.scopes import OFFLINE, beyond
from sijill.oauth.tokens import PREFIX, REFRESH, digest, mint
from sijill.settings import Settings
from sijill.values.ids import Draw, by_chance, random_id

_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}", re.ASCII)


class Lifetimes(NamedTuple):
    """The lifetimes of codes and tokens."""

    code: timedelta = timedelta(seconds=60)
    access: timedelta = timedelta(days=14)
    refresh: timedelta = timedelta(days=30)


def lifetimes(settings: Settings) -> Lifetimes:
    """Return the lifetimes of the settings."""
    return Lifetimes(settings.code_lifetime, settings.access_lifetime, settings.refresh_lifetime)


class Consent(Struct, frozen=True):
    """The consent of an owner, or of the operator, which is stored as an authorization."""

    id: int
    store_id: int
    app_id: int
    owner_id: int | None
    """None for the operator."""
    scopes: frozenset[str]
    at: datetime


class Code(Struct, frozen=True):
    """An authorization code, and the parameters that the token request must match."""

    digest: bytes
    redirect_uri: str
    redirect_given: bool
    """Whether the authorization request named the redirect URI: the token request then must."""
    challenge: str | None
    expires_at: datetime


class TokenPair(Struct, frozen=True):
    """A new access token and refresh token, not stored yet."""

    id: int
    access: str
    refresh: str
    at: datetime
    access_until: datetime
    refresh_until: datetime


class IssuedTokens(NamedTuple):
    """The tokens that a client gets."""

    pair: TokenPair
    scopes: frozenset[str]
    """Of the access token."""
    renewable: frozenset[str]
    """Of the refresh token; without OFFLINE among them the client gets no refresh token."""

    @property
    def refresh(self) -> str | None:
        """The refresh token, or None."""
        return self.pair.refresh if OFFLINE in self.renewable else None


class CodeExchange(NamedTuple):
    """The parameters of a token request with a code. Source: RFC 6749 §4.1.3, RFC 7636 §4.5."""

    app_id: int
    redirect_uri: str | None
    verifier: str | None


class CodeState(Struct, frozen=True):
    """A stored code, and whether it still counts."""

    code: Code
    app_id: int
    used: bool
    revoked: bool


class RefreshState(Struct, frozen=True):
    """A stored refresh token, and whether it still counts."""

    app_id: int
    scopes: frozenset[str]
    expires_at: datetime
    used: bool
    revoked: bool


class GrantDecision(NamedTuple):
    """The decision on a code or a refresh token."""

    granted: frozenset[str] | None = None
    """The scopes of the new access token, for a refresh; empty for a code, None for a refusal."""
    reused: bool = False
    """It was used before: the family ends."""
    too_wide: tuple[str, ...] = ()
    """The scopes of the request that were not granted; the refresh token stays unused."""


def decide_code(state: CodeState, exchange: CodeExchange, at: datetime) -> GrantDecision:
    """Return whether a code may be exchanged for tokens; a refused code stays unused."""
    if state.app_id != exchange.app_id:
        return GrantDecision()
    if state.used:
        return GrantDecision(reused=True)
    code, uri = state.code, exchange.redirect_uri
    matches = uri == code.redirect_uri or (uri is None and not code.redirect_given)
    good = at < code.expires_at and not state.revoked and matches
    if good and verifies(exchange.verifier, code.challenge):
        return GrantDecision(frozenset())
    return GrantDecision()


def verifies(verifier: str | None, challenge: str | None) -> bool:
    """
    Return whether a code_verifier belongs to a code_challenge by S256.

    Without a challenge there must be no verifier: a client that sends one expects protection, and
    an attacker has removed its challenge from the authorization request (RFC 9700 §2.1.1).
    """
    if verifier is None or challenge is None:
        return verifier is None and challenge is None
    if _VERIFIER.fullmatch(verifier) is None:
        return False
    made = urlsafe_b64encode(digest(verifier)).rstrip(b"=")
    return secrets.compare_digest(made, challenge.encode("ascii"))


def decide_refresh(
    state: RefreshState, app_id: int, asked: frozenset[str], at: datetime
) -> GrantDecision:
    """
    Return whether a refresh token may be used, and the scopes of the new access token.

    They are the scopes `asked`, or all where `asked` names no resource. The new refresh token has
    the scopes of the old one. Source: RFC 6749 §6, RFC 9700 §4.14.2.
    """
    if state.app_id != app_id:
        return GrantDecision()
    if state.used:
        return GrantDecision(reused=True)
    if state.revoked or at >= state.expires_at:
        return GrantDecision()
    if asked <= {OFFLINE}:
        return GrantDecision(state.scopes)
    missing = beyond(state.scopes, asked)
    return GrantDecision(too_wide=missing) if missing else GrantDecision(asked)


def new_pair(now: datetime, lifetimes: Lifetimes, draw: Draw = by_chance) -> TokenPair:
    """Return two new tokens."""
    access_until, refresh_until = now + lifetimes.access, now + lifetimes.refresh
    access, refresh = mint(PREFIX, draw), mint(REFRESH, draw)
    return TokenPair(random_id(draw), access, refresh, now, access_until, refresh_until)
