"""Servers behind a TCP balancer, and clients that create customers through it until a limit."""

import asyncio
import json
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import cycle, pairwise

import httpx

from e2e.conftest import PATIENCE, Process, Shell, shop, until

SERVERS, CLIENTS, LIMIT = 4, 6, 500

PAUSE = 0.1
"""Seconds after a 503: sooner than its Retry-After asks, so that the end of an outage is seen."""


class Balancer:
    """A TCP balancer: each connection goes to the next server that accepts it."""

    def __init__(self, ports: Sequence[int]) -> None:
        self._ports, self._next = ports, cycle(ports)
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self.port = 0
        self._thread = threading.Thread(target=self._loop.run_until_complete, args=(self._run(),))
        self._serving: set[asyncio.Task[None] | None] = set()

    def start(self) -> None:
        self._thread.start()
        assert self._ready.wait(PATIENCE)

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._end.set)
        self._thread.join(PATIENCE)
        self._loop.close()

    async def _run(self) -> None:
        self._end = asyncio.Event()
        async with await asyncio.start_server(self._serve, "127.0.0.1", 0) as server:
            self.port = server.sockets[0].getsockname()[1]
            self._ready.set()
            await self._end.wait()
        await asyncio.gather(*(task for task in self._serving if task is not None))

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._serving.add(task := asyncio.current_task())
        await self._connect(reader, writer)
        self._serving.discard(task)

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for _ in self._ports:
            with suppress(OSError):
                back, forth = await asyncio.open_connection("127.0.0.1", next(self._next))
                await asyncio.gather(_pipe(reader, forth), _pipe(back, writer))
                return
        writer.close()


async def _pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while some := await reader.read(65_536):
            writer.write(some)
            await writer.drain()
    writer.close()


class Client(threading.Thread):
    """A client that writes until the limit refuses it, and sends again what was not served."""

    def __init__(self, name: str, base: str, token: str) -> None:
        super().__init__(name=name)
        self._base, self._headers = base, {"Authorization": f"Bearer {token}"}
        self.made: list[int] = []
        """The ids of its customers."""
        self.served: list[float] = []
        """When it was answered with 200, by `time.monotonic`."""
        self.seen: Counter[int] = Counter()

    def run(self) -> None:
        number = 0
        # A connection for each request: each goes to another server.
        with httpx.Client(timeout=PATIENCE) as client:
            while (status := self._create(client, f"{self.name}-{number}")) != 429:
                number += status == 200
                if status == 503:
                    time.sleep(PAUSE)

    def _create(self, client: httpx.Client, key: str) -> int:
        headers = {**self._headers, "Idempotency-Key": key, "Connection": "close"}
        body = {"email": f"{key}@example.com"}
        try:
            answer = client.post(f"{self._base}/customers", json=body, headers=headers)
        except httpx.TransportError:
            self.seen[0] += 1
            return 0
        status = answer.status_code
        if status == 503 and "retry-after" not in answer.headers:
            status = 500
        self.seen[status] += 1
        if status == 200:
            self.made.append(answer.json()["data"]["id"])
            self.served.append(time.monotonic())
        return status


class Machines:
    """Servers on one PostgreSQL and one Valkey, and the clients that ask them."""

    def __init__(self, shell: Shell, database_url: str, redis_url: str, on_error: str) -> None:
        self._shell, self._where = shell, f"--database-url {database_url}"
        self._token = shop(shell, self._where)
        words = f"--redis-url {redis_url} --nodes {SERVERS} --on-counter-error {on_error}"
        serve = f"serve --port 0 --access-log off {self._where} {words}"
        self.servers: list[Process] = [
            shell.start(f"{serve} --data-dir {shell.folder}/{n}") for n in range(SERVERS)
        ]
        ports = [int(server.line(r"http://\S+?:(\d+)")[1]) for server in self.servers]
        self._balancer, self.clients = Balancer(ports), list[Client]()

    @contextmanager
    def asked(self) -> Iterator[None]:
        """Let the clients ask meanwhile, and afterwards until the limit refuses each of them."""
        self._balancer.start()
        try:
            base = f"http://127.0.0.1:{self._balancer.port}"
            self.clients = [Client(f"c{n}", base, self._token) for n in range(CLIENTS)]
            for client in self.clients:
                client.start()
            yield
            for client in self.clients:
                client.join(4 * PATIENCE)
                assert not client.is_alive()
        finally:
            self._balancer.stop()

    @property
    def made(self) -> list[int]:
        """The id in every answer that was a 200."""
        return [id_ for client in self.clients for id_ in client.made]

    @property
    def seen(self) -> Counter[int]:
        """How often each status came: 0 is no answer, 500 also a 503 without Retry-After."""
        return sum((client.seen for client in self.clients), Counter[int]())

    @property
    def gap(self) -> float:
        """The longest time in which nobody was served, in seconds."""
        served = sorted(at for client in self.clients for at in client.served)
        return max(later - at for at, later in pairwise(served))

    def more(self, status: int, count: int) -> None:
        """Wait until so many more answers have come with a status."""
        least = self.seen[status] + count
        until(lambda: self.seen[status] >= least, f"{count} answers {status}")

    def kept(self) -> set[int]:
        """Return the customers that are there."""
        lines = self._shell.run(f"export - --format=jsonl {self._where}").splitlines()
        return {json.loads(line)["id"] for line in lines}
