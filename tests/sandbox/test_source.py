"""The source of a namespace: the same bytes for the same key, seed and name, and no others."""

import pytest

from sijill.oauth.tokens import CODE, PREFIX, SESSION, mint, secret_of
from sijill.sandbox.source import BEGUN, Source, credentials, tag_of

KEY, OTHER_KEY = b"k" * 32, b"o" * 32
PURPOSES = ("id", "event", "salt", "device", PREFIX, CODE)


def drawn(source: Source, count: int = 3) -> dict[str, list[bytes]]:
    return {purpose: [source(purpose, 32) for _ in range(count)] for purpose in PURPOSES}


def test_the_same_key_seed_and_name_draw_the_same_bytes() -> None:
    first = drawn(Source(KEY, "one", 0))
    assert drawn(Source(KEY, "one", 0)) == first
    every = [one for some in first.values() for one in some]
    assert len(set(every)) == len(every)


@pytest.mark.parametrize(("key", "name", "seed"), [(KEY, "two", 0), (KEY, "one", 1)])
def test_another_name_or_seed_draws_others(key: bytes, name: str, seed: int) -> None:
    one, other = drawn(Source(KEY, "one", 0)), drawn(Source(key, name, seed))
    assert all(not set(one[purpose]) & set(other[purpose]) for purpose in PURPOSES)


def test_another_key_draws_other_secrets_and_the_same_ids() -> None:
    one, other = drawn(Source(KEY, "one", 0)), drawn(Source(OTHER_KEY, "one", 0))
    same = {purpose for purpose in PURPOSES if one[purpose] == other[purpose]}
    assert same == {"id", "event"}


def test_purposes_do_not_disturb_each_other() -> None:
    alone, mixed = Source(KEY, "one", 0), Source(KEY, "one", 0)
    mixed("event", 10)
    assert alone("id", 4) == mixed("id", 4)


def test_a_source_goes_on_from_a_position() -> None:
    source = Source(KEY, "one", 0)
    drawn(source)
    position = source.position()
    assert drawn(Source(KEY, "one", 0, position)) == drawn(source)


def test_every_token_tells_its_namespace() -> None:
    one, two = Source(KEY, "one", 0), Source(KEY, "two", 0)
    tokens = [mint(prefix, one) for prefix in (PREFIX, CODE, SESSION) for _ in range(3)]
    assert {tag_of(token) for token in tokens} == {one.tag}
    assert set(map(tag_of, credentials(KEY, "two", 0))) == {two.tag}
    assert two.tag != one.tag
    assert tag_of(mint()) not in (one.tag, two.tag, None)


def test_a_source_goes_on_behind_the_credentials() -> None:
    first = Source(KEY, "one", 0, BEGUN)
    assert mint(PREFIX, first) not in credentials(KEY, "one", 0)


MINTED = mint(PREFIX, lambda _, size: b"m" * size)


@pytest.mark.parametrize(
    "text",
    ["", PREFIX, "a token of mine", MINTED[:-1], MINTED + "x", MINTED.swapcase(), "é" * 56],
)
def test_text_that_was_not_minted_tells_nothing(text: str) -> None:
    assert secret_of(text) is None
    assert tag_of(text) is None


def test_a_token_is_read_back_to_its_bytes() -> None:
    for secret in (bytes(32), b"\xff" * 32, bytes(range(32))):
        assert secret_of(mint(PREFIX, lambda *_, secret=secret: secret)) == secret


def test_requests_are_numbered_from_the_position_on() -> None:
    source = Source(KEY, "one", 0)
    first = [source.request_id() for _ in range(3)]
    assert [Source(OTHER_KEY, "one", 0).request_id() for _ in range(3)] != first[1:]
    assert Source(OTHER_KEY, "one", 0).request_id() == first[0]
    assert Source(KEY, "one", 1).request_id() not in first
    again = Source(KEY, "one", 0, source.position()).request_id()
    assert again == source.request_id()
    assert len({*first, again}) == 4
