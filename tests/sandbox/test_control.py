"""The control API: who may call it, and what each call answers."""

from hashlib import sha256
from typing import Any

import pytest
from sandbox.conftest import ADMIN_TOKEN, SandboxWorld, sandbox_with

from sijill.customers.examples import AHMED

PATH = f"/admin/v2/customers/{AHMED.id}"


@pytest.mark.parametrize(
    ("method", "path", "whose", "status"),
    [
        ("GET", "/_/ns", "admin", 200),
        ("GET", "/_/ns", "control", 401),
        ("GET", "/_/operations", "admin", 200),
        ("GET", "/_/operations", "api", 401),
        ("GET", "/_/ns/one/clock", "control", 200),
        ("GET", "/_/ns/one/clock", "admin", 200),
        ("GET", "/_/ns/%6F%6ee/clock", "control", 200),
        ("GET", "/_/ns/one%2Fclock", "admin", 404),
        ("GET", "/_/ns/one/clock", "api", 401),
        ("GET", "/_/ns/two/clock", "control", 401),
        ("GET", "/_/ns/three/clock", "control", 401),
        ("GET", "/_/ns/three/clock", "admin", 404),
        ("POST", "/_/ns", "control", 401),
        ("DELETE", "/_/ns/one", "control", 204),
        ("DELETE", "/_/ns/default", "admin", 409),
        ("PATCH", "/_/ns", "admin", 405),
        ("GET", "/_/ns/one/weather", "admin", 404),
    ],
)
def test_a_control_call_needs_its_token(
    sandbox: SandboxWorld, method: str, path: str, whose: str, status: int
) -> None:
    one = sandbox.create("one")
    sandbox.create("two")
    tokens = {"admin": ADMIN_TOKEN, "control": one["control_token"], "api": one["token"]}
    answer = sandbox.ask(method, path, tokens[whose])
    assert answer.status == status
    if status >= 400:
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json["status"] == status


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"host": "evil.example"}, 403),
        ({"host": "localhost:8466"}, 200),
        ({"host": "[::1]:8466"}, 200),
        ({"origin": "http://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "http://127.0.0.1:8466"}, 200),
    ],
)
def test_a_page_of_another_site_makes_no_control_call(
    sandbox: SandboxWorld, headers: dict[str, str], status: int
) -> None:
    assert sandbox.control("GET", "ns", **headers).status == status


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("sandbox:8466", 200),
        ("CI-Host", 200),
        ("10.0.0.7:8466", 200),
        ("[fd00::7]:8466", 200),
        ("[FD00::7]:8466", 200),
        ("[fd00:0::8]:8466", 200),
        ("[fd00::8]", 200),
        ("[fd00:0::7]:8466", 200),
        ("[fd00::9]:8466", 403),
        ("[fd00::a]:8466", 200),
        ("[2001:db8::b]:8466", 200),
        ("127.0.0.1:8466", 200),
        ("sandbox.example:8466", 403),
        ("10.0.0.8", 403),
        ("10.0.0.7:80@evil.example", 403),
        ("[fd00::7]evil.example", 403),
        ("sandbox, evil.example", 403),
    ],
)
def test_other_names_are_those_that_the_setting_allows(host: str, status: int) -> None:
    allowed = "sandbox, ci-HOST,10.0.0.7,fd00::7,FD00:0::8"
    own = {"host": "FD00:0:0::A", "public_url": "http://[2001:DB8:0::B]:8466"}
    with sandbox_with(allowed_hosts=allowed, **own) as sandbox:
        answer = sandbox.control("GET", "ns", host=host)
        assert answer.status == status
        assert ("allowed_hosts" in str(answer.json)) == (status == 403)


def test_the_journal_tells_each_request(sandbox: SandboxWorld) -> None:
    token = sandbox.create("one")["token"]
    sandbox.ask("GET", f"{PATH}?x=1", token)
    sandbox.ask("GET", "/nowhere", token)
    told = sandbox.control("GET", "ns/one/requests").json
    assert told["overflowed"] is False
    rows = [
        tuple(one[name] for name in ("op", "method", "path", "query", "status", "remaining"))
        for one in told["requests"]
    ]
    assert rows == [
        ("customers.details", "GET", PATH, "x=1", 200, 499),
        ("", "GET", "/nowhere", "", 404, None),
    ]
    assert token not in str(told)
    assert {one["token"] for one in told["requests"]} == {sha256(token.encode()).hexdigest()[:12]}
    by_op = sandbox.control("GET", "ns/one/requests?op=customers.details&status=200").json
    assert len(by_op["requests"]) == 1
    assert sandbox.control("GET", "ns/one/requests?nme=1").status == 422


