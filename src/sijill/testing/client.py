"""A small HTTP client: JSON out, any answer in. It needs nothing that Python does not have."""

from collections.abc import Mapping
from email.message import Message
from http.client import HTTPConnection, HTTPSConnection
from json import dumps, loads
from typing import Any, NamedTuple
from urllib.parse import urlencode, urlsplit

PATIENCE = 30.0
"""Seconds that a client waits for an answer."""


class Answer(NamedTuple):
    """An answer over HTTP with any status."""

    status_code: int
    headers: Message
    """By name in any case."""
    content: bytes

    @property
    def text(self) -> str:
        """The body as UTF-8."""
        return self.content.decode()

    def json(self) -> Any:
        """Return the body. Raises: ValueError."""
        return loads(self.content)


class Client:
    """
    Asks a server below one URL, with one token and a connection for each request.

    It follows no redirect, tries nothing twice, and may be used by several threads.
    """

    def __init__(self, url: str, token: str) -> None:
        """`url` has no last slash."""
        self.url, self._token = url, token

    def request(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, object] | None = None,
        json: object = None,
        headers: Mapping[str, str] | None = None,
        timeout: float = PATIENCE,
    ) -> Answer:
        """
        Return the answer to a request for `path`, which begins with a slash.

        `json` is the body; `timeout` is in seconds.
        Raises: OSError or http.client.HTTPException if no whole answer comes.
        """
        parts = urlsplit(self.url + path)
        query = "&".join(filter(None, (parts.query, urlencode(params or {}))))
        fields = {"Authorization": f"Bearer {self._token}", "Accept": "application/json"}
        body = None if json is None else dumps(json).encode()
        if body is not None:
            fields["Content-Type"] = "application/json"
        kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        connection = kind(parts.hostname or "", parts.port, timeout=timeout)
        try:
            target = f"{parts.path}?{query}" if query else parts.path
            connection.request(method, target, body, {**fields, **(headers or {})})
            answer = connection.getresponse()
            return Answer(answer.status, answer.headers, answer.read())
        finally:
            connection.close()

    def get(self, path: str, **more: Any) -> Answer:
        """Return the answer to a GET; arguments and errors as `request`."""
        return self.request("GET", path, **more)

    def post(self, path: str, **more: Any) -> Answer:
        """Return the answer to a POST; arguments and errors as `request`."""
        return self.request("POST", path, **more)

    def put(self, path: str, **more: Any) -> Answer:
        """Return the answer to a PUT; arguments and errors as `request`."""
        return self.request("PUT", path, **more)

    def delete(self, path: str, **more: Any) -> Answer:
        """Return the answer to a DELETE; arguments and errors as `request`."""
        return self.request("DELETE", path, **more)
