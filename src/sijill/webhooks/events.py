"""Events: changes of customers and of apps' installs, and the exact bytes of their bodies."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from msgspec import Struct

from sijill.audit.actions import VIEW
from sijill.http.envelope import encode
from sijill.localized import Language
from sijill.oauth.apps import App
from sijill.stores.model import Store
from sijill.values.dates import wall_text, zone

CREATED, UPDATED = "customer.created", "customer.updated"
LOGIN, OTP = "customer.login", "customer.otp.request"

DELETED = "customer.deleted"
"""In the feed alone: Salla has no such event, so no webhook can subscribe to it."""


ERASED = "customer.erased"
"""
The notice that a person was erased, for every endpoint of a store: erase the person there too.

It is ours, and only sent where the setting `erased_notice` is on: Salla has no such event.
"""

_OF_ID_ALONE = (DELETED, ERASED)


class Event(Struct, frozen=True):
    """
    One event. Its body is made once: every delivery sends the same bytes.

    The body is empty once the customer was deleted: id, name and time of the event stay.
    """

    id: str
    """The same in every delivery and every retry."""
    store_id: int
    name: str
    at: datetime
    body: bytes
    customer_id: int | None = None
    app_id: int | None = None
    """The one app that gets the event; None if every subscribed app gets it."""

    @property
    def erased(self) -> bool:
        """Whether the customer was deleted, and with it the body."""
        return not self.body


class Positioned(Struct, frozen=True):
    """An event in the feed; positions grow, and no position is used twice."""

    position: int
    event: Event


class EventKind(NamedTuple):
    """An event that apps can subscribe to."""

    id: int
    label: dict[Language, str]


EVENTS = {
    CREATED: EventKind(1764372897, {"ar": "تمت إضافة عميل", "en": "A customer was added"}),
    UPDATED: EventKind(989286562, {"ar": "تم تحديث بيانات عميل", "en": "A customer was updated"}),
    LOGIN: EventKind(1412906338, {"ar": "تم تسجيل دخول عميل", "en": "A customer logged in"}),
    OTP: EventKind(
        730518264, {"ar": "تم طلب رمز تحقق لعميل", "en": "A customer needs a login code"}
    ),
}
"""
Name to id and label. Source: Salla "List Events" for the first two in Arabic; the other ids are
ours, and never change.
"""


def customers_in(events: Iterable[Event]) -> tuple[str, list[int]] | None:
    """Return what events show, for the audit log: None if it is of no customer."""
    told = (event for event in events if event.name not in _OF_ID_ALONE and not event.erased)
    ids = [event.customer_id for event in told if event.customer_id is not None]
    return (VIEW, ids) if ids else None


SQL_LISTS = {"event_names": " UNION ALL ".join(f"SELECT '{name}' AS event" for name in EVENTS)}
"""A row for each event that apps can subscribe to, for statements."""

FEED_EVENTS = (*EVENTS, DELETED, ERASED)
"""The names of the feed of changes."""

INSTALLED, UNINSTALLED = "app.installed", "app.uninstalled"
AUTHORIZED = "app.store.authorize"

_DATES = {INSTALLED: "installation_date", UNINSTALLED: "uninstallation_date"}


def otp_body(
    store: Store, at: datetime, code: str, contact: str, *, escaped: bool = False
) -> bytes:
    """Return `customer.otp.request`: the code, and the contact that it could not be sent to."""
    return event_document(
        store, OTP, script_date(at, store), {"code": code, "contact": contact}, escaped=escaped
    )


def app_event_body(
    store: Store, name: str, at: datetime, data: Mapping[str, Any], *, escaped: bool = False
) -> bytes:
    """Return an event of an app's install. Source: Salla "App Events"."""
    wall = at.astimezone(zone(store.timezone))
    return event_document(store, name, f"{wall:%Y-%m-%d %H:%M:%S}", data, escaped=escaped)


def install_event(
    store: Store,
    name: str,
    at: datetime,
    app: App,
    scopes: Iterable[str],
    *,
    escaped: bool = False,
) -> bytes:
    """
    Return the event INSTALLED or UNINSTALLED of an app, with the scopes that it was granted.

    Source: Salla "App Events" for INSTALLED; UNINSTALLED has the same shape.
    """
    data = {
        "id": app.id,
        "app_name": app.name,
        "app_description": "",
        "app_type": "app",
        "app_scopes": sorted(scopes),
        _DATES[name]: wall_text(at, store.timezone),
    }
    return app_event_body(store, name, at, data, escaped=escaped)


def authorize_event(
    store: Store,
    at: datetime,
    *,
    access: str,
    refresh: str,
    scope: str,
    until: datetime,
    escaped: bool = False,
) -> bytes:
    """
    Return the event AUTHORIZED, as Salla posts it to an app in easy mode.

    `expires` is the Unix time of `until`, when the access token ends.
    Source: Salla "Authorization", the sample of app.store.authorize.
    """
    data = {
        "access_token": access,
        "expires": int(until.timestamp()),
        "refresh_token": refresh,
        "scope": scope,
        "token_type": "bearer",
    }
    return app_event_body(store, AUTHORIZED, at, data, escaped=escaped)


def event_document(
    store: Store, name: str, at: str, data: Mapping[str, Any], *, escaped: bool
) -> bytes:
    """
    Return an event's body: the bytes that JSON.stringify would write of it.

    `escaped` writes `\\/` and `\\uXXXX`, as PHP's json_encode does.
    """
    document = encode({"event": name, "merchant": store.id, "created_at": at, "data": data})
    return _escaped(document) if escaped else document


_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def script_date(at: datetime, store: Store) -> str:
    """Return `Tue Jan 25 2022 12:36:49 GMT+0300`, in English under every locale of the process."""
    wall = at.astimezone(zone(store.timezone))
    day, month = _DAYS[wall.weekday()], _MONTHS[wall.month - 1]
    return f"{day} {month} {wall:%d %Y %H:%M:%S GMT%z}"


_NOT_ASCII = re.compile(r"[^\x00-\x7f]")


def _escaped(document: bytes) -> bytes:
    """Escape as PHP does. In JSON, both kinds of characters stand only in strings."""
    text = document.decode().replace("/", "\\/")
    return _NOT_ASCII.sub(_units, text).encode()


def _units(match: re.Match[str]) -> str:
    """Return a character as its UTF-16 units in lower-case hex: one, or a surrogate pair."""
    return "".join(f"\\u{unit}" for unit in match[0].encode("utf-16-be").hex(" ", 2).split())
