"""
The addresses of a name, by the system's resolver, and the addresses that may not be reached.

`ipaddress` is no guard: its `is_global` says True of NAT64 addresses that lead to 127.0.0.1 (of
6to4 ones too, in some versions of Python), of site-local and of multicast ones. The rows are the
special-purpose registries of RFC 6890 in full, also the entries said to be reachable (nobody
receives a webhook there), and what clouds keep for themselves.
"""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import Future
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from threading import Thread
from typing import NamedTuple

Address = IPv4Address | IPv6Address

Resolver = Callable[[str], Awaitable[Sequence[Address]]]
"""Returns a name's addresses, the best first. Raises: OSError if the name has none."""


class SpecialNetwork(NamedTuple):
    """A network that a public server must not reach, and why; `local`: a local server may."""

    network: IPv4Network | IPv6Network
    why: str
    local: bool


def _row(network: str, why: str, *, local: bool = False) -> SpecialNetwork:
    return SpecialNetwork(ip_network(network), why, local)


SPECIAL = (
    _row("0.0.0.0/8", "this host on this network: RFC 791; Linux connects 0.0.0.0 to itself"),
    _row("10.0.0.0/8", "private use: RFC 1918", local=True),
    _row("100.64.0.0/10", "shared by carriers: RFC 6598; Alibaba's metadata 100.100.100.200"),
    _row("127.0.0.0/8", "loopback: RFC 1122", local=True),
    _row("168.63.129.16/32", "Azure's platform: Microsoft, What is IP address 168.63.129.16?"),
    _row("169.254.0.0/16", "link-local: RFC 3927; metadata of most clouds"),
    _row("172.16.0.0/12", "private use: RFC 1918", local=True),
    _row("192.0.0.0/24", "IETF protocols: RFC 6890; Oracle's metadata 192.0.0.192"),
    _row("192.0.2.0/24", "documentation: RFC 5737"),
    _row("192.31.196.0/24", "AS112: RFC 7535"),
    _row("192.52.193.0/24", "multicast tunnels (AMT): RFC 7450"),
    _row("192.88.99.0/24", "6to4 relays: RFC 7526"),
    _row("192.168.0.0/16", "private use: RFC 1918", local=True),
    _row("192.175.48.0/24", "AS112: RFC 7534"),
    _row("198.18.0.0/15", "benchmarks: RFC 2544"),
    _row("198.51.100.0/24", "documentation: RFC 5737"),
    _row("203.0.113.0/24", "documentation: RFC 5737"),
    _row("224.0.0.0/4", "multicast: RFC 5771"),
    _row("240.0.0.0/4", "reserved: RFC 1112; broadcast 255.255.255.255: RFC 919"),
    _row("::/128", "unspecified: RFC 4291"),
    _row("::1/128", "loopback: RFC 4291", local=True),
    _row("::/96", "IPv4-compatible: RFC 4291; an IPv4 address within"),
    _row("::ffff:0:0/96", "IPv4-mapped: RFC 4291; an IPv4 address within"),
    _row("::ffff:0:0:0/96", "IPv4-translated: RFC 2765; an IPv4 address within"),
    _row("64:ff9b::/96", "NAT64: RFC 6052; an IPv4 address within"),
    _row("64:ff9b:1::/48", "local NAT64: RFC 8215; an IPv4 address within"),
    _row("100::/64", "discarded: RFC 6666"),
    _row("100:0:0:1::/64", "dummy prefix: RFC 9780"),
    _row("2001::/32", "Teredo: RFC 4380; an IPv4 address within"),
    _row("2001::/23", "IETF protocols: RFC 2928"),
    _row("2001:db8::/32", "documentation: RFC 3849"),
    _row("2002::/16", "6to4: RFC 3056; an IPv4 address within"),
    _row("2620:4f:8000::/48", "AS112: RFC 7534"),
    _row("3fff::/20", "documentation: RFC 9637"),
    _row("5f00::/16", "segment routing: RFC 9602"),
    _row("fd00:ec2::/32", "AWS's metadata fd00:ec2::254, within what local permits"),
    _row("fd20:ce::/64", "Google Cloud's metadata fd20:ce::254, within what local permits"),
    _row("fc00::/7", "unique local: RFC 4193", local=True),
    _row("fe80::/10", "link-local: RFC 4291"),
    _row("fec0::/10", "site-local: RFC 3879"),
    _row("ff00::/8", "multicast: RFC 4291"),
    _row("::/3", "outside 2000::/3, the only space of global unicast: IANA"),
    _row("4000::/2", "outside 2000::/3, the only space of global unicast: IANA"),
    _row("8000::/1", "outside 2000::/3, the only space of global unicast: IANA"),
)
"""The first row that holds an address decides."""


def is_allowed(address: Address, *, local: bool) -> bool:
    """
    Return whether this server may connect to the address.

    A `local` server, one for development, may also reach loopback and private networks, and
    nothing else: no metadata, no multicast, no IPv4 address wrapped in an IPv6 one.
    """
    row = next((row for row in SPECIAL if address in row.network), None)
    return row is None or (local and row.local)


async def resolve(name: str) -> Sequence[Address]:
    """
    Return the addresses that getaddrinfo finds for the name.

    Each look-up has a daemon thread of its own: a name server that does not answer takes no
    thread from other look-ups, and does not delay a stop.
    Raises: OSError.
    """
    answer: Future[Sequence[Address]] = Future()
    answer.set_running_or_notify_cancel()  # a later cancellation cannot break set_result

    def look_up() -> None:
        try:
            answer.set_result(_addresses(name))
        except OSError as fault:
            answer.set_exception(fault)

    Thread(target=look_up, name="resolve", daemon=True).start()
    return await asyncio.wrap_future(answer)


def _addresses(name: str) -> Sequence[Address]:
    found = socket.getaddrinfo(name, None, type=socket.SOCK_STREAM)
    return [ip_address(socket_address[0]) for *_, socket_address in found]
