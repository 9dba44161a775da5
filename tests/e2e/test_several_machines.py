"""
Four servers on one PostgreSQL and one Valkey, behind a balancer; one of them is killed under load.

Clients create customers, each with a key of its own, and send a request again if its connection
broke or the answer was 503. A request without an answer may have been counted, so of a window of
500 as many may be missing, and not one too many.
"""

import asyncio
import json
import random
import signal
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import cycle

import httpx
import pytest

from e2e.conftest import PATIENCE, Shell, shop, until

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.postgres,
    pytest.mark.proves(
        "of four servers on one PostgreSQL and one Valkey behind a balancer, one that is killed "
        "under load takes no acknowledged write with it, and the limit is not exceeded by one"
    ),
]

SERVERS, CLIENTS, LIMIT = 4, 6, 500


class Balancer:
    """A TCP balancer: each connection goes to the next server that accepts it."""

    def __init__(self, ports: Sequence[int]) -> None:
        self._ports, self._next = ports, cycle(ports)
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self.port = 0
        self._thread = threading.Thread(target=self._loop.run_until_complete, args=(self._run(),))

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

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
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
    """A client that writes until the limit refuses it; `made` are the ids of its customers."""

    def __init__(self, name: str, base: str, token: str) -> None:
        super().__init__(name=name)
        self._base, self._headers = base, {"Authorization": f"Bearer {token}"}
        self.made: list[int] = []
        self.seen: Counter[int] = Counter()

    def run(self) -> None:
        number = 0
        # A connection for each request: each goes to another server.
        while (status := self._create(f"{self.name}-{number}")) != 429:
            number += status == 200

    def _create(self, key: str) -> int:
        headers = {**self._headers, "Idempotency-Key": key, "Connection": "close"}
        body = {"email": f"{key}@example.com"}
        try:
            url = f"{self._base}/customers"
            answer = httpx.post(url, json=body, headers=headers, timeout=PATIENCE, verify=False)
        except httpx.TransportError:
            self.seen[0] += 1
            return 0
        self.seen[answer.status_code] += 1
        if answer.status_code == 200:
            self.made.append(answer.json()["data"]["id"])
        return answer.status_code


@contextmanager
def balanced(ports: Sequence[int]) -> Iterator[str]:
    balancer = Balancer(ports)
    balancer.start()
    try:
        yield f"http://127.0.0.1:{balancer.port}"
    finally:
        balancer.stop()


def test_a_killed_server_takes_nothing_with_it_and_the_limit_stays_exact(
    shell: Shell, migrated_postgres_url: str, valkey_url: str
) -> None:
    where, chance = f"--database-url {migrated_postgres_url}", random.Random(4)
    token = shop(shell, where)
    options = f"{where} --redis-url {valkey_url} --nodes {SERVERS} --on-counter-error closed"
    servers = [
        shell.start(f"serve --port 0 --data-dir {shell.folder}/{n} --access-log off {options}")
        for n in range(SERVERS)
    ]
    ports = [int(server.line(r"http://\S+?:(\d+)")[1]) for server in servers]
    with balanced(ports) as base:
        clients = [Client(f"c{n}", base, token) for n in range(CLIENTS)]
        for client in clients:
            client.start()
        answers = chance.randint(50, 200)
        until(lambda: sum(len(one.made) for one in clients) >= answers, f"{answers} answers")
        chance.choice(servers).end(signal.SIGKILL)
        for client in clients:
            client.join(4 * PATIENCE)
            assert not client.is_alive()
    seen = sum((client.seen for client in clients), Counter[int]())
    made = [id_ for client in clients for id_ in client.made]
    assert set(seen) <= {0, 200, 429, 503}
    assert LIMIT - seen[0] - seen[503] <= seen[200] <= LIMIT
    kept = {
        json.loads(line)["id"]
        for line in shell.run(f"export - --format=jsonl {where}").splitlines()
    }
    assert len(set(made)) == len(made)
    assert set(made) <= kept
