"""A sandbox in this process, and ways to ask it."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import pytest
from e2e.receiving import Receiver, receiving
from fixtures.world import Answer, answer_of, request_of
from sandbox.described import check

from sijill.http.request import Response
from sijill.sandbox.application import Sandbox, open_sandbox
from sijill.sandbox.blueprint import keys_of
from sijill.sandbox.home import known
from sijill.sandbox.namespaces import DEFAULT
from sijill.sandbox.source import credentials
from sijill.settings import load

T = TypeVar("T")

ADMIN_TOKEN = "an admin token of a test"
KEYS = keys_of(ADMIN_TOKEN)
LoopFactory = Callable[[], asyncio.AbstractEventLoop]

HOST = "127.0.0.1:8466"


class SandboxWorld:
    """The application of a sandbox; with a `data_dir`, its default namespace lies in a file."""

    def __init__(
        self,
        loop: LoopFactory = asyncio.new_event_loop,
        terminal: Callable[[str], None] | None = None,
        **changes: str,
    ) -> None:
        self.runner = asyncio.Runner(loop_factory=loop)
        flags = {"webhook_targets": "local", "access_log": "off", **changes}
        settings, _ = load(flags, environ={}, folder=Path("/nonexistent"))
        login = known(settings, KEYS) if "data_dir" in changes else None
        opening = open_sandbox(settings, f"http://{HOST}", KEYS, login=login, terminal=terminal)
        self.app = self.run(opening)
        assert isinstance(self.app.dispatcher, Sandbox)
        self.namespaces = self.app.dispatcher.namespaces
        self.credentials = credentials(KEYS.key, DEFAULT, 0)
        self.token = self.credentials.token if login is None else login.token

    def run(self, work: Awaitable[T]) -> T:
        async def whole() -> T:
            return await work

        return self.runner.run(whole())

    def ask(
        self, method: str, path: str, token: str | None = None, body: Any = None, **headers: str
    ) -> Answer:
        """Ask as a client of the API, with the token of the default namespace or another."""
        return self.run(self.answer(method, path, token or self.token, body, **headers))

    def control(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        """Make a control call with the admin token."""
        return self.ask(method, f"/_/{path}", ADMIN_TOKEN, body, **headers)

    def create(self, name: str, **more: Any) -> dict[str, Any]:
        """Make a namespace and return what the control API says of it."""
        answer = self.control("POST", "ns", {"name": name, **more})
        assert answer.status == 201, answer.body
        made: dict[str, Any] = answer.json
        return made

    async def answer(
        self, method: str, path: str, token: str, body: Any = None, **headers: str
    ) -> Answer:
        headers = {"authorization": f"Bearer {token}"} | headers
        content = b""
        if body is not None:
            headers["content_type"] = "application/json"
            content = json.dumps(body).encode()
        return await self.raw(method, path, content, **headers)

    def send(self, method: str, path: str, body: bytes = b"", **headers: str) -> Answer:
        """Send a request without a token, its body as it is."""
        return self.run(self.raw(method, path, body, **headers))

    async def raw(self, method: str, path: str, content: bytes, **headers: str) -> Answer:
        headers = {"host": HOST} | headers
        request = request_of(method, path, headers, content)
        response = await self.app.dispatcher.answer(request)
        assert isinstance(response, Response), "a stream is read over a socket"
        answer = answer_of(request, response)
        request.content.close()
        check(method, path, answer)
        return answer

    def close(self) -> None:
        self.run(self.app.close())
        self.runner.close()


@contextmanager
def sandbox_with(**settings: str) -> Iterator[SandboxWorld]:
    """Yield a sandbox with settings of its own."""
    world = SandboxWorld(**settings)
    try:
        yield world
    finally:
        world.close()


@pytest.fixture
def sandbox() -> Iterator[SandboxWorld]:
    """A sandbox of one's own."""
    with sandbox_with() as world:
        yield world


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A receiver of webhooks, over real sockets."""
    with receiving() as made:
        yield made
