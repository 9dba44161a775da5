"""What Ban Customer says, and how it and Un-Ban Customer are answered."""

from sijill.customers.blacklist import REASON_LENGTH
from sijill.fields.field import Field, Table
from sijill.fields.form import Fields
from sijill.fields.texts import text
from sijill.http.envelope import Sentence, success
from sijill.localized import Localized

BANNED = "The Blacklist has been updated successfully"
UNBANNED = "The customer in the blacklist has been removed successfully"
"""Both are English whatever is asked: so Salla's samples have them."""


BAN = Table(
    Field(
        "reason",
        text(REASON_LENGTH),
        sentence=Localized("سبب الحظر.", "Why the customer is banned."),
    )
)


def read_reason(fields: Fields) -> str:
    """
    Return the reason of a ban. Source: Salla "Ban Customer".

    Raises: Invalid if there is none, or it is no text that is kept.
    """
    form, values = BAN.read({"reason": fields.get("reason")})  # an absent one is as an empty one
    form.check()
    reason: str = values["reason"]
    return reason


def told(message: str, status: int) -> bytes:
    """Return the body of an answer that is one sentence."""
    return success(Sentence(message, status), status)
