"""Which rules a request meets."""

import pytest
from fixtures.tables import rows
from fixtures.world import POLICY
from hypothesis import given
from hypothesis import strategies as st

from sijill.limits.policy import ADDRESSES, PLAN_LIMITS, Quota, network, parse_quota
from sijill.limits.window import Rule

CALLER = {"store_id": 7, "app_id": 5, "plan": None, "address": "192.0.2.1", "customers": True}


@pytest.mark.parametrize(
    ("text", "quota"),
    [
        ("500/10m", Quota(500, 600.0)),
        ("60/m", Quota(60, 60.0)),
        ("5/30s", Quota(5, 30.0)),
        ("1/h", Quota(1, 3600.0)),
        ("9/2d", Quota(9, 172_800.0)),
        ("off", None),
    ],
)
def test_a_quota_is_written_as_number_and_period(text, quota):
    assert parse_quota(text) == quota


@rows(
    "text",
    [
        *("", "500", "/m", "5/", "5//m", "0/m", "-5/m", "05/m", "5/0m", "5.5/m", "5/1.5m", "1e3/m"),
        *("5/m ", " 5/m", "5/ m", "5/m\n", "5/M", "5/w", "OFF", "٥/m", "1234567890/m"),
    ],
)
def test_anything_else_is_refused_with_an_example(text):
    with pytest.raises(ValueError, match="500/10m"):
        parse_quota(text)


@given(st.text())
def test_any_text_is_a_quota_or_a_sentence(text):
    try:
        quota = parse_quota(text)
    except ValueError:
        return
    assert quota is None or (quota.limit >= 1 and quota.period >= 1.0)


@pytest.mark.parametrize(
    ("address", "client"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:DB8:1:2::ff", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::1", "::/64"),
        ("", "unknown"),
        ("192.0.2.1:80", "unknown"),
        ("}{9}", "unknown"),
    ],
)
def test_an_address_counts_as_its_network(address, client):
    assert network(address) == client


@given(st.ip_addresses(v=6))
def test_the_lower_half_of_an_ipv6_address_does_not_matter(ip):
    neighbour = type(ip)(int(ip) ^ 1)
    assert network(str(ip)) == network(str(neighbour)) or ip.ipv4_mapped is not None


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("token", "{7}:customers:5"),
        ("store", "{7}:customers"),
        ("ip", "{192.0.2.1}:customers"),
    ],
)
def test_the_customers_key_is_a_setting(key, expected):
    assert POLICY._replace(customers_key=key).rules(**CALLER) == (Rule(expected, 500, 600.0),)


@pytest.mark.parametrize(("plan", "limit"), PLAN_LIMITS.items())
def test_a_plan_counts_per_store_and_minute_and_overflows_by_the_second(plan, limit):
    rules = POLICY.rules(**{**CALLER, "plan": plan, "customers": False})
    assert rules == (Rule("{7}:plan", limit, 60.0, overflow=1.0),)


@pytest.mark.parametrize(
    ("changes", "caller", "keys"),
    [
        ({}, {"customers": False}, ["{7}:others:5"]),
        ({}, {"customers": True}, ["{7}:customers:5"]),
        ({}, {"customers": False, "plan": "plus"}, ["{7}:plan"]),
        ({"plans": False}, {"customers": False, "plan": "plus"}, ["{7}:others:5"]),
        ({"customers": None}, {"customers": True}, []),
        ({"customers_key": "ip"}, {"customers": False}, ["{7}:others:5"]),
        ({"others": None}, {"customers": False}, []),
    ],
)
def test_what_no_plan_limits_has_a_limit_outside_customers(changes, caller, keys):
    policy = POLICY._replace(others=Quota(600, 60.0))._replace(**changes)
    rules = policy.rules(**{**CALLER, **caller})
    assert [rule.key for rule in rules] == keys
    assert all(rule.limit == 600 for rule in rules if "others" in rule.key)


@pytest.mark.parametrize(
    ("policy", "caller", "keys"),
    [
        (POLICY, {"plan": "pro"}, ["{7}:customers:5", "{7}:plan"]),
        (POLICY, {"plan": None}, ["{7}:customers:5"]),
        (POLICY, {"plan": None, "customers": False}, []),
        (POLICY._replace(customers=None), {"plan": "pro"}, ["{7}:plan"]),
        (POLICY._replace(plans=False), {"plan": "pro"}, ["{7}:customers:5"]),
        (POLICY._replace(customers=None, plans=False), {"plan": "pro"}, []),
    ],
)
def test_a_limiter_that_is_off_has_no_rule(policy, caller, keys):
    assert [rule.key for rule in policy.rules(**{**CALLER, **caller})] == keys


@pytest.mark.parametrize("key", ["token", "store"])
def test_the_keys_of_a_store_share_a_hash_tag(key):
    rules = POLICY._replace(customers_key=key).rules(**{**CALLER, "plan": "pro"})
    assert {rule.key.partition(":")[0] for rule in rules} == {"{7}"}


def test_failed_tokens_count_per_network_and_are_counted_locally():
    rules = POLICY.failed_token_rules("2001:db8::9")
    assert rules == (Rule("{2001:db8::/64}:failed", 60, 60.0, counts_locally=True),)


def test_failed_tokens_can_be_off():
    assert POLICY._replace(failed_tokens=None).failed_token_rules("192.0.2.1") == ()


@pytest.mark.parametrize(
    ("device", "keys"),
    [
        (None, [("{192.0.2.1}:login", 10), ("{acc}:login", 10 * ADDRESSES)]),
        ("d0d0", [("{d0d0}:login", 10)]),
    ],
)
def test_a_known_device_counts_for_itself_alone(device, keys):
    policy = POLICY._replace(logins=Quota(10, 900.0))
    rules = policy.login_rules("acc", "192.0.2.1", device)
    assert [(rule.key, rule.limit) for rule in rules] == keys
    assert all(rule.counts_locally and rule.period == 900.0 for rule in rules)
    assert POLICY._replace(logins=None).login_rules("acc", "192.0.2.1", device) == ()


OTHERS = POLICY._replace(others=Quota(600, 60.0))


@rows(
    ("policy", "plan"),
    [
        (policy._replace(customers_key=key), plan)
        for policy in (
            POLICY,
            OTHERS,
            OTHERS._replace(plans=False),
            OTHERS._replace(customers=None),
        )
        for key in ("token", "store")
        for plan in (None, "pro")
    ],
)
def test_the_budgets_of_an_app_are_the_rules_that_its_requests_meet(policy, plan):
    caller = {**CALLER, "plan": plan}
    met = {
        rule for inside in (True, False) for rule in policy.rules(**{**caller, "customers": inside})
    }
    budgets = policy.budgets(7, 5, plan)
    assert {*budgets.values()} == met
    assert {name for name, rule in budgets.items() if ":5" not in rule.key} == {
        name for name in budgets if policy.is_shared(name)
    }


def test_a_limit_by_address_is_no_budget_of_an_app():
    assert [*OTHERS._replace(customers_key="ip").budgets(7, 5, "pro")] == ["plan"]
