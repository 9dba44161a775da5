"""A receiver of webhooks on as many ports as wanted, and a store with an app that subscribes."""

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from typing import Literal, NamedTuple

import httpx
from fixtures.registers import NOW

from e2e.conftest import PATIENCE, Process, Shell, shop
from sijill.opening import open_register
from sijill.register import Register
from sijill.settings import load
from sijill.values.ids import random_id
from sijill.webhooks.events import CREATED, UPDATED
from sijill.webhooks.model import Strategy, Webhook

Mode = Literal["answer", "hold", "ignore"]

SECRET = "a secret of both"


class Received(NamedTuple):
    """A delivery as it came, and when, by `time.monotonic`."""

    port: int
    headers: dict[str, str]
    body: bytes
    at: float

    @property
    def id(self) -> str:
        """The event's: the same in every copy."""
        return self.headers["webhook-id"]


class Receiver:
    """Listens; what it does with a delivery may be changed at any time."""

    def __init__(self) -> None:
        self.mode: Mode = "answer"
        """`hold` takes note and does not answer; `ignore` does neither."""
        self.dead: set[int] = set()
        """Ports that ignore whatever the mode is."""
        self.ports: list[int] = []
        self.received: list[Received] = []
        self.ignored = self.given_up = 0
        """How many came and were not taken, and how many of those the sender has let go."""

    async def listen(self, ports: int, ready: threading.Event, end: asyncio.Event) -> None:
        servers = [await asyncio.start_server(self._serve, "127.0.0.1", 0) for _ in range(ports)]
        self.ports = [server.sockets[0].getsockname()[1] for server in servers]
        ready.set()
        await end.wait()
        for server in servers:
            server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        port: int = writer.get_extra_info("sockname")[1]
        try:
            with suppress(asyncio.IncompleteReadError, ConnectionError):
                while await self._one(port, reader):
                    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
                    await writer.drain()
        finally:
            writer.close()

    async def _one(self, port: int, reader: asyncio.StreamReader) -> bool:
        """Take a delivery, and return whether it is to be answered."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        headers = dict(line.split(": ", 1) for line in head[1:] if line)
        headers = {name.lower(): value for name, value in headers.items()}
        ignored = self.mode == "ignore" or port in self.dead
        if not ignored:
            body = await reader.readexactly(int(headers["content-length"]))
            self.received.append(Received(port, headers, body, time.monotonic()))
            if self.mode == "answer":
                return True
        self.ignored += ignored
        with suppress(ConnectionError):
            await reader.read()  # until the sender lets go
        self.given_up += ignored
        return False


@contextmanager
def receiving(ports: int = 1) -> Iterator[Receiver]:
    """Listen in a thread of its own."""
    made, ready, loop = Receiver(), threading.Event(), asyncio.new_event_loop()
    end = asyncio.Event()

    def whole() -> None:
        with asyncio.Runner(loop_factory=lambda: loop) as runner:
            runner.run(made.listen(ports, ready, end))

    thread = threading.Thread(target=whole)
    thread.start()
    try:
        assert ready.wait(PATIENCE)
        yield made
    finally:
        loop.call_soon_threadsafe(end.set)
        thread.join(PATIENCE)


@asynccontextmanager
async def register_in(data: Path) -> AsyncIterator[Register]:
    """Yield the register of a data folder, beside whoever else uses it."""
    settings, _ = load({"data_dir": str(data)}, environ={}, folder=data)
    register = await open_register(settings)
    try:
        yield register
    finally:
        await register.close()


async def subscribe(
    data: Path, urls: Sequence[str], strategy: Strategy = "signature", **headers: str
) -> None:
    """Let the app hear of customers that are created and of those that are updated."""
    async with register_in(data) as register:
        [store], [app] = await register.stores.all(), await register.apps.all()
        for url in urls:
            for event in (CREATED, UPDATED):
                hook = Webhook(
                    id=random_id(),
                    store_id=store.id,
                    app_id=app.id,
                    name="crm",
                    event=event,
                    url=url,
                    version=2,
                    rule=None,
                    headers=tuple(headers.items()),
                    strategy=strategy,
                    secret=SECRET,
                    created_at=NOW,
                )
                await register.webhooks.subscribe(hook)


class House(NamedTuple):
    """A data folder with a store and an app that may write, and how it is served."""

    shell: Shell
    data: Path
    token: str

    def serve(self, command: Sequence[str] = (), flags: str = "") -> tuple[Process, str]:
        """Start a server, by another command if one is given, and return it with its API."""
        options = f"serve --port 0 --customers-limit off --access-log off --data-dir {self.data}"
        options += f" --webhook-targets local {flags}"
        begun = [*(command or self.shell.command("")), *options.split()]
        server = self.shell.begin(begun)
        return server, server.line(r"http://\S+")[0]

    def client(self, base: str) -> httpx.Client:
        headers = {"Authorization": f"Bearer {self.token}"}
        return httpx.Client(base_url=base, headers=headers, timeout=PATIENCE, verify=False)


def house(shell: Shell, urls: Sequence[str], strategy: Strategy = "signature") -> House:
    """Make it, with webhooks at the addresses."""
    token, data = shell.copy_of(shop), shell.folder / "data"
    asyncio.run(asyncio.wait_for(subscribe(data, urls, strategy), PATIENCE))
    return House(shell, data, token)
