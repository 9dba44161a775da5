"""
Signatures of a delivery, which prove its origin and that it is unchanged, and custom headers.

Salla's own signature covers the body alone. The headers of Standard Webhooks stand beside it: they
add an id and a time, and so reveal a replay.
Source: Salla "Webhooks"; Standard Webhooks 1.0.0.
"""

import hmac
import secrets
from base64 import b64decode, b64encode
from collections.abc import Sequence
from hashlib import sha256

from sijill.egress.message import FRAMING, is_field_name, is_field_value

Headers = Sequence[tuple[str, str]]

TOLERANCE = 300
"""Seconds by which a signed time may differ from the receiver's clock, either way."""

SECRET_PREFIX = "whsec_"  # noqa: S105 - the prefix of every secret
SECRET_BYTES = 24

MAX_HEADERS = 20
MAX_HEADER_CHARACTERS = 4_096
"""Names and values of one webhook's own headers, together."""


def new_secret() -> str:
    """Return a fresh secret: `whsec_` and the base64 of 24 random bytes."""
    return SECRET_PREFIX + b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def salla_signature(secret: str, body: bytes) -> str:
    """Return X-Salla-Signature: the HMAC-SHA256 of the body in lower-case hex."""
    return hmac.new(secret.encode(), body, sha256).hexdigest()


def verify_salla(secret: str, body: bytes, signature: str) -> bool:
    """Return whether X-Salla-Signature is that of this body, in constant time."""
    return _equal(salla_signature(secret, body), signature)


def standard_headers(
    secret: str | None, message_id: str, timestamp: int, body: bytes
) -> list[tuple[str, str]]:
    """
    Return the headers of Standard Webhooks: id, `timestamp` in UTC epoch seconds, and signature.

    Without a secret there is no signature; a receiver recognises a repeated delivery all the same.
    A secret `whsec_…` is the base64 of the key; the key of any other is its UTF-8 bytes.
    """
    ours = [("webhook-id", message_id), ("webhook-timestamp", str(timestamp))]
    if secret:
        signature = _standard_signature(secret, message_id, str(timestamp), body)
        ours.append(("webhook-signature", signature))
    return ours


def verify_standard(
    secret: str, message_id: str, timestamp: str, signatures: str, body: bytes, now: float
) -> bool:
    """
    Return whether one of the `signatures` is right, and `timestamp` within TOLERANCE of `now`.

    `message_id`, `timestamp` and `signatures` are the headers as received: while a secret is being
    replaced there are several signatures, separated by a space.
    """
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= len(str(2**63))):
        return False
    if abs(now - int(timestamp)) > TOLERANCE:
        return False
    expected = _standard_signature(secret, message_id, timestamp, body)
    return any(_equal(expected, signature) for signature in signatures.split(" "))


def _standard_signature(secret: str, message_id: str, timestamp: str, body: bytes) -> str:
    signed = f"{message_id}.{timestamp}.".encode("utf-8", "surrogatepass") + body
    return "v1," + b64encode(hmac.digest(_key(secret), signed, "sha256")).decode()


def _key(secret: str) -> bytes:
    if not secret.startswith(SECRET_PREFIX):
        return secret.encode()
    try:
        key = b64decode(secret.removeprefix(SECRET_PREFIX), validate=True)
    except ValueError:
        key = b""
    return key or secret.encode()  # an empty key would sign for everybody


def _equal(expected: str, given: str) -> bool:
    """Compare in constant time; `given` may hold any character, also a lone surrogate."""
    return hmac.compare_digest(expected.encode(), given.encode("utf-8", "surrogatepass"))


_RESERVED_BEGINNINGS = ("content-", "x-salla-", "webhook-")
"""Beginnings of headers that only the server writes, beside those in FRAMING."""


def header_fault(name: str, value: str) -> str | None:
    """Return the rule of `fields.rules` that a custom header breaks, or None."""
    if not is_field_name(name):
        return "header_name"
    # CGI, and so PHP, does not tell _ from -.
    known = name.lower().replace("_", "-")
    if known in FRAMING or known.startswith(_RESERVED_BEGINNINGS):
        return "header_reserved"
    if not is_field_value(value):
        return "header_value"
    return None


def headers_fault(headers: Headers) -> str | None:
    """Return the rule of `fields.rules` that the headers break together, or None."""
    if len(headers) > MAX_HEADERS:
        return f"max_items:{MAX_HEADERS}"
    if sum(len(name) + len(value) for name, value in headers) > MAX_HEADER_CHARACTERS:
        return f"max:{MAX_HEADER_CHARACTERS}"
    return None
