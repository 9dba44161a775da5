"""Clients that ask the sandbox once, and tell what came of it."""

import json
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import httpx
from fixtures.require import missing, program

from e2e.conftest import PATIENCE

HERE = Path(__file__).parent


class Met(NamedTuple):
    """The outcome of one request, as a client tells it."""

    error: str = ""
    """The client's own name for the failure; "" for an answer."""
    status: int = 0
    text: str = ""
    limit: str | None = None
    """The header `X-RateLimit-Limit`."""

    @property
    def is_json(self) -> bool:
        try:
            json.loads(self.text)
        except ValueError:
            return False
        return True


Client = Callable[[str, str, float], Met]
"""Sends a GET to a URL, with a token, and waits so many seconds for its answer."""


def by_httpx(url: str, token: str, seconds: float) -> Met:
    try:
        answer = httpx.get(url, headers=_bearer(token), timeout=seconds)
    except httpx.HTTPError as fault:
        return Met(type(fault).__name__)
    return Met("", answer.status_code, answer.text, answer.headers.get("x-ratelimit-limit"))


def by_requests(url: str, token: str, seconds: float) -> Met:
    try:
        import requests
    except ImportError:
        missing("requests", "it is not installed")
    try:
        answer = requests.get(url, headers=_bearer(token), timeout=seconds)
    except requests.RequestException as fault:
        return Met(type(_cause(fault)).__name__)
    return Met("", answer.status_code, answer.text, answer.headers.get("x-ratelimit-limit"))


def _cause(fault: BaseException) -> BaseException:
    """Return the first fault of a chain: requests wraps those of urllib3."""
    inner = [one for one in (*fault.args, getattr(fault, "reason", None)) if _is_fault(one)]
    return _cause(inner[0]) if inner else fault


def _is_fault(value: Any) -> bool:
    return isinstance(value, BaseException)


def _bearer(token: str) -> Mapping[str, str]:
    return {"Authorization": f"Bearer {token}"}


def by_fetch(url: str, token: str, seconds: float) -> Met:
    return _run([program("node"), str(HERE / "fetch.mjs")], url, token, seconds)


def by_curl(url: str, token: str, seconds: float, count: int = 1) -> Met:
    """Send so many requests over one connection, and return what came of the last."""
    return _run([program("php"), str(HERE / "curl.php")], url, token, seconds, count)


def _run(command: list[str], *arguments: object) -> Met:
    line = [*command, *map(str, arguments)]
    done = subprocess.run(line, capture_output=True, check=True, timeout=PATIENCE)
    return Met(**json.loads(done.stdout))


CLIENTS: Mapping[str, Client] = {
    "httpx": by_httpx,
    "requests": by_requests,
    "fetch": by_fetch,
    "curl": by_curl,
}
