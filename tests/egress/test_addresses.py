"""Which addresses may be reached."""

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

import pytest
from fixtures.tables import rows
from hypothesis import given
from hypothesis import strategies as st

from egress.corpus import NOT_PUBLIC
from sijill.egress.addresses import SPECIAL, SpecialNetwork, is_allowed

PUBLIC = (
    "1.1.1.1",
    "8.8.8.8",
    "9.255.255.255",
    "11.0.0.0",
    "100.63.255.255",
    "100.128.0.0",
    "168.63.129.15",
    "168.63.129.17",
    "172.15.255.255",
    "172.32.0.0",
    "192.0.1.0",
    "198.17.255.255",
    "198.20.0.0",
    "223.255.255.255",
    "2000::1",
    "2001:200::1",
    "2001:4860:4860::8888",
    "2003::1",
    "2606:4700:4700::1111",
    "3ffe:ffff::1",
)

INSIDE = ("10.0.0.1", "127.0.0.1", "172.17.0.1", "192.168.1.1", "::1", "fc00::1", "fd12::1")


@rows("text", NOT_PUBLIC)
def test_an_address_of_the_corpus_is_not_public(text: str) -> None:
    assert not is_allowed(ip_address(text), local=False)


@rows("text", PUBLIC)
def test_an_address_beside_a_special_network_is_public(text: str) -> None:
    assert is_allowed(ip_address(text), local=False)


@rows("row", SPECIAL)
def test_a_special_network_is_closed_from_its_first_to_its_last_address(
    row: SpecialNetwork,
) -> None:
    assert not is_allowed(row.network[0], local=False)
    assert not is_allowed(row.network[-1], local=False)


@pytest.mark.parametrize("text", ["64:ff9b::7f00:1", "2002:7f00:1::", "fec0::1", "224.0.0.1"])
def test_an_address_that_is_global_to_the_library_of_some_python_is_refused(text: str) -> None:
    assert not is_allowed(ip_address(text), local=False)


@given(st.integers(0, 2**32 - 1).map(IPv4Address))
def test_an_ipv4_address_is_never_public_inside_an_ipv6_one(address: IPv4Address) -> None:
    inner = int(address)
    wrapped = [inner, 0xFFFF << 32 | inner, 0x64FF9B << 96 | inner, 0x2002 << 112 | inner << 80]
    assert not any(is_allowed(IPv6Address(each), local=False) for each in wrapped)


@given(st.integers(0, 2**128 - 1).map(IPv6Address))
def test_no_ipv6_address_outside_global_unicast_is_public(address: IPv6Address) -> None:
    assert not is_allowed(address, local=False) or address in IPv6Network("2000::/3")


@pytest.mark.parametrize("text", INSIDE)
def test_local_permits_loopback_and_private_networks(text: str) -> None:
    assert is_allowed(ip_address(text), local=True)
    assert not is_allowed(ip_address(text), local=False)


@pytest.mark.parametrize(
    "text",
    [
        "0.0.0.0",
        "100.64.0.1",
        "169.254.169.254",
        "192.0.2.1",
        "224.0.0.1",
        "255.255.255.255",
        "::",
        "::127.0.0.1",
        "::ffff:127.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "fd00:ec2::254",
        "fd20:ce::254",
        "fe80::1",
        "fec0::1",
        "ff02::1",
    ],
)
def test_local_permits_nothing_else_that_is_not_public(text: str) -> None:
    assert not is_allowed(ip_address(text), local=True)


@pytest.mark.parametrize("local", [True, False])
def test_a_public_address_is_allowed_everywhere(local: bool) -> None:
    assert is_allowed(ip_address("8.8.8.8"), local=local)
