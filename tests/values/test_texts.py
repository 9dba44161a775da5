"""Texts and e-mail addresses that are kept, and those that are not."""

import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sijill.values.texts import (
    EMAIL_LENGTH,
    clean,
    email_key,
    is_blank,
    is_unstorable_text,
    parse_email,
    trimmed,
)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("", ""),
        ("أحمد", "أحمد"),
        (" Ali ", "Ali"),
        ("\u00a0Ali\u3000\n", "Ali"),
        ("\u202bسارة\u202c", "سارة"),
        ("\u200e", ""),
        ("\u3164", ""),
        (" \u2800\ufe0f ", ""),
        ("❤\ufe0f", "❤\ufe0f"),
        ("Sara  Ali", "Sara  Ali"),
        ("\ue000", "\ue000"),
        ("e\u0301", "é"),
        ("\u0627\u0654", "أ"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("👩\u200d👧", "👩\u200d👧"),
        ("=1+1", "=1+1"),
    ],
)
def test_a_text_is_kept_as_written_but_trimmed_and_composed(text: str, kept: str) -> None:
    assert clean(text, 25) == kept


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a\x00b", "control"),
        ("a\x1bb", "control"),
        ("a\x7fb", "control"),
        ("a\x85b", "control"),
        ("a\nb", "control"),
        ("a\tb", "control"),
        ("a\ud800b", "surrogate"),
        *((f"a{chr(code)}b", "reverses") for code in range(0x202A, 0x202F)),
        *((f"a{chr(code)}b", "reverses") for code in range(0x2066, 0x206A)),
        ("a" * 26, "more than 25"),
    ],
)
def test_a_text_that_deceives_or_is_too_long_is_refused(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        clean(text, 25)


def test_an_address_may_have_lines_and_nothing_else_of_control() -> None:
    assert clean("a\r\n\tb", 25, lines=True) == "a\r\n\tb"
    with pytest.raises(ValueError, match="control"):
        clean("a\x0bb", 25, lines=True)


def test_length_is_counted_after_composing() -> None:
    assert clean("e\u0301" * 25, 25) == "é" * 25


@given(st.text(max_size=30))
def test_a_cleaned_text_is_clean(text: str) -> None:
    try:
        kept = clean(text, 25)
    except ValueError:
        return
    assert clean(kept, 25) == kept == trimmed(kept)
    assert kept in unicodedata.normalize("NFC", text)
    assert bool(kept) is not is_blank(text)


@pytest.mark.parametrize("email", ["a@b", "Ali.Saad+x@Example.com", "علي@مثال.السعودية"])
def test_an_email_is_kept_as_written(email: str) -> None:
    assert parse_email(email) == email


@pytest.mark.parametrize(
    "text",
    [
        " a@x.com",
        "a@x.com\u00a0",
        "a@x.com\u200b",
        "\u200ea@x.com",
        "a\u00ad@x.\ufeffcom",
        "\u202aa@x.com\u202c",
        "a@x.com\ufe0f",
        "mailto:a@x.com",
        "MAILTO: a@x.com",
        "<a@x.com>",
        "<mailto:a@x.com>",
        "a@x.com,",
        "a@x.com ; ",
        "a@x.com.",
        "<a@x.com>,",
    ],
)
def test_an_email_is_the_address_inside_of_what_surrounds_it(text: str) -> None:
    assert parse_email(text) == "a@x.com"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ali@Example.COM", "ali@example.com"),
        ("a@bücher.example", "a@xn--bcher-kva.example"),
        ("a@BÜCHER.example", "a@XN--BCHER-KVA.example"),
        ("a@مثال.السعودية", "a@xn--mgbh0fb.xn--mgberp4a5d4ar"),
        ("STRASSE@x.com", "strasse@x.com"),
    ],
)
def test_spellings_of_one_address_have_one_key(one: str, other: str) -> None:
    assert email_key(parse_email(one)) == email_key(parse_email(other)) != ""


def test_a_host_that_no_name_server_knows_has_a_key_too() -> None:
    assert email_key("a@\u2615_.example") == "a@\u2615_.example"
    assert email_key("") is None


@pytest.mark.parametrize(
    "email",
    [
        "ali",
        "@b",
        "a@",
        "a@b@c",
        "a b@c",
        "a@b\u00a0c",
        "a@b\nc",
        "a<b@c",
        "Ali <a@b.c>",
        "a@b.c, d@e.f",
        "a,b@c",
        "a@b:25",
        "a@b/c",
        "a@.b",
        "a@b..c",
        "mailto:",
        "<>",
        "a" * EMAIL_LENGTH + "@b",
        "",
    ],
)
def test_text_without_the_shape_of_an_email_is_refused(email: str) -> None:
    with pytest.raises(ValueError):
        parse_email(email)


@pytest.mark.parametrize(
    ("value", "unstorable"),
    [
        ("سارة\u202e\n", False),
        ("a\0", True),
        ("\ud83d", True),
        ("\U0001f600", False),
        (["x", {"b": ["\0"]}], True),
        ({"b\0": 1}, True),
        ([1, None, {"a": 2.5}], False),
    ],
)
def test_a_text_that_no_database_stores_is_found_however_deep(value: Any, unstorable: bool) -> None:
    assert is_unstorable_text(value) is unstorable
