"""Redirect URIs: which may be registered, and whether one that is asked for is registered."""

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

MAX_LENGTH = 2_000
"""Characters of one at most."""

_LOOPBACK = re.compile(
    r"(http://(?:127\.0\.0\.1|\[::1\]|localhost))(?::[0-9]{1,5})?(/[\x21-\x7e]*)?", re.ASCII
)
_AUTHORITY = re.compile(r"(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]+)?", re.ASCII)
"""A host and a port, of characters that mean nothing where an `origin` is written."""

_VISIBLE = re.compile(r"[\x21-\x7e]+", re.ASCII)


def registrable(text: str) -> str:
    """
    Return a redirect URI as it is written, byte for byte.

    Raises: ValueError with a sentence that says what it lacks.
    Source: RFC 6749 §3.1.2, RFC 8252 §7.3, RFC 9700 §2.1.
    """
    if len(text) > MAX_LENGTH or _VISIBLE.fullmatch(text) is None or "\\" in text or "#" in text:
        raise ValueError("write visible ASCII characters, without a backslash or a fragment")
    if text.startswith("http:"):
        if _LOOPBACK.fullmatch(text) is None:
            raise ValueError("write https://, or http:// with 127.0.0.1, [::1] or localhost")
        return text
    if not text.startswith("https://") or not _has_host(text):
        raise ValueError("write an address like https://app.example.com/callback")
    return text


def is_registered(asked: str, registered: Iterable[str]) -> bool:
    """
    Return whether `asked` is one of `registered`, byte for byte.

    The port of a loopback address may differ: a native app takes a free one (RFC 8252 §7.3).
    """
    return any(asked == uri or _same_loopback(asked, uri) for uri in registered)


def origin(uri: str) -> str:
    """Return the scheme, host and port of a registered redirect URI."""
    parts = urlsplit(uri)
    return f"{parts.scheme}://{parts.netloc}"


def _has_host(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return parts.port != 0 and _AUTHORITY.fullmatch(parts.netloc) is not None
    except ValueError:  # no port, or no IPv6 address
        return False


def _same_loopback(asked: str, registered: str) -> bool:
    ours, theirs = _LOOPBACK.fullmatch(registered), _LOOPBACK.fullmatch(asked)
    return ours is not None and theirs is not None and ours.groups() == theirs.groups()
