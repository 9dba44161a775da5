"""Names and the system's resolver."""

import asyncio
import socket
import threading
from ipaddress import ip_address
from typing import Any

import pytest

from sijill.egress.addresses import resolve


def answer(monkeypatch: pytest.MonkeyPatch, look_up: Any) -> None:
    monkeypatch.setattr("sijill.egress.addresses.socket.getaddrinfo", look_up)


def test_every_address_of_a_name_comes_back_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    def found(name: str, port: None, *, type: int) -> list[Any]:
        assert (name, type) == ("hooks.example", socket.SOCK_STREAM)
        return [
            (socket.AF_INET6, type, 6, "", ("fe80::1%2", 0, 0, 2)),
            (socket.AF_INET, type, 6, "", ("8.8.8.8", 0)),
        ]

    answer(monkeypatch, found)
    addresses = asyncio.run(resolve("hooks.example"))
    assert addresses == [ip_address("fe80::1%2"), ip_address("8.8.8.8")]


def test_a_name_nobody_knows_raises(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: Any, **__: Any) -> Any:
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    answer(monkeypatch, unknown)
    with pytest.raises(socket.gaierror):
        asyncio.run(resolve("hooks.example"))


def test_a_look_up_that_hangs_holds_up_neither_the_loop_nor_others_nor_the_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    release, ended = threading.Event(), threading.Event()

    def hang(name: str, *_: Any, **__: Any) -> list[Any]:
        if name == "slow.example":
            release.wait(5)
            ended.set()
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("8.8.8.8", 0))]

    async def run() -> None:
        stuck = [asyncio.create_task(resolve("slow.example")) for _ in range(50)]
        await asyncio.sleep(0)  # every one has begun
        assert await asyncio.wait_for(resolve("quick.example"), 2)
        for task in stuck:
            task.cancel()
        await asyncio.gather(*stuck, return_exceptions=True)

    answer(monkeypatch, hang)
    asyncio.run(asyncio.wait_for(run(), 4))
    assert not ended.is_set()
    left = [thread for thread in threading.enumerate() if thread.name == "resolve"]
    assert all(thread.daemon for thread in left)
    release.set()
    for thread in left:
        thread.join(5)
    assert ended.is_set()
