"""Hints on a 404: the mistake that most clients make with a base URL."""

from sijill.errors import Fault
from sijill.http.request import Headers
from sijill.http.router import Router

DOUBLE_SLASH = (
    b"sijill-hint",
    b"the path has an empty segment: leave out the slash at the end of the base URL",
)


def hints(router: Router, method: str, path: bytes) -> Headers:
    """Return the headers of a hint for a path without a route: empty if there is no hint."""
    if b"//" not in path:
        return []
    while b"//" in path:
        path = path.replace(b"//", b"/")
    try:
        router.find(method, path)
    except Fault:
        return []
    return [DOUBLE_SLASH]
