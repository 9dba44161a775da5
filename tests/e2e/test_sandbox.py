"""The sandbox as a process: its output, and deliveries in virtual time."""

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from e2e.conftest import PATIENCE, Shell, until
from e2e.receiving import receiving
from e2e.sandboxes import Running, running_sandbox
from sijill.customers.examples import AHMED
from sijill.webhooks.signing import verify_salla

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.proves(
        "retries of the sandbox come at their virtual moments, and so does every date"
    ),
]

PATH = f"/customers/{AHMED.id}"


@pytest.fixture(scope="module")
def running(installed: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running_sandbox(Shell(installed, tmp_path_factory.mktemp("sandbox"))) as server:
        yield server


def test_its_lines_lead_to_the_demo_customer(running: Running) -> None:
    made = {"url": f"{running.base}/admin/v2", "token": running.token}
    with running.client(made) as http:
        assert http.get(PATH).json()["data"]["id"] == AHMED.id


@pytest.mark.parametrize(
    ("lines", "status"),
    [("Content-Length: 999999999\r\n\r\n", 413), ("Content-Length: x\r\n\r\n", 400)],
)
def test_a_request_that_is_refused_before_its_body_came_is_in_the_journal(
    running: Running, lines: str, status: int
) -> None:
    made, address = running.create(f"refused{status}"), urlsplit(running.base)
    head = f"POST /admin/v2/customers HTTP/1.1\r\nAuthorization: Bearer {made['token']}\r\n"
    with socket.create_connection((address.hostname, address.port), PATIENCE) as asking:
        asking.sendall(f"{head}Host: x\r\n{lines}".encode())
        assert asking.makefile("rb").readline().split()[1] == str(status).encode()
    path = f"/_/ns/{made['name']}/requests"
    (only,) = running.admin.get(path).json()["requests"]
    assert (only["op"], only["status"]) == ("customers.create", status)


def test_the_date_of_an_answer_is_that_of_its_namespace(running: Running) -> None:
    made = running.create("dated")
    with running.client(made) as http:
        before = parsedate_to_datetime(http.get(PATH).headers["date"])
        assert abs(before - datetime.now(UTC)) < timedelta(seconds=PATIENCE)
        running.admin.post("/_/ns/dated/clock/freeze")
        running.admin.post("/_/ns/dated/clock/set", json={"at": "2031-05-06T07:08:09Z"})
        for path in (PATH, "/nowhere", "/_/changes"):
            accept = {"Accept": "text/event-stream"} if path == "/_/changes" else {}
            with http.stream("GET", path, headers=accept) as answer:
                assert answer.headers["date"] == "Tue, 06 May 2031 07:08:09 GMT"
        running.admin.post("/_/ns/dated/clock/advance", json={"seconds": 1})
        assert http.get(PATH).headers["date"] == "Tue, 06 May 2031 07:08:10 GMT"
    other = parsedate_to_datetime(running.admin.get("/_/ns").headers["date"])
    assert abs(other - datetime.now(UTC)) < timedelta(seconds=PATIENCE)
    running.admin.delete("/_/ns/dated")


def test_ten_attempts_come_at_their_virtual_moments(running: Running) -> None:
    with receiving() as receiver:
        receiver.mode = "refuse"
        made = running.create("late")
        running.admin.post("/_/ns/late/clock/freeze")
        with running.client(made) as http:
            hook = {
                "name": "crm",
                "event": "customer.created",
                "url": f"http://127.0.0.1:{receiver.ports[0]}/",
            }
            assert http.post("/webhooks/subscribe", json=hook).status_code == 200
            begin = datetime.fromisoformat(running.admin.get("/_/ns/late/clock").json()["now"])
            assert http.post("/customers", json={"email": "s@example.com"}).status_code == 200
        before = time.monotonic()
        moved = running.admin.post("/_/ns/late/clock/advance", json={"seconds": 4 * 86_400}).json()
        assert time.monotonic() - before < PATIENCE
        moments = [datetime.fromisoformat(one["at"]) - begin for one in moved["did"]]
        assert moments == sorted(moments)
        assert moments[-1] > timedelta(days=1)
        attempts = len(receiver.received)
        assert attempts == 1 + len(moments)
        assert moved["next_due"] is None
        stamps = [int(one.headers["webhook-timestamp"]) for one in receiver.received]
        assert [stamp - stamps[0] for stamp in stamps[1:]] == [
            int((begin + moment).timestamp()) - stamps[0] for moment in moments
        ]
        running.admin.delete("/_/ns/late")


@pytest.mark.parametrize(
    ("rule", "count", "signed"),
    [
        ({"kind": "drop"}, 0, True),
        ({"kind": "duplicate"}, 2, True),
        ({"kind": "late", "seconds": 0.2}, 1, True),
        ({"kind": "hold"}, 1, True),
        ({"kind": "wrong-secret"}, 1, False),
        ({"kind": "tampered"}, 1, False),
    ],
    ids=lambda value: value["kind"] if isinstance(value, dict) else "",
)
def test_a_receiver_meets_the_promised_fault_of_a_webhook(
    running: Running, rule: dict[str, Any], count: int, signed: bool
) -> None:
    made, secret = running.create("hooks"), "a secret of the receiver"
    try:
        with receiving() as receiver, running.client(made) as http:
            url = f"http://127.0.0.1:{receiver.ports[0]}/"
            hook = {"name": "crm", "event": "customer.created", "url": url, "secret": secret}
            assert http.post("/webhooks/subscribe", json=hook).status_code == 200
            rules = {"faults": [{"event": "*", "times": 1, **rule}]}
            put = running.admin.put("/_/ns/hooks/webhook-faults", json=rules)
            assert put.status_code == 200, put.text
            for name in ("sara", "omar"):
                new = {"first_name": name, "email": f"{name}@example.com"}
                assert http.post("/customers", json=new).status_code == 200
            running.admin.post("/_/ns/hooks/deliveries/wait", json={"count": 2})
            running.admin.post("/_/ns/hooks/deliveries/release")
            until(lambda: len(receiver.received) == count + 1, "the deliveries")
        of_sara = [
            one for one in receiver.received if json.loads(one.body)["data"]["first_name"] == "sara"
        ]
        right = [
            verify_salla(secret, one.body, one.headers["x-salla-signature"]) for one in of_sara
        ]
        assert right == [signed] * count
    finally:
        running.admin.delete("/_/ns/hooks")


def test_a_running_clock_sends_without_a_call(running: Running) -> None:
    with receiving() as receiver:
        made = running.create("now")
        with running.client(made) as http:
            url = f"http://127.0.0.1:{receiver.ports[0]}/"
            hook = {"name": "crm", "event": "customer.created", "url": url}
            assert http.post("/webhooks/subscribe", json=hook).status_code == 200
            assert http.post("/customers", json={"email": "s@example.com"}).status_code == 200
        until(lambda: receiver.received, "a delivery")
        running.admin.delete("/_/ns/now")


def test_a_seed_may_be_as_large_as_an_upload(running: Running) -> None:
    people = [{"email": f"person{number}@example.com"} for number in range(2_500)]
    made = running.create("large", seed={"customers": people})
    assert len(json.dumps(people)) > 65_536  # more than a body of the API may have
    with running.client(made) as http:
        assert http.get("/customers").json()["pagination"]["total"] == len(people)
    running.admin.delete("/_/ns/large")


def test_a_state_is_saved_to_a_file_and_put_back(running: Running) -> None:
    made = running.create("saved")
    state = running.admin.get("/_/ns/saved/state")
    assert state.headers["content-type"] == "application/octet-stream"
    with running.client(made) as http:
        assert http.delete(PATH).status_code == 200
        put = running.admin.put("/_/ns/saved/state", content=state.content)
        assert (put.status_code, put.json()["customers"]) == (200, 1)
        assert http.get(PATH).status_code == 200
    running.admin.delete("/_/ns/saved")


def test_serve_knows_nothing_of_it(shell: Shell) -> None:
    shell.run("store create shop")
    server = shell.begin(shell.command("serve --port 0 --data-dir data"))
    base = server.line(r"http://[\d.:]+")[0]
    for path in ("/_/ns", "/_/operations", "/_/ns/default/clock"):
        ours, unknown = (httpx.get(base + one) for one in (path, "/_/unknown"))
        assert (ours.status_code, ours.content) == (unknown.status_code, unknown.content)
    script = "import sys, sijill.cli.serving; sys.exit('sijill.sandbox' in sys.modules)"
    subprocess.run([sys.executable, "-c", script], env=shell.environ, check=True, timeout=PATIENCE)


def test_a_stop_waits_for_no_fault_stream_or_wait(shell: Shell) -> None:
    server = shell.begin(shell.command("sandbox --port 0 --shutdown-timeout 600"))
    base = server.line(r"http://[\d.:]+")[0]
    token = server.line(r"every scope: (\S+)")[1]
    admin_token = server.line(r"control API: (\S+)")[1]
    stall = {"op": "customers.details", "times": 1, "kind": "stall", "seconds": 60}
    control = f"{base}/_/ns/default"
    headers = {"Authorization": f"Bearer {admin_token}"}
    httpx.put(f"{control}/faults", json={"faults": [stall]}, headers=headers).raise_for_status()
    asked: list[tuple[str, str, str, str]] = [
        ("GET", PATH, token, ""),
        ("GET", "/_/changes", token, ""),
        ("POST", "/_/ns/default/requests/wait", admin_token, '{"count": 9, "within": 300}'),
    ]
    connections = []
    for method, path, bearer, body in asked:
        connection = HTTPConnection(base.removeprefix("http://"), timeout=PATIENCE)
        accept = {"Authorization": f"Bearer {bearer}", "Accept": "text/event-stream"}
        connection.request(method, path, body, accept)
        connections.append(connection)
    requests = f"{control}/requests"
    until(
        lambda: len(httpx.get(requests, headers=headers).json()["requests"]) == 2, "both requests"
    )
    assert server.end() == 0, server.err.read_text()
    for connection in connections:
        connection.close()
