"""
The servers that one address names: a primary and its standbys, of which one takes writes.

An address names several as libpq reads it: `postgresql://one,two:5433/sijill`, or
`postgresql:///sijill?host=/run/one,/run/two`. asyncpg tries them within one time-out, so that the
first one uses it up if it does not answer. So each has an address of its own here.
Source: PostgreSQL "Connection Strings", "Specifying Multiple Hosts".
"""

import os
from collections.abc import Sequence
from urllib.parse import parse_qsl, urlencode, urlsplit

TARGET = "target_session_attrs"
"""The parameter that says which server may be used."""

WRITABLE = "read-write"
"""Its value for the one that takes writes."""


def hosts_of(url: str) -> list[str]:
    """Return the servers of an address as it writes them; none if it leaves them to PGHOST."""
    hosts = _authority(url) or _given(url).get("host", "")
    return hosts.split(",") if hosts else []


def ports_of(url: str) -> list[str]:
    """
    Return the port of each server by the parameter `port`, "" without one.

    The parameter is for hosts of the parameter `host`: asyncpg ignores it beside others.
    """
    ports = ("" if _authority(url) else _given(url).get("port", "")).split(",")
    return [_of(ports, place) for place in range(len(hosts_of(url)))]


def target_of(url: str) -> str | None:
    """Return which of several servers may be used, if neither address nor environment says so."""
    if len(hosts_of(url)) < 2 or "PGTARGETSESSIONATTRS" in os.environ:
        return None
    return None if TARGET in _given(url) else WRITABLE


def each(url: str, target: str | None = None) -> list[str]:
    """Return an address for each server of one, in its order; `target` says which may be used."""
    hosts = hosts_of(url)
    if len(hosts) < 2:
        return [url]
    parts = urlsplit(url)
    user, at, in_authority = parts.netloc.rpartition("@")
    given = dict(parse_qsl(parts.query, keep_blank_values=True))
    if target is not None:
        given[TARGET] = target
    ports = given.pop("port", "").split(",")
    made = []
    for place, host in enumerate(hosts):
        own = given if in_authority else {**given, "host": host}
        if port := _of(ports, place):
            own = {**own, "port": port}
        netloc = f"{user}{at}{host if in_authority else ''}"
        made.append(f"{parts.scheme}://{netloc}{parts.path}?{urlencode(own)}")
    return made


def _authority(url: str) -> str:
    """Return the hosts and ports that stand before the path."""
    return urlsplit(url).netloc.rpartition("@")[2]


def _given(url: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(url).query))


def _of(ports: Sequence[str], place: int) -> str:
    """Return the port of the server at a place: one is for all of them."""
    return ports[place] if place < len(ports) else ports[0]
