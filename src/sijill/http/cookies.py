"""
The cookies of pages: bound to this one host and sent over HTTPS alone, but for plain loopback.

Safari keeps no Secure cookie over HTTP, not even from the machine it runs on. So a browser that
asks this machine itself over plain HTTP gets the same cookies without that mark and its prefix,
and over HTTPS these are never read.
Source: RFC 6265bis §4.1.3, §5.7.
"""

import re

from sijill.http.request import Request

PREFIX = "__Host-"
"""The beginning of every name here. Browsers bind such a cookie to its host, over HTTPS."""

Header = tuple[bytes, bytes]

_LOOPBACK = re.compile(
    r"(?:127(?:\.[0-9]{1,3}){3}|\[::1\]|(?:[a-z0-9-]+\.)*localhost)(?::[0-9]{1,5})?",
    re.ASCII | re.IGNORECASE,
)
_FORWARDED = (
    *(b"forwarded", b"via", b"x-real-ip"),
    *(b"x-forwarded-for", b"x-forwarded-host", b"x-forwarded-proto"),
)
"""Headers by which a proxy makes itself known: the browser may well have asked it over HTTPS."""


def is_plain(request: Request) -> bool:
    """Return whether a browser on this machine asks for a loopback address over plain HTTP."""
    return (
        request.is_local
        and _LOOPBACK.fullmatch(request.header(b"host") or "") is not None
        and not any(name in request.headers for name in _FORWARDED)
    )


def cookie(request: Request, name: str) -> str | None:
    """
    Return the value of a cookie, or None; also None for a cookie that is sent twice.

    Anything else in the header belongs to others and is ignored, even if it is malformed.
    Source: RFC 6265 §4.2.1, §5.4.
    """
    wanted = _name(request, name)
    pairs = (item.partition("=") for item in (request.header(b"cookie") or "").split(";"))
    found = [value.strip(" \t") for key, _, value in pairs if key.strip(" \t") == wanted]
    return found[0] if len(found) == 1 else None


def set_cookie(request: Request, name: str, value: str, seconds: int | None = None) -> Header:
    """
    Return the header that sets a cookie, until the browser closes or for so many seconds.

    The value "" removes the cookie.

    The cookie is Lax, not Strict: an owner who comes from an app's site is still signed in.
    """
    age = seconds if value else 0
    end = "" if age is None else f"; Max-Age={age}"
    secure = "" if is_plain(request) else "; Secure"
    text = f"{_name(request, name)}={value}; Path=/{secure}; HttpOnly; SameSite=Lax{end}"
    return b"set-cookie", text.encode("ascii")


def _name(request: Request, name: str) -> str:
    return name.removeprefix(PREFIX) if is_plain(request) else name
