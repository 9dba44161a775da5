"""The commands that ask the control API of a sandbox that runs."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import httpx
import pytest
from cli.operating import Operator
from cli.sandboxes import PATIENCE, Terminal
from e2e.receiving import receiving
from fixtures.tables import rows

from sijill.cli.tree import commands
from sijill.customers.examples import AHMED
from sijill.sandbox.control.api import ROUTES

pytestmark = pytest.mark.proves("commands do all that the control API of the sandbox does")

PATH = f"/customers/{AHMED.id}"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Operator]:
    """An operator whose sandbox runs for all tests of this module."""
    terminal = Terminal(tmp_path_factory.mktemp("sandbox"))
    terminal.environ["SIJILL_DATA_DIR"] = "data"
    terminal.type("sandbox", "start", "--port", "0")
    yield Operator(terminal.folder)
    terminal.type("sandbox", "stop")


@pytest.fixture
def sandbox(running: Operator, monkeypatch: pytest.MonkeyPatch) -> Operator:
    """The same operator, with no other variables than that of the data folder."""
    for name in ("SIJILL_URL", "SIJILL_ADMIN_TOKEN", "SIJILL_NAMESPACE"):
        monkeypatch.delenv(name, raising=False)
    return running


def answer(operator: Operator, *words: str) -> dict[str, object]:
    told: dict[str, object] = json.loads(operator.type(*words, "--json").stdout)
    return told


class App:
    """An app in a namespace of its own."""

    def __init__(self, operator: Operator, name: str, *options: str) -> None:
        made = answer(operator, "ns", "create", name, *options)
        headers = {"Authorization": f"Bearer {made['token']}"}
        self.http = httpx.Client(base_url=str(made["url"]), headers=headers, timeout=PATIENCE)

    def get(self, path: str = PATH) -> int:
        return self.http.get(path).status_code

    def __enter__(self) -> "App":
        return self

    def __exit__(self, *_: object) -> None:
        self.http.close()


def test_a_namespace_is_made_listed_reset_and_removed(sandbox: Operator) -> None:
    with App(sandbox, "made", "--setting", "customers_limit=2/10m", "--random", "7") as app:
        assert [app.get() for _ in range(3)] == [200, 200, 429]
        listed = sandbox.type("ns", "list").stdout
        assert ["made", f"{app.http.base_url!s}".rstrip("/")] in map(str.split, listed.splitlines())
        assert app.http.delete(PATH).status_code == 429
        assert sandbox.type("ns", "reset", "made").stdout == "made is as it was at its beginning\n"
        assert app.get() == 200
    assert answer(sandbox, "ns", "rm", "made") == {"name": "made"}
    assert "made" not in sandbox.type("ns", "list").stdout
    assert "token" in sandbox.type("ns", "create", "shown").stdout


def test_a_namespace_begins_with_a_seed_document(sandbox: Operator) -> None:
    seed = '{"customers": [{"id": 7, "email": "sara@example.com"}]}'
    made = json.loads(
        sandbox.type("ns", "create", "seeded", "--seed", "-", "--json", data=seed).stdout
    )
    headers = {"Authorization": f"Bearer {made['token']}"}
    (only,) = httpx.get(f"{made['url']}/customers", headers=headers).json()["data"]
    assert (only["id"], only["email"]) == (7, "sara@example.com")
    empty = json.loads(sandbox.type("ns", "create", "--seed", "-", "--json", data="{}").stdout)
    headers = {"Authorization": f"Bearer {empty['token']}"}
    assert httpx.get(f"{empty['url']}/customers", headers=headers).json()["data"] == []
    refused = sandbox.type("ns", "create", "--seed", "-", data='{"shops": []}', code=64)
    assert "seed.shops: unknown" in refused.stderr


def test_a_namespace_begins_with_a_seed_document_in_yaml(sandbox: Operator, tmp_path: Path) -> None:
    file = tmp_path / "seed.yaml"
    file.write_text(
        "customers:\n- {id: 7, mobile: 0501234567, mobile_code: +966, birthday: 1990-03-15}\n"
    )
    made = answer(sandbox, "ns", "create", "in-yaml", "--seed", str(file))
    headers = {"Authorization": f"Bearer {made['token']}"}
    only = httpx.get(f"{made['url']}/customers/7", headers=headers).json()["data"]
    assert (only["mobile"], only["mobile_code"]) == (501234567, "966")
    assert only["birthday"]["date"].startswith("1990-03-15")
    file.write_text("customers: []\ncustomers: []\n")
    refused = sandbox.type("ns", "create", "--seed", str(file), code=64).stderr
    assert f"{file}: line 2: a key stands twice" in refused


def test_a_namespace_begins_as_a_snapshot_and_may_end_by_itself(sandbox: Operator) -> None:
    with App(sandbox, "origin") as app:
        assert app.http.delete(PATH).status_code == 200
        sandbox.type("snapshot", "save", "gone", "--ns", "origin")
    with App(sandbox, "copy", "--from", "origin/gone", "--ttl", "10m") as app:
        assert app.get() == 404
    refused = sandbox.type("ns", "create", "--from", "origin/never", code=1).stderr
    assert "there is no snapshot" in refused
    assert "ttl: write seconds" in sandbox.type("ns", "create", "--ttl", "long", code=64).stderr


def test_a_namespace_begins_with_the_customers_of_an_export(
    sandbox: Operator, tmp_path: Path
) -> None:
    sandbox.type("store", "create", "exported")
    sandbox.type("seed", "--count", "20", "--store", "exported")
    file = tmp_path / "customers.jsonl"
    sandbox.type("export", str(file), "--store", "exported")
    made = answer(sandbox, "ns", "create", "of-an-export", "--seed", str(file))
    headers = {"Authorization": f"Bearer {made['token']}"}
    listed = httpx.get(f"{made['url']}/customers?per_page=60", headers=headers).json()["data"]
    lines = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    assert len(lines) == 20
    by_id = {one["id"]: one for one in listed}
    for line in lines:
        for name in ("mobile", "mobile_code", "email", "first_name", "city", "groups"):
            assert by_id[line["id"]][name] == line[name]
    file.write_text('{"email": "a@example.com"}\n\n{"email"\n')
    refused = sandbox.type("ns", "create", "--seed", str(file), code=64).stderr
    assert f"{file}: line 3 is not JSON" in refused


@rows(
    ("words", "code", "sentence"),
    [
        (["ns", "create", "a name"], 64, "name"),
        (["ns", "create", "default"], 1, "a namespace has this name already"),
        (["ns", "create", "--setting", "workers=2"], 64, "workers is not a setting"),
        (["ns", "create", "--setting", "workers"], 64, "--setting: write NAME=VALUE"),
        (["ns", "create", "--seed", "none.json"], 64, "none.json: No such file"),
        (["ns", "rm", "never"], 1, "there is no such namespace"),
        (["ns", "rm", "../ns"], 1, "there is no such namespace"),
        (["ns", "rm", "default"], 1, "the default namespace cannot be removed"),
        (["clock", "--ns", "never"], 1, "there is no such namespace"),
        (["clock", "advance", "soon"], 64, "duration: write seconds"),
        (["clock", "set", "soon"], 64, "moment: write ISO 8601"),
        (["clock", "set", "2001-01-01"], 1, "a clock goes back only with a snapshot"),
        (["fault", "add", "--op", "x", "--kind", "empty"], 64, "op is not an operation"),
        (["fault", "add", "--rules", "-"], 64, "-: it is not JSON"),
        (["snapshot", "load", "never"], 1, "there is no such snapshot"),
        (["requests", "--wait", "1", "--op", "x", "--within", "0"], 1, "0 of 1 requests"),
    ],
)
def test_a_refusal_is_one_line_and_an_exit_code(
    sandbox: Operator, words: list[str], code: int, sentence: str
) -> None:
    told = sandbox.type(*words, code=code).stderr
    assert told.startswith("sijill: ")
    assert sentence in told
    assert told.count("\n") == 1


def test_a_clock_is_moved(sandbox: Operator) -> None:
    with App(sandbox, "clock", "--setting", "customers_limit=1/10m") as app:
        assert [app.get(), app.get()] == [200, 429]
        frozen = answer(sandbox, "clock", "freeze", "--ns", "clock")
        assert frozen["mode"] == "frozen"
        moved = answer(sandbox, "clock", "advance", "10m", "--ns", "clock")
        assert moved["from"] == frozen["now"]
        assert app.get() == 200
        moved = answer(sandbox, "clock", "set", "2031-05-06T10:00+03:00", "--ns", "clock")
        assert moved["to"] == "2031-05-06T07:00:00Z"
        heading, line = sandbox.type("clock", "show", "--ns", "clock").stdout.splitlines()
        assert heading.split() == ["now", "mode", "next_due"]
        assert line.split() == ["2031-05-06", "07:00:00", "frozen", "-"]
        assert sandbox.type("clock", "--ns", "clock").stdout.splitlines()[1] == line
        assert answer(sandbox, "clock", "resume", "--ns", "clock")["mode"] == "running"


def test_the_namespace_is_that_of_the_variable(
    sandbox: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    with App(sandbox, "variable"):
        monkeypatch.setenv("SIJILL_NAMESPACE", "variable")
        sandbox.type("clock", "freeze")
        assert answer(sandbox, "clock", "--ns", "default")["mode"] == "running"
        assert answer(sandbox, "clock")["mode"] == "frozen"


def test_a_rule_is_added_by_options_or_json_or_both(sandbox: Operator) -> None:
    with App(sandbox, "rules") as app:
        where = ["--ns", "rules"]
        rule = ["--op", "customers.details", "--status", "503", "--wait", "9", "--times", "1"]
        match = ["--match", f"customer={AHMED.id}"]
        sandbox.type("fault", "add", *rule, *match, *where)
        read = '[{"op": "customers.list", "kind": "empty"}, {"op": "groups.list", "kind": "stall"}]'
        options = ["--times", "2", "--after-commit"]
        sandbox.type("fault", "add", "--rules", "-", *options, *where, data=read)
        assert [app.get(), app.get()] == [503, 200]
        told = answer(sandbox, "fault", "list", *where)["faults"]
        assert isinstance(told, list)
        assert [(one["op"], one["kind"], one["times"], one["spent"]) for one in told] == [
            ("customers.details", "status", 1, True),
            ("customers.list", "empty", 2, False),
            ("groups.list", "stall", 2, False),
        ]
        assert [one["phase"] for one in told] == ["before", "after-commit", "after-commit"]
        lines = [line.split() for line in sandbox.type("fault", "list", *where).stdout.splitlines()]
        assert lines[0] == ["op", "fault", "when", "hits", "spent"]
        assert lines[1][-2:] == ["1", "yes"]
        again = json.dumps(answer(sandbox, "fault", "list", *where))
        assert sandbox.type("fault", "clear", *where).stdout == "there are no faults\n"
        assert answer(sandbox, "fault", "list", *where) == {"faults": []}
        sandbox.type("fault", "add", "--rules", "-", *where, data=again)
        assert app.get() == 503, "a list that was printed can be added"


def test_rules_can_be_replaced(sandbox: Operator) -> None:
    with App(sandbox, "replaced"):
        where = ["--ns", "replaced"]
        sandbox.type("fault", "add", "--op", "groups.list", "--kind", "empty", *where)
        rule = ["--op", "customers.list", "--status", "500"]
        told = answer(sandbox, "fault", "add", *rule, "--replace", *where)["faults"]
        assert [one["op"] for one in told] == ["customers.list"]  # type: ignore[attr-defined]


def test_held_deliveries_are_released_in_the_order_of_the_command(sandbox: Operator) -> None:
    with App(sandbox, "held") as app, receiving() as receiver:
        where = ["--ns", "held"]
        url = f"http://127.0.0.1:{receiver.ports[0]}/"
        hook = {"name": "crm", "event": "customer.created", "url": url}
        assert app.http.post("/webhooks/subscribe", json=hook).status_code == 200
        rule = ["--event", "customer.created", "--kind", "hold", "--times", "3"]
        sandbox.type("fault", "webhook", "add", *rule, *where)
        for name in ("a", "b", "c"):
            created = app.http.post("/customers", json={"email": f"{name}@example.com"})
            assert created.status_code == 200
            sandbox.type("ns", "settle", "held")
        told = answer(sandbox, "deliveries", "--outcome", "held", *where)["deliveries"]
        ids = [one["id"] for one in told]  # type: ignore[attr-defined]
        assert len(ids) == 3
        released = answer(sandbox, "deliveries", "release", ids[2], ids[0], *where)
        assert released == {"released": 2}
        last = sandbox.type("deliveries", "release", "--order", "last", *where).stdout
        assert last == "1 deliveries are sent\n"
        sent = [json.loads(one.body)["data"]["email"][0] for one in receiver.received]
        assert sent == ["c", "a", "b"]
        heading, line = sandbox.type("fault", "webhook", "list", *where).stdout.splitlines()
        assert heading.split() == ["event", "fault", "when", "hits", "spent"]
        assert line.split() == ["customer.created", "hold", "times", "3", "3", "yes"]
        unknown = sandbox.type("deliveries", "release", "evt_never", *where, code=1).stderr
        assert "no delivery of evt_never is held" in unknown
        assert sandbox.type("fault", "webhook", "clear", *where).stdout == "there are no faults\n"
        late = ["--event", "*", "--kind", "late", "--seconds", "10m"]
        assert "late 600 s" in sandbox.type("fault", "webhook", "add", *late, *where).stdout


def test_a_token_expires_and_is_revoked(sandbox: Operator) -> None:
    with App(sandbox, "tokens") as app:
        where = ["--ns", "tokens"]
        (row,) = answer(sandbox, "ns", "token", "list", *where)["tokens"]  # type: ignore[misc]
        assert row["hint"] == app.http.headers["authorization"][-4:]
        assert "demo" in sandbox.type("ns", "token", "list", *where).stdout
        told = sandbox.type("ns", "token", "expire", "1", *where).stdout
        assert told == "token 1 has expired; its refresh token stays\n"
        assert app.get() == 401
        assert answer(sandbox, "ns", "token", "revoke", "1", *where) == {"id": 1}
        assert (
            "there is no such token"
            in sandbox.type("ns", "token", "revoke", "9", *where, code=1).stderr
        )
        assert "token" in sandbox.type("ns", "token", "expire", "x", *where, code=64).stderr


def test_a_state_is_saved_to_a_file_and_loaded(sandbox: Operator, tmp_path: Path) -> None:
    file = tmp_path / "one.state"
    with App(sandbox, "state-one") as one, App(sandbox, "state-two") as two:
        assert one.http.delete(PATH).status_code == 200
        saved = answer(sandbox, "state", "save", str(file), "--ns", "state-one")
        assert saved == {"file": str(file), "bytes": file.stat().st_size}
        assert file.stat().st_mode & 0o777 == 0o600
        assert two.get() == 200
        told = sandbox.type("state", "load", str(file), "--ns", "state-two").stdout
        assert told.startswith("the state is loaded: 0 customer(s), ")
        assert two.get() == 404
        assert f"{file} has the state" in sandbox.type("state", "save", str(file)).stdout
    file.write_bytes(b"nothing")
    where = ["--ns", "state-two"]
    assert (
        "the body is no state" in sandbox.type("state", "load", str(file), *where, code=64).stderr
    )
    missing = str(tmp_path / "none" / "file")
    assert "No such file" in sandbox.type("state", "save", missing, *where, code=1).stderr
    assert "No such file" in sandbox.type("state", "load", missing, *where, code=64).stderr


def test_a_snapshot_is_saved_listed_loaded_and_removed(sandbox: Operator) -> None:
    with App(sandbox, "saved") as app:
        where = ["--ns", "saved"]
        saved = answer(sandbox, "snapshot", "save", "before", *where)
        assert app.http.delete(PATH).status_code == 200
        assert answer(sandbox, "snapshot", "list", *where) == {"snapshots": [saved]}
        assert "before  1" in sandbox.type("snapshot", "list", *where).stdout
        told = sandbox.type("snapshot", "load", "before", *where).stdout
        assert told == f"before is loaded: 1 customer(s), {saved['at']}\n"
        assert app.get() == 200
        assert sandbox.type("snapshot", "rm", "before", *where).stdout == "before is gone\n"
        assert answer(sandbox, "snapshot", "list", *where) == {"snapshots": []}


def test_requests_are_listed_and_waited_for(sandbox: Operator) -> None:
    with App(sandbox, "asked") as app:
        where = ["--ns", "asked"]
        app.get()
        app.get("/customers/1")
        lines = sandbox.type("requests", *where).stdout.splitlines()
        assert [line.split()[2:] for line in lines[1:]] == [
            ["customers.details", "200", "-", "GET", f"/customers/{AHMED.id}"],
            ["customers.details", "404", "-", "GET", "/customers/1"],
        ]
        assert all(len(line) <= 80 for line in lines)
        app.get("/customers?x=1")
        last = sandbox.type("requests", *where).stdout.splitlines()[-1]
        assert last.split()[2:] == ["customers.list", "200", "-", "GET", "/customers?x=1", "?x"]
        (only,) = answer(sandbox, "requests", "--unread", *where)["requests"]  # type: ignore[misc]
        assert only["query"] == "x=1"
        waiting = ["requests", "--op", "customers.list", "--wait", "2", "--within", "60"]
        asking = threading.Thread(target=app.get, args=["/customers"])
        asking.start()
        assert "customers.list" in sandbox.type(*waiting, *where).stdout
        asking.join()


def test_deliveries_are_listed_and_waited_for(sandbox: Operator) -> None:
    with App(sandbox, "sent") as app:
        where = ["--ns", "sent"]
        hook = {"name": "crm", "event": "customer.created", "url": "http://127.0.0.1:1/"}
        assert app.http.post("/webhooks/subscribe", json=hook).status_code == 200
        assert app.http.post("/customers", json={"email": "s@example.com"}).status_code == 200
        waiting = ["deliveries", "--event", "customer.created", "--wait", "1", "--within", "60"]
        heading, line = sandbox.type(*waiting, *where).stdout.splitlines()
        assert heading.split() == ["at", "event", "attempt", "outcome", "answer", "fault"]
        assert line.split()[2:] == ["customer.created", "1", "failed", "connect", "-"]
        assert sandbox.type("deliveries", "--outcome", "delivered", *where).stdout == "none\n"
        moved = sandbox.type("clock", "advance", "4d", *where).stdout.splitlines()[1].split()
        (listed,) = answer(sandbox, "deliveries", *where)["deliveries"][-1:]  # type: ignore[index]
        assert int(moved[4]) == listed["attempt"] - 1 > 0
        assert moved[-1] == "-"


COMMANDS = {
    "listOperations": "operations",
    "listNamespaces": "ns list",
    "createNamespace": "ns create",
    "getNamespace": "ns list",
    "deleteNamespace": "ns rm",
    "resetNamespace": "ns reset",
    "settleNamespace": "ns settle",
    "getClock": "clock show",
    "advanceClock": "clock advance",
    "setClock": "clock set",
    "freezeClock": "clock freeze",
    "resumeClock": "clock resume",
    "listFaults": "fault list",
    "putFaults": "fault add",
    "addFaults": "fault add",
    "clearFaults": "fault clear",
    "listWebhookFaults": "fault webhook list",
    "putWebhookFaults": "fault webhook add",
    "addWebhookFaults": "fault webhook add",
    "clearWebhookFaults": "fault webhook clear",
    "releaseDeliveries": "deliveries release",
    "listRequests": "requests",
    "waitForRequests": "requests",
    "listAttempts": "deliveries",
    "waitForAttempts": "deliveries",
    "listSnapshots": "snapshot list",
    "saveSnapshot": "snapshot save",
    "loadSnapshot": "snapshot load",
    "deleteSnapshot": "snapshot rm",
    "getState": "state save",
    "putState": "state load",
    "listTokens": "ns token list",
    "expireToken": "ns token expire",
    "revokeToken": "ns token revoke",
}
"""The command of each control call."""


def test_every_control_call_has_its_command() -> None:
    assert {route.id for route in ROUTES} == COMMANDS.keys()
    assert set(COMMANDS.values()) <= commands().keys()


def test_operations_are_listed(sandbox: Operator) -> None:
    lines = sandbox.type("operations").stdout.splitlines()
    assert lines[0] == "operation"
    assert "customers.details" in lines
    assert answer(sandbox, "operations")["operations"] == lines[1:]


def test_without_a_sandbox_a_command_says_how_to_start_one(
    operator: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SIJILL_ADMIN_TOKEN", raising=False)
    assert "sijill sandbox start starts one" in operator.type("ns", "list", code=69).stderr
    monkeypatch.setenv("SIJILL_URL", "http://127.0.0.1:1")
    assert "set SIJILL_ADMIN_TOKEN too" in operator.type("ns", "list", code=64).stderr
    monkeypatch.setenv("SIJILL_ADMIN_TOKEN", "an-admin-token-of-a-test")
    told = operator.type("ns", "list", code=69).stderr
    assert "127.0.0.1:1 does not answer: Connection refused: see SIJILL_URL" in told
    monkeypatch.setenv("SIJILL_URL", "127.0.0.1")
    assert "SIJILL_URL: write an address" in operator.type("ns", "list", code=64).stderr


def test_another_sandbox_is_named_by_variables(
    sandbox: Operator, operator: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in answer(sandbox, "sandbox", "env").items():
        monkeypatch.setenv(name, str(value))
    assert "default" in operator.type("ns", "list").stdout
    monkeypatch.setenv("SIJILL_ADMIN_TOKEN", "an-admin-token-of-a-test")
    assert "needs the admin token" in operator.type("ns", "list", code=1).stderr


def test_a_server_that_is_no_sandbox_is_told_of(
    operator: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Other(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"<html>\x1b[31m")

        def log_message(self, *_: object) -> None:
            pass

    monkeypatch.setenv("SIJILL_ADMIN_TOKEN", "an-admin-token-of-a-test")
    with HTTPServer(("127.0.0.1", 0), Other) as server:
        url = f"http://127.0.0.1:{server.server_port}"
        monkeypatch.setenv("SIJILL_URL", url)
        threading.Thread(target=server.handle_request, daemon=True).start()
        told = operator.type("ns", "list", code=69).stderr
        assert told == f"sijill: {url} is no sandbox: it answers with status 200\n"
