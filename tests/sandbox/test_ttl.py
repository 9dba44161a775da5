"""A namespace that ends when nobody has used it for a while."""

import asyncio
from collections.abc import AsyncGenerator, Iterator

import pytest
from sandbox.conftest import ADMIN_TOKEN, SandboxWorld

from sijill.customers.examples import AHMED
from sijill.http.request import Stream
from sijill.sandbox.idleness import Idleness

PATH = f"/customers/{AHMED.id}"


class Loop(asyncio.SelectorEventLoop):
    """An event loop whose time a test moves on."""

    def __init__(self) -> None:
        super().__init__()
        self.ahead = 0.0

    def time(self) -> float:
        return super().time() + self.ahead


@pytest.fixture
def sandbox() -> Iterator[SandboxWorld]:
    world = SandboxWorld(Loop)
    yield world
    world.close()


def passes(sandbox: SandboxWorld, seconds: float) -> None:
    """Let time pass, and the loop do what is due."""

    async def scenario() -> None:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, Loop)
        loop.ahead += seconds
        for _ in range(20):
            await asyncio.sleep(0)

    sandbox.run(scenario())


def names(sandbox: SandboxWorld) -> list[str]:
    return [one["name"] for one in sandbox.control("GET", "ns").json["namespaces"]]


def test_it_ends_after_so_long_without_a_request(sandbox: SandboxWorld) -> None:
    token = sandbox.create("one", ttl=60)["token"]
    sandbox.create("two", ttl=600)
    sandbox.create("three")
    for _ in range(3):
        passes(sandbox, 50)
        assert sandbox.ask("GET", PATH, token).status == 200
        passes(sandbox, 50)
        assert sandbox.control("GET", "ns/one").status == 200
    passes(sandbox, 61)
    assert names(sandbox) == ["default", "two", "three"]
    assert sandbox.control("GET", "ns/one").status == 404
    assert sandbox.create("one")["token"] == token
    passes(sandbox, 600)
    assert names(sandbox) == ["default", "three", "one"]


def test_a_clock_that_is_moved_is_not_the_real_one(sandbox: SandboxWorld) -> None:
    sandbox.create("one", ttl=60)
    sandbox.control("POST", "ns/one/clock/advance", {"seconds": 10**6})
    passes(sandbox, 1)
    assert names(sandbox) == ["default", "one"]


def test_a_wait_for_requests_is_a_use(sandbox: SandboxWorld) -> None:
    sandbox.create("one", ttl=60)

    async def scenario() -> int:
        path, body = "/_/ns/one/requests/wait", {"count": 1, "within": 300}
        waiting = asyncio.create_task(sandbox.answer("POST", path, ADMIN_TOKEN, body))
        loop = asyncio.get_running_loop()
        assert isinstance(loop, Loop)
        for seconds in (0, 200, 200):
            loop.ahead += seconds
            for _ in range(20):
                await asyncio.sleep(0)
        return (await waiting).status

    assert sandbox.run(scenario()) == 408
    assert names(sandbox) == ["default", "one"]


def test_one_that_is_removed_has_no_timer_left(sandbox: SandboxWorld) -> None:
    sandbox.create("one", ttl=60)
    sandbox.control("DELETE", "ns/one")
    sandbox.create("one")
    passes(sandbox, 61)
    assert names(sandbox) == ["default", "one"]


def test_a_stream_is_a_use_until_it_ends(sandbox: SandboxWorld) -> None:
    async def pieces() -> AsyncGenerator[bytes, None]:
        yield b""

    ended, told = [], []

    async def begin() -> tuple[Idleness, Stream]:
        idle = Idleness(60, lambda: ended.append(True))

        async def answer() -> Stream:
            return Stream(200, pieces(), [], (0, 0), lambda: told.append(True))

        return idle, await idle.during(answer())

    _, stream = sandbox.run(begin())
    passes(sandbox, 120)
    assert ended == []
    stream.on_end()
    assert told == [True]
    passes(sandbox, 59)
    assert ended == []
    passes(sandbox, 61)
    assert ended == [True]


@pytest.mark.parametrize("ttl", [0, -1, "60", 10**12])
def test_a_time_that_cannot_be_is_refused(sandbox: SandboxWorld, ttl: object) -> None:
    assert sandbox.control("POST", "ns", {"ttl": ttl}).status == 422
