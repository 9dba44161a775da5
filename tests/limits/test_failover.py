"""A counter whose address moves to a promoted replica, as that of a balancer or a cloud does."""

import asyncio
import signal
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import redis.exceptions as faults
from fixtures.valkey import ReplicatedValkey, replicated

from sijill.limits.redis import RedisCounters, trouble
from sijill.limits.window import CounterAway, Decision, Rule

pytestmark = [
    pytest.mark.valkey,
    pytest.mark.proves(
        "a counter that was demoted, is loading, lost its primary or its replicas, was killed or "
        "hangs is left: the next call goes to the server that its address names, where the counts "
        "go on"
    ),
]

RULE = Rule("{1}:customers:5", 3, 600.0)
PATIENT = 2.0


class Address:
    """An address that leads each new connection to one server; the others stay where they are."""

    def __init__(self, path: Path, server: ReplicatedValkey) -> None:
        self.url, self.server = f"unix://{path}", server
        self.connections = 0
        self._path = path

    async def open(self) -> None:
        """Listen."""
        self._listening = await asyncio.start_unix_server(self._connect, self._path)

    def close(self) -> None:
        """Listen no more."""
        self._listening.close()

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        with suppress(OSError):
            back, forth = await asyncio.open_unix_connection(self.server.socket)
            await asyncio.gather(_pipe(reader, forth), _pipe(back, writer))
        writer.close()
        self.connections -= 1


async def _pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while some := await reader.read(65_536):
            writer.write(some)
            await writer.drain()
    writer.close()


Steps = Callable[[RedisCounters, Address], Awaitable[None]]


@pytest.fixture
def servers() -> Iterator[tuple[ReplicatedValkey, ReplicatedValkey]]:
    """A primary and its replica."""
    with replicated() as pair:
        yield pair


def run(steps: Steps, path: Path, server: ReplicatedValkey) -> None:
    """Run steps on a counter that knows an address alone, which leads to this server."""

    async def whole() -> None:
        address = Address(path / "address", server)
        await address.open()
        counters = RedisCounters(address.url, PATIENT)
        try:
            assert await counters.prepare()
            await steps(counters, address)
        finally:
            await counters.close()
            address.close()

    asyncio.run(asyncio.wait_for(whole(), 30))


async def hit(counters: RedisCounters) -> tuple[bool, int]:
    """Count one request; return whether it passes, and how many more would."""
    verdict = (await counters.hit([RULE], 0.0)).verdict
    return verdict.admitted, verdict.remaining


def _demote(old: ReplicatedValkey, new: ReplicatedValkey) -> None:
    old.follow(new)


def _load(old: ReplicatedValkey, new: ReplicatedValkey) -> None:
    """Let it load what the new primary has, which takes longer than the test."""
    with old.client() as client:
        client.set("lost", "")  # the new primary lacks it: a part alone cannot be loaded
    with new.client() as client:
        client.mset({f"other:{number}": "" for number in range(20_000)})
    old.configure(key_load_delay=1_000, loading_process_events_interval_bytes=1024)
    with old.client() as client, new.client() as other:
        client.replicaof("127.0.0.1", other.info()["tcp_port"])
    old.await_info(loading=1)


def _orphan(old: ReplicatedValkey, new: ReplicatedValkey) -> None:
    """Make it a replica that answers nothing without its primary, and give it none."""
    old.configure(replica_serve_stale_data="no")
    with old.client() as client:
        client.replicaof("127.0.0.1", 1)


def _isolate(old: ReplicatedValkey, new: ReplicatedValkey) -> None:
    """Let it write with a replica alone; it has none any more."""
    old.configure(min_replicas_to_write=1)
    old.await_info(min_slaves_good_slaves=0)


def _kill(old: ReplicatedValkey, new: ReplicatedValkey) -> None:
    old.signal(signal.SIGKILL)


def _freeze(old: ReplicatedValkey, new: ReplicatedValkey) -> None:
    old.signal(signal.SIGSTOP)


