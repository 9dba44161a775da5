"""Whose request it is behind proxies."""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

import pytest
from fixtures.tables import rows
from hypothesis import given
from hypothesis import strategies as st

from sijill.http.forwarded import client_address, parse_networks

pytestmark = pytest.mark.proves("a client cannot choose the address it is counted under")

TRUSTED = parse_networks("10.0.0.0/8, 192.0.2.1, fd00::/8, ::1")

CASES = [
    # no proxies in between
    ("203.0.113.7", None, "203.0.113.7"),
    ("203.0.113.7", "198.51.100.1", "203.0.113.7"),
    ("203.0.113.7", "10.0.0.1", "203.0.113.7"),
    ("192.0.2.2", "198.51.100.1", "192.0.2.2"),
    ("2001:db8::7", "198.51.100.1", "2001:db8::7"),
    ("", "198.51.100.1", ""),
    ("unix:", "198.51.100.1", "unix:"),
    # one proxy
    ("10.0.0.1", None, "10.0.0.1"),
    ("10.0.0.1", "", "10.0.0.1"),
    ("10.0.0.1", "198.51.100.1", "198.51.100.1"),
    ("192.0.2.1", "198.51.100.1", "198.51.100.1"),
    ("::1", "198.51.100.1", "198.51.100.1"),
    ("fd12::5", "2001:db8::7", "2001:db8::7"),
    ("10.0.0.1", "  198.51.100.1\t", "198.51.100.1"),
    # the right-most hop that is not trusted; what a client wrote stands left of it
    ("10.0.0.1", "1.1.1.1, 198.51.100.1", "198.51.100.1"),
    ("10.0.0.1", "1.1.1.1, 198.51.100.1, 10.9.9.9", "198.51.100.1"),
    ("10.0.0.1", "10.0.0.2, 198.51.100.1, 10.9.9.9", "198.51.100.1"),
    ("10.0.0.1", "198.51.100.1, fd00::2, 10.9.9.9,192.0.2.1", "198.51.100.1"),
    ("10.0.0.1", "junk, 198.51.100.1", "198.51.100.1"),
    # every hop trusted: the first of them
    ("10.0.0.1", "10.0.0.3, 10.0.0.2", "10.0.0.3"),
    ("10.0.0.1", "fd00::3", "fd00::3"),
    # junk ends the walk at the hop that passed it on
    ("10.0.0.1", "unknown", "10.0.0.1"),
    ("10.0.0.1", "198.51.100.1, _hidden", "10.0.0.1"),
    ("10.0.0.1", "198.51.100.1, junk, 10.0.0.2", "10.0.0.2"),
    ("10.0.0.1", "198.51.100.256", "10.0.0.1"),
    ("10.0.0.1", "198.51.100.01", "10.0.0.1"),
    ("10.0.0.1", "198.51.100.1/32", "10.0.0.1"),
    ("10.0.0.1", '"198.51.100.1"', "10.0.0.1"),
    ("10.0.0.1", "for=198.51.100.1", "10.0.0.1"),
    ("10.0.0.1", "١٩٨.51.100.1", "10.0.0.1"),
    ("10.0.0.1", "fe80::1%any words", "10.0.0.1"),
    ("10.0.0.1", "3325256705", "10.0.0.1"),
    # empty entries do not count
    ("10.0.0.1", "198.51.100.1, ,", "198.51.100.1"),
    ("10.0.0.1", ",,", "10.0.0.1"),
    # ports and brackets
    ("10.0.0.1", "198.51.100.1:555", "198.51.100.1"),
    ("10.0.0.1", "[2001:db8::7]:80", "2001:db8::7"),
    ("10.0.0.1", "[2001:db8::7]", "2001:db8::7"),
    ("10.0.0.1", "198.51.100.1, [::1]:80, 10.0.0.2:1", "198.51.100.1"),
    ("10.0.0.1", "198.51.100.1:", "10.0.0.1"),
    ("10.0.0.1", "198.51.100.1:http", "10.0.0.1"),
    ("10.0.0.1", "198.51.100.1:555555", "10.0.0.1"),
    ("10.0.0.1", "[198.51.100.1", "10.0.0.1"),
    ("10.0.0.1", "[2001:db8::7]80", "10.0.0.1"),
    # IPv4 in IPv6 is IPv4; one address has one spelling
    ("::ffff:10.0.0.1", "198.51.100.1", "198.51.100.1"),
    ("10.0.0.1", "::ffff:198.51.100.1", "198.51.100.1"),
    ("10.0.0.1", "198.51.100.1, ::ffff:10.0.0.2", "198.51.100.1"),
    ("10.0.0.1", "[::ffff:198.51.100.1]:80", "198.51.100.1"),
    ("10.0.0.1", "2001:0DB8:0:0::7", "2001:db8::7"),
]


