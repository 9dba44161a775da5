"""Kinds of text: free text, e-mail, one of a few names, codes, mobile numbers."""

import re
from collections.abc import Callable, Collection, Mapping
from functools import partial
from typing import Any

from sijill.fields.doors import body_text, cell_text, cell_token
from sijill.fields.field import Kind
from sijill.fields.form import Refused
from sijill.values.mobiles import parse_code
from sijill.values.texts import clean, parse_email, trimmed

_ANY_LENGTH = 2**31


def text(max_length: int, *, lines: bool = False) -> Kind:
    """Return free text in NFC; `lines` permits line ends and tabs."""
    return Kind(
        {"type": "string", "minLength": 1, "maxLength": max_length},
        partial(read_text, max_length=max_length, lines=lines),
        lambda cell: clean(cell_text(cell), max_length, lines=lines),
    )


def read_text(value: Any, *, max_length: int, lines: bool = False) -> str:
    """Return a visible text of at most `max_length` characters. Raises: Refused."""
    written = body_text(value)
    try:
        cleaned = clean(written, _ANY_LENGTH, lines=lines)
    except ValueError:
        raise Refused("characters") from None
    if not cleaned:
        raise Refused("required")
    if len(cleaned) > max_length:
        raise Refused(f"max:{max_length}")
    return cleaned


def _read_email(value: Any) -> str:
    try:
        return parse_email(body_text(value, "email"))
    except ValueError:
        raise Refused("email") from None


EMAIL = Kind({"type": "string"}, _read_email, lambda cell: parse_email(cell_text(cell)))


def choice(
    names: Collection[str], sentence: str = "", spellings: Mapping[str, str] | None = None
) -> Kind:
    """Return one of the names, in any case, for it or one of its `spellings`; else `sentence`."""
    known = {name: name for name in names} | dict(spellings or {})

    def parse(cell: Any) -> str:
        name = known.get(cell_token(cell).lower())
        if name is None:
            raise ValueError(sentence)
        return name

    return Kind({"enum": [*names]}, partial(read_choice, names=known), parse)


def read_choice(value: Any, *, names: Mapping[str, str]) -> str:
    """Return the name that a text in any case stands for. Raises: Refused."""
    name = names.get(trimmed(value).lower()) if isinstance(value, str) else None
    if name is None:
        raise Refused("invalid")
    return name


def code(letters: int, sentence: str, known: Callable[[], Collection[str]] | None = None) -> Kind:
    """Return a code of `letters` letters, in upper case; a body's code is one of the `known`."""
    shape = re.compile(f"[A-Za-z]{{{letters}}}", re.ASCII)

    def parse(cell: Any) -> str:
        token = cell_token(cell)
        if not shape.fullmatch(token):
            raise ValueError(sentence)
        return token.upper()

    def read(value: Any) -> str:
        name = read_text(value, max_length=letters).upper()
        if known is not None and name not in known():
            raise Refused("invalid")
        return name

    return Kind({"type": "string", "pattern": f"^[A-Za-z]{{{letters}}}$"}, read, parse)


def _read_digits(value: Any) -> str:
    """Return a text as it is, a number without a point or an exponent."""
    return str(int(value) if isinstance(value, float) and value.is_integer() else value)


def _read_calling_code(value: Any) -> str:
    try:
        return parse_code(_read_digits(value))
    except ValueError:
        raise Refused("invalid") from None


_NUMBER_OR_TEXT = {"type": ["string", "integer"]}

CALLING_CODE = Kind(_NUMBER_OR_TEXT, _read_calling_code, cell_token)
"""A calling code: from a body in digits alone, from a cell as it is spelled."""

MOBILE = Kind(_NUMBER_OR_TEXT, _read_digits, cell_token)
"""A mobile as it is spelled: its calling code decides what that means."""
