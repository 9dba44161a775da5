"""From a request to a developer's terminal: a server delivers, `sijill webhook listen` shows it."""

import json
import signal

import httpx
import pytest

from e2e.conftest import PATIENCE, Shell, shop, until

pytestmark = pytest.mark.e2e

TOKEN = "a-token-of-mine-0123456789"
NEW = {
    "first_name": "Sara",
    "last_name": "Ali",
    "mobile": "501234567",
    "mobile_code_country": "+966",
}


def demo(shell: Shell, *words: str) -> str:
    """Start a demo and return its address."""
    line = f"sandbox --port 0 --data-dir {shell.folder}/.sijill {' '.join(words)}"
    started = shell.start(line, SIJILL_DEMO_TOKEN=TOKEN)
    return started.line(r"http://127\.0\.0\.1:\d+")[0]


def create(base: str) -> int:
    headers = {"Authorization": f"Bearer {TOKEN}"}
    url = f"{base}/customers"
    answer = httpx.post(url, json=NEW, headers=headers, timeout=PATIENCE, verify=False)
    assert answer.is_success, answer.text
    customer_id: int = answer.json()["data"]["id"]
    return customer_id


def webhooks(shell: Shell, where: str) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = json.loads(shell.run(f"webhook list --json {where}"))
    return rows


def test_a_listener_of_another_server_is_told_which_setting_lets_it_hear(shell: Shell) -> None:
    where = f"--data-dir {shell.folder}/data"
    shop(shell, where)
    words = f"webhook listen --subscribe customer.created --store shop --app writer {where}"
    people = shell.start(words)
    people.line(r"Listening on ")
    assert "webhook_targets" in people.err.read_text()


def test_events_of_a_server_are_shown_to_its_listeners(shell: Shell) -> None:
    base = demo(shell)
    where = f"--data-dir {shell.folder}/.sijill --demo"
    subscribe = "--subscribe customer.created --subscribe customer.login --store demo --app demo"
    people = shell.start(f"webhook listen {subscribe} {where}")
    address = people.line(r"Listening on (http://127\.0\.0\.1:\d+)")[1]
    assert people.err.read_text() == ""
    programs = shell.start(f"webhook listen --json {subscribe} {where}")
    programs.line(r"address")
    hooks = webhooks(shell, where)
    assert len(hooks) == 4
    assert {hook["event"] for hook in hooks} == {"customer.created", "customer.login"}
    assert f"{address}/" in {hook["url"] for hook in hooks}

    customer_id = create(base)
    people.line(r"customer\.created evt_\w+ signature ok strategy Signature \d+ bytes")
    told = json.loads(programs.line(r"(?m)^\{.*customer\.created.*$")[0])
    assert told["signature"] == "ok"
    assert told["body"]["data"]["id"] == customer_id
    assert TOKEN not in people.out.read_text()

    login = f"webhook trigger customer.login --customer {customer_id} --store demo {where}"
    event_id = shell.run(login).strip()
    people.line(rf"customer\.login {event_id} signature ok")

    assert people.end(signal.SIGTERM) == 0
    assert [hook["url"] for hook in webhooks(shell, where)].count(f"{address}/") == 0
    assert programs.end(signal.SIGINT) == 0
    assert webhooks(shell, where) == []


def test_the_worker_alone_delivers_what_a_silent_server_leaves_to_it(shell: Shell) -> None:
    base = demo(shell, "--webhooks off")
    where = f"--data-dir {shell.folder}/.sijill/demo-documented"
    listener = shell.start(
        f"webhook listen --subscribe customer.created --store demo --app demo {where}"
    )
    listener.line(r"Listening on ")
    create(base)
    worker = shell.start(f"deliver --webhook-targets local {where}")
    listener.line(r"customer\.created evt_\w+ signature ok")
    assert worker.line(r"Sijill delivers webhooks")

    def done() -> bool:
        rows = json.loads(shell.run(f"webhook deliveries --state done --json {where}"))
        return len(rows) == 1

    until(done, "a delivery that is done")
    assert worker.end() == 0
    assert "failed" not in worker.err.read_text()
