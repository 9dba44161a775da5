"""Events as they are told: the exact bytes of a webhook's body, and what its rule compares."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

import msgspec

from sijill.customers.model import Customer, Extras
from sijill.customers.wire import Json, body
from sijill.http.envelope import encode
from sijill.http.languages import Language
from sijill.stores.model import Store
from sijill.values.dates import zone
from sijill.webhooks.events import CREATED, LOGIN, OTP, UPDATED
from sijill.webhooks.rule import ATTRIBUTES, Attributes


class Kind(NamedTuple):
    """An event that apps can subscribe to."""

    id: int
    label: dict[Language, str]


EVENTS = {
    CREATED: Kind(1764372897, {"ar": "تمت إضافة عميل", "en": "A customer was added"}),
    UPDATED: Kind(989286562, {"ar": "تم تحديث بيانات عميل", "en": "A customer was updated"}),
    LOGIN: Kind(1412906338, {"ar": "تم تسجيل دخول عميل", "en": "A customer logged in"}),
    OTP: Kind(730518264, {"ar": "تم طلب رمز تحقق لعميل", "en": "A customer needs a login code"}),
}
"""
Name to id and label. Source: Salla "List Events" for the first two in Arabic; the other ids are
ours, and never change.
"""


class Source(msgspec.Struct, frozen=True, rename={"user_agent": "user-agent"}):
    """Where a customer came from; None is not known."""

    device: str | None = None
    user_agent: str | None = None
    ip: str | None = None


def event_body(
    store: Store,
    name: str,
    at: datetime,
    customer: Customer,
    *,
    source: Source | None = None,
    escaped: bool = True,
) -> bytes:
    """
    Return what an event of one customer says, in the bytes that are signed and sent.

    `source` is known of a login, and left out elsewhere. `escaped` writes as PHP's json_encode does
    unasked, `\\/` and `\\uXXXX`; otherwise nothing beyond what JSON demands is escaped.
    Source: Salla "Customer webhook events".
    """
    data = _data(customer, store)
    if source is not None:
        data["source"] = source
    extras = customer.extras or Extras()
    data["is_notifications_enabled"] = extras.is_notifications_enabled
    return _told(store, name, _spoken(at, store), data, escaped)


def otp_body(store: Store, at: datetime, code: str, contact: str, *, escaped: bool = True) -> bytes:
    """Return what `customer.otp.request` says: the code, and to whom it could not be brought."""
    return _told(store, OTP, _spoken(at, store), {"code": code, "contact": contact}, escaped)


def app_event_body(
    store: Store, name: str, at: datetime, data: Mapping[str, Any], *, escaped: bool = True
) -> bytes:
    """Return what an event of an app's install says. Source: Salla "App Events"."""
    wall = at.astimezone(zone(store.timezone))
    return _told(store, name, f"{wall:%Y-%m-%d %H:%M:%S}", data, escaped)


def attributes(customer: Customer, store: Store) -> Attributes:
    """
    Return what rules compare of a customer: the values that a receiver is told.

    A mobile is text, and a birthday is its day alone.
    """
    return _compared(_data(customer, store))


def told_attributes(event: bytes) -> Attributes:
    """Return the same from an event's body; what the event does not tell is None."""
    return _compared(msgspec.json.decode(event)["data"])


def _compared(data: Json) -> Attributes:
    mobile, birthday = data.get("mobile"), data.get("birthday")
    return {name: data.get(name) for name in ATTRIBUTES} | {
        "mobile": None if mobile is None else str(mobile),
        "birthday": birthday and birthday["date"][:_DAY],
    }


_DAY = len("1997-06-03")
_ELSEWHERE = ("full_name", "lang", "created_at")
"""Keys of the observed profile that webhooks lack."""


def _data(customer: Customer, store: Store) -> Json:
    """Return the customer as in Customer Details, but for three things; see `wire.profiles`."""
    data = body(customer, store)
    for name in _ELSEWHERE:
        data.pop(name, None)
    if data["mobile_code"]:
        data["mobile_code"] = f"+{customer.mobile_code}"
    data["country_code"] = customer.country_code
    return data


def _told(store: Store, name: str, at: str, data: Mapping[str, Any], escaped: bool) -> bytes:
    told = encode({"event": name, "merchant": store.id, "created_at": at, "data": data})
    return _escaped(told) if escaped else told


_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def _spoken(at: datetime, store: Store) -> str:
    """Return `Tue Jan 25 2022 12:36:49 GMT+0300`, English whatever the process's locale is."""
    wall = at.astimezone(zone(store.timezone))
    day, month = _DAYS[wall.weekday()], _MONTHS[wall.month - 1]
    return f"{day} {month} {wall:%d %Y %H:%M:%S GMT%z}"


_NOT_ASCII = re.compile(r"[^\x00-\x7f]")


def _escaped(document: bytes) -> bytes:
    """Escape as PHP does. In JSON neither kind of character stands anywhere but in texts."""
    text = document.decode().replace("/", "\\/")
    return _NOT_ASCII.sub(_units, text).encode()


def _units(match: re.Match[str]) -> str:
    """Return a character as its UTF-16 units in lower-case hex: one, or a surrogate pair."""
    return "".join(f"\\u{unit}" for unit in match[0].encode("utf-16-be").hex(" ", 2).split())
