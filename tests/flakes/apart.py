"""
Tests of an app that would meet each other's values, budgets and clocks if a sandbox shared any.

`flakes.running` runs them through the plugin for pytest; no run of the tests collects them.
"""

import os
import re
from typing import Any

import pytest

from sijill.pytest_plugin import Salla

MANY = int(os.environ.get("FLAKES_TESTS", "1000"))
CANARY = re.compile(r"canary(\d+)x")
BUDGET = 500
"""Requests of a window."""

PLANTED = bool(os.environ.get("FLAKES_PLANTED"))
"""Whether one value of another test is put among those of each: every test has to fail."""


@pytest.mark.parametrize("number", range(MANY))
@pytest.mark.salla(settings={"customers_limit": f"{BUDGET}/10m", "plan_limit": "off"})
def test_a_test_meets_what_is_its_own_alone(salla: Salla, number: int) -> None:
    canary, seen, ask = f"canary{number}x", list[str](), salla.client.request

    def asked(method: str, path: str, status: int = 200, **more: Any) -> Any:
        answer = ask(method, path, **more)
        assert answer.status_code == status, answer.text
        seen.append(answer.text)
        return answer

    hook = {"name": canary, "event": "customer.created", "url": f"{salla.dead_url}/{canary}"}
    asked("POST", "/webhooks/subscribe", json=hook)
    asked("POST", "/customers/groups", json={"name": canary})
    salla.snapshot(canary)
    names = dict.fromkeys(("first_name", "last_name"), canary)
    contact = {"email": f"{canary}@example.test", "mobile": f"50{number:07d}"}
    customer = names | contact | {"mobile_code_country": "966", "country_code": "SA"}
    made = asked("POST", "/customers", json=customer).json()["data"]["id"]
    salla.clock.advance(660)  # a window of every limit passes, and attempts to deliver are made
    left = asked("GET", f"/customers/{made}").headers["x-ratelimit-remaining"]
    assert int(left) == BUDGET - 1
    salla.faults.add("customers.list", status=503, times=1)
    asked("GET", "/customers", 503)
    asked("GET", f"/customers?keyword={canary}")
    asked("GET", "/customers")
    asked("GET", "/customers/groups")
    asked("GET", "/_/changes")
    assert len(salla.requests) == 9
    attempts = salla.webhooks.deliveries("customer.created")
    assert len(attempts) > 1
    assert {attempt.outcome for attempt in attempts} == {"failed"}
    salla.restore(canary)
    assert asked("GET", f"/customers?keyword={canary}").json()["data"] == []
    if PLANTED:
        seen.append(f"canary{number + 1}x")
    told = [*seen, salla.requests, attempts, salla.faults.report()]
    assert set(CANARY.findall(str(told))) == {str(number)}
