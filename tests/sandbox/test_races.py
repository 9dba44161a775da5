"""Requests and calls that meet: a reset, an end or a stop while something is under way."""

import asyncio
import json
from collections.abc import Iterator
from itertools import product
from typing import Any

import apsw
import pytest
from fixtures.world import request_of
from sandbox.conftest import ADMIN_TOKEN, HOST, SandboxWorld, sandbox_with

from sijill.customers.examples import AHMED
from sijill.http.body import Body
from sijill.http.request import Request, Stream
from sijill.sandbox import namespace as module

pytestmark = pytest.mark.proves(
    "a reset, an end or a stop of the sandbox leaves no request without an answer"
)

PATH = f"/admin/v2/customers/{AHMED.id}"
NEW = json.dumps({"first_name": "Sara", "email": "sara@example.com"}).encode()
BOUND = 5.0
"""Seconds that no step may take; the faults of these tests last 60."""


@pytest.fixture(autouse=True)
def no_database_stays_open() -> Iterator[None]:
    before = len(apsw.connections())
    yield
    assert len(apsw.connections()) == before


def arriving(path: str, token: str) -> Request:
    """Return a request whose head alone has arrived."""
    headers = {"host": HOST, "authorization": f"Bearer {token}", "content-type": "application/json"}
    request = request_of("POST", path, headers)
    request.content = Body(len(NEW))
    return request


async def awaited(request: Request) -> None:
    """Return once the application waits for the body."""
    async with asyncio.timeout(BOUND):
        while not request.content.is_awaited:
            await asyncio.sleep(0)


CHANGES = {
    "reset": ("POST", "/_/ns/one/reset", 204),
    "load": ("POST", "/_/ns/one/snapshots/before", 200),
    "end": ("DELETE", "/_/ns/one", 204),
}
"""What happens meanwhile, and its status."""


async def change(sandbox: SandboxWorld, *names: str) -> None:
    for name in names:
        method, path, status = CHANGES[name]
        async with asyncio.timeout(BOUND):
            assert (await sandbox.answer(method, path, ADMIN_TOKEN)).status == status


MEANWHILE = [
    (("reset",), (200, 204)),
    (("load",), (200, 204)),
    (("reset", "load"), (200, 204)),
    (("end",), (503, 404)),
    (("reset", "end"), (503, 404)),
]
"""Changes, and what then becomes of a request and of a call that resets."""


@pytest.mark.parametrize(("names", "statuses"), MEANWHILE)
def test_a_request_whose_body_is_still_arriving_is_answered(
    sandbox: SandboxWorld, names: tuple[str, ...], statuses: tuple[int, int]
) -> None:
    token = sandbox.create("one")["token"]
    sandbox.control("PUT", "ns/one/snapshots/before")

    async def scenario() -> tuple[int, ...]:
        requests = arriving("/admin/v2/customers", token), arriving("/_/ns/one/reset", ADMIN_TOKEN)
        asking = [
            asyncio.create_task(sandbox.app.dispatcher.answer(request)) for request in requests
        ]
        for request in requests:
            await awaited(request)
        await change(sandbox, *names)
        for request in requests:
            request.content.write(NEW)
            request.content.end()
        return tuple(answer.status for answer in await asyncio.gather(*asking))

    assert sandbox.run(scenario()) == statuses
    if "end" not in names:  # what it wrote belongs to the time before
        assert len(sandbox.ask("GET", "/customers", token).json["data"]) == 1


def test_a_namespace_that_begins_is_unknown_or_there(sandbox: SandboxWorld) -> None:
    path = f"/_/ns/one{PATH}"

    async def scenario() -> list[int]:
        body = {"name": "one"}
        making = asyncio.create_task(sandbox.answer("POST", "/_/ns", ADMIN_TOKEN, body))
        again = asyncio.create_task(sandbox.answer("POST", "/_/ns", ADMIN_TOKEN, body))
        statuses = []
        while not making.done():
            await asyncio.sleep(0)
            statuses.append((await sandbox.answer("GET", path, "a token of nobody")).status)
        assert sorted([(await making).status, (await again).status]) == [201, 409]
        return statuses

    statuses = sandbox.run(scenario())
    assert set(statuses) == {404, 401}
    assert statuses == sorted(statuses, reverse=True)


