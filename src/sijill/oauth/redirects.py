"""Redirect URIs: which may be registered, and whether a requested one is registered."""

import re
from collections.abc import Collection

from sijill.values.urls import is_port, origin_of

MAX_LENGTH = 2_000
"""Characters of a redirect URI at most."""

_LOOPBACK = re.compile(
    r"(http://(?:127\.0\.0\.1|\[::1\]|localhost))(?::([0-9]{1,5}))?(/[\x21-\x7e]*)?", re.ASCII
)


def registrable(text: str) -> str:
    """
    Return a redirect URI as it is written, byte for byte.

    Raises: ValueError with a sentence that says how to write it.
    Source: RFC 6749 §3.1.2, RFC 8252 §7.3, RFC 9700 §2.1.
    """
    if len(text) > MAX_LENGTH or "\\" in text or "#" in text:
        raise ValueError(f"write at most {MAX_LENGTH} characters, no backslash and no fragment")
    origin_of(text)
    if text.startswith("http:") and _loopback(text) is None:
        raise ValueError("write https://, or http:// with 127.0.0.1, [::1] or localhost")
    return text


def is_registered(requested: str, registered: Collection[str]) -> bool:
    """
    Return whether `requested` is one of `registered`, byte for byte.

    The port of a loopback address may differ: a native app takes a free one (RFC 8252 §7.3).
    """
    loopback = _loopback(requested)
    same = loopback is not None and loopback in map(_loopback, registered)
    return same or requested in registered


def _loopback(uri: str) -> tuple[str, str | None] | None:
    """Return a loopback URI without its port, in two parts, or None for any other URI."""
    match = _LOOPBACK.fullmatch(uri)
    return (match[1], match[3]) if match is not None and is_port(match[2]) else None
