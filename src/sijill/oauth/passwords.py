"""Passwords: Argon2id, off the event loop and few at a time, since each takes memory."""

import secrets
from asyncio import get_running_loop, wrap_future
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from sijill.errors import Unavailable

if TYPE_CHECKING:
    from argon2 import PasswordHasher

MIN_LENGTH, MAX_LENGTH = 12, 256
"""Characters of a password. Source: NIST SP 800-63B §3.1.1, ASVS 5 V6.2."""

AT_ONCE = 2
"""Hashes computed at the same time in one process, 64 MiB each."""

MAX_WAITING = 32
"""Passwords under way at once in one process: an endless queue would take everybody's place."""

WAIT = 5
"""Seconds after which a refused caller may try again."""

T = TypeVar("T")


def fault_of(password: str) -> str | None:
    """Return why a password cannot be taken, `short` or `long`, or None."""
    if len(password) < MIN_LENGTH:
        return "short"
    return "long" if len(password) > MAX_LENGTH else None


class Passwords:
    """Hashes and checks, on threads of its own: a hash whose caller is gone still has its turn."""

    def __init__(self) -> None:
        self._waiting = 0
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="sijill-password")

    async def hashed(self, password: str) -> str:
        """
        Return the hash a password is kept as, with its salt and parameters in it.

        Raises: Unavailable while too many wait.
        """
        return await self._turn(lambda: _hasher().hash(password))

    async def matches(self, password: str, kept: str | None) -> bool:
        """
        Return whether a password belongs to a hash.

        Without a hash the answer is no, after the time a yes would have taken: who has an account
        cannot be told by a clock. Raises: Unavailable while too many wait.
        """
        return await self._turn(_matches, password, kept)

    async def _turn(self, work: Callable[..., T], *args: Any) -> T:
        if self._waiting >= MAX_WAITING:
            raise Unavailable(WAIT)
        self._waiting += 1
        future = self._threads.submit(work, *args)
        # A caller who is gone leaves its work behind: it counts until it is done.
        loop = get_running_loop()
        future.add_done_callback(lambda _: loop.call_soon_threadsafe(self._done))
        return await wrap_future(future)

    def _done(self) -> None:
        self._waiting -= 1


@cache
def _hasher() -> "PasswordHasher":
    from argon2 import PasswordHasher, profiles  # 3 MB, for those who have owners

    return PasswordHasher.from_parameters(profiles.RFC_9106_LOW_MEMORY)


@cache
def _nobodys() -> str:
    return _hasher().hash(secrets.token_hex())


def _matches(password: str, kept: str | None) -> bool:
    from argon2.exceptions import VerificationError

    if len(password) > MAX_LENGTH:
        return False
    try:
        return _hasher().verify(kept or _nobodys(), password) and bool(kept)
    except VerificationError:
        return False
