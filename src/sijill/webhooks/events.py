"""Events: changes of customers and of apps' installs, which apps can subscribe to."""

from datetime import datetime
from typing import NamedTuple

from msgspec import Struct

from sijill.http.sentences import Language

CREATED, UPDATED = "customer.created", "customer.updated"
LOGIN, OTP = "customer.login", "customer.otp.request"


class Event(Struct, frozen=True):
    """One event. Its body is made once: every delivery sends the same bytes."""

    id: str
    """The same in every delivery and every retry."""
    store_id: int
    name: str
    at: datetime
    body: bytes
    customer_id: int | None = None
    app_id: int | None = None
    """The one app that gets the event; None if every subscribed app gets it."""


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
