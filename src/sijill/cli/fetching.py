"""One HTTP request of a command to a server of ours, without proxies and redirects."""

import ssl
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from sijill.server.tls.folder import AUTHORITY, folder_of


class Away(Exception):
    """A server that does not answer; the message says why."""


class Fetched(NamedTuple):
    """An answer."""

    status: int
    media_type: str
    body: bytes


def fetch(
    method: str,
    url: str,
    *,
    data_dir: str,
    headers: dict[str, str] | None = None,
    body: bytes | None = None,
    seconds: float = 30.0,
) -> Fetched:
    """
    Return the answer to one request; each of its steps may take so many seconds.

    Over HTTPS the authority of the data folder is trusted beside those of the system.
    Raises: Away.
    """
    parts = urlsplit(url)
    target = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
    try:
        if parts.scheme == "https":
            context = _trusting(folder_of(data_dir) / AUTHORITY)
            connection: HTTPConnection = HTTPSConnection(
                parts.netloc, timeout=seconds, context=context
            )
        else:
            connection = HTTPConnection(parts.netloc, timeout=seconds)
        try:
            connection.request(method, target, body, headers or {})
            answer = connection.getresponse()
            return Fetched(answer.status, answer.headers.get_content_type(), answer.read())
        finally:
            connection.close()
    except (HTTPException, OSError, ValueError) as fault:
        reason = getattr(fault, "strerror", None) or str(fault) or type(fault).__name__
        raise Away(f"{parts.scheme}://{parts.netloc} does not answer: {reason}") from None


def is_ready(url: str, *, data_dir: str, seconds: float = 5.0) -> bool:
    """Return whether a server serves requests. Raises: Away if it does not answer."""
    return fetch("GET", f"{url}/readyz", data_dir=data_dir, seconds=seconds).status == 200


def _trusting(authority: Path) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if authority.exists():
        context.load_verify_locations(authority)
    return context
