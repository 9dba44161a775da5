"""The journal of requests: their bodies, and the names that nobody reads."""

import asyncio
import json
from base64 import b64decode
from typing import Any

import pytest
from fixtures.world import request_of
from sandbox.conftest import ADMIN_TOKEN, SandboxWorld, sandbox_with

from sijill.errors import Fault, NotHTTP, PayloadTooLarge, RequestTimeout, UriTooLong
from sijill.openapi.operation import JSON
from sijill.sandbox.arrivals import Arrival
from sijill.sandbox.journal import SHOWN, Journal


def requests(sandbox: SandboxWorld, query: str = "") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = sandbox.control("GET", f"ns/one/requests{query}").json["requests"]
    return found


def post(sandbox: SandboxWorld, token: str, path: str, body: bytes) -> dict[str, Any]:
    """Send a body, and return its entry."""
    sandbox.send("POST", path, body, authorization=f"Bearer {token}", content_type=JSON)
    return requests(sandbox)[-1]


@pytest.mark.parametrize(
    ("body", "text", "encoding", "cut"),
    [
        (b'{"first_name": "\xd8\xb3"}', '{"first_name": "س"}', "text", False),
        (b"no json", "no json", "text", False),
        (b"", "", "text", False),
        (b"PK\x03\xff", "UEsD/w==", "base64", False),
        ("س".encode() * SHOWN, "س" * (SHOWN // 2), "text", True),
        (b"x" + "س".encode() * SHOWN, "x" + "س" * (SHOWN // 2 - 1), "text", True),
        (b"x" * SHOWN, "x" * SHOWN, "text", False),
    ],
)
def test_a_body_is_told_as_it_was_received(
    sandbox: SandboxWorld, body: bytes, text: str, encoding: str, cut: bool
) -> None:
    entry = post(sandbox, sandbox.create("one")["token"], "/customers", body)
    assert (entry["body"], entry["body_encoding"], entry["body_cut"]) == (text, encoding, cut)


def test_the_beginning_of_a_large_upload_is_told(sandbox: SandboxWorld) -> None:
    body = b"\xff" * (SHOWN + 1)
    entry = post(sandbox, sandbox.create("one")["token"], "/customers/import", body)
    assert (b64decode(entry["body"]), entry["body_cut"]) == (body[:SHOWN], True)


def test_requests_with_names_that_nobody_reads_are_found(sandbox: SandboxWorld) -> None:
    token = sandbox.create("one")["token"]
    sandbox.ask("GET", "/customers?perpage=1", token)
    sandbox.ask("GET", "/customers?per_page=1", token)
    sandbox.ask("GET", "/custmers", token)
    [strayed] = requests(sandbox, "?unread=true")
    assert strayed["unread"] == ["?perpage"]
    assert strayed["nearest"] == {"?perpage": "?per_page"}
    assert [one["path"] for one in requests(sandbox, "?unread=false")] == [
        "/customers",
        "/custmers",
    ]
    assert requests(sandbox, "?status=404")[0]["nearest"] == {"GET /custmers": "GET /customers"}
    wait = {"match": {"unread": True}, "within": 0}
    assert len(sandbox.control("POST", "ns/one/requests/wait", wait).json["requests"]) == 1


@pytest.mark.parametrize("query", ["unraed=true", "unread=perhaps", "status=many", "at=1"])
def test_a_match_that_is_not_known_is_refused(sandbox: SandboxWorld, query: str) -> None:
    sandbox.create("one")
    assert sandbox.control("GET", f"ns/one/requests?{query}").status == 422


def test_old_bodies_are_forgotten_and_their_requests_kept() -> None:
    requests = [Arrival(0.0, "GET", b"/", b"", b"") for _ in range(4)]
    journal, entries = Journal(bodies=10), [one.entry() for one in requests]
    for one in requests:
        journal.add(one)
        journal.received(one.entry(), b"12345", whole=True)
    assert [one.body for one in journal.find(lambda _: True)] == ["", "", "12345", "12345"]
    assert [one.body_cut for one in entries] == [True, True, False, False]
    assert not journal.overflowed
    journal.clear()
    journal.received(entries[0], b"1234567890", whole=True)
    assert [one.body for one in entries] == ["1234567890", "", "12345", "12345"]


@pytest.mark.parametrize(
    ("target", "headers", "namespace"),
    [
        ("/admin/v2/customers?x=1", {}, "default"),
        ("/_/ns/one/admin/v2/customers?x=1", {}, "one"),
        ("/admin/v2/customers?x=1", {"x_sijill_namespace": "one"}, "one"),
        ("/admin/v2/customers?x=1", {"x_sijill_namespace": "never"}, "default"),
        ("/_/ns/never/admin/v2/customers?x=1", {}, "default"),
    ],
)
@pytest.mark.parametrize(
    ("fault", "status"),
    [(PayloadTooLarge(), 413), (NotHTTP(), 400), (RequestTimeout(), 408), (UriTooLong(), 414)],
)
def test_a_request_that_is_refused_before_it_has_arrived_is_told(
    sandbox: SandboxWorld,
    target: str,
    headers: dict[str, str],
    namespace: str,
    fault: Fault,
    status: int,
) -> None:
    sandbox.create("one")
    request = request_of("POST", "/", headers)
    request.path = target.encode()  # an incomplete head is not taken apart
    response = sandbox.app.dispatcher.refuse(request, fault)
    assert response.status == status
    told = {
        name: sandbox.control("GET", f"ns/{name}/requests").json["requests"]
        for name in ("default", "one")
    }
    (only,) = told.pop(namespace)
    assert list(told.values()) == [[]]
    assert (only["method"], only["status"], only["body"]) == ("POST", status, "")
    if "never" not in target:
        assert (only["op"], only["query"]) == ("customers.create", "x=1")
        assert only["path"] == "/admin/v2/customers"


def test_a_refused_control_call_is_a_problem_and_no_request(sandbox: SandboxWorld) -> None:
    request = request_of("PUT", "/", {})
    request.path = b"/_/ns/default/state?x=1"
    response = sandbox.app.dispatcher.refuse(request, PayloadTooLarge())
    assert (response.status, json.loads(response.body)["status"]) == (413, 413)
    assert (b"content-type", b"application/problem+json") in response.headers
    assert request.id
    nothing = request_of("GET", "/", {})
    nothing.path = b""
    assert sandbox.app.dispatcher.refuse(nothing, RequestTimeout()).status == 408
    assert sandbox.control("GET", "ns/default/requests").json["requests"] == []


@pytest.mark.parametrize("phase", ["before", "after-commit"])
@pytest.mark.parametrize("kind", ["empty", "reset", "stall"])
def test_a_request_without_an_answer_has_no_status(
    sandbox: SandboxWorld, kind: str, phase: str
) -> None:
    rule = {"op": "customers.list", "kind": kind, "phase": phase, "seconds": 0}
    sandbox.control("PUT", "ns/default/faults", {"faults": [rule]})
    with pytest.raises(asyncio.CancelledError):
        sandbox.ask("GET", "/customers")
    (only,) = sandbox.control("GET", "ns/default/requests").json["requests"]
    assert (only["status"], only["fault"]) == (0, kind)


def test_a_wait_lasts_until_a_delayed_request_has_its_answer(sandbox: SandboxWorld) -> None:
    rule = {"op": "customers.list", "kind": "delay", "seconds": 0.3}
    sandbox.control("PUT", "ns/default/faults", {"faults": [rule]})
    match = {"match": {"op": "customers.list"}, "within": 60}

    async def scenario() -> Any:
        path = "/_/ns/default/requests/wait"
        asking = asyncio.create_task(sandbox.answer("GET", "/customers", sandbox.token))
        waited = await sandbox.answer("POST", path, ADMIN_TOKEN, match)
        assert (await asking).status == 200
        return waited.json["requests"]

    (only,) = sandbox.run(scenario())
    assert (only["status"], only["fault"]) == (200, "delay")


def test_ids_of_control_calls_are_the_same_each_time() -> None:
    seen = []
    for _ in range(2):
        with sandbox_with() as world:
            answers = [world.control("GET", path) for path in ("ns", "ns/never")]
            ids = [one.headers["x-request-id"] for one in answers]
            world.create("y")
            disagree = world.ask("GET", "/_/ns/y/admin/v2/customers")
            seen.append([*ids, disagree.headers["x-request-id"]])
            assert (disagree.status, len(set(seen[-1]))) == (409, 3)
    assert seen[0] == seen[1]
