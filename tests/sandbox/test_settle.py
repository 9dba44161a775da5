"""`settle`: when it answers, nothing of what was asked for before is still under way."""

import asyncio
import threading
from typing import Any

import pytest
from e2e.receiving import Receiver
from fixtures.uploads import MULTIPART, csv, form, part
from sandbox.conftest import SandboxWorld
from sandbox.hooked import Hooked

pytestmark = pytest.mark.proves(
    "after settle, imports, groups and due deliveries of a namespace are at rest; at rest it has "
    "no thread and no task"
)

MANY = 20
CONDITION = {"type": "total_orders", "symbol": ">", "value": 2}


def test_imports_groups_and_deliveries_are_at_rest(
    sandbox: SandboxWorld, receiver: Receiver
) -> None:
    made = Hooked(sandbox, receiver)

    def listed() -> Any:
        return sandbox.ask("GET", "/customers", made.token).json["data"]

    rows = [f"Sara,sara{number}@example.com,{number}" for number in range(6)]
    file = form(part(csv("first_name,email,orders_count", *rows), name="customers.csv"))
    sent = sandbox.send(
        "POST",
        "/customers/import",
        file,
        authorization=f"Bearer {made.token}",
        content_type=MULTIPART,
    )
    assert sent.status == 200, sent.body
    assert made.control("POST", "settle").status == 204
    groups = [one["groups"] for one in listed() if one["first_name"] == "Sara"]
    assert len(groups) == len(rows)
    attempts = made.control("GET", "deliveries").json["deliveries"]
    assert [one["outcome"] for one in attempts] == ["delivered"] * len(rows)
    assert len(receiver.received) == len(rows)
    body = {"name": "VIP", "conditions": [CONDITION]}
    group = sandbox.ask("POST", "/customers/groups", made.token, body).json["data"]["id"]
    assert made.control("POST", "settle").status == 204
    assert sum(group in one["groups"] for one in listed()) == 3


def test_a_namespace_at_rest_has_no_thread_and_no_task(sandbox: SandboxWorld) -> None:
    def held() -> tuple[int, int]:
        loop = sandbox.runner.get_loop()
        return threading.active_count(), len(asyncio.all_tasks(loop))

    sandbox.control("POST", "ns/default/settle")
    before = held()
    for number in range(MANY):
        made = sandbox.create(f"n{number}")
        assert sandbox.ask("POST", "/customers", made["token"], {"email": "a@b.com"}).status == 200
        sandbox.control("POST", f"ns/{made['name']}/settle")
    assert held() == before
