"""The same requests to the same namespace at the same instant, in processes of their own."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from e2e.conftest import Shell
from e2e.receiving import receiving
from e2e.transcript import Sandbox, transcript
from sijill.sandbox.blueprint import keys_of
from sijill.sandbox.operations import NAMES

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.proves(
        "three sandboxes answer every operation, and sign every webhook, with the same bytes"
    ),
]

ADMIN_TOKEN = "the-admin-token-of-every-process"
HOST = "127.0.0.1:8466"
"""Of the public address: the port on which a process listens is another one each time."""

SEED = {
    "store": {"name": "Roses"},
    "customers": {"count": 50},
    "groups": [{"name": "Guests"}],
    "webhooks": [{"event": "customer.created", "url": "http://127.0.0.1:9/", "app": "demo"}],
}


@contextmanager
def sandbox(shell: Shell, more: str = "") -> Iterator[Sandbox]:
    """Start a sandbox, and stop it at the end."""
    port_file = shell.folder / f"port-{len(shell.started)}"
    flags = f"--port 0 --public-url http://{HOST} --port-file {port_file} {more}"
    process = shell.begin(shell.command(f"sandbox {flags}"), SIJILL_ADMIN_TOKEN=ADMIN_TOKEN)
    process.line("control API")
    yield Sandbox(int(port_file.read_text()), HOST, ADMIN_TOKEN, keys_of(ADMIN_TOKEN).password)
    assert process.end() == 0, process.err.read_text()


def test_three_processes_say_the_same_and_another_seed_says_something_else(shell: Shell) -> None:
    with receiving() as receiver:
        told: list[dict[str, Any]] = []
        for _ in range(3):
            with sandbox(shell) as running:
                told.append(transcript(running, receiver))
        for part, first in told[0].items():
            for other in told[1:]:
                for ours, theirs in zip(first, other[part], strict=True):
                    assert ours == theirs
        with sandbox(shell) as running:
            another = transcript(running, receiver, random=1)
    assert {one["op"] for one in told[0]["requests"] if one["op"]} == NAMES
    assert len(told[0]["received"]) == len(told[0]["attempts"]) > 10
    for part, first in told[0].items():
        assert another[part] != first


def test_the_rows_that_a_namespace_begins_with_are_the_same_in_every_process(shell: Shell) -> None:
    told = []
    for _ in range(2):
        with sandbox(shell, "--demo-customers 30") as running:
            begun = [running.namespace("t1", seed=SEED), running.namespace("t2")]
            for at in begun:
                for path in ("/customers?per_page=60", "/customers/groups", "/webhooks"):
                    at.api("GET", path)
            told.append([at.talk.heard for at in begun])
    assert told[0] == told[1]
