"""Passwords: Argon2id on threads, two at a time because each hash takes 64 MiB."""

import secrets
from asyncio import AbstractEventLoop, get_running_loop, wrap_future
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from sijill.errors import Unavailable
from sijill.oauth.password_rules import MAX_LENGTH
from sijill.values.ids import Draw, by_chance

if TYPE_CHECKING:
    from argon2 import PasswordHasher

SALT_BYTES = 16
"""Source: RFC 9106 §3.1."""

AT_ONCE = 2
"""Hashes computed at the same time in one process."""

MAX_WAITING = 32
"""Passwords of one register in work or in the queue; a longer one would delay every caller."""

WAIT = 5
"""Seconds after which a refused caller may try again."""

T = TypeVar("T")


_THREADS = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="sijill-password")
"""The threads of the process: they start with the first password."""


class Passwords:
    """Hashes and checks passwords on threads."""

    def __init__(self, draw: Draw = by_chance) -> None:
        self._draw, self._waiting = draw, 0

    async def hashed(self, password: str) -> str:
        """
        Return the hash of a password, which includes its salt and parameters.

        Raises: Unavailable while MAX_WAITING passwords are in work or in the queue.
        """
        salt = self._draw("salt", SALT_BYTES)
        return await self._turn(lambda: _hasher().hash(password, salt=salt))

    async def matches(self, password: str, hashed: str | None) -> bool:
        """
        Return whether a password belongs to a hash.

        Without a hash the result is False, after the time of a check: a clock must not show which
        accounts exist. Raises: Unavailable as `hashed`.
        """
        return await self._turn(_matches, password, hashed)

    async def _turn(self, work: Callable[..., T], *args: Any) -> T:
        if self._waiting >= MAX_WAITING:
            raise Unavailable(WAIT)
        self._waiting += 1
        future = _THREADS.submit(work, *args)
        # A cancelled caller leaves its hash in work, which counts until it is done.
        loop = get_running_loop()
        future.add_done_callback(lambda _: _call(loop, self._done))
        return await wrap_future(future)

    def _done(self) -> None:
        self._waiting -= 1


def _call(loop: AbstractEventLoop, work: Callable[[], None]) -> None:
    """Call `work` on the loop, unless the loop has ended: then nobody waits for it."""
    with suppress(RuntimeError):
        loop.call_soon_threadsafe(work)


@cache
def _hasher() -> "PasswordHasher":
    from argon2 import PasswordHasher, profiles  # 3 MB, which a server without owners does not need

    return PasswordHasher.from_parameters(profiles.RFC_9106_LOW_MEMORY)


@cache
def _decoy() -> str:
    return _hasher().hash(secrets.token_hex())


def _matches(password: str, hashed: str | None) -> bool:
    from argon2.exceptions import VerificationError

    if len(password) > MAX_LENGTH:
        return False
    try:
        return _hasher().verify(hashed or _decoy(), password) and bool(hashed)
    except VerificationError:
        return False
