"""From an `Authorization` header to a grant, with a memory shorter than a second."""

import asyncio
from collections.abc import Callable
from itertools import islice
from typing import NamedTuple

from sijill.errors import InvalidToken
from sijill.oauth.token_table import TokenTable
from sijill.oauth.tokens import Grant, digest, is_mistyped

REMEMBERED = 0.5
"""Seconds a look-up serves from its start. A revoked token stops within one second everywhere."""

CAPACITY = 10_000
"""Look-ups in memory at most; the oldest leaves first."""


class MissingToken(InvalidToken):
    """No bearer token was sent at all: refused alike, but no guess to count."""

    def __init__(self) -> None:
        super().__init__("no token in the header Authorization: Bearer …")


class _LookUp(NamedTuple):
    """A question to the database, and in time its answer; requests share it."""

    begun: float
    task: asyncio.Task[Grant | None]


class GrantCache:
    """
    Finds the grant of a bearer token, asking the database at most twice a second for each.

    A look-up is a task of its own: a request that is cancelled ends no other's look-up. A look-up
    that fails, or finds nothing, answers the requests that wait for it and is then forgotten.
    """

    def __init__(self, tokens: TokenTable, monotonic: Callable[[], float]) -> None:
        self._tokens = tokens
        self._monotonic = monotonic
        self._look_ups: dict[bytes, _LookUp] = {}

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
        if grant is None:
            raise InvalidToken
        if grant.revoked:
            raise InvalidToken("revoked token")
        if grant.expires_at is not None and grant.expires_at <= now:
            raise InvalidToken("expired token")
        return grant

    def forget(self) -> None:
        """Ask the database again, also for a token that was found before."""
        self._look_ups.clear()

    async def _find(self, token: str) -> Grant | None:
        key, now = digest(token), self._monotonic()
        look_up = self._look_ups.get(key)
        if look_up is None or now - look_up.begun >= REMEMBERED:
            if is_mistyped(token):
                return None
            look_up = self._begin(key, now)
        task = look_up.task
        if not task.done():
            await asyncio.wait((task,))  # unlike shield, it logs no failure after a cancellation
        return task.result()

    def _begin(self, key: bytes, now: float) -> _LookUp:
        look_up = _LookUp(now, asyncio.create_task(self._tokens.grant(key)))
        look_ups = self._look_ups
        look_ups.pop(key, None)
        self._forget_oldest(now)
        look_ups[key] = look_up

        def forget(task: asyncio.Task[Grant | None]) -> None:
            found = not task.cancelled() and task.exception() is None and task.result() is not None
            if not found and look_ups.get(key) is look_up:
                del look_ups[key]

        look_up.task.add_done_callback(forget)
        return look_up

    def _forget_oldest(self, now: float) -> None:
        """Forget two at most, the oldest first: any that serves no more, or one for room."""
        for key, look_up in list(islice(self._look_ups.items(), 2)):
            if now - look_up.begun >= REMEMBERED or len(self._look_ups) >= CAPACITY:
                del self._look_ups[key]


def bearer(authorization: str | None) -> str | None:
    """Return the token of a `Bearer` header, its scheme in any case, or None. Source: RFC 6750."""
    if authorization is None or authorization[:7].lower() != "bearer ":
        return None
    return authorization[7:].strip(" ") or None