def test_a_wait_ends_with_the_request_that_it_is_for(sandbox: SandboxWorld) -> None:
    import asyncio

    token = sandbox.create("one")["token"]
    body = {"match": {"op": "customers.details"}, "count": 2, "within": 60}

    async def scenario() -> Any:
        path = "/_/ns/one/requests/wait"
        waiting = asyncio.create_task(sandbox.answer("POST", path, ADMIN_TOKEN, body))
        await sandbox.answer("GET", PATH, token)
        assert not waiting.done()
        await sandbox.answer("GET", PATH, token)
        return await waiting

    answer = sandbox.run(scenario())
    assert (answer.status, len(answer.json["requests"])) == (200, 2)
    late = sandbox.control("POST", "ns/one/requests/wait", body | {"count": 3, "within": 0})
    assert late.status == 408


def test_a_clock_moves_and_stands(sandbox: SandboxWorld) -> None:
    sandbox.create("one")
    frozen = sandbox.control("POST", "ns/one/clock/freeze").json
    assert frozen["mode"] == "frozen"
    set_to = {"at": "2031-05-06T10:00:00+03:00"}
    moved = sandbox.control("POST", "ns/one/clock/set", set_to).json
    assert moved["from"] == frozen["now"]
    assert (moved["to"], moved["did"], moved["next_due"]) == ("2031-05-06T07:00:00Z", [], None)
    moved = sandbox.control("POST", "ns/one/clock/advance", {"seconds": 0.5}).json
    assert moved["to"] == "2031-05-06T07:00:00.500000Z"
    assert sandbox.control("POST", "ns/one/clock/set", set_to).status == 409
    assert sandbox.control("POST", "ns/one/clock/set", {"at": "2032-01-01"}).status == 422
    assert sandbox.control("POST", "ns/one/clock/advance", {"seconds": -1}).status == 422
    assert sandbox.control("POST", "ns/one/clock/resume").json["mode"] == "running"
    assert sandbox.control("POST", "ns/one/clock/advance", {"seconds": 0}).status == 200


def test_a_snapshot_brings_rows_and_clock_back(sandbox: SandboxWorld) -> None:
    token = sandbox.create("one")["token"]
    sandbox.control("POST", "ns/one/clock/freeze")
    saved = sandbox.control("PUT", "ns/one/snapshots/before")
    assert (saved.status, saved.json["customers"]) == (201, 1)
    assert sandbox.control("GET", "ns/one/snapshots").json == {"snapshots": [saved.json]}
    sandbox.ask("DELETE", PATH, token)
    sandbox.control("POST", "ns/one/clock/advance", {"seconds": 3600})
    loaded = sandbox.control("POST", "ns/one/snapshots/before")
    assert (loaded.status, loaded.json) == (200, saved.json)
    assert sandbox.ask("GET", PATH, token).status == 200
    assert sandbox.control("POST", "ns/one/snapshots/never").status == 404
    assert sandbox.control("DELETE", "ns/one/snapshots/before").status == 204
    assert sandbox.control("POST", "ns/one/snapshots/before").status == 404


def test_after_a_snapshot_the_same_requests_give_the_same_bytes(sandbox: SandboxWorld) -> None:
    one = sandbox.create("one")
    sandbox.control("POST", "ns/one/clock/freeze")
    hook = {"event": "customer.created", "url": "http://127.0.0.1:9/", "secret": "a secret"}
    sandbox.ask("POST", "/webhooks/subscribe", one["token"], hook)
    sandbox.ask("POST", "/customers", one["token"], {"email": "before@example.com"})
    sandbox.control("PUT", "ns/one/snapshots/before")

    def goes_on() -> list[Any]:
        email = {"email": "after@example.com"}
        answers = [
            sandbox.ask("POST", "/customers", one["token"], email),
            sandbox.ask("GET", "/_/changes", one["token"]),
            sandbox.ask("GET", "/webhooks", one["token"]),
        ]
        ids = [answer.headers["x-request-id"] for answer in answers]
        return [ids, [(answer.status, answer.body) for answer in answers]]

    first = goes_on()
    assert [status for status, _ in first[1]] == [200, 200, 200]
    sandbox.control("POST", "ns/one/snapshots/before")
    assert goes_on() == first