CALLS = {
    "reset": ("POST", "/_/ns/one/reset", None),
    "end": ("DELETE", "/_/ns/one", None),
    "save": ("PUT", "/_/ns/one/snapshots/after", None),
    "load": ("POST", "/_/ns/one/snapshots/before", None),
    "settle": ("POST", "/_/ns/one/settle", None),
    "advance": ("POST", "/_/ns/one/clock/advance", {"seconds": 86_400}),
    "clock": ("GET", "/_/ns/one/clock", None),
    "read": ("GET", f"/_/ns/one{PATH}", None),
}


@pytest.mark.parametrize(("first", "second"), [*product(CALLS, repeat=2)])
def test_calls_that_meet_are_all_answered(sandbox: SandboxWorld, first: str, second: str) -> None:
    made = sandbox.create("one")
    hook = {"name": "crm", "event": "customer.created", "url": "http://127.0.0.1:9/"}
    assert sandbox.ask("POST", "/webhooks/subscribe", made["token"], hook).status == 200
    sandbox.control("PUT", "ns/one/snapshots/before")
    customer = {"email": "sara@example.com"}
    assert sandbox.ask("POST", "/customers", made["token"], customer).status == 200

    async def scenario() -> list[Any]:
        calls = []
        for name in (first, second, first):
            method, path, body = CALLS[name]
            token = made["token"] if name == "read" else ADMIN_TOKEN
            calls.append(sandbox.answer(method, path, token, body))
        async with asyncio.timeout(BOUND):
            return await asyncio.gather(*calls)

    for answer in sandbox.run(scenario()):
        assert answer.status in {200, 201, 204, 404, 409, 503}, answer.body


WAITS = [
    *product(("stall", "delay", "drip"), ("stop", *CHANGES)),
    *product(("requests", "deliveries"), ("stop", "end")),  # such a wait outlives a reset
]


@pytest.mark.parametrize(("kind", "name"), WAITS)
def test_nothing_waits_longer_than_its_namespace(
    sandbox: SandboxWorld, kind: str, name: str
) -> None:
    token = sandbox.create("one")["token"]
    sandbox.control("PUT", "ns/one/snapshots/before")
    if kind not in ("requests", "deliveries"):
        rule = {"op": "customers.details", "kind": kind, "seconds": 60}
        assert sandbox.control("PUT", "ns/one/faults", {"faults": [rule]}).status == 200

    async def ask() -> Any:
        if kind in ("requests", "deliveries"):
            body = {"count": 2, "within": 60}
            path = f"/_/ns/one/{kind}/wait"
            return (await sandbox.answer("POST", path, ADMIN_TOKEN, body)).json
        headers = {"host": HOST, "authorization": f"Bearer {token}"}
        answer = await sandbox.app.dispatcher.answer(request_of("GET", PATH, headers))
        if isinstance(answer, Stream):
            return b"".join([piece async for piece in answer.pieces])
        return answer.body

    async def scenario() -> Any:
        async with asyncio.timeout(BOUND):
            asking = asyncio.create_task(ask())
            for _ in range(10):
                await asyncio.sleep(0)
            assert not asking.done()
            if name == "stop":
                sandbox.app.draining.begin()
            else:
                await change(sandbox, name)
            return await asyncio.gather(asking, return_exceptions=True)

    [result] = sandbox.run(scenario())
    if kind == "stall":
        assert isinstance(result, asyncio.CancelledError)
    elif kind in ("requests", "deliveries"):
        assert result["status"] == 408
    else:
        expected = 503 if (kind, name) == ("delay", "end") else 200
        assert json.loads(result)["status"] == expected


def test_the_namespaces_have_a_bound() -> None:
    with sandbox_with(max_namespaces="3") as sandbox:
        sandbox.create("one")
        sandbox.create("two")
        refused = sandbox.control("POST", "ns", {"name": "three"})
        assert (refused.status, "max_namespaces" in refused.json["detail"]) == (409, True)
        assert sandbox.control("DELETE", "ns/one").status == 204
        sandbox.create("three")


def test_the_snapshots_of_a_namespace_have_a_bound(
    sandbox: SandboxWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MAX_SNAPSHOTS", 2)
    statuses = [
        sandbox.control("PUT", f"ns/default/snapshots/{name}").status
        for name in ("one", "two", "two", "three")
    ]
    assert statuses == [201, 201, 201, 409]
    assert sandbox.control("DELETE", "ns/default/snapshots/one").status == 204
    assert sandbox.control("PUT", "ns/default/snapshots/three").status == 201
