"""Which apps were sent the data of a person: a row for each app and address."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from msgspec import Struct

SENT = frozenset({"done"})
"""The states of deliveries that an app has received."""


class Recipient(Struct, frozen=True):
    """An address of an app, and what was sent there of a person."""

    app: str
    url: str
    received: int
    """Deliveries that the app acknowledged."""
    perhaps: int
    """Deliveries that were attempted, and not acknowledged: the app may have read them."""
    first_at: datetime
    last_at: datetime


def recipients_of(deliveries: Iterable[dict[str, Any]]) -> list[Recipient]:
    """Return the recipients of deliveries, in the order of apps and addresses."""
    found: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for one in deliveries:
        if one["state"] in SENT or (one["attempts"] and one["state"] != "captured"):
            found.setdefault((one["app"], one["url"]), []).append(one)
    return [
        Recipient(
            *(app, url),
            received=sum(one["state"] in SENT for one in sent),
            perhaps=sum(one["state"] not in SENT for one in sent),
            first_at=min(one["created_at"] for one in sent),
            last_at=max(one["created_at"] for one in sent),
        )
        for (app, url), sent in sorted(found.items())
    ]
