"""
Signatures and headers of a delivery: how a receiver knows whence it comes and that it is whole.

Salla's own signature covers the body alone. The headers of Standard Webhooks stand beside it: they
add an id and a time, and so make a replay known.
Source: Salla "Webhooks"; Standard Webhooks 1.0.0.
"""

import hmac
import secrets
from base64 import b64decode, b64encode
from collections.abc import Sequence
from hashlib import sha256
from string import ascii_letters, digits

from sijill import __version__
from sijill.webhooks.model import Strategy

Headers = Sequence[tuple[str, str]]

USER_AGENT = f"Sijill/{__version__}"

TOLERANCE = 300
"""Seconds by which a signed time may differ from the receiver's clock, either way."""

SECRET_PREFIX = "whsec_"  # noqa: S105 - what a secret begins with
SECRET_BYTES = 24

MAX_HEADERS = 20
MAX_HEADER_CHARACTERS = 4_096
"""Of the names and values of one webhook's own headers, together."""


def new_secret() -> str:
    """Return a fresh secret: `whsec_` and the base64 of 24 random bytes."""
    return SECRET_PREFIX + b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def salla_signature(secret: str, body: bytes) -> str:
    """Return the HMAC-SHA256 of the body in lower-case hex: what X-Salla-Signature says."""
    return hmac.new(secret.encode(), body, sha256).hexdigest()


def verify_salla(secret: str, body: bytes, signature: str) -> bool:
    """Return whether X-Salla-Signature is that of this body, in a time that tells nothing."""
    return _equal(salla_signature(secret, body), signature)


def standard_headers(
    secret: str, message_id: str, timestamp: int, body: bytes
) -> list[tuple[str, str]]:
    """
    Return the three headers of Standard Webhooks; `timestamp` is in UTC epoch seconds.

    A secret `whsec_…` is the base64 of the key; of any other its UTF-8 bytes are the key.
    """
    signature = _standard_signature(secret, message_id, str(timestamp), body)
    return [
        ("webhook-id", message_id),
        ("webhook-timestamp", str(timestamp)),
        ("webhook-signature", signature),
    ]


def verify_standard(
    secret: str, message_id: str, timestamp: str, signatures: str, body: bytes, now: float
) -> bool:
    """
    Return whether one of the `signatures` is right, and its time within the tolerance of `now`.

    `message_id`, `timestamp` and `signatures` are the headers as they came: while secrets change
    there are several signatures, with a space between.
    """
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= len(str(2**63))):
        return False
    if abs(now - int(timestamp)) > TOLERANCE:
        return False
    wanted = _standard_signature(secret, message_id, timestamp, body)
    return any(_equal(wanted, signature) for signature in signatures.split(" "))


def delivery_headers(
    strategy: Strategy,
    secret: str | None,
    message_id: str,
    timestamp: int,
    body: bytes,
    custom: Headers,
    standard: bool,
) -> list[tuple[str, str]]:
    """
    Return every header of a delivery but those that say where it goes and how long it is.

    Without a secret there is no strategy. The `custom` ones are sent as they are written; one of
    them may take the place of User-Agent, and of Authorization unless the secret stands there, and
    of no other of ours.
    """
    ours = [("Content-Type", "application/json"), *_security(strategy, secret, body)]
    if standard and secret:
        ours += standard_headers(secret, message_id, timestamp, body)
    fixed = {name.lower() for name, _ in ours}
    theirs = [(name, value) for name, value in custom if name.lower() not in fixed]
    if all(name.lower() != "user-agent" for name, _ in theirs):
        ours.append(("User-Agent", USER_AGENT))
    return ours + theirs


def _security(strategy: Strategy, secret: str | None, body: bytes) -> list[tuple[str, str]]:
    if not secret or strategy == "none":
        return []
    name = "X-Salla-Security-Strategy"
    if strategy == "token":
        return [(name, "Token"), ("Authorization", secret)]
    return [(name, "Signature"), ("X-Salla-Signature", salla_signature(secret, body))]


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


def _equal(wanted: str, given: str) -> bool:
    """Compare in a time that does not tell how much is right; a text may hold any character."""
    return hmac.compare_digest(wanted.encode(), given.encode("utf-8", "surrogatepass"))


_NAME = frozenset(ascii_letters + digits + "!#$%&'*+-.^_`|~")
"""`tchar`. Source: RFC 9110 §5.6.2."""

_VALUE = frozenset(map(chr, range(0x20, 0x7F))) | {"\t"}
"""Of field values, what is ASCII: what lies beyond means different things to different servers."""

_RESERVED = frozenset(
    {
        "connection",
        "expect",
        "host",
        "http2-settings",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    }
)
_RESERVED_BEGINNINGS = ("content-", "x-salla-", "webhook-")


def header_fault(name: str, value: str) -> str | None:
    """
    Return the rule of `fields.rules` that a custom header breaks, None if it may be sent.

    Source: RFC 9110 §5.1, §5.5, §5.6.2 for the grammar, §7.6.1 for what concerns one hop alone.
    """
    if not name or not _NAME.issuperset(name):
        return "header_name"
    # Receivers that speak CGI, as PHP's do, take _ for -.
    known = name.lower().replace("_", "-")
    if known in _RESERVED or known.startswith(_RESERVED_BEGINNINGS):
        return "header_reserved"
    if not _VALUE.issuperset(value) or value != value.strip():
        return "header_value"
    return None


def headers_fault(headers: Headers) -> str | None:
    """Return the rule of `fields.rules` that the headers break together, None if none is broken."""
    if len(headers) > MAX_HEADERS:
        return f"max_items:{MAX_HEADERS}"
    if sum(len(name) + len(value) for name, value in headers) > MAX_HEADER_CHARACTERS:
        return f"max:{MAX_HEADER_CHARACTERS}"
    return None
