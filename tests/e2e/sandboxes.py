"""A sandbox as a process, and its control API."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import httpx

from e2e.conftest import PATIENCE, Shell


class Running(NamedTuple):
    """A sandbox that runs."""

    base: str
    token: str
    admin: httpx.Client

    def create(self, name: str, **more: Any) -> dict[str, Any]:
        """Make a namespace, and return what the control API says of it."""
        made: dict[str, Any] = self.admin.post("/_/ns", json={"name": name, **more}).json()
        return made

    def client(self, made: dict[str, Any]) -> httpx.Client:
        """Return a client of a namespace, with its token."""
        headers = {"Authorization": f"Bearer {made['token']}"}
        return httpx.Client(base_url=made["url"], headers=headers, timeout=PATIENCE)


@contextmanager
def running_sandbox(shell: Shell) -> Iterator[Running]:
    """Run a sandbox, which ends well and logs no error."""
    server = shell.begin(shell.command("sandbox --port 0"))
    base = server.line(r"http://[\d.:]+")[0]
    token = server.line(r"every scope: (\S+)")[1]
    admin_token = server.line(r"control API: (\S+)")[1]
    headers = {"Authorization": f"Bearer {admin_token}"}
    try:
        with httpx.Client(base_url=base, headers=headers, timeout=PATIENCE) as admin:
            yield Running(base, token, admin)
        assert server.end() == 0, server.err.read_text()
        assert not re.search(r"\[error|Traceback", server.err.read_text())
    finally:
        server.destroy()
