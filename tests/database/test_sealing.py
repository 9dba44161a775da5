"""A sealed value opens under its key at its place, and nowhere else."""

import stat
from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from fixtures.tables import rows
from hypothesis import given
from hypothesis import strategies as st

from sijill.database.sealing import (
    FORMAT,
    KEY_BYTES,
    NONCE_BYTES,
    Sealer,
    Unsealable,
    load_or_create_key,
    parse_key,
)

KEY, OTHER_KEY = bytes(range(KEY_BYTES)), bytes(KEY_BYTES)
SEALER = Sealer(KEY)
TAG_BYTES = 16

texts = st.text(st.characters(exclude_categories=["Cs"]))


@given(texts, texts)
def test_a_sealed_value_opens_again(text: str, place: str) -> None:
    sealed = SEALER.seal(text, place)
    assert Sealer(KEY).open(sealed, place) == text
    assert len(sealed) == len(FORMAT) + NONCE_BYTES + len(text.encode()) + TAG_BYTES


def test_the_same_text_is_sealed_differently_each_time() -> None:
    assert len({SEALER.seal("secret", "place") for _ in range(100)}) == 100


def test_the_text_does_not_stand_in_what_is_sealed() -> None:
    assert b"secret" not in SEALER.seal("a secret", "place")


def test_under_another_key_or_at_another_place_it_does_not_open() -> None:
    sealed = SEALER.seal("secret", "webhooks|1|secret|1")
    with pytest.raises(Unsealable):
        Sealer(OTHER_KEY).open(sealed, "webhooks|1|secret|1")
    with pytest.raises(Unsealable):
        SEALER.open(sealed, "webhooks|2|secret|1")


@given(st.integers(min_value=0), st.integers(1, 255))
def test_a_changed_byte_is_noticed_wherever_it_is(where: int, change: int) -> None:
    sealed = bytearray(SEALER.seal("secret", "place"))
    sealed[where % len(sealed)] ^= change
    with pytest.raises(Unsealable):
        SEALER.open(bytes(sealed), "place")


@rows("length", range(len(SEALER.seal("x", "place"))))
def test_a_value_cut_short_does_not_open(length: int) -> None:
    with pytest.raises(Unsealable):
        SEALER.open(SEALER.seal("x", "place")[:length], "place")


@given(st.binary())
def test_a_value_that_was_never_sealed_does_not_open(garbage: bytes) -> None:
    with pytest.raises(Unsealable):
        SEALER.open(FORMAT + garbage, "place")


@pytest.mark.parametrize("length", [0, KEY_BYTES - 1, KEY_BYTES + 1])
def test_a_key_of_another_length_is_none(length: int) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Sealer(bytes(length))


def test_a_key_is_read_from_base64() -> None:
    assert parse_key(f"  {b64encode(KEY).decode()}\n") == KEY


@pytest.mark.parametrize(
    "text",
    ["", "hunter2", "ق" * 44, b64encode(KEY[1:]).decode(), b64encode(KEY).decode() + "!"],
)
def test_a_faulty_key_is_refused_in_a_sentence_that_does_not_repeat_it(text: str) -> None:
    with pytest.raises(ValueError, match="32 bytes in base64") as refused:
        parse_key(text)
    assert not text or text not in str(refused.value)


def test_a_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "data" / "secret.key"
    key = load_or_create_key(path)
    assert len(key) == KEY_BYTES
    assert load_or_create_key(path) == key
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert list(path.parent.iterdir()) == [path]


def test_of_many_who_make_the_key_at_once_all_get_the_same(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as threads:
        for number in range(20):
            path = tmp_path / str(number) / "secret.key"
            keys = set(threads.map(lambda _, path=path: load_or_create_key(path), range(8)))
            assert len(keys) == 1
            assert list(path.parent.iterdir()) == [path]


def test_a_file_that_holds_no_key_is_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "secret.key"
    path.write_text("not a key\n")
    with pytest.raises(ValueError, match="32 bytes"):
        load_or_create_key(path)
    assert path.read_text() == "not a key\n"
