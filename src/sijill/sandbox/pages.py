"""The pages of a namespace: their links, forms and cookies stay in it."""

import re

from sijill.http.cookies import PREFIX
from sijill.http.request import HTML, Response

_ROOTED = re.compile(rb'\b(action|href|src|data-live)="/(?!/)')
"""A link of a page to an address of this server; text of others cannot hold a quotation mark."""


PAGES = (b"/oauth2/", b"/_/")
"""The beginnings of the paths of pages, and of what leads to them."""


def within(base: bytes, response: Response) -> Response:
    """Return the answer of a page with every address of this server below `base`: `/_/ns/t1`."""
    if not base:
        return response
    status, body, headers = response
    if (b"content-type", HTML) in headers:
        body = _ROOTED.sub(rb'\1="' + base + b"/", body)
    return Response(status, body, [(name, _moved(base, name, value)) for name, value in headers])


def _moved(base: bytes, name: bytes, value: bytes) -> bytes:
    """Return the value of a header; a cookie that browsers bind to its host has the path `/`."""
    if name == b"location" and value.startswith(b"/"):
        return base + value
    if name == b"set-cookie" and not value.startswith(PREFIX.encode()):
        return value.replace(b"; Path=/;", b"; Path=" + base + b"/;", 1)
    return value