@pytest.mark.parametrize("status", [401, 403, 404, 422, 429, 500, 503])
def test_a_fault_of_a_status_is_counted_and_told(sandbox: SandboxWorld, status: int) -> None:
    token = sandbox.create("one")["token"]
    rule = {"op": "customers.details", "kind": "status", "status": status, "times": 1, "wait": 7}
    put = sandbox.control("PUT", "ns/one/faults", {"faults": [rule]})
    assert (put.status, put.json["faults"][0]["hits"]) == (200, 0)
    wrong = sandbox.ask("GET", f"/_/ns/one{PATH}", "no token of ours")
    assert wrong.status == 401
    failed, good = (sandbox.ask("GET", PATH, token) for _ in range(2))
    assert (failed.status, good.status) == (status, 200)
    assert (failed.json["status"], failed.json["success"]) == (status, False)
    remaining = [one.headers["x-ratelimit-remaining"] for one in (failed, good)]
    assert remaining == ["499", "498"]
    if status in (429, 503):
        assert failed.headers["retry-after"] == "7"
    assert sandbox.control("GET", "ns/one/faults").json["faults"][0]["spent"] is True
    told = sandbox.control("GET", "ns/one/requests").json["requests"]
    assert [one["fault"] for one in told] == [None, "status", None]


def test_an_answer_can_be_lost_after_the_commit(sandbox: SandboxWorld) -> None:
    token = sandbox.create("one")["token"]
    rule = {"op": "customers.create", "kind": "html-502", "phase": "after-commit", "times": 1}
    sandbox.control("PUT", "ns/one/faults", {"faults": [rule]})
    new = {"first_name": "Sara", "email": "sara@example.com"}
    lost, again = (
        sandbox.ask("POST", "/customers", token, new, idempotency_key="key") for _ in range(2)
    )
    assert (lost.status, lost.headers["content-type"]) == (502, "text/html")
    assert again.status == 200
    assert len(sandbox.ask("GET", "/customers", token).json["data"]) == 2
    assert sandbox.control("DELETE", "ns/one/faults").status == 204


def test_a_faulty_set_of_rules_changes_nothing(sandbox: SandboxWorld) -> None:
    rule = {"op": "customers.details", "kind": "empty"}
    sandbox.control("PUT", "ns/default/faults", {"faults": [rule]})
    for method in ("PUT", "POST"):
        bad = sandbox.control(method, "ns/default/faults", {"faults": [rule, rule | {"op": "x"}]})
        assert (bad.status, "$.faults[1]" in bad.json["detail"]) == (422, True)
    assert len(sandbox.control("GET", "ns/default/faults").json["faults"]) == 1


def test_added_rules_follow_those_that_are_there_and_keep_their_hits(sandbox: SandboxWorld) -> None:
    rule = {"op": "customers.details", "kind": "status", "times": 1}
    sandbox.control("PUT", "ns/default/faults", {"faults": [rule | {"status": 500}]})
    assert sandbox.ask("GET", PATH).status == 500
    added = sandbox.control("POST", "ns/default/faults", {"faults": [rule | {"status": 503}]})
    assert [(one["status"], one["hits"]) for one in added.json["faults"]] == [(500, 1), (503, 0)]
    assert [sandbox.ask("GET", PATH).status for _ in range(2)] == [503, 200]


@pytest.mark.parametrize(
    "body", [b"{", b'{"\x80": 1}', b'{"name": "\x80"}', b'{"seed": ' + b"[" * 99_999]
)
def test_a_body_that_is_no_json_is_refused(sandbox: SandboxWorld, body: bytes) -> None:
    answer = sandbox.send("POST", "/_/ns", body, authorization=f"Bearer {ADMIN_TOKEN}")
    assert (answer.status, answer.json["detail"]) == (400, "the body is not JSON")
