"""The sizes and the time that one request may take."""

import re
from typing import NamedTuple

from sijill.errors import Fault, HeadersTooLarge, PayloadTooLarge, UriTooLong

REQUEST_LINE = 32
"""Most bytes of a request line beside its target: the longest method, blanks, the version."""

FRAMING = 8
"""Raw bytes per byte of the body, at most: a byte alone in its chunk takes six."""

UPLOADS = b"/customers/import"
"""The end of the path of a request that uploads a file."""

TOKENS = b"/oauth2/token"
TOKEN_REQUEST = 8 * 1024
"""The end of the path of a request for tokens, and the most bytes of its body."""


class RequestLimits(NamedTuple):
    """The limits of one request. Sizes are in bytes, `receive` in seconds."""

    url: int = 8 * 1024
    headers: int = 16 * 1024
    """The whole header section; a line counts as `name: value` and its end."""
    body: int = 64 * 1024
    upload: int = 10 * 2**20
    """The body of a request to UPLOADS, or to a path of `uploads`."""
    uploads: re.Pattern[bytes] | None = None
    receive: float = 10.0
    """
    Seconds from a request's first byte to its last.

    Also for a TLS handshake, a new connection that sends nothing, and a client that does not read.
    """


def max_body(limits: RequestLimits, url: bytes) -> int:
    """Return the most bytes that the body of a request to this target may have."""
    path = url.partition(b"?")[0]
    if path.endswith(UPLOADS) or (limits.uploads and limits.uploads.fullmatch(path)):
        return limits.upload
    return min(limits.body, TOKEN_REQUEST) if path.endswith(TOKENS) else limits.body


def head_excess(limits: RequestLimits, url: int, raw: int, headers: int = 0) -> Fault | None:
    """
    Return the fault of a head that exceeds a limit, or None.

    Units: bytes that have arrived. `url`: the target; `raw`: the head as sent; `headers`: its
    header lines.
    """
    if url > limits.url:
        return UriTooLong()
    if headers > limits.headers or raw > limits.headers + url + REQUEST_LINE:
        return HeadersTooLarge()
    return None


def body_excess(limits: RequestLimits, most: int, raw: int, received: int) -> Fault | None:
    """
    Return the fault of a body that exceeds a limit, or None.

    Units: bytes. `most`: the limit of this body; `raw`: all that has arrived for it, with the
    sizes of chunks and the trailers; `received`: the body itself, so far.
    """
    if received > most or raw > limits.headers + FRAMING * most:
        return PayloadTooLarge()
    return None
