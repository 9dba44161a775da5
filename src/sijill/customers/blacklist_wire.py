"""What Ban Customer says, and how it and Un-Ban Customer are answered."""

from typing import cast

from sijill.customers.blacklist import REASON_LENGTH
from sijill.fields.form import Form
from sijill.http.bodies import Fields
from sijill.http.envelope import success

BANNED = "The Blacklist has been updated successfully"
UNBANNED = "The customer in the blacklist has been removed successfully"
"""Both are English whatever is asked: so Salla's samples have them."""


def read_reason(fields: Fields) -> str:
    """
    Return the reason of a ban. Source: Salla "Ban Customer".

    Raises: Invalid if there is none, or it is no text that is kept.
    """
    form = Form({"reason": fields.get("reason")})  # one that is absent is as an empty one
    reason = form.text("reason", REASON_LENGTH)
    form.check()
    return cast(str, reason)


def told(message: str, status: int) -> bytes:
    """Return the body of an answer that is one sentence."""
    return success({"message": message, "code": status}, status)
