"""Which apps got the data of a person: by a webhook, or by asking the API."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Literal

from msgspec import Struct

from sijill.audit.actions import VIEW

RECEIVED = "done"
"""The state of a delivery that an app has acknowledged."""

NOT_SENT = "captured"
"""The state of a delivery that was noted and not sent."""


class Recipient(Struct, frozen=True):
    """An app, one way in which it got data of a person, and how often."""

    app: str
    by: Literal["webhook", "api"]
    url: str
    """The address of the webhook; "" for the API."""
    received: int
    """Deliveries that the app acknowledged, or times at which the API showed the person."""
    perhaps: int
    """Deliveries that were attempted and not acknowledged: the app may have read them."""
    first_at: datetime
    last_at: datetime


def sent(deliveries: Iterable[Mapping[str, Any]]) -> list[Recipient]:
    """Return the recipients of deliveries, in the order of apps and addresses."""
    found: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for one in deliveries:
        if one["state"] != NOT_SENT and (one["attempts"] or one["state"] == RECEIVED):
            found.setdefault((one["app"], one["url"]), []).append(one)
    return [
        Recipient(
            *(app, "webhook", url),
            received=sum(one["state"] == RECEIVED for one in some),
            perhaps=sum(one["state"] != RECEIVED for one in some),
            first_at=min(one["created_at"] for one in some),
            last_at=max(one["created_at"] for one in some),
        )
        for (app, url), some in sorted(found.items())
    ]


def shown(entries: Iterable[Mapping[str, Any]], names: Mapping[int, str]) -> list[Recipient]:
    """
    Return the apps to which the API showed a person, by the rows of the audit log.

    `names` has the names of apps by id; an app that was deleted is named by its id.
    """
    found: dict[int, list[datetime]] = {}
    for one in entries:
        if one["kind"] == "app" and one["action"] == VIEW:
            found.setdefault(one["actor"], []).append(one["at"])
    return [
        Recipient(names.get(app, str(app)), "api", "", len(at), 0, min(at), max(at))
        for app, at in sorted(found.items())
    ]
