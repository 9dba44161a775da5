"""Budgets: how many connections, and how many bytes, one process and one client may hold."""

from collections import Counter
from ipaddress import IPv6Address, IPv6Network, ip_address

from sijill.http.forwarded import Networks

IPV6_CLIENT = 64
"""Bits of an IPv6 address that name a client: the rest is its own to choose."""


class Budget:
    """So much in all, and so much of it for one client; the client "" has no bound of its own."""

    def __init__(self, total: int, each: int) -> None:
        self._total, self._each = total, each
        self._taken, self._by_client = 0, Counter[str]()

    def take(self, client: str, amount: int = 1) -> bool:
        """Take so much for a client; False if it is not there."""
        if self._taken + amount > self._total:
            return False
        if client and self._by_client[client] + amount > self._each:
            return False
        self._taken += amount
        self._by_client[client] += amount
        return True

    def give_back(self, client: str, amount: int = 1) -> None:
        """Give back what was taken."""
        self._taken -= amount
        self._by_client[client] -= amount
        if not self._by_client[client]:
            del self._by_client[client]

    @property
    def taken(self) -> int:
        """The amount taken, of all clients together."""
        return self._taken


def is_loopback(peer: str) -> bool:
    """Return whether an address is this machine's own; "", a local socket, may be a proxy's."""
    try:
        address = ip_address(peer)
    except ValueError:
        return False
    if isinstance(address, IPv6Address):
        return (address.ipv4_mapped or address).is_loopback
    return address.is_loopback


def client_of(peer: str, proxies: Networks) -> str:
    """
    Return the client that an address stands for: itself, or the network of an IPv6 address.

    It is "" for a trusted proxy, which stands for many clients, and for a local socket.
    """
    try:
        address = ip_address(peer)
    except ValueError:
        return ""
    if isinstance(address, IPv6Address):
        address = address.ipv4_mapped or address
    if any(address in network for network in proxies):
        return ""
    if isinstance(address, IPv6Address):
        return str(IPv6Network((int(address), IPV6_CLIENT), strict=False))
    return str(address)
