"""The webhooks of upstream, and the meaning of each event for the mirror."""

from collections.abc import Mapping
from typing import Literal, NamedTuple

import msgspec
from msgspec import Raw, Struct

from sijill.webhooks.signing import verify_salla

SIGNATURE = b"x-salla-signature"

Meaning = Literal["merge", "nothing", "uninstalled"]

MEANINGS: Mapping[str, Meaning] = {
    "customer.created": "merge",
    "customer.updated": "merge",
    "customer.login": "nothing",
    "customer.otp.request": "nothing",
    "app.uninstalled": "uninstalled",
}
"""
What an event means; others mean nothing.

A sign-in changes nothing that the mirror holds. A webhook's body is partial: `merge` takes what it
holds, and asks for the customer soon.
"""


class Heard(NamedTuple):
    """A webhook that waits to be worked. `heard_at` is in microseconds of the UTC epoch."""

    number: int
    store_id: int
    sequence: int
    heard_at: int
    body: bytes


class Told(Struct):
    """The parts of a body that are read."""

    event: str
    merchant: int | str | None = None
    data: Raw = Raw(b"{}")


class _Subject(Struct):
    id: int


def is_genuine(secret: str | None, body: bytes, signature: str | None) -> bool:
    """Return whether upstream signed these bytes; without a secret, or a signature, it did not."""
    if not secret or not signature:
        return False
    return verify_salla(secret, body, signature.strip().lower())


def read(body: bytes) -> Told | None:
    """Return what a body says; None for one that is no event."""
    try:
        return _told.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def customer_of(data: bytes) -> int | None:
    """Return the id of the customer that an event is about, or None."""
    try:
        found = _subject.decode(data).id
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    return found if 0 < found < 2**63 else None


def meaning_of(told: Told, merchant: int | None) -> Meaning:
    """Return what an event means to the store whose id upstream is `merchant`, None if unknown."""
    if merchant is not None and str(told.merchant) != str(merchant):
        return "nothing"  # an app has one secret for all its stores
    return MEANINGS.get(told.event, "nothing")


_told = msgspec.json.Decoder(Told)
_subject = msgspec.json.Decoder(_Subject)
