"""The name and the e-mail of a new person as pages read them, and the name of a store."""

from typing import Literal, NamedTuple

from sijill.oauth.fields import NAME_LENGTH
from sijill.values.texts import clean, is_blank, parse_email, trimmed

TextFault = Literal["required", "characters", "too_long", "email"]


class Read(NamedTuple):
    """A text of a form as it is stored, or as it was sent if it is faulty."""

    text: str
    fault: TextFault | None = None


def read_name(sent: str) -> Read:
    """Return the name in a field."""
    text = trimmed(sent)
    if is_blank(text):
        return Read(text, "required")
    try:
        # NFC makes a text three times as long at most: `clean` finds no such text too long.
        name = clean(text, 3 * len(text))
    except ValueError:
        return Read(text, "too_long" if len(text) > NAME_LENGTH else "characters")
    return Read(name, "too_long" if len(name) > NAME_LENGTH else None)


def read_email(sent: str) -> Read:
    """Return the e-mail in a field."""
    text = trimmed(sent)
    if is_blank(text):
        return Read(text, "required")
    try:
        return Read(parse_email(text))
    except ValueError:
        return Read(text, "email")
