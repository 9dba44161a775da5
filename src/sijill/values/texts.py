"""Texts fit to be stored: composed, of bounded length, without characters that deceive."""

import re
import unicodedata
from typing import Any

EMAIL_LENGTH = 254
"""Characters in an e-mail address at most. Source: RFC 5321 §4.5.3.1.3, less its two brackets."""

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_CONTROL_BUT_LINES = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_UNSTORABLE = re.compile(r"[\0\ud800-\udfff]")
_BIDI = re.compile(r"[\u202a-\u202e\u2066-\u2069]")
"""They reorder visible text. ZWJ and ZWNJ stay: Persian, Urdu and emoji are written with them."""

_POINT = re.compile(r"([0-9]+)\.0+", re.ASCII)
_ASCII_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "0123456789" * 2)


def _characters(*ranges: tuple[int, int]) -> frozenset[str]:
    return frozenset(chr(code) for first, last in ranges for code in range(first, last + 1))


_MARKS = _characters(
    *((0xAD, 0xAD), (0x61C, 0x61C), (0x180E, 0x180E), (0x200B, 0x200F), (0x202A, 0x202E)),
    *((0x2060, 0x206F), (0xFEFF, 0xFEFF), (0xFFF9, 0xFFFB)),
)
_INVISIBLE = _MARKS | _characters(
    *((0x34F, 0x34F), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F), (0x2800, 0x2800)),
    *((0x3164, 0x3164), (0xFE00, 0xFE0F), (0xFFA0, 0xFFA0), (0xFFF0, 0xFFF8)),
    *((0x1BCA0, 0x1BCA3), (0x1D173, 0x1D17A), (0xE0000, 0xE0FFF)),
)
"""
Default_Ignorable_Code_Point, U+2800 and the marks of interlinear annotation.

`_MARKS` are those that mean nothing at the edge of a text; a selector or a tag may end an emoji.
Source: Unicode Character Database, DerivedCoreProperties.
"""

_EDGES = "".join(_MARKS) + "".join(
    character
    for character in map(chr, (*range(0x21), 0x85, 0xA0, 0x1680, *range(0x2000, 0x3001)))
    if character.isspace()
)


def trimmed(text: str) -> str:
    """Return a text without the spaces, line ends and invisible marks at its edges."""
    return text.strip(_EDGES)


def is_blank(value: Any) -> bool:
    """Return whether a JSON value is null, an empty list, or a text without a visible character."""
    return value is None or value == [] or is_blank_text(value)


def is_blank_text(value: Any) -> bool:
    """Return whether a JSON value is a text without a visible character."""
    return isinstance(value, str) and not any(map(_is_visible, value))


def _is_visible(character: str) -> bool:
    return not character.isspace() and character not in _INVISIBLE


def clean(text: str, max_length: int, *, lines: bool = False) -> str:
    """
    Return the text trimmed and in NFC, otherwise as written; "" if it has no visible character.

    `lines` permits tab, line feed and carriage return, as an address needs them.
    Units: `max_length` counts characters (code points) after composing.
    Raises: ValueError with a short sentence that never repeats the text.
    Source: Unicode Standard Annex #15; Unicode Technical Report #36 for bidirectional controls.
    """
    composed = trimmed(unicodedata.normalize("NFC", text))
    for rule, sentence in (
        (_SURROGATE, "holds half a surrogate pair"),
        (_CONTROL_BUT_LINES if lines else _CONTROL, "holds a control character"),
        (_BIDI, "holds a character that reverses text"),
    ):
        if rule.search(composed):
            raise ValueError(sentence)
    if is_blank(composed):
        return ""
    if len(composed) > max_length:
        raise ValueError(f"has more than {max_length} characters")
    return composed


def ascii_digits(text: str) -> str:
    """Return the text trimmed, its Arabic and Persian digits as ASCII digits."""
    return trimmed(text).translate(_ASCII_DIGITS)


def without_point(digits: str) -> str:
    """Return `501234567` for `501234567.0`, as spreadsheets write whole numbers."""
    match = _POINT.fullmatch(digits)
    return match[1] if match else digits


_SCHEME, _BEHIND = "mailto:", ",;." + _EDGES
_NOT_IN_NAME = re.compile(r"[<>,;:]")
_NOT_IN_HOST = re.compile(r"[!-,/:-@\[-^`{-~]|(?:\A|\.)(?:\.|\Z)")
"""ASCII punctuation but `.`, `-` and `_`; an empty label."""


def parse_email(text: str) -> str:
    """
    Return an e-mail address as written, in NFC and without invisible characters.

    `mailto:`, angle brackets round the address and a comma or full stop behind it do not count.
    Only its shape is checked: whether the address exists shows when a letter is sent to it.
    Raises: ValueError with a short sentence that never repeats the address.
    """
    email = _bare(text if text.isascii() else "".join(c for c in text if c not in _INVISIBLE))
    email = clean(email, EMAIL_LENGTH)
    name, _, host = email.rpartition("@")
    if not name or not host or "@" in name:
        raise ValueError("is not an e-mail address: write name@host")
    if email.split() != [email]:
        raise ValueError("is not an e-mail address: it holds a space")
    if _NOT_IN_NAME.search(name) or _NOT_IN_HOST.search(host):
        raise ValueError("is not an e-mail address: it holds a character or a dot out of place")
    return email


def _bare(text: str) -> str:
    """Return the address without what letters and tables write round it."""
    address = trimmed(text).rstrip(_BEHIND)
    if address.startswith("<") and address.endswith(">"):
        address = trimmed(address[1:-1])
    if address[: len(_SCHEME)].lower() == _SCHEME:
        address = trimmed(address[len(_SCHEME) :])
    return address


def email_key(email: str) -> str | None:
    """
    Return the key that all spellings of an address share; None for "".

    Case does not count, nor whether the host is in Unicode or in its `xn--` form (RFC 5890).
    """
    name, at, host = email.casefold().rpartition("@")
    return f"{name}{at}{_ascii_host(host)}" or None


def _ascii_host(host: str) -> str:
    if host.isascii():
        return host
    import idna  # its tables are loaded with the first host beyond ASCII

    try:
        return idna.encode(host, uts46=True).decode("ascii")
    except idna.IDNAError:
        return host


def is_unstorable_text(value: Any) -> bool:
    """Return whether a text anywhere in a JSON value holds NUL or half a surrogate pair."""
    if isinstance(value, str):
        return _UNSTORABLE.search(value) is not None
    if isinstance(value, dict):
        return any(
            is_unstorable_text(key) or is_unstorable_text(item) for key, item in value.items()
        )
    return isinstance(value, list) and any(map(is_unstorable_text, value))
