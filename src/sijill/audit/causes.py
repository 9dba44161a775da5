"""The causes of entries: who acted, through what, and for which reason."""

import re
from collections.abc import Mapping
from typing import Literal, NamedTuple

from sijill.localized import Localized

Kind = Literal["app", "person", "operator", "server"]
Through = Literal["api", "page", "cli", "import", "server"]

REASONS: Mapping[str, Localized] = {
    "request": Localized("طلب من العميل نفسه.", "The customer asked for it."),
    "support": Localized("الرد على استفسار العميل.", "A question of the customer is answered."),
    "correction": Localized("تصحيح بيانات خاطئة.", "Wrong data is being corrected."),
    "dispute": Localized("نزاع على دفعة أو طلب.", "A payment or an order is disputed."),
    "fraud": Localized("التحقق من شبهة احتيال.", "A suspicion of fraud is being examined."),
    "law": Localized("طلب من جهة رسمية أو محكمة.", "An authority or a court asked for it."),
    "operation": Localized(
        "تشغيل السجل: نقله أو إصلاحه أو اختباره.",
        "The register is being operated: moved, repaired or tested.",
    ),
}
"""Every reason that an entry may name."""

_TICKET = re.compile(r"[A-Z]{1,10}-[0-9]{1,10}", re.ASCII)


class Cause(NamedTuple):
    """The actor, the channel and the reason: the same for every entry of one request or command."""

    kind: Kind
    actor: int = 0
    """The id of the app or the person; 0 for the operator and the server."""
    token: int = 0
    """The id of the app's access token; 0 without one."""
    through: Through = "server"
    by: str = ""
    """The path template of the route, the words of the command, the import, or the group."""
    request: str = ""
    """The id of the request; "" outside requests."""
    reason: str = ""
    """A row of REASONS, or ""."""
    ticket: str = ""
    """As `parse_ticket` reads it, or ""."""


SERVER = Cause("server")
"""The cause of a change that nobody asked for at that moment."""


def operator(command: str, reason: str = "", ticket: str = "") -> Cause:
    """Return the cause of a command, such as `export`."""
    return Cause("operator", through="cli", by=command, reason=reason, ticket=ticket)


def parse_ticket(text: str) -> str:
    """
    Return the number of a ticket, such as HELP-1234: no text that could hold a name.

    Raises: ValueError.
    """
    if _TICKET.fullmatch(text) is None:
        raise ValueError("write up to 10 capital letters, a hyphen and up to 10 digits: HELP-1234")
    return text
