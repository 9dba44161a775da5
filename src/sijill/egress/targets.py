"""
The URLs to which messages may go, checked both when a URL is stored and when it is used.

A URL is parsed here and nowhere else, so that no second parser can see another host in it.
"""

import re
import socket
from ipaddress import IPv4Address, IPv6Address
from typing import Literal, NamedTuple

from sijill.egress.addresses import Address, is_allowed

TargetFault = Literal[
    "scheme", "host", "port", "userinfo", "fragment", "address", "length", "characters"
]

MAX_URL_LENGTH = 2_000
"""Characters of a URL."""

PORTS = frozenset({443, 8443})
"""Ports of public receivers: not those of mail, databases and admin pages."""

_DEFAULT_PORTS = {"https": 443, "http": 80}

_BREAKING = re.compile(r'[\x00-\x20\x7f-\xa0\u2028\u2029\\"<>^`{|}]')
"""Characters that parsers skip, trim or misread. Source: RFC 3986 §2, WHATWG URL."""

_REST = re.compile(r"(?:[A-Za-z0-9._~:/?@!$&'()*+,;=\[\]-]|%[0-9A-Fa-f]{2})*")
"""Path and query, and the brackets that are common in queries. Source: RFC 3986 §3.3, §3.4."""

_PORT = re.compile(r"[1-9][0-9]{0,4}")
_NAME = re.compile(r"(?:(?!-)[a-z0-9_-]{1,63}(?<!-)\.)*(?!-)[a-z0-9_-]{1,63}(?<!-)")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")


class BadTarget(Exception):
    """A refused URL; `reason` is one word, without the URL."""

    def __init__(self, reason: TargetFault) -> None:
        super().__init__(reason)
        self.reason: TargetFault = reason


class Target(NamedTuple):
    """A parsed URL: the host in ASCII and lower case, an address in its usual spelling."""

    scheme: str
    host: str
    address: Address | None
    """The host, if it is an address and not a name."""
    port: int
    path: str
    """Path and query, as written."""

    @property
    def authority(self) -> str:
        """The `Host` header: brackets around IPv6, no port where the scheme implies it."""
        host = f"[{self.host}]" if isinstance(self.address, IPv6Address) else self.host
        return host if self.port == _DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"


def parse_target(url: str, *, local: bool) -> Target:
    """
    Parse a URL: https to a public host on one of PORTS; if `local`, also http, any port and the
    addresses that `is_allowed` adds.

    Whether a name leads to an allowed address is checked when a message is sent. Raises: BadTarget.
    """
    if len(url) > MAX_URL_LENGTH:
        raise BadTarget("length")
    if _BREAKING.search(url):
        raise BadTarget("characters")
    scheme, authority, path = _split(url, ("https", "http") if local else ("https",))
    host, port = _split_port(authority, scheme)
    host = _ascii(host)
    address = _ipv6(host) if host.startswith("[") else _ipv4(host)
    if address is None:
        _check_name(host, local=local)
    elif not is_allowed(address, local=local):
        raise BadTarget("address")
    if not (local or port in PORTS):
        raise BadTarget("port")
    return Target(scheme, host if address is None else str(address), address, port, path)


def _split(url: str, schemes: tuple[str, ...]) -> tuple[str, str, str]:
    """Return scheme, authority, and path with query."""
    scheme, colon, rest = url.partition(":")
    scheme = scheme.lower()
    if not colon or scheme not in schemes:
        raise BadTarget("scheme")
    if not rest.startswith("//"):
        raise BadTarget("host")
    if "#" in rest:
        raise BadTarget("fragment")
    authority = re.split("[/?]", rest[2:], maxsplit=1)[0]
    path = rest[2 + len(authority) :]
    if "@" in authority:
        raise BadTarget("userinfo")
    if not _REST.fullmatch(path):
        raise BadTarget("characters")
    return scheme, authority, path if path.startswith("/") else f"/{path}"


def _split_port(authority: str, scheme: str) -> tuple[str, int]:
    host, colon, port = authority.rpartition(":")
    if not colon or port.endswith("]"):
        return authority, _DEFAULT_PORTS[scheme]
    if not _PORT.fullmatch(port) or int(port) > 65_535:
        raise BadTarget("port")
    return host, int(port)


def _ipv6(host: str) -> IPv6Address:
    """Return the IPv6 address in brackets; an address with a zone is link-local, never allowed."""
    if not host.endswith("]"):
        raise BadTarget("host")
    if "%" in host:
        raise BadTarget("address")
    try:
        return IPv6Address(host[1:-1])
    except ValueError:
        raise BadTarget("host") from None


def _ascii(host: str) -> str:
    """Return a name in ASCII: IDNA 2008 after the mapping of UTS 46, which also turns １ into 1."""
    if host.isascii():
        return host.lower()
    import idna

    try:
        return idna.encode(host, uts46=True, std3_rules=True).decode("ascii")
    except UnicodeError:
        raise BadTarget("host") from None


def _ipv4(host: str) -> IPv4Address | None:
    """Return the address in any spelling that getaddrinfo takes: 127.1, 0x7f.1, 017..."""
    try:
        return IPv4Address(socket.inet_aton(host))
    except OSError:
        return None


def _check_name(host: str, *, local: bool) -> None:
    """
    Refuse a malformed name of a host.

    A last label that is a number is an address gone wrong (WHATWG URL); without a dot it is a
    name of the local network.
    """
    if len(host) > 253 or not _NAME.fullmatch(host):
        raise BadTarget("host")
    *parents, last = host.split(".")
    if _NUMBER.fullmatch(last) or not (local or parents):
        raise BadTarget("host")
