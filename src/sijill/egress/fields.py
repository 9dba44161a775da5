"""Header fields that may be sent: the grammar of RFC 9110, and the names that are not ours."""

import re

_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
"""`token`. Source: RFC 9110 §5.6.2."""

_VALUE = re.compile(r"(?:[!-~](?:[\t -~]*[!-~])?)?")
"""
`field-value` in ASCII: no CR, LF, NUL or other control, no space at either end.

Bytes above 0x7F are left out: RFC 9110 §5.5 keeps them only for what was written long ago.
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
"""Names that say where a message goes or where it ends: the sender alone writes them."""


def is_sendable(name: str, value: str) -> bool:
    """Return whether the field can stand in a request and changes nothing about its frame."""
    return (
        _NAME.fullmatch(name) is not None
        and _VALUE.fullmatch(value) is not None
        and name.lower() not in FRAMING
    )
