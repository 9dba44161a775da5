"""A namespace of the sandbox as a test sees it."""

import socket
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from typing import Any

from sijill.testing.client import Client
from sijill.testing.clock import Clock
from sijill.testing.control import Control
from sijill.testing.faults import Faults
from sijill.testing.journal import Journal, Request
from sijill.testing.webhooks import Webhooks

__tracebackhide__ = True

FIRST_TOKEN = 1
"""The id of the token that a namespace begins with."""


class Salla:
    """A store of a test's own, with its clock, its faults and its journal."""

    def __init__(
        self, made: Mapping[str, Any], control: Control, check: Callable[[str], None]
    ) -> None:
        """`made` is the control API's answer to `POST ns`; `check` refuses unknown operations."""
        self.name: str = made["name"]
        self.url: str = made["url"]
        """The base URL for the app under test: it ends in `/admin/v2`."""
        self.token: str = made["token"]
        """An access token with every scope."""
        self.refresh_token: str = made["refresh_token"]
        """Gets a new pair of tokens, once; the base of OAuth is `url` without `/admin/v2`."""
        self.client_id: str = made["client_id"]
        self.client_secret: str = made["client_secret"]
        self.control_token: str = made["control_token"]
        """The token for control calls about this namespace."""
        self.client = Client(self.url, self.token)
        """Asks the API as an app does; the journal and the limits count its requests too."""
        self._control, self._closing = control, ExitStack()
        self.journal = Journal(control, check)
        """The journal behind `requests`, also as masked lines."""
        self.clock = Clock(control)
        self.faults = Faults(control, "/faults", "op", check)
        self.webhooks = Webhooks(control, self.client, self._closing)
        self._dead_url = ""

    @property
    def requests(self) -> list[Request]:
        """Every request of the app, in order. Raises: JournalOverflowed."""
        return self.journal.all()

    @property
    def dead_url(self) -> str:
        """A base URL that refuses every connection, until the end of the test."""
        if not self._dead_url:
            bound = self._closing.enter_context(socket.socket())
            bound.bind(("127.0.0.1", 0))  # it never listens, and nobody else gets the port
            self._dead_url = f"http://127.0.0.1:{bound.getsockname()[1]}/admin/v2"
        return self._dead_url

    def expire_token(self) -> None:
        """Let `token` expire: it is a 401 from now on, until the app uses `refresh_token`."""
        self._control.call("POST", f"/tokens/{FIRST_TOKEN}/expire")

    def snapshot(self, name: str = "test") -> None:
        """Save rows and time under a name."""
        self._control.call("PUT", f"/snapshots/{name}")

    def restore(self, name: str = "test") -> None:
        """Go back to a snapshot of this namespace. Raises: ControlRefused for an unknown one."""
        self._control.call("POST", f"/snapshots/{name}")

    def assert_called(
        self, op: str, times: int | None = None, *, within: float = 0.0, **match: Any
    ) -> None:
        """
        Assert that the app called an operation: `times` times, or at least once.

        With `within`, in real seconds, wait until enough calls have come. `match` narrows by
        method, path, status or fault.
        Raises: AssertionError, which says what was called instead; JournalOverflowed; ValueError
        for an unknown operation.
        """
        self.journal.assert_called(op, times, within, match)

    def assert_never(self, op: str, **match: Any) -> None:
        """Assert that the app did not call an operation; `match` and errors as `assert_called`."""
        self.journal.assert_called(op, 0, 0.0, match)

    def close(self) -> None:
        """End the receivers, and delete the namespace."""
        self._closing.close()
        self._control.call("DELETE", "")
