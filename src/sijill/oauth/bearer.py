"""From an `Authorization` header to a grant, with a memory shorter than a second."""

from collections.abc import Callable

from sijill.errors import InvalidToken
from sijill.oauth.token_table import TokenTable
from sijill.oauth.tokens import Grant, digest, is_mistyped

REMEMBERED = 0.5
"""Seconds a grant is kept. A revoked token stops within one second in every process."""

CAPACITY = 10_000
"""Grants kept at most; the oldest leaves first."""


class MissingToken(InvalidToken):
    """No bearer token was sent at all: refused alike, but no guess to count."""


class GrantCache:
    """Finds the grant of a bearer token, asking the database at most twice a second for each."""

    def __init__(self, tokens: TokenTable, monotonic: Callable[[], float]) -> None:
        self._tokens = tokens
        self._monotonic = monotonic
        self._kept: dict[bytes, tuple[float, Grant]] = {}

    async def grant(self, authorization: str | None, now: float) -> Grant:
        """
        Return the grant that an `Authorization` header stands for; `now` is UTC epoch seconds.

        Raises: MissingToken without a bearer token; InvalidToken if it is unknown, expired or
        revoked; Unavailable if the database is away.
        """
        token = bearer(authorization)
        if token is None:
            raise MissingToken
        grant = await self._find(token)
        if grant is None or grant.revoked:
            raise InvalidToken
        if grant.expires_at is not None and grant.expires_at <= now:
            raise InvalidToken
        return grant

    async def _find(self, token: str) -> Grant | None:
        key, asked = digest(token), self._monotonic()
        kept = self._kept.get(key)
        if kept is not None and asked - kept[0] < REMEMBERED:
            return kept[1]
        grant = None if is_mistyped(token) else await self._tokens.grant(key)
        self._kept.pop(key, None)
        if grant is not None:
            if len(self._kept) >= CAPACITY:
                del self._kept[next(iter(self._kept))]
            self._kept[key] = (asked, grant)
        return grant


def bearer(authorization: str | None) -> str | None:
    """Return the token of a `Bearer` header, its scheme in any case, or None. Source: RFC 6750."""
    if authorization is None or authorization[:7].lower() != "bearer ":
        return None
    return authorization[7:].strip() or None