@rows(("peer", "header", "address"), CASES)
def test_the_client_is_the_right_most_hop_that_is_no_trusted_proxy(
    peer: str, header: str | None, address: str
) -> None:
    assert client_address(peer, header, TRUSTED) == address


def test_several_header_lines_are_one_list_in_their_order() -> None:
    lines = [b"1.1.1.1", b"198.51.100.1, 10.0.0.3", b"10.0.0.2"]
    assert client_address("10.0.0.1", lines, TRUSTED) == "198.51.100.1"
    assert client_address("10.0.0.1", [], TRUSTED) == "10.0.0.1"
    assert client_address("10.0.0.1", [b"\xff\xfe"], TRUSTED) == "10.0.0.1"


def test_without_trusted_proxies_the_peer_is_the_client() -> None:
    assert client_address("10.0.0.1", "198.51.100.1", ()) == "10.0.0.1"


addresses = st.ip_addresses().map(str)
headers = st.lists(st.one_of(addresses, st.text(max_size=20)), max_size=5).map(", ".join)


def is_outside(address: IPv4Address | IPv6Address) -> bool:
    address = getattr(address, "ipv4_mapped", None) or address
    return not any(address in network for network in TRUSTED)


@given(st.ip_addresses().filter(is_outside), headers)
def test_an_untrusted_peer_is_never_anyone_else(
    peer: IPv4Address | IPv6Address, header: str
) -> None:
    assert client_address(str(peer), header, TRUSTED) == str(peer)


@given(st.lists(st.one_of(addresses.map(str.encode), st.binary(max_size=30)), max_size=5))
def test_whatever_a_trusted_proxy_sends_the_client_is_one_address(lines: list[bytes]) -> None:
    address = client_address("10.0.0.1", lines, TRUSTED)
    assert str(ip_address(address)) == address


@given(st.ip_addresses(v=4).filter(is_outside), headers)
def test_whatever_a_client_writes_left_of_its_own_address_changes_nothing(
    client: IPv4Address, forged: str
) -> None:
    assert client_address("10.0.0.1", f"{forged}, {client}, 10.0.0.2", TRUSTED) == str(client)


@pytest.mark.parametrize(
    ("text", "networks"),
    [
        ("", ()),
        (" , ", ()),
        ("10.0.0.0/8", (IPv4Network("10.0.0.0/8"),)),
        ("192.0.2.1,::1", (IPv4Network("192.0.2.1/32"), IPv6Network("::1/128"))),
        ("::ffff:10.0.0.0/104", (IPv4Network("10.0.0.0/8"),)),
        ("::/0", (IPv6Network("::/0"),)),
    ],
)
def test_networks_are_addresses_and_cidr_networks(text: str, networks: tuple[object, ...]) -> None:
    assert parse_networks(text) == networks


@pytest.mark.parametrize("entry", ["nginx", "10.0.0.1/8", "10.0.0.0/33", "10.0.0.0-10.0.0.9", "*"])
def test_a_faulty_network_is_refused_with_a_sentence_that_names_it(entry: str) -> None:
    with pytest.raises(ValueError, match="is neither an address nor a network") as refused:
        parse_networks(f"10.0.0.0/8,{entry}")
    assert repr(entry) in str(refused.value)
