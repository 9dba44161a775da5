"""Calls of the sandbox's control API."""

from collections.abc import Mapping
from http.client import HTTPException
from typing import Any

from sijill.testing.client import PATIENCE, Client

__tracebackhide__ = True  # pytest shows the line of the test

NO_SANDBOX = "no sandbox answers there"


class ControlRefused(Exception):
    """A control call failed; the message says which call and why."""

    def __init__(self, message: str, status: int) -> None:
        """`status` is that of the answer, 0 if none came."""
        super().__init__(message)
        self.status = status


class Control:
    """Control calls below one path of a sandbox."""

    def __init__(self, url: str, token: str) -> None:
        """`url` is the address of the calls, without a last slash."""
        self._client = Client(url, token)

    def call(
        self,
        method: str,
        path: str,
        body: object = None,
        params: Mapping[str, object] | None = None,
        timeout: float = PATIENCE,
    ) -> Any:
        """
        Return the result of a call, None if it has none.

        `timeout` is in real seconds. Raises: ControlRefused.
        """
        what = f"{method} {self._client.url}{path}"
        try:
            answer = self._client.request(method, path, json=body, params=params, timeout=timeout)
        except (OSError, HTTPException) as fault:
            raise ControlRefused(f"{what}: {NO_SANDBOX}: {fault}", 0) from fault
        if answer.status_code < 400:
            return answer.json() if answer.content else None
        try:
            detail = answer.json()["detail"]
        except (ValueError, KeyError, TypeError):
            detail = NO_SANDBOX
        raise ControlRefused(f"{what}: {answer.status_code} {detail}", answer.status_code)
