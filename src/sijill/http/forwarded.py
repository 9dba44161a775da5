"""The client's address behind proxies, from `X-Forwarded-For`."""

import re
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
Networks = tuple[Network, ...]

_HOP = re.compile(r"([0-9.]+)(?::[0-9]{1,5})?|\[([0-9A-Fa-f:.]+)\](?::[0-9]{1,5})?", re.ASCII)
"""An address with a port, or an IPv6 address in brackets. Source: RFC 7239 §6."""


def parse_networks(text: str) -> Networks:
    """
    Return the networks of a comma-separated list of addresses and CIDR networks.

    Raises: ValueError with a sentence that names a malformed entry.
    """
    return tuple(_network(item.strip()) for item in text.split(",") if item.strip())


def client_address(
    peer: str, forwarded_for: Sequence[bytes] | str | None, trusted: Networks
) -> str:
    """
    Return the address that limits count a request under, as text.

    It is the peer, unless the peer is a trusted proxy: then the right-most hop of
    `X-Forwarded-For` (one line, or all lines in order) that is not a trusted proxy. A malformed
    hop ends the walk at the hop that added it. `Forwarded` is never read.
    """
    if not trusted or not forwarded_for:
        return peer
    if not is_trusted(peer, trusted):
        return peer
    address = _address(peer)
    for hop in reversed(_hops(forwarded_for)):
        before = _address(hop)
        if before is None:
            break
        address = before
        if not _among(address, trusted):
            break
    return str(address)


def is_trusted(peer: str, trusted: Networks) -> bool:
    """Return whether a peer is a trusted proxy; a Unix socket has no address, so it is not."""
    address = _address(peer)
    return address is not None and _among(address, trusted)


def _among(address: Address, networks: Networks) -> bool:
    return any(address in network for network in networks)


def _hops(forwarded_for: Sequence[bytes] | str) -> list[str]:
    """Return the entries in order; empty ones do not count. Source: RFC 9110 §5.6.1."""
    if not isinstance(forwarded_for, str):
        forwarded_for = b",".join(forwarded_for).decode("latin-1")
    return [hop for item in forwarded_for.split(",") if (hop := item.strip(" \t"))]


def _address(text: str) -> Address | None:
    """Return an address without its port, IPv4 for IPv4 in IPv6; None if it is malformed."""
    match = _HOP.fullmatch(text)
    try:
        address = ip_address(match[1] or match[2] if match else text)
    except ValueError:
        return None
    if isinstance(address, IPv4Address):
        return address
    if address.scope_id is not None:
        return None  # a scope is free text, and such an address is valid on its own link alone
    return address.ipv4_mapped or address


def _network(text: str) -> Network:
    try:
        network = ip_network(text)
    except ValueError:
        raise ValueError(f"{text!r} is neither an address nor a network") from None
    if isinstance(network, IPv6Network) and network.prefixlen >= 96:
        mapped = network.network_address.ipv4_mapped
        if mapped is not None:
            return IPv4Network((mapped, network.prefixlen - 96))
    return network
