"""An event: something happened to a customer or to an app's install, and apps are told."""

from datetime import datetime
from typing import NamedTuple

from msgspec import Struct

from sijill.http.languages import Language

CREATED, UPDATED = "customer.created", "customer.updated"
LOGIN, OTP = "customer.login", "customer.otp.request"


class Event(Struct, frozen=True):
    """What happened, as it is told: the body is made once and never again."""

    id: str
    """The same over every delivery and every retry."""
    store_id: int
    name: str
    at: datetime
    body: bytes
    customer_id: int | None = None
    app_id: int | None = None
    """The one app that is told; None tells every app that subscribed."""


class Positioned(Struct, frozen=True):
    """An event in the feed; positions grow, and one that was given is never given again."""

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
