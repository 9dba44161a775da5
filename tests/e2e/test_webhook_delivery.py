"""Deliveries of the real server: signed, beside endpoints that are dead, and to others' code."""

import json
import time
from pathlib import Path

import pytest

from e2e.conftest import Shell, until
from e2e.node import node_app
from e2e.receiving import receiving
from e2e.webhooks import SECRET, House, house
from sijill.webhooks.signing import verify_salla, verify_standard

pytestmark = pytest.mark.e2e

HALF = 50


def create(served: House, base: str, *emails: str) -> None:
    with served.client(base) as http:
        for email in emails:
            assert http.post("/customers", json={"email": email}).status_code == 200


def test_a_write_is_told_at_once_and_both_signatures_are_right(shell: Shell) -> None:
    with receiving() as receiver:
        served = house(shell, [f"http://127.0.0.1:{receiver.ports[0]}/hook"])
        server, base = served.serve()
        create(served, base, "sara@example.com")
        until(lambda: receiver.received, "a delivery")
        [told] = receiver.received
        assert json.loads(told.body)["data"]["email"] == "sara@example.com"
        assert verify_salla(SECRET, told.body, told.headers["x-salla-signature"])
        signed = [told.headers[f"webhook-{name}"] for name in ("id", "timestamp", "signature")]
        assert verify_standard(SECRET, *signed, told.body, time.time())
        assert server.end() == 0, server.err.read_text()
        assert "sara" not in server.out.read_text() + server.err.read_text()


def test_fifty_dead_endpoints_keep_nothing_from_fifty_live_ones(shell: Shell) -> None:
    with receiving(2 * HALF) as receiver:
        receiver.dead = set(receiver.ports[:HALF])
        served = house(shell, [f"http://127.0.0.1:{port}/" for port in receiver.ports])
        _, base = served.serve()
        create(served, base, *(f"c{number}@example.com" for number in range(4)))
        until(lambda: receiver.ignored >= HALF, "every dead one hangs")
        create(served, base, *(f"d{number}@example.com" for number in range(4)))
        until(lambda: len(receiver.received) >= 8 * HALF, "the live ones heard of everything")
        assert receiver.given_up == 0, "the dead ones hang still"
        assert len({(one.port, one.id) for one in receiver.received}) == 8 * HALF


@pytest.fixture(scope="module")
def actions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the app that uses the package for Node, installed."""
    return node_app("actions", tmp_path_factory)


def test_the_package_for_node_takes_what_bears_its_token_alone(shell: Shell, actions: Path) -> None:
    apps = [
        shell.begin(["node", str(actions / "app.js")], WEBHOOK_SECRET=secret)
        for secret in (SECRET, "another secret")
    ]
    served = house(shell, [app.line(r"http://\S+")[0] for app in apps], "token")
    _, base = served.serve()
    create(served, base, "sara@example.com")
    theirs, others = (json.loads(app.line(r"\{.*\}")[0]) for app in apps)
    assert theirs == {"heard": ["sara@example.com"], "strategy": "Token"}
    assert others == {"heard": [], "strategy": "Token"}