STATES: dict[str, tuple[Callable[[ReplicatedValkey, ReplicatedValkey], None], type[Exception]]] = {
    "READONLY": (_demote, faults.ReadOnlyError),
    "LOADING": (_load, faults.BusyLoadingError),
    "MASTERDOWN": (_orphan, faults.MasterDownError),
    "NOREPLICAS": (_isolate, faults.ResponseError),
    "killed": (_kill, faults.ConnectionError),
    "hangs": (_freeze, TimeoutError),
}
"""What becomes of the old primary, and what a call of the counter meets there."""


@pytest.mark.parametrize("spent", [False, True], ids=["left", "spent"])
@pytest.mark.parametrize("state", STATES)
def test_the_counts_go_on_at_the_promoted_replica(
    servers: tuple[ReplicatedValkey, ReplicatedValkey], tmp_path: Path, state: str, spent: bool
) -> None:
    old, new = servers
    become, met = STATES[state]
    taken = RULE.limit if spent else 1

    async def steps(counters: RedisCounters, address: Address) -> None:
        for _ in range(taken):
            assert (await hit(counters))[0]
        with old.client() as client:
            assert client.wait(1, 5_000) == 1
        new.promote()
        await asyncio.to_thread(become, old, new)
        for _ in range(2):
            with pytest.raises(CounterAway) as away:
                await hit(counters)
        assert isinstance(away.value.__cause__, (met, faults.ConnectionError))
        address.server = new
        assert await hit(counters) == ((False, 0) if spent else (True, 1))

    run(steps, tmp_path, old)


def test_a_call_that_meets_the_old_primary_first_fails_once(
    servers: tuple[ReplicatedValkey, ReplicatedValkey], tmp_path: Path
) -> None:
    """Every connection is dropped, though each of them would be answered."""
    old, new = servers

    async def steps(counters: RedisCounters, address: Address) -> None:
        own = [RULE._replace(key=f"{{{number}}}:own") for number in range(4)]

        async def at_once() -> list[Decision | BaseException]:
            calls: list[asyncio.Task[Decision]] = []
            for rule in own:
                calls.append(asyncio.create_task(counters.hit([rule], 0.0)))
                await asyncio.sleep(0)
            return await asyncio.gather(*calls, return_exceptions=True)

        await at_once()
        with old.client() as client:
            assert len(client.client_list(_type="normal")) > 2
        new.promote()
        await asyncio.to_thread(old.follow, new)
        address.server = new
        with pytest.raises(CounterAway) as away:
            await hit(counters)
        assert isinstance(away.value.__cause__, faults.ReadOnlyError)
        answers = await at_once()
        assert [type(answer) for answer in answers] == [Decision] * 4

    run(steps, tmp_path, old)


def test_a_promoted_replica_that_knows_no_script_is_no_outage(
    servers: tuple[ReplicatedValkey, ReplicatedValkey], tmp_path: Path
) -> None:
    old, new = servers

    async def steps(counters: RedisCounters, address: Address) -> None:
        assert await hit(counters) == (True, 2)
        with old.client() as client:
            assert client.wait(1, 5_000) == 1
        new.promote()
        with new.client() as client:
            assert client.info("memory")["number_of_cached_scripts"] == 0
        address.server = new
        with old.client() as client:  # as a Sentinel does, which demotes it
            client.client_kill_filter(_type="normal", skipme=True)
        while address.connections:
            await asyncio.sleep(0.01)
        assert await hit(counters) == (True, 1)

    run(steps, tmp_path, old)


def test_a_replica_is_told_apart_from_its_primary(
    servers: tuple[ReplicatedValkey, ReplicatedValkey],
) -> None:
    async def prepared(server: ReplicatedValkey) -> bool:
        counters = RedisCounters(server.url, PATIENT)
        try:
            return await counters.prepare()
        finally:
            await counters.close()

    primary, replica = servers
    assert [asyncio.run(prepared(server)) for server in servers] == [True, False]
    assert asyncio.run(trouble(primary.url)) is None
    assert asyncio.run(trouble(replica.url)) == "a replica, which counts nothing: name its primary"
