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


def clean(text: str, max_length: int, *, lines: bool = False) -> str:
    """
    Return the text in NFC, otherwise as written: outer spaces are the writer's own.

    `lines` permits tab, line feed and carriage return, as an address needs them.
    Units: `max_length` counts characters (code points) after composing.
    Raises: ValueError with a short sentence that never repeats the text.
    Source: Unicode Standard Annex #15; Unicode Technical Report #36 for bidirectional controls.
    """
    for rule, sentence in (
        (_SURROGATE, "holds half a surrogate pair"),
        (_CONTROL_BUT_LINES if lines else _CONTROL, "holds a control character"),
        (_BIDI, "holds a character that reverses text"),
    ):
        if rule.search(text):
            raise ValueError(sentence)
    composed = unicodedata.normalize("NFC", text)
    if len(composed) > max_length:
        raise ValueError(f"has more than {max_length} characters")
    return composed


def parse_email(text: str) -> str:
    """
    Return an e-mail address as written, in NFC.

    Only its shape is checked: whether the address exists shows when a letter is sent to it.
    Raises: ValueError with a short sentence that never repeats the address.
    """
    email = clean(text, EMAIL_LENGTH)
    name, _, host = email.partition("@")
    if not name or not host or "@" in host:
        raise ValueError("is not an e-mail address: write name@host")
    if any(character.isspace() for character in email):
        raise ValueError("is not an e-mail address: it holds a space")
    return email


def email_key(email: str) -> str | None:
    """Return the key that all spellings of an address share, in any case; None for ""."""
    return email.casefold() or None


def is_unstorable_text(value: Any) -> bool:
    """Return whether a text anywhere in a JSON value holds NUL or half a surrogate pair."""
    if isinstance(value, str):
        return _UNSTORABLE.search(value) is not None
    if isinstance(value, dict):
        return any(
            is_unstorable_text(key) or is_unstorable_text(item) for key, item in value.items()
        )
    return isinstance(value, list) and any(map(is_unstorable_text, value))
