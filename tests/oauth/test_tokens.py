import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sijill.errors import InvalidToken, Unavailable
from sijill.oauth.bearer import CAPACITY, REMEMBERED, GrantCache, MissingToken, bearer
from sijill.oauth.scopes import parse_scopes
from sijill.oauth.tokens import PREFIX, Grant, digest, is_mistyped, mint
from sijill.stores.model import Store


def test_a_token_has_prefix_256_bits_and_checksum() -> None:
    token = mint()
    assert token.startswith(PREFIX)
    assert len(token) == len(PREFIX) + 43 + 6
    assert token.isascii()
    assert not is_mistyped(token)
    assert len({mint() for _ in range(100)}) == 100


@given(st.integers(0, 48), st.characters(min_codepoint=33, max_codepoint=126))
def test_one_wrong_character_is_found_without_a_lookup(place: int, other: str) -> None:
    token = mint()
    place += len(PREFIX)
    changed = token[:place] + other + token[place + 1 :]
    assert is_mistyped(changed) == (changed != token)


@given(st.text(st.characters(max_codepoint=255), max_size=80))
def test_only_a_token_with_our_prefix_has_a_checksum(text: str) -> None:
    assert is_mistyped(PREFIX + text) or len(text) == 49
    if not text.startswith(PREFIX):
        assert not is_mistyped(text)
    assert len(digest(text)) == 32


@pytest.mark.parametrize(
    ("header", "token"),
    [
        (None, None),
        ("", None),
        ("Bearer", None),
        ("Bearer ", None),
        ("Bearer   ", None),
        ("Bearer abc", "abc"),
        ("bearer abc", "abc"),
        ("BEARER  abc ", "abc"),
        ("Basic abc", None),
        ("abc", None),
        ("Bearerabc", None),
    ],
)
def test_only_a_bearer_header_holds_a_token(header: str | None, token: str | None) -> None:
    assert bearer(header) == token


def test_an_unknown_scope_is_named() -> None:
    with pytest.raises(ValueError, match=r"unknown scope: customer\.read, everything \("):
        parse_scopes("customers.read orders.read everything offline_access customer.read")


class Kept:
    """Grants in a dict, counting how often they are asked for."""

    def __init__(self) -> None:
        self.grants: dict[bytes, Grant] = {}
        self.asked = 0
        self.away = False

    async def grant(self, digest: bytes) -> Grant | None:
        self.asked += 1
        if self.away:
            raise Unavailable
        return self.grants.get(digest)


class Time:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def grant(revoked: bool = False, expires_at: float | None = None) -> Grant:
    return Grant(1, 2, Store(3, "s"), frozenset({"customers.read"}), expires_at, revoked)


def ask(bearers: GrantCache, token: str, now: float = 0.0) -> Grant:
    return asyncio.run(bearers.grant(f"Bearer {token}", now))


def test_a_grant_is_cached_for_less_than_a_second() -> None:
    kept, time = Kept(), Time()
    kept.grants[digest("a" * 16)] = grant()
    bearers = GrantCache(kept, time)
    for _ in range(5):
        assert ask(bearers, "a" * 16) == grant()
    assert kept.asked == 1
    assert REMEMBERED < 1.0
    kept.grants[digest("a" * 16)] = grant(revoked=True)
    time.now += REMEMBERED
    with pytest.raises(InvalidToken):
        ask(bearers, "a" * 16)


def test_an_unknown_token_is_not_remembered_and_works_once_created() -> None:
    kept = Kept()
    bearers = GrantCache(kept, Time())
    with pytest.raises(InvalidToken):
        ask(bearers, "b" * 16)
    kept.grants[digest("b" * 16)] = grant()
    assert ask(bearers, "b" * 16) == grant()


def test_expiry_is_judged_at_every_use() -> None:
    kept = Kept()
    kept.grants[digest("c" * 16)] = grant(expires_at=50.0)
    bearers = GrantCache(kept, Time())
    assert ask(bearers, "c" * 16, now=49.9) == grant(expires_at=50.0)
    with pytest.raises(InvalidToken):
        ask(bearers, "c" * 16, now=50.0)


def test_a_mistyped_token_of_ours_asks_no_database() -> None:
    kept = Kept()
    with pytest.raises(InvalidToken):
        ask(GrantCache(kept, Time()), PREFIX + "0" * 49)
    assert kept.asked == 0


def test_a_missing_token_differs_from_a_wrong_one() -> None:
    bearers = GrantCache(Kept(), Time())
    with pytest.raises(MissingToken):
        asyncio.run(bearers.grant(None, 0.0))
    with pytest.raises(InvalidToken) as wrong:
        ask(bearers, "d" * 16)
    assert not isinstance(wrong.value, MissingToken)


def test_a_database_that_is_away_is_not_taken_for_an_unknown_token() -> None:
    kept = Kept()
    kept.away = True
    with pytest.raises(Unavailable):
        ask(GrantCache(kept, Time()), "e" * 16)


def test_the_memory_of_grants_is_bounded() -> None:
    kept = Kept()
    bearers = GrantCache(kept, Time())
    for number in range(CAPACITY + 50):
        kept.grants[digest(f"{number:016}")] = grant()

    async def everyone() -> None:
        for number in range(CAPACITY + 50):
            await bearers.grant(f"Bearer {number:016}", 0.0)

    asyncio.run(everyone())
    assert len(bearers._look_ups) == CAPACITY


def test_a_grant_that_serves_no_more_leaves_the_memory() -> None:
    kept, time = Kept(), Time()
    bearers = GrantCache(kept, time)
    for number in range(100):
        kept.grants[digest(f"{number:016}")] = grant()

    async def one_after_the_other() -> None:
        for number in range(100):
            await bearers.grant(f"Bearer {number:016}", 0.0)
            time.now += REMEMBERED / 4

    asyncio.run(one_after_the_other())
    assert len(bearers._look_ups) <= 5
