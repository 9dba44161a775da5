"""A server that runs takes up a new key by itself, and needs the old one no more."""

import json
import os

import pytest

from e2e.conftest import Shell, until
from e2e.receiving import receiving
from e2e.webhooks import SECRET, house
from sijill.webhooks.signing import verify_salla

pytestmark = pytest.mark.e2e


def test_a_running_server_takes_up_a_new_key_and_needs_the_old_one_no_more(shell: Shell) -> None:
    with receiving() as receiver:
        served = house(shell, [f"http://127.0.0.1:{receiver.ports[0]}/hook"])
        where = f"--data-dir {served.data}"
        server, base = served.serve()
        with served.client(base) as http:
            for number, words in enumerate(("list", "rotate", "rotate --retire")):
                if "retire" in words:  # as if the rotation were long ago
                    os.utime(served.data / "secret.key", (1_000_000, 1_000_000))
                shell.run(f"keys {words} {where}")
                email = f"c{number}@example.com"
                assert http.post("/customers", json={"email": email}).status_code == 200
                until(lambda n=number: len(receiver.received) > n, "a delivery")
                told = receiver.received[number]
                assert json.loads(told.body)["data"]["email"] == email
                assert verify_salla(SECRET, told.body, told.headers["x-salla-signature"])
        scopes = "--scope webhooks.read_write --scope customers.read"
        token = shell.run(f"token create --store shop --app writer {scopes} {where}").strip()
        with served._replace(token=token).client(base) as http:
            hook = {
                "name": "late",
                "event": "customer.created",
                "url": f"http://127.0.0.1:{receiver.ports[0]}/late",
                "version": 2,
                "security_strategy": "signature",
                "secret": "a secret that comes late",
            }
            assert http.post("/webhooks/subscribe", json=hook).status_code == 200
        [key] = json.loads(shell.run(f"keys list --json {where}"))
        assert (key["state"], key["sealed"]) == ("seals", 6)
        assert server.end() == 0, server.err.read_text()
