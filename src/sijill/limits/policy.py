"""The rules that a request meets: the numbers of Salla's "Rate Limiting" page, and their keys."""

import re
from collections.abc import Sequence
from ipaddress import IPv6Address, ip_address
from typing import Literal, NamedTuple

from sijill.limits.window import Rule

Key = Literal["token", "store", "ip"]

Budget = Literal["customers", "plan", "others"]
"""What a limit is of: requests under /customers, all of a store with a plan, or the others."""

PLAN_LIMITS = {"plus": 120, "pro": 360, "special": 720}
"""Requests per minute and store; once spent, one per second until the minute ends."""

ADDRESSES = 10
"""How many client addresses must spend their sign-ins before an account is closed to all."""

_QUOTA = re.compile(r"([1-9][0-9]{0,8})/([1-9][0-9]{0,5})?(s|m|h|d)", re.ASCII)
_SECONDS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}


class Quota(NamedTuple):
    """`limit` requests in `period` seconds."""

    limit: int
    period: float


def parse_quota(text: str) -> Quota | None:
    """
    Return the quota written as `500/10m`, `60/m` or `5/30s`; `off` is None.

    Raises: ValueError with a sentence that says how to write one.
    """
    if text == "off":
        return None
    match = _QUOTA.fullmatch(text)
    if match is None:
        raise ValueError("write it as N/period, for example 500/10m, or off")
    limit, number, unit = match.groups()
    return Quota(int(limit), float(int(number or 1) * _SECONDS[unit]))


class Policy(NamedTuple):
    """
    The limits in force.

    `customers` on every path under /customers, its key by `customers_key`; `plans` whether stores'
    plans count; `failed_tokens` per client address for unknown tokens; `logins` per client
    address, and ADDRESSES times as many per account; as many as per address for a known device;
    `others` on every path outside /customers of a store that no plan limits, per app.
    """

    customers: Quota | None
    customers_key: Key
    plans: bool
    failed_tokens: Quota | None
    logins: Quota | None = None
    others: Quota | None = None

    def rules(
        self, store_id: int, app_id: int, plan: str | None, address: str, customers: bool
    ) -> tuple[Rule, ...]:
        """
        Return the rules that an authenticated request meets; empty if every limiter is off.

        All keys of a store share the hash tag `{store}`, so that Redis Cluster keeps them
        together; an address cannot, which is why Cluster refuses `ip` beside plans.
        """
        rules: list[Rule] = []
        if customers and self.customers is not None:
            key = self._customers_key(store_id, app_id, address)
            rules.append(Rule(key, *self.customers))
        if self.plans and plan is not None:
            rules.append(_plan_rule(store_id, plan))
        elif not customers and self.others is not None:
            rules.append(_others_rule(store_id, app_id, self.others))
        return tuple(rules)

    def budgets(self, store_id: int, app_id: int, plan: str | None) -> dict[Budget, Rule]:
        """
        Return the rules that requests of an app meet, by name; those that are off are left out.

        So is the customers limit where addresses of clients have it: it is of no app.
        """
        found: dict[Budget, Rule] = {}
        if self.customers is not None and self.customers_key != "ip":
            found["customers"] = Rule(self._customers_key(store_id, app_id, ""), *self.customers)
        if self.plans and plan is not None:
            found["plan"] = _plan_rule(store_id, plan)
        elif self.others is not None:
            found["others"] = _others_rule(store_id, app_id, self.others)
        return found

    def is_shared(self, budget: Budget) -> bool:
        """Return whether the apps of a store have one budget together."""
        return budget == "plan" or (budget == "customers" and self.customers_key == "store")

    def failed_token_rules(self, address: str) -> Sequence[Rule]:
        """Return the rule that an unknown token from this address meets; empty if it is off."""
        if self.failed_tokens is None:
            return ()
        return (Rule(f"{{{network(address)}}}:failed", *self.failed_tokens, counts_locally=True),)

    def login_rules(self, account: str, address: str, device: str | None = None) -> Sequence[Rule]:
        """
        Return the rules that an attempt to sign in meets; empty if they are off.

        `account` stands for the account without naming it: the name of a key is no secret. A
        `device` that signed in to the account before is a client of its own: neither its address
        nor the account, which others can use up, counts for it.
        """
        if self.logins is None:
            return ()
        limit, period = self.logins
        if device is not None:
            return (Rule(f"{{{device}}}:login", limit, period, counts_locally=True),)
        return (
            Rule(f"{{{network(address)}}}:login", limit, period, counts_locally=True),
            Rule(f"{{{account}}}:login", limit * ADDRESSES, period, counts_locally=True),
        )

    def _customers_key(self, store_id: int, app_id: int, address: str) -> str:
        match self.customers_key:
            case "token":
                return f"{{{store_id}}}:customers:{app_id}"
            case "store":
                return f"{{{store_id}}}:customers"
            case "ip":
                return f"{{{network(address)}}}:customers"


def _plan_rule(store_id: int, plan: str) -> Rule:
    return Rule(f"{{{store_id}}}:plan", PLAN_LIMITS[plan], 60.0, overflow=1.0)


def _others_rule(store_id: int, app_id: int, others: Quota) -> Rule:
    return Rule(f"{{{store_id}}}:others:{app_id}", *others)


def network(address: str) -> str:
    """
    Return the client an address counts as: an IPv4 address, or the /64 of an IPv6 one.

    Any other text (a Unix socket's peer has no address) counts as one client, `unknown`: no part
    of a key is text that a client chose.
    """
    try:
        ip = ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(ip, IPv6Address):
        if ip.ipv4_mapped is not None:
            return str(ip.ipv4_mapped)
        return str(IPv6Address(int(ip) >> 64 << 64)) + "/64"
    return str(ip)
