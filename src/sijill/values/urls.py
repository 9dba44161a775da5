"""The server that a URL leads to: scheme, host and port."""

import re
from ipaddress import IPv6Address, ip_address

_URL = re.compile(
    r"(https?://(?:[A-Za-z0-9._-]+|\[([0-9A-Fa-f:.]+)\])(?::([0-9]{1,5}))?)(?:[/?#][\x21-\x7e]*)?",
    re.ASCII,
)
"""Visible ASCII alone: an authority without userinfo or any character special in a header."""


def origin_of(url: str) -> str:
    """
    Return scheme, host and port of an `http` or `https` URL, as they are written.

    Raises: ValueError with a sentence, for a URL without a host, with userinfo, spaces, control
    characters or letters beyond ASCII, or with a port that is not between 1 and 65535.
    """
    match = _URL.fullmatch(url)
    if match is None or not is_port(match[3]) or not _is_ipv6(match[2] or "::"):
        raise ValueError("write an address in ASCII like https://app.example.com")
    return match[1]


def canonical_host(name: str) -> str:
    """Return a DNS name in lower case, or an IP address as RFC 5952 writes it, without brackets."""
    try:
        return str(ip_address(name.lower()))
    except ValueError:
        return name.lower()


def is_port(digits: str | None) -> bool:
    """Return whether a URL may have this port; None is the port that its scheme implies."""
    return digits is None or 1 <= int(digits) <= 65_535


def _is_ipv6(text: str) -> bool:
    try:
        IPv6Address(text)
    except ValueError:
        return False
    return True
