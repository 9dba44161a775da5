"""
Addresses of PostgreSQL and Redis: each part is where it seems to be.

A password with an unescaped `/`, `?`, `#`, `@` or `[` moves the parts: what stands before is taken
for a host, and what stands behind for a database. Source: RFC 3986, sections 2.2 and 3.2.
"""

import re
from urllib.parse import SplitResult, urlsplit

from sijill.settings.parsers import written
from sijill.values.urls import is_port

_HOST = re.compile(r"(?:\[[0-9A-Za-z:.%]+\]|[^:@\[\]]*)(?::([0-9]{1,5})?)?", re.ASCII)
_SAID = (
    "write ports in digits, and in a user or a password / as %2F, ? as %3F, # as %23, @ as %40 and "
    "[ as %5B"
)
_MAY_HAVE_AT = ("user", "password", "passfile", "application_name", "options")
"""The parameters of libpq whose values may have an unescaped @."""


@written("URL")
def server_url(value: str) -> str:
    """Return the address of a server, or that of a file, as it is."""
    scheme, separator, _ = value.partition("://")
    if not separator or scheme == "sqlite":
        return value
    try:
        parts = urlsplit(value)
    except ValueError:  # its sentence quotes the address
        raise ValueError(_SAID) from None
    user, _, hosts = parts.netloc.rpartition("@")
    misplaced = "@" in user + parts.path or "#" in value
    if misplaced or not all(map(_is_host, hosts.split(","))) or not _is_query(parts):
        raise ValueError(_SAID)
    return value


def _is_host(host: str) -> bool:
    match = _HOST.fullmatch(host)
    return match is not None and is_port(match[1])


def _is_query(parts: SplitResult) -> bool:
    """Return whether a query is one of names and values."""
    pairs = [pair.partition("=") for pair in parts.query.split("&") if parts.query]
    return all(equals and _is_parameter(name, value) for name, equals, value in pairs)


def _is_parameter(name: str, value: str) -> bool:
    if name == "port":
        return all(port == "" or _is_host(f":{port}") for port in value.split(","))
    return "@" not in value or name in _MAY_HAVE_AT
