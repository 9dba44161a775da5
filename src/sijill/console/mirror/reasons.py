"""Why a copy is not well, in words: each reason leads to a sentence, and to what is to be done."""

from collections.abc import Mapping

REASONS: Mapping[str, str] = {
    **dict.fromkeys(("resolve", "connect", "tls", "timeout", "protocol"), "away"),
    **dict.fromkeys(("blocked", "target"), "address"),
    **dict.fromkeys(("body", "details", "list", "pagination", "short_page"), "unreadable"),
    **dict.fromkeys(("repeated_row", "customer", "id"), "unreadable"),
    **dict.fromkeys(("order", "bounds", "zone", "capped"), "lists"),
    "renewal": "renewal",
    "shape": "shape",
    "token": "token",
    "uninstalled": "uninstalled",
    "guard": "guard",
}
"""The end of the keys `mirror_why_…` and `mirror_do_…` by the reason of a trouble."""


def reason_key(reason: str) -> str:
    """Return the end of the keys of the words of a reason; `status_503` is one of `status`."""
    if reason.startswith("status_"):
        return "status"
    return REASONS.get(reason, "unknown")
