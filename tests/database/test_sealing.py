"""A sealed value opens under its key at its place, and nowhere else."""

from base64 import b64encode

import pytest
from fixtures.tables import rows
from hypothesis import given
from hypothesis import strategies as st

from sijill.database.sealing import (
    FORMAT,
    ID_BYTES,
    KEY_BYTES,
    NONCE_BYTES,
    FixedKeys,
    Sealer,
    Unsealable,
    key_id,
    parse_keys,
)

KEY, OTHER_KEY = bytes(range(KEY_BYTES)), bytes(KEY_BYTES)
SEALER = Sealer(KEY)
TAG_BYTES = 16

texts = st.text(st.characters(exclude_categories=["Cs"]))


@given(texts, texts)
def test_a_sealed_value_opens_again(text: str, place: str) -> None:
    sealed = SEALER.seal(text, place)
    assert Sealer(KEY).open(sealed, place) == text
    assert len(sealed) == len(FORMAT) + ID_BYTES + NONCE_BYTES + len(text.encode()) + TAG_BYTES


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


def test_the_last_key_seals_and_every_key_opens() -> None:
    ring = Sealer(FixedKeys(KEY, OTHER_KEY))
    assert ring.open(SEALER.seal("old", "place"), "place") == "old"
    sealed = ring.seal("new", "place")
    assert sealed[len(FORMAT) :][:ID_BYTES] == key_id(OTHER_KEY) != key_id(KEY)
    assert Sealer(OTHER_KEY).open(sealed, "place") == "new"
    with pytest.raises(Unsealable):
        SEALER.open(sealed, "place")


def test_the_id_of_a_key_tells_nothing_of_it() -> None:
    assert len({key_id(bytes([number]) * KEY_BYTES) for number in range(256)}) == 256
    assert key_id(KEY) not in KEY


@given(st.binary())
def test_a_value_that_was_never_sealed_does_not_open(garbage: bytes) -> None:
    for value in (FORMAT + garbage, FORMAT + key_id(KEY) + garbage):
        with pytest.raises(Unsealable):
            SEALER.open(value, "place")


@pytest.mark.parametrize("length", [0, KEY_BYTES - 1, KEY_BYTES + 1])
def test_a_key_of_another_length_is_none(length: int) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Sealer(bytes(length))


TEXT, OTHER_TEXT = b64encode(KEY).decode(), b64encode(OTHER_KEY).decode()


@rows(
    ("text", "keys"),
    [
        (f"  {TEXT}\n", (KEY,)),
        (f"{TEXT}\n{OTHER_TEXT}\n", (KEY, OTHER_KEY)),
        (f"{OTHER_TEXT} {TEXT}", (OTHER_KEY, KEY)),
        (f"\r\n{TEXT}\r\n\r\n{OTHER_TEXT}", (KEY, OTHER_KEY)),
    ],
)
def test_keys_are_read_from_base64(text: str, keys: tuple[bytes, ...]) -> None:
    assert parse_keys(text) == keys


@pytest.mark.parametrize(
    "text",
    ["", " \n", "hunter2", "ق" * 44, b64encode(KEY[1:]).decode(), f"{TEXT}!", f"{TEXT}\nhunter2"],
)
def test_a_faulty_key_is_refused_in_a_sentence_that_does_not_repeat_it(text: str) -> None:
    with pytest.raises(ValueError, match="32 bytes in base64") as refused:
        parse_keys(text)
    assert not text.strip() or text not in str(refused.value)


def test_a_signature_belongs_to_one_text_one_context_and_one_key() -> None:
    sealer, other = Sealer(KEY), Sealer(KEY[::-1])
    signature = sealer.sign("a text", "device")
    assert len(signature) == 32
    assert Sealer(KEY).is_signed("a text", signature, "device")
    assert not sealer.is_signed("another text", signature, "device")
    assert not sealer.is_signed("a text", signature, "other")
    assert not sealer.is_signed("a text", signature[1:], "device")
    assert not other.is_signed("a text", signature, "device")


def test_a_signature_is_known_as_long_as_its_key_is_in_the_ring() -> None:
    signature = Sealer(KEY).sign("a text", "device")
    renewed = Sealer(FixedKeys(KEY, KEY[::-1]))
    assert renewed.is_signed("a text", signature, "device")
    assert renewed.sign("a text", "device") == Sealer(KEY[::-1]).sign("a text", "device")
