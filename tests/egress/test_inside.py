"""Addresses inside the network: nothing arrives at the canary, whatever the URL says."""

import asyncio
import socket
from collections.abc import Iterator
from ipaddress import IPv4Address
from typing import Any

import pytest

from egress.corpus import NOT_PUBLIC, SPELLINGS
from egress.receivers import Names, Receiver, gives, listens, receiving
from egress.test_sending import outcome
from sijill.egress import network, targets
from sijill.egress.addresses import Address
from sijill.egress.message import Sent
from sijill.egress.sending import Sender

pytestmark = pytest.mark.usefixtures("_read_once")

PUBLIC = "93.184.215.14"


@pytest.fixture
def dialled(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Every address that is connected to; the real connection is made to those of this machine."""
    hosts: list[str] = []
    connect = network.connect

    async def note(address: Address, port: int) -> socket.socket:
        hosts.append(str(address))
        if not address.is_loopback:
            raise ConnectionRefusedError
        return await connect(address, port)

    monkeypatch.setattr(network, "connect", note)
    return hosts


def send(
    monkeypatch: pytest.MonkeyPatch, hosts: list[str], **settings: Any
) -> tuple[list[Sent | str], Receiver]:
    """Send one message to the canary's port at each host; return what came of them."""

    async def run() -> tuple[list[Sent | str], Receiver]:
        async with receiving(listens) as canary:
            monkeypatch.setattr(targets, "PORTS", frozenset({canary.port}))
            sender = Sender(**{"local": False, "timeout": 2.0, **settings})
            urls = [canary.url("/", scheme="https", host=host) for host in hosts]
            results = [await outcome(sender, url) for url in urls]
            await sender.close()
        return results, canary

    return asyncio.run(run())


def test_the_corpus_is_large_enough() -> None:
    assert len({*NOT_PUBLIC, *SPELLINGS}) >= 70


def test_the_canary_would_sing(monkeypatch: pytest.MonkeyPatch, dialled: list[str]) -> None:
    _, canary = send(monkeypatch, ["127.0.0.1"], local=True, timeout=0.1)
    assert canary.connections == 1
    assert dialled == ["127.0.0.1"]


def test_no_address_of_the_corpus_is_connected(
    monkeypatch: pytest.MonkeyPatch, dialled: list[str]
) -> None:
    literals = [f"[{each}]" if ":" in each else each for each in NOT_PUBLIC]
    hosts = [*literals, *SPELLINGS]
    results, canary = send(monkeypatch, hosts)
    assert results == ["blocked"] * len(hosts)
    assert (dialled, canary.connections) == ([], 0)


def test_no_name_leads_to_an_address_of_the_corpus(
    monkeypatch: pytest.MonkeyPatch, dialled: list[str]
) -> None:
    names = gives(*[[each] for each in NOT_PUBLIC])
    results, canary = send(monkeypatch, ["hooks.example.com"] * len(NOT_PUBLIC), resolver=names)
    assert results == ["blocked"] * len(NOT_PUBLIC)
    assert len(names.asked) == len(NOT_PUBLIC)
    assert (dialled, canary.connections) == ([], 0)


@pytest.mark.parametrize("answer", [[PUBLIC, "127.0.0.1"], ["::1", PUBLIC], [PUBLIC, "10.0.0.1"]])
def test_a_name_with_a_public_and_a_private_address_is_refused(
    answer: list[str], monkeypatch: pytest.MonkeyPatch, dialled: list[str]
) -> None:
    results, canary = send(monkeypatch, ["hooks.example.com"], resolver=gives(answer))
    assert results == ["blocked"]
    assert (dialled, canary.connections) == ([], 0)


def test_the_address_that_was_checked_is_the_one_that_is_connected(
    monkeypatch: pytest.MonkeyPatch, dialled: list[str]
) -> None:
    rebinding = gives([PUBLIC], ["127.0.0.1"])
    results, canary = send(monkeypatch, ["hooks.example.com"], resolver=rebinding)
    assert results == ["connect"]  # nobody answers there in a test
    assert rebinding.asked == ["hooks.example.com"]
    assert (dialled, canary.connections) == ([PUBLIC], 0)


def test_a_name_is_checked_anew_for_each_connection(
    monkeypatch: pytest.MonkeyPatch, dialled: list[str]
) -> None:
    rebinding = gives([PUBLIC], ["127.0.0.1"])
    results, canary = send(monkeypatch, ["hooks.example.com"] * 3, resolver=rebinding)
    assert results == ["connect", "blocked", "blocked"]
    assert (dialled, canary.connections) == ([PUBLIC], 0)


def test_an_address_that_swallows_everything_leaves_time_for_the_next(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tried: list[str] = []

    async def swallow(address: Address, port: int) -> Any:
        tried.append(str(address))
        await asyncio.Event().wait()

    monkeypatch.setattr(network, "connect", swallow)
    names = gives([PUBLIC, "8.8.8.8"])
    results, _ = send(monkeypatch, ["hooks.example.com"], resolver=names, timeout=0.2)
    assert results in (["timeout"], ["connect"])
    assert tried == [PUBLIC, "8.8.8.8"]


def test_a_socket_that_ended_up_inside_is_closed_before_a_byte_is_sent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    connect = network.connect

    async def astray(address: Address, port: int) -> socket.socket:
        return await connect(IPv4Address("127.0.0.1"), port)

    monkeypatch.setattr(network, "connect", astray)
    results, canary = send(monkeypatch, ["hooks.example.com"], resolver=gives([PUBLIC]))
    assert results == ["blocked"]
    assert canary.connections == 1
    assert canary.requests in ([], [b""])


def test_the_systems_resolver_is_not_trusted_either(
    monkeypatch: pytest.MonkeyPatch, dialled: list[str]
) -> None:
    def hosts_file(name: str, *_: Any, **__: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 0))]

    monkeypatch.setattr("sijill.egress.addresses.socket.getaddrinfo", hosts_file)
    results, canary = send(monkeypatch, ["localtest.example.com"])
    assert results == ["blocked"]
    assert (dialled, canary.connections) == ([], 0)


@pytest.mark.parametrize("host", ["169.254.169.254", "[::ffff:127.0.0.1]", "0.0.0.0", "224.0.0.1"])
def test_a_local_sender_is_held_back_too(
    host: str, monkeypatch: pytest.MonkeyPatch, dialled: list[str]
) -> None:
    for settings in ({"resolver": gives([host.strip("[]")])}, {}):
        name = "hooks.example.com" if settings else host
        results, canary = send(monkeypatch, [name], local=True, **settings)
        assert results == ["blocked"]
        assert (dialled, canary.connections) == ([], 0)


@pytest.mark.parametrize(
    "url",
    ["http://hooks.example.com/", "https://a@hooks.example.com/", "https://h.example/#a", "", "x"],
)
def test_a_url_that_would_not_be_kept_is_not_used(url: str) -> None:
    names = Names([["127.0.0.1"]])
    assert asyncio.run(outcome(Sender(local=False, resolver=names), url)) == "target"
    assert names.asked == []
