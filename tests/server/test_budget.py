"""Budgets, and who a client is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sijill.http.forwarded import parse_networks
from sijill.server.budget import Budget, client_of, is_loopback

TOTAL, EACH = 10, 4


@given(st.lists(st.tuples(st.sampled_from(["a", "b", ""]), st.integers(0, 5)), max_size=40))
def test_nobody_holds_more_than_the_bounds_and_all_comes_back(
    asked: list[tuple[str, int]],
) -> None:
    budget, held = Budget(TOTAL, EACH), list[tuple[str, int]]()
    for client, amount in asked:
        own = sum(size for name, size in held if name == client)
        fits = budget.taken + amount <= TOTAL and (not client or own + amount <= EACH)
        assert budget.take(client, amount) is fits
        if fits:
            held.append((client, amount))
        assert budget.taken == sum(size for _, size in held) <= TOTAL
    for client, amount in held:
        budget.give_back(client, amount)
    assert budget.taken == 0
    assert budget.take("a", EACH)


@pytest.mark.parametrize(
    ("peer", "client"),
    [
        ("198.51.100.7", "198.51.100.7"),
        ("::ffff:198.51.100.7", "198.51.100.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("10.0.0.1", ""),
        ("::ffff:10.0.0.1", ""),
        ("fd00::1", ""),
        ("", ""),
        ("unix", ""),
    ],
)
def test_a_client_is_an_address_or_a_network_and_a_proxy_is_none(peer: str, client: str) -> None:
    assert client_of(peer, parse_networks("10.0.0.0/8, fd00::/8")) == client


@pytest.mark.parametrize(
    ("peer", "loopback"),
    [
        ("127.0.0.1", True),
        ("127.9.9.9", True),
        ("::1", True),
        ("::ffff:127.0.0.1", True),
        ("::ffff:192.0.2.1", False),
        ("192.168.1.1", False),
        ("0.0.0.0", False),
        ("::", False),
        ("", False),
        ("localhost", False),
    ],
)
def test_this_machine_is_known_by_its_address(peer: str, loopback: bool) -> None:
    assert is_loopback(peer) is loopback
