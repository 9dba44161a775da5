"""A namespace that begins as a snapshot of another: its rows and its time, and no token of it."""

import json
from typing import Any

import pytest
from e2e.receiving import Receiver
from sandbox.conftest import SandboxWorld

from sijill.customers.examples import AHMED
from sijill.sandbox.source import tag_of
from sijill.webhooks.signing import verify_salla

pytestmark = pytest.mark.proves("no token of a namespace works in a copy of it, nor the other way")

PATH = f"/customers/{AHMED.id}"
SARA = {"first_name": "Sara", "email": "sara@example.com"}


def refreshed(sandbox: SandboxWorld, made: dict[str, Any], refresh: str, base: str) -> Any:
    """Return the answer to an exchange of a refresh token, below an address."""
    fields = {"grant_type": "refresh_token", "refresh_token": refresh}
    fields |= {name: made[name] for name in ("client_id", "client_secret")}
    body = json.dumps(fields).encode()
    return sandbox.send("POST", f"{base}/oauth2/token", body, content_type="application/json")


def at(made: dict[str, Any], path: str = PATH) -> str:
    """Return the path of a request in a namespace that its address names."""
    return f"/_/ns/{made['name']}/admin/v2{path}"


def saved(sandbox: SandboxWorld, **more: Any) -> dict[str, Any]:
    """Make t0, add a customer, and save it as `before`."""
    made = sandbox.create("t0", **more)
    sandbox.control("POST", "ns/t0/clock/freeze")
    sandbox.control("POST", "ns/t0/clock/set", {"at": "2040-01-01T00:00:00Z"})
    sandbox.ask("POST", "/customers", made["token"], SARA)
    sandbox.control("PUT", "ns/t0/snapshots/before")
    return made


@pytest.mark.parametrize("begin", ["t0/before", {"namespace": "t0", "snapshot": "before"}])
def test_it_has_the_rows_and_the_time_of_the_snapshot(sandbox: SandboxWorld, begin: Any) -> None:
    saved(sandbox)
    token = sandbox.create("t1", **{"from": begin})["token"]
    listed = sandbox.ask("GET", "/customers", token)
    assert [one["email"] for one in listed.json["data"]] == [SARA["email"], AHMED.email]
    assert sandbox.control("GET", "ns/t1/clock").json["now"].startswith("2040-01-01T00:00")
    sandbox.ask("DELETE", PATH, token)
    sandbox.control("POST", "ns/t1/clock/advance", {"seconds": 86_400})
    sandbox.control("POST", "ns/t1/reset")
    assert sandbox.ask("GET", "/customers", token).body == listed.body
    assert sandbox.control("GET", "ns/t1/clock").json["now"].startswith("2040-01-01T00:00")


def test_no_token_of_the_one_works_in_the_other(sandbox: SandboxWorld) -> None:
    t0 = sandbox.create("t0")
    pair = refreshed(sandbox, t0, t0["refresh_token"], "").json
    sandbox.control("PUT", "ns/t0/snapshots/before")
    t1 = sandbox.create("t1", **{"from": "t0/before"})
    tokens = {t0["token"], pair["access_token"], t1["token"]}
    assert len({tag_of(token) for token in tokens}) == 2
    for token in (t0["token"], pair["access_token"]):
        assert sandbox.ask("GET", at(t1), token).status == 409
    assert sandbox.ask("GET", at(t0), t1["token"]).status == 409
    assert sandbox.ask("GET", at(t1), t1["token"]).status == 200
    # Without the first namespace, nothing but the rows themselves refuses its tokens.
    sandbox.control("DELETE", "ns/t0")
    for token in (t0["token"], pair["access_token"]):
        assert sandbox.ask("GET", at(t1), token).status == 401
    for refresh in (t0["refresh_token"], pair["refresh_token"]):
        refused = refreshed(sandbox, t1, refresh, "/_/ns/t1")
        assert (refused.status, refused.json["error"]) == (400, "invalid_grant")
    assert refreshed(sandbox, t1, t1["refresh_token"], "/_/ns/t1").status == 200
    (only,) = [
        row for row in sandbox.control("GET", "ns/t1/tokens").json["tokens"] if row["id"] == 1
    ]
    assert only["hint"] == t1["token"][-4:]


def test_its_webhooks_work_with_their_secrets(sandbox: SandboxWorld, receiver: Receiver) -> None:
    hook = {
        "event": "customer.created",
        "url": f"http://127.0.0.1:{receiver.ports[0]}/",
        "secret": "of the webhook",
    }
    saved(sandbox, seed={"webhooks": [hook]})
    receiver.received.clear()
    token = sandbox.create("t1", **{"from": "t0/before"})["token"]
    sandbox.ask("POST", "/customers", token, {"email": "noura@example.com"})
    sandbox.control("POST", "ns/t1/settle")
    (told,) = [one for one in receiver.received if b"noura" in one.body]
    assert verify_salla("of the webhook", told.body, told.headers["x-salla-signature"])


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"from": "t0/never"}, 404),
        ({"from": "t9/before"}, 404),
        ({"from": ""}, 404),
        ({"from": {"namespace": "t0"}}, 422),
        ({"from": 5}, 422),
        ({"from": "t0/before", "seed": {}}, 422),
    ],
)
def test_what_is_no_snapshot_is_refused(sandbox: SandboxWorld, body: Any, status: int) -> None:
    saved(sandbox)
    answer = sandbox.control("POST", "ns", body)
    assert (answer.status, answer.headers["content-type"]) == (status, "application/problem+json")
    assert len(sandbox.control("GET", "ns").json["namespaces"]) == 2
