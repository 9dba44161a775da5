"""What a fault costs: whether the request is carried out, and whether the limiter counts it."""

import asyncio
import json
from contextlib import suppress
from typing import Any

import pytest
from fixtures.tables import rows
from fixtures.world import request_of
from sandbox.conftest import HOST, SandboxWorld

from sijill.customers.examples import AHMED
from sijill.http.request import Stream

pytestmark = pytest.mark.proves(
    "a fault of the sandbox is counted, and what it hits is carried out, as its kind and phase say"
)

PATH = f"/admin/v2/customers/{AHMED.id}"
BEFORE = {
    # kind: whether it is counted, whether it is carried out
    "status": (True, False),
    "html-502": (False, False),
    "empty": (False, False),
    "reset": (False, False),
    "stall": (False, False),
    "delay": (True, True),
    "drip": (True, True),
    "truncate": (True, True),
    "malformed": (True, True),
    "drop-headers": (True, True),
}
COSTS = [
    *((kind, "before", *cost) for kind, cost in BEFORE.items()),
    *((kind, "after-commit", True, True) for kind in BEFORE),
]


def renames(sandbox: SandboxWorld, token: str) -> None:
    """Rename a customer, whatever becomes of the answer."""
    headers = {
        "host": HOST,
        "authorization": f"Bearer {token}",
        "content-type": "application/json",
    }
    request = request_of("PUT", PATH, headers, json.dumps({"first_name": "Omar"}).encode())

    async def send() -> None:
        with suppress(asyncio.CancelledError):
            answer = await sandbox.app.dispatcher.answer(request)
            if isinstance(answer, Stream):
                assert [piece async for piece in answer.pieces]

    sandbox.run(send())
    request.content.close()


@rows(("kind", "phase", "counted", "done"), COSTS)
def test_a_fault_costs_what_its_kind_and_phase_say(
    sandbox: SandboxWorld, kind: str, phase: str, counted: bool, done: bool
) -> None:
    made = sandbox.create(f"{kind}-{phase}")
    rule: dict[str, Any] = {"op": "customers.update", "kind": kind, "phase": phase, "times": 1}
    rule |= {"status": 503} if kind == "status" else {}
    rule |= {"seconds": 0.01} if kind in ("stall", "delay", "drip") else {}
    sandbox.control("PUT", f"ns/{made['name']}/faults", {"faults": [rule]})
    renames(sandbox, made["token"])
    (told,) = sandbox.control("GET", f"ns/{made['name']}/faults").json["faults"]
    assert (told["hits"], told["spent"]) == (1, True)
    after = sandbox.ask("GET", PATH, made["token"])
    assert after.headers["x-ratelimit-remaining"] == ("498" if counted else "499")
    assert after.json["data"]["first_name"] == ("Omar" if done else AHMED.first_name)


REAL = {
    404: ("/admin/v2/customers/1", {}),
    422: ("/admin/v2/customers?date_from=x", {}),
    429: (PATH, {"customers_limit": "1/10m"}),
}
"""By status: a request that really gets it, as the second one of a namespace with settings."""


@pytest.mark.parametrize("status", REAL)
def test_a_status_on_demand_has_the_headers_of_a_real_one(
    sandbox: SandboxWorld, status: int
) -> None:
    path, settings = REAL[status]
    token = sandbox.create("real", settings=settings)["token"]
    sandbox.ask("GET", PATH, token)
    real = sandbox.ask("GET", path, token)
    token = sandbox.create("made")["token"]
    rule = {"op": "customers.details", "kind": "status", "status": status}
    sandbox.control("PUT", "ns/made/faults", {"faults": [rule]})
    made = sandbox.ask("GET", PATH, token)
    assert (real.status, made.status) == (status, status)
    assert list(made.headers) == list(real.headers)
    assert list(made.json) == list(real.json)
    assert list(made.json["error"]) == list(real.json["error"])


def test_a_token_that_is_refused_meets_no_fault_of_a_status(sandbox: SandboxWorld) -> None:
    sandbox.create("one")
    rule = {"op": "customers.details", "kind": "status", "status": 503, "times": 1}
    sandbox.control("PUT", "ns/one/faults", {"faults": [rule]})
    assert sandbox.ask("GET", f"/_/ns/one{PATH}", "a token of nobody").status == 401
    (told,) = sandbox.control("GET", "ns/one/faults").json["faults"]
    assert (told["hits"], told["spent"]) == (0, False)
    (entry,) = sandbox.control("GET", "ns/one/requests").json["requests"]
    assert (entry["status"], entry["fault"]) == (401, None)


@pytest.mark.parametrize(
    ("match", "path", "hits"),
    [
        ({"page": "2"}, "/customers?page=2", 1),
        ({"page": "2"}, "/customers?page=3", 0),
        ({"page": "2", "keyword": "sara"}, "/customers?keyword=sara&page=2", 1),
        ({"page": "2", "keyword": "sara"}, "/customers?page=2", 0),
        ({"fields[]": "is_blocked"}, "/customers?fields[]=is_blocked", 1),
        ({"keyword": "سارة"}, "/customers?keyword=%D8%B3%D8%A7%D8%B1%D8%A9", 1),
    ],
)
def test_a_rule_may_ask_for_parameters_of_the_query(
    sandbox: SandboxWorld, match: dict[str, str], path: str, hits: int
) -> None:
    rule = {"op": "customers.list", "kind": "status", "status": 503, "match": match}
    sandbox.control("PUT", "ns/default/faults", {"faults": [rule]})
    assert sandbox.ask("GET", path).status == (503 if hits else 200)
    assert sandbox.control("GET", "ns/default/faults").json["faults"][0]["hits"] == hits
