"""
No acknowledged write is lost when the server is killed in the middle of writing, nor its entry in
the audit log.

Clients create customers, each with a key of its own, and note every acknowledgement. The server is
killed without warning and started again; sending every key again shows what it still knows. The
oracle is shown to work on a server that acknowledges before it commits.
"""

import json
import random
import signal
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import apsw
import httpx
import pytest
from fixtures.profiles import example_count

from e2e.conftest import PATIENCE, Process, Shell, shop, until

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.proves(
        "no acknowledged write, nor its entry in the audit log, is lost when the server is killed "
        "in the middle of writing, and the test would find a server that acknowledges too early"
    ),
]

CLIENTS = 4
ROUNDS = example_count(3)

ENOUGH = 10
"""Writes that a server has acknowledged, at least, when it is killed."""

ACKNOWLEDGES_TOO_EARLY = """
import time
from msgspec.structs import replace
from sijill.cli import main
from sijill.customers.examples import AHMED
from sijill.errors import NotFound
from sijill.customers.row import own_columns
from sijill.customers.table import CustomerTable
from sijill.database.sqlite.writer import WriterThread, resolve


def commit(self, batch):
    self._transaction.begin()
    for job in batch:
        self._run_job(job)
    resolve(batch)
    time.sleep(0.05)
    self._transaction.commit()


kept = CustomerTable.row


async def row(self, store_id, customer_id, **more):
    try:
        return await kept(self, store_id, customer_id, **more)
    except NotFound:
        return own_columns(replace(AHMED, id=customer_id))


WriterThread._commit = commit
CustomerTable.row = row
main()
"""
"""A server with the bug that this test is for: it answers from memory, and commits afterwards."""


class Sent(NamedTuple):
    """A write as its client knows it: its key, and the id if it was acknowledged."""

    key: str
    acknowledged: int | None


def create(http: httpx.Client, base: str, key: str) -> httpx.Response:
    body = {"email": f"{key}@example.com"}
    return http.post(f"{base}/customers", json=body, headers={"Idempotency-Key": key})


def client(token: str) -> httpx.Client:
    headers = {"Authorization": f"Bearer {token}"}
    return httpx.Client(headers=headers, timeout=PATIENCE, verify=False)


def write_until_killed(base: str, token: str, name: str, sent: list[Sent]) -> None:
    with client(token) as http:
        for number in range(100_000):
            key = f"{name}-{number}"
            try:
                answer = create(http, base, key)
            except httpx.TransportError:
                sent.append(Sent(key, None))
                return
            assert answer.status_code == 200, answer.text
            sent.append(Sent(key, answer.json()["data"]["id"]))


def kill_in_the_middle(
    server: Process, base: str, token: str, name: str, chance: random.Random
) -> list[Sent]:
    """Write with several clients, kill the server after some answers, and return what was sent."""
    sent: list[list[Sent]] = [[] for _ in range(CLIENTS)]
    threads = [
        threading.Thread(target=write_until_killed, args=(base, token, f"{name}-{n}", sent[n]))
        for n in range(CLIENTS)
    ]
    for thread in threads:
        thread.start()
    answers = chance.randint(ENOUGH, 10 * ENOUGH)
    until(lambda: sum(map(len, sent)) >= answers, f"{answers} answers")
    time.sleep(chance.uniform(0.0, 0.02))  # somewhere in the writes that are under way
    server.end(signal.SIGKILL)
    for thread in threads:
        thread.join(PATIENCE)
        assert not thread.is_alive()
    return [one for some in sent for one in some]


def lost(base: str, token: str, sent: Sequence[Sent]) -> list[str]:
    """Send every write again; return the acknowledged ones that the server does not know."""
    missing = []
    with client(token) as http:
        for key, acknowledged in sent:
            answer = create(http, base, key)
            assert answer.status_code == 200, answer.text
            known = "idempotent-replayed" in answer.headers
            if acknowledged is not None:
                if not known:
                    missing.append(key)
                else:
                    assert answer.json()["data"]["id"] == acknowledged
    return missing


def unrecorded(shell: Shell, where: str, sent: Sequence[Sent]) -> set[int]:
    """Return the acknowledged customers without an entry of their creation in the audit log."""
    assert "no fault(s)" in shell.run(f"audit verify {where}")
    lines = shell.run(f"audit export - --action customer.create {where}").splitlines()
    told = {id_ for line in lines for id_ in json.loads(line)["ids"]}
    return {one.acknowledged for one in sent if one.acknowledged is not None} - told


def start(shell: Shell, command: Sequence[str], where: str) -> tuple[Process, str]:
    options = f"serve --port 0 --customers-limit off --access-log off {where}"
    server = shell.begin([*command, *options.split()])
    return server, server.line(r"http://\S+")[0]


def test_no_acknowledged_write_is_lost_by_a_kill(shell: Shell) -> None:
    where = f"--data-dir {shell.folder}/data"
    token, chance = shell.copy_of(shop), random.Random(8466)
    everything: list[Sent] = []
    server, base = start(shell, shell.command(""), where)
    for number in range(ROUNDS):
        sent = kill_in_the_middle(server, base, token, f"r{number}", chance)
        server, base = start(shell, shell.command(""), where)
        assert lost(base, token, sent) == []
        everything += sent
        with client(token) as http:
            total = http.get(f"{base}/customers").json()["pagination"]["total"]
        assert total == len(everything)
    server.end()
    assert unrecorded(shell, where, everything) == set()
    assert sum(one.acknowledged is not None for one in everything) >= ENOUGH * ROUNDS
    assert integrity(shell.folder / "data" / "sijill.db") == "ok"


def integrity(path: Path) -> object:
    connection = apsw.Connection(str(path))
    found = connection.execute("PRAGMA integrity_check").get
    connection.close()
    return found


def test_the_oracle_finds_a_server_that_acknowledges_too_early(shell: Shell) -> None:
    where = f"--data-dir {shell.folder}/data"
    token, chance = shell.copy_of(shop), random.Random(8466)
    faulty = [shell.command("")[0], "-c", ACKNOWLEDGES_TOO_EARLY]
    for number in range(ROUNDS):
        server, base = start(shell, faulty, where)
        sent = kill_in_the_middle(server, base, token, f"f{number}", chance)
        server, base = start(shell, shell.command(""), where)
        missing = lost(base, token, sent)
        server.end()
        if missing:
            return
    pytest.fail("the planted bug was not found: this test would not find a real one")
