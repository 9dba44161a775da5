"""The exact bytes of a webhook's body: the envelope of an event, and events of installs."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sijill.http.envelope import encode
from sijill.stores.model import Store
from sijill.values.dates import zone
from sijill.webhooks.events import OTP


def otp_body(store: Store, at: datetime, code: str, contact: str, *, escaped: bool = True) -> bytes:
    """Return what `customer.otp.request` says: the code, and to whom it could not be brought."""
    return event_document(
        store, OTP, script_date(at, store), {"code": code, "contact": contact}, escaped=escaped
    )


def app_event_body(
    store: Store, name: str, at: datetime, data: Mapping[str, Any], *, escaped: bool = True
) -> bytes:
    """Return what an event of an app's install says. Source: Salla "App Events"."""
    wall = at.astimezone(zone(store.timezone))
    return event_document(store, name, f"{wall:%Y-%m-%d %H:%M:%S}", data, escaped=escaped)


def event_document(
    store: Store, name: str, at: str, data: Mapping[str, Any], *, escaped: bool
) -> bytes:
    """Return an event's body; `escaped` writes `\\/` and `\\uXXXX`, as PHP's json_encode does."""
    document = encode({"event": name, "merchant": store.id, "created_at": at, "data": data})
    return _escaped(document) if escaped else document


_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def script_date(at: datetime, store: Store) -> str:
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
