"""
Header fields that may be sent, and the outcomes of a message.

The grammar is that of RFC 9110; only the sender writes the names in FRAMING.
"""

import re
from collections.abc import Mapping
from typing import Literal, NamedTuple

Reason = Literal["blocked", "resolve", "connect", "tls", "timeout", "protocol", "target"]


class NotSent(Exception):
    """
    A message without an answer; `reason` is one word, without the URL and the address.

    `blocked`: an address that may not be reached. `target`: a URL or a header field that cannot
    be used. `timeout` and `protocol` leave open whether the receiver acted on the message.
    """

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason: Reason = reason


class Sent(NamedTuple):
    """The head of an answer with any status."""

    status: int
    headers: Mapping[str, str]
    """Names in lower case; the values of repeated fields, joined by commas."""


class Answered(NamedTuple):
    """A whole answer with any status."""

    status: int
    headers: Mapping[str, str]
    """As in `Sent`."""
    body: bytes
    """As sent: every byte that its length or its chunks promised, decoded from nothing."""


_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
"""`token`. Source: RFC 9110 §5.6.2."""

_VALUE = re.compile(r"(?:[!-~](?:[\t -~]*[!-~])?)?")
"""
`field-value` in ASCII: no CR, LF, NUL or other control, no space at either end.

Bytes above 0x7F are left out: RFC 9110 §5.5 allows them only for old applications, and servers
read them differently.
"""

FRAMING = frozenset(
    {
        "connection",
        "content-length",
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
"""
Names that tell the receiver of a message or its end, or that concern one hop alone. Source:
RFC 9110 §7.6.1.
"""


def is_field_name(name: str) -> bool:
    """Return whether the text is a field name by the grammar."""
    return _NAME.fullmatch(name) is not None


def is_field_value(value: str) -> bool:
    """Return whether the text is a field value by the grammar, in ASCII."""
    return _VALUE.fullmatch(value) is not None


def is_sendable(name: str, value: str) -> bool:
    """Return whether the field may stand in a request and leaves its framing as it is."""
    return is_field_name(name) and is_field_value(value) and name.lower() not in FRAMING
