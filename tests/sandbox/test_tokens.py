"""Tokens of a namespace: listed, and ended at once."""

import json

import pytest
from sandbox.conftest import SandboxWorld

from sijill.customers.examples import AHMED

PATH = f"/customers/{AHMED.id}"


def refresh(sandbox: SandboxWorld, made: dict[str, str]) -> int:
    """Return the status of an exchange of the namespace's refresh token."""
    fields = {"grant_type": "refresh_token", "refresh_token": made["refresh_token"]}
    fields |= {name: made[name] for name in ("client_id", "client_secret")}
    body = json.dumps(fields).encode()
    return sandbox.send("POST", "/oauth2/token", body, content_type="application/json").status


def test_the_list_has_the_first_token_and_not_its_text(sandbox: SandboxWorld) -> None:
    made = sandbox.create("one")
    listed = sandbox.control("GET", "ns/one/tokens")
    (row,) = listed.json["tokens"]
    assert (row["id"], row["client_id"], row["hint"]) == (1, "demo", made["token"][-4:])
    assert "customers.read_write" in row["scopes"].split()
    assert (row["expires_at"], row["revoked_at"]) == (None, None)
    assert made["token"] not in listed.body.decode()


@pytest.mark.parametrize("frozen", [False, True])
@pytest.mark.parametrize(
    ("end", "stamp", "refreshed"), [("expire", "expires_at", 200), ("revoke", "revoked_at", 400)]
)
def test_a_token_ends_with_the_call(
    sandbox: SandboxWorld, end: str, stamp: str, refreshed: int, frozen: bool
) -> None:
    made, other = sandbox.create("one"), sandbox.create("two")
    if frozen:
        sandbox.control("POST", "ns/one/clock/freeze")
    assert sandbox.ask("GET", PATH, made["token"]).status == 200  # it is remembered from here on
    assert sandbox.control("POST", f"ns/one/tokens/1/{end}").status == 204
    assert sandbox.ask("GET", PATH, made["token"]).status == 401
    assert sandbox.ask("GET", PATH, other["token"]).status == 200
    (row,) = sandbox.control("GET", "ns/one/tokens").json["tokens"]
    assert row[stamp] is not None
    assert sandbox.control("POST", f"ns/one/tokens/1/{end}").status == 204
    assert refresh(sandbox, made) == refreshed


@pytest.mark.parametrize("end", ["expire", "revoke"])
@pytest.mark.parametrize("token_id", ["2", "0", "-1", "x", "9" * 40, "%32"])
def test_a_token_that_is_not_there_is_a_404(sandbox: SandboxWorld, token_id: str, end: str) -> None:
    sandbox.create("one")
    answer = sandbox.control("POST", f"ns/one/tokens/{token_id}/{end}")
    assert (answer.status, answer.headers["content-type"]) == (404, "application/problem+json")


def test_a_reset_brings_a_revoked_token_back(sandbox: SandboxWorld) -> None:
    made = sandbox.create("one")
    sandbox.control("POST", "ns/one/tokens/1/revoke")
    sandbox.control("POST", "ns/one/reset")
    assert sandbox.ask("GET", PATH, made["token"]).status == 200
