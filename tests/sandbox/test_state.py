"""The state of a namespace as a file: it travels, and no file ends the process."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import apsw
import pytest
from e2e.receiving import Receiver
from fixtures.world import Answer
from hypothesis import given, settings
from hypothesis import strategies as st
from sandbox.conftest import ADMIN_TOKEN, SandboxWorld, sandbox_with

from sijill.customers.examples import AHMED
from sijill.sandbox.state import SCHEMA
from sijill.webhooks.signing import verify_salla

pytestmark = pytest.mark.proves("no file that is put as a state ends the sandbox or changes a row")

PATH = f"/customers/{AHMED.id}"
SARA = {"first_name": "Sara", "email": "sara@example.com"}
HEAD = {"kind": "sijill-state", "schema": SCHEMA, "at": "2030-01-01T00:00:00Z", "drawn": {}}
JSON_LINE = json.dumps(HEAD).encode() + b"\n"


def get(sandbox: SandboxWorld, name: str = "one") -> bytes:
    answer = sandbox.control("GET", f"ns/{name}/state")
    assert (answer.status, answer.headers["content-type"]) == (200, "application/octet-stream")
    return answer.body


def put(sandbox: SandboxWorld, state: bytes, name: str = "one") -> Answer:
    headers = {"authorization": f"Bearer {ADMIN_TOKEN}"}
    return sandbox.send("PUT", f"/_/ns/{name}/state", state, **headers)


def with_head(state: bytes, **changes: Any) -> bytes:
    """Return a state whose first line has other values."""
    head, _, image = state.partition(b"\n")
    return json.dumps(json.loads(head) | changes).encode() + b"\n" + image


def with_sql(state: bytes, *statements: str) -> bytes:
    """Return a state whose database was changed by hand."""
    head, _, image = state.partition(b"\n")
    connection = apsw.Connection(":memory:")
    connection.deserialize("main", image[:18] + b"\1\1" + image[20:])
    connection.config(apsw.SQLITE_DBCONFIG_DEFENSIVE, 0)
    for statement in statements:
        connection.execute(statement)
    changed = connection.serialize("main")
    connection.close()
    return head + b"\n" + changed


def test_a_state_brings_rows_and_clock_back(sandbox: SandboxWorld) -> None:
    token = sandbox.create("one")["token"]
    sandbox.control("POST", "ns/one/clock/freeze")
    sandbox.control("POST", "ns/one/clock/set", {"at": "2040-01-02T03:04:05Z"})
    sandbox.ask("POST", "/customers", token, SARA)
    before, state = sandbox.ask("GET", "/customers", token), get(sandbox)
    sandbox.ask("DELETE", PATH, token)
    sandbox.control("POST", "ns/one/clock/advance", {"seconds": 3600})
    answer = put(sandbox, state)
    assert (answer.status, answer.json) == (200, {"customers": 2, "at": "2040-01-02T03:04:05Z"})
    after = sandbox.ask("GET", "/customers", token)
    assert (after.status, after.body) == (200, before.body)
    assert sandbox.control("GET", "ns/one/clock").json["now"] == "2040-01-02T03:04:05Z"


def test_what_comes_after_its_own_state_is_the_same_each_time(sandbox: SandboxWorld) -> None:
    token = sandbox.create("one")["token"]
    sandbox.control("POST", "ns/one/clock/freeze")
    state, made = get(sandbox), []
    for _ in range(2):
        assert put(sandbox, state).status == 200
        made.append(sandbox.ask("POST", "/customers", token, SARA).body)
    assert made[0] == made[1]


def test_a_state_travels_to_another_sandbox_and_no_token_with_it(sandbox: SandboxWorld) -> None:
    one = sandbox.create("one")
    sandbox.ask("POST", "/customers", one["token"], SARA)
    state = get(sandbox)
    with sandbox_with() as other:
        token = other.create("two")["token"]
        assert put(other, state, "two").json["customers"] == 2
        assert len(other.ask("GET", "/customers", token).json["data"]) == 2
        path = f"/_/ns/two/admin/v2{PATH}"
        assert other.ask("GET", path, one["token"]).status == 401
        rows = other.control("GET", "ns/two/tokens").json["tokens"]
        assert [row["hint"] for row in rows] == [token[-4:]]
        other.control("POST", "ns/two/reset")
        assert len(other.ask("GET", "/customers", token).json["data"]) == 1


def test_a_webhook_of_a_state_signs_in_another_sandbox(
    sandbox: SandboxWorld, receiver: Receiver
) -> None:
    url = f"http://127.0.0.1:{receiver.ports[0]}/"
    hook = {"event": "customer.created", "url": url, "secret": "of the webhook"}
    sandbox.create("one", seed={"webhooks": [hook]})
    with sandbox_with() as other:
        token = other.create("two")["token"]
        assert put(other, get(sandbox), "two").status == 200
        other.ask("POST", "/customers", token, SARA)
        other.control("POST", "ns/two/settle")
    (told,) = receiver.received
    assert verify_salla("of the webhook", told.body, told.headers["x-salla-signature"])


CHANGES: dict[str, tuple[Callable[[bytes], bytes], int, str]] = {
    "nothing": (lambda _: b"", 422, "does not begin like"),
    "no JSON": (lambda _: b"x" * 100, 422, "does not begin like"),
    "nested": (lambda _: b"[" * 100_000, 422, "does not begin like"),
    "another kind": (lambda s: with_head(s, kind="snapshot"), 422, "does not begin like"),
    "a newer schema": (lambda s: with_head(s, schema=99), 409, "has not the schema"),
    "no zone": (lambda s: with_head(s, at="2030-01-01T00:00:00"), 422, "its time"),
    "the last year": (lambda s: with_head(s, at="9999-12-31T23:59:59Z"), 422, "its time"),
    "no database": (lambda _: JSON_LINE, 422, "holds no database"),
    "another file": (lambda _: JSON_LINE + b"PK\3\4" * 4096, 422, "holds no database"),
    "half": (lambda s: s[: len(s) // 2], 422, "damaged"),
    "a header alone": (lambda s: s[: s.index(b"\n") + 101], 422, ""),
    "another table": (lambda s: with_sql(s, "CREATE TABLE x (y)"), 422, "other tables"),
    "a trigger": (
        lambda s: with_sql(
            s, "CREATE TRIGGER x AFTER INSERT ON customers BEGIN DELETE FROM customers; END"
        ),
        422,
        "other tables",
    ),
    "a view in place of a table": (
        lambda s: with_sql(
            s, "DROP TABLE setup_links", "CREATE VIEW setup_links AS SELECT 1 AS digest"
        ),
        422,
        "other tables",
    ),
    "two stores": (
        lambda s: with_sql(
            s,
            "INSERT INTO stores SELECT 5, 'x', plan, profile, timezone, locale, currency, "
            "customer_url, admin_url, avatar_male, avatar_female, created_at FROM stores",
        ),
        422,
        "exactly one store",
    ),
    "no app": (lambda s: with_sql(s, "UPDATE apps SET client_id = 'x'"), 422, "the app"),
    "no zone of the store": (
        lambda s: with_sql(s, "UPDATE stores SET timezone = 'Mars/Base'"),
        422,
        "time zone",
    ),
    "no plan": (lambda s: with_sql(s, "UPDATE stores SET plan = 'gold'"), 422, "a plan"),
    "rows that lead nowhere": (
        lambda s: with_sql(s, "UPDATE owner_stores SET store_id = 5"),
        422,
        "refer to missing ones",
    ),
}


@pytest.mark.parametrize("name", CHANGES)
def test_what_is_no_state_is_refused_and_changes_nothing(sandbox: SandboxWorld, name: str) -> None:
    change, status, said = CHANGES[name]
    token = sandbox.create("one")["token"]
    before = sandbox.ask("GET", "/customers", token).body
    answer = put(sandbox, change(get(sandbox)))
    assert (answer.status, answer.headers["content-type"]) == (status, "application/problem+json")
    assert said in answer.json["detail"]
    assert sandbox.ask("GET", "/customers", token).body == before


@pytest.fixture(scope="module")
def shared() -> Iterator[SandboxWorld]:
    """A sandbox for many files."""
    with sandbox_with() as world:
        world.create("one", seed={"customers": {"count": 30}})
        yield world


@given(data=st.data())
@settings(max_examples=150, deadline=None)
def test_a_damaged_state_is_refused_or_harmless(shared: SandboxWorld, data: st.DataObject) -> None:
    shared.control("POST", "ns/one/reset")
    state = bytearray(get(shared))
    for _ in range(data.draw(st.integers(1, 8))):
        place = data.draw(st.integers(0, len(state) - 1))
        state[place] = data.draw(st.integers(0, 255))
    cut = data.draw(st.none() | st.integers(0, len(state)))
    answer = put(shared, bytes(state[:cut]))
    assert answer.status in (200, 409, 422), answer.body
    assert shared.control("GET", "ns/one/clock").status == 200
    for path in ("/customers", "/customers?keyword=sara", "/customers/groups", "/webhooks"):
        shared.ask("GET", f"/_/ns/one/admin/v2{path}")  # whatever the answer is, there is one
    assert shared.control("POST", "ns/one/reset").status == 204
