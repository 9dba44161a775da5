"""Passwords by Argon2id, at one cost with and without an account (ASVS 5 V6.2, RFC 9106)."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import suppress

import pytest
from argon2 import PasswordHasher, Type, extract_parameters

from sijill.oauth import passwords as module
from sijill.oauth.password_rules import MAX_LENGTH, MIN_LENGTH, fault_of
from sijill.oauth.passwords import AT_ONCE, Passwords

pytestmark = pytest.mark.argon2

PASSWORD = "correct horse بطارية"
SECONDS = 10.0


class Counting:
    """A hasher that is quick, and counts what it is asked and how many ask at once."""

    def __init__(self) -> None:
        self.verified: list[str] = []
        self.now = self.most = 0
        self.may_end = threading.Event()
        self._lock = threading.Lock()
        self._quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)

    def hash(self, password: str, salt: bytes | None = None) -> str:
        self._stand_in_line()
        return self._quick.hash(password, salt=salt)

    def verify(self, kept: str, password: str) -> bool:
        self.verified.append(kept)
        return self._quick.verify(kept, password)

    def _stand_in_line(self) -> None:
        with self._lock:
            self.now += 1
            self.most = max(self.most, self.now)
        assert self.may_end.wait(SECONDS)
        with self._lock:
            self.now -= 1


@pytest.fixture
def counting(monkeypatch: pytest.MonkeyPatch) -> Iterator[Counting]:
    hasher = Counting()
    monkeypatch.setattr(module, "_hasher", lambda: hasher)
    module._decoy.cache_clear()
    yield hasher
    module._decoy.cache_clear()


def test_a_hash_is_argon2id_with_the_parameters_of_rfc_9106_in_it() -> None:
    async def scenario() -> None:
        passwords = Passwords()
        kept, again = [await passwords.hashed(PASSWORD) for _ in range(2)]
        assert kept.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
        assert extract_parameters(kept).type is Type.ID
        assert extract_parameters(kept).salt_len == 16
        assert kept != again, "each has a salt of its own"
        assert await passwords.matches(PASSWORD, kept)
        assert not await passwords.matches(PASSWORD + " ", kept)
        assert not await passwords.matches("", kept)

    asyncio.run(scenario())


def test_an_unknown_account_takes_the_same_path(counting: Counting) -> None:
    async def scenario() -> None:
        counting.may_end.set()
        passwords = Passwords()
        kept = await passwords.hashed(PASSWORD)
        assert not await passwords.matches("something else", kept)
        assert not await passwords.matches(PASSWORD, None)
        assert not await passwords.matches(PASSWORD, "")
        known, *nobodys = counting.verified
        assert known == kept
        assert len(nobodys) == 2, "each of them costs a hash"
        assert all(extract_parameters(one) == extract_parameters(kept) for one in nobodys)

    asyncio.run(scenario())


@pytest.mark.parametrize("kept", [None, ""])
def test_no_password_matches_an_account_without_a_hash(
    counting: Counting, monkeypatch: pytest.MonkeyPatch, kept: str | None
) -> None:
    async def scenario() -> None:
        monkeypatch.setattr(counting, "verify", lambda kept, password: True)
        assert not await Passwords().matches(PASSWORD, kept)

    counting.may_end.set()
    asyncio.run(scenario())


def test_a_password_that_is_too_long_is_refused_before_it_is_hashed(counting: Counting) -> None:
    async def scenario() -> None:
        counting.may_end.set()
        passwords = Passwords()
        longest = "a" * MAX_LENGTH
        kept = await passwords.hashed(longest)
        assert await passwords.matches(longest, kept)
        assert not await passwords.matches(longest + "a", kept)
        assert len(counting.verified) == 1

    asyncio.run(scenario())


@pytest.mark.parametrize(
    ("length", "fault"),
    [
        (0, "short"),
        (MIN_LENGTH - 1, "short"),
        (MIN_LENGTH, None),
        (MAX_LENGTH, None),
        (MAX_LENGTH + 1, "long"),
    ],
)
def test_a_new_password_has_12_to_256_characters(length: int, fault: str | None) -> None:
    assert fault_of("ب" * length) == fault


def test_no_more_than_two_are_hashed_at_once_even_for_callers_that_left(counting: Counting) -> None:
    async def scenario() -> None:
        passwords = Passwords()
        left = [asyncio.create_task(passwords.hashed(PASSWORD)) for _ in range(4)]
        while counting.now < AT_ONCE:
            await asyncio.sleep(0.001)
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        stayed = [asyncio.create_task(passwords.hashed(PASSWORD)) for _ in range(6)]
        with suppress(TimeoutError):  # time for a third one, were it let in
            async with asyncio.timeout(0.05):
                await asyncio.shield(stayed[0])
        counting.may_end.set()
        assert len(set(await asyncio.gather(*stayed))) == len(stayed)
        assert counting.most == AT_ONCE == 2

    asyncio.run(asyncio.wait_for(scenario(), SECONDS))
