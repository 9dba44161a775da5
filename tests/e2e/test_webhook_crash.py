"""
No event is lost when the server is killed at any step of its delivery, and a copy is a true copy.

Customers are written, and the server is killed without warning: when a write was committed, when a
delivery was claimed, when the receiver has taken it, when it was marked. It is started again with
leases that end soon. The oracle is shown to work on a server that marks before it sends.
"""

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from signal import SIGKILL
from typing import NamedTuple

import apsw
import httpx
import pytest
from fixtures.profiles import example_count

from e2e.conftest import Shell, until
from e2e.receiving import Mode, Receiver, receiving
from e2e.webhooks import House, house

pytestmark = pytest.mark.e2e

ROUNDS = example_count(1)

SHORT_LEASES = """
from datetime import timedelta
from sijill.cli import main
from sijill.webhooks import schedule, worker

schedule.SCHEDULES["durable"] = schedule.DURABLE._replace(timeout=1.0)
worker.LEASE_MARGIN = timedelta(seconds=0.5)
"""
"""The server as it is, but that what a killed one had claimed is free after 1.5 s, not after 40."""

MARKS_BEFORE_IT_SENDS = """
from sijill.webhooks.model import AttemptResult

outcome = worker.Deliverer._outcome


async def marked(self, due):
    now = self._now()
    await self._deliveries.finish(due, AttemptResult("done", 200, None, now), now)
    return await outcome(self, due)


worker.Deliverer._outcome = marked
"""
"""A server with the bug that this test is for."""


class Step(NamedTuple):
    """Where a server is killed: how it is started, and what the receiver does meanwhile."""

    flags: str
    mode: Mode


STEPS = {
    "committed": Step("--webhooks off", "answer"),
    "claimed": Step("", "ignore"),
    "taken": Step("", "hold"),
    "marked": Step("", "answer"),
}


class Story:
    """The acknowledged writes, the received deliveries, and the register's own state."""

    def __init__(self, shell: Shell, receiver: Receiver, more: str = "") -> None:
        self.receiver = receiver
        self.house: House = house(shell, [f"http://127.0.0.1:{receiver.ports[0]}/hook"])
        self.command = [shell.command("")[0], "-c", f"{SHORT_LEASES}{more}\nmain()\n"]
        self.acknowledged: dict[str, int] = {}
        """Each write's own name, and the customer."""

    def write(self, http: httpx.Client, name: str) -> None:
        """Make a customer, and change it twice."""
        made = http.post("/customers", json={"email": f"{name}@example.com", "first_name": name})
        assert made.status_code == 200, made.text
        customer_id = self.acknowledged[name] = made.json()["data"]["id"]
        for number in range(2):
            again = f"{name}-{number}"
            changed = http.put(f"/customers/{customer_id}", json={"first_name": again})
            assert changed.status_code == 200, changed.text
            self.acknowledged[again] = customer_id

    def kill(self, at: str, name: str) -> None:
        """Write, and kill the server at a step of delivering it."""
        step = STEPS[at]
        before, ignored = len(self.receiver.received), self.receiver.ignored
        self.receiver.mode = step.mode
        server, base = self.house.serve(self.command, step.flags)
        with self.house.client(base) as http:
            self.write(http, name)
        if at == "claimed":
            until(lambda: self.receiver.ignored > ignored, "a delivery that is claimed")
        elif at == "taken":
            until(lambda: len(self.receiver.received) > before, "a delivery that is taken")
        elif at == "marked":
            until(self.all_marked, "everything is marked")
        server.end(SIGKILL)
        self.receiver.mode = "answer"

    def all_marked(self) -> bool:
        return left(self.house.data / "sijill.db") == 0

    def end(self) -> tuple[set[str], dict[int, str]]:
        """Deliver the rest; return which writes nobody heard of, and who is called what."""
        server, base = self.house.serve(self.command)
        until(self.all_marked, "everything is marked")
        with self.house.client(base) as http:
            names = {
                id_: http.get(f"/customers/{id_}").json()["data"]["first_name"]
                for id_ in set(self.acknowledged.values())
            }
        server.end()
        heard = {json.loads(one.body)["data"]["first_name"] for one in self.receiver.received}
        return self.acknowledged.keys() - heard, names

    def times(self) -> Counter[str]:
        """Return how often each event came."""
        return Counter(one.id for one in self.receiver.received)


def left(path: Path) -> int:
    """Return how many events and deliveries wait for something."""
    connection = apsw.Connection(str(path), apsw.SQLITE_OPEN_READONLY)
    connection.set_busy_timeout(1_000)
    waiting = "SELECT (SELECT count(*) FROM deliveries WHERE state <> 'done')"
    found: int = connection.execute(
        f"{waiting} + (SELECT count(*) FROM events WHERE position IS NULL)"
    ).get
    connection.close()
    return found


def mirrored(bodies: Sequence[bytes]) -> dict[int, str]:
    """Return who is called what to a receiver that heeds no order: the newest of each stands."""
    newest: dict[int, tuple[str, str]] = {}
    for body in bodies:
        data = json.loads(body)["data"]
        told = (data["updated_at"]["date"], data["first_name"])
        newest[data["id"]] = max(told, newest.get(data["id"], told))
    return {id_: name for id_, (_, name) in newest.items()}


def test_no_event_is_lost_and_no_copy_differs_wherever_the_server_is_killed(shell: Shell) -> None:
    with receiving() as receiver:
        story = Story(shell, receiver)
        for number in range(ROUNDS):
            for at in STEPS:
                story.kill(at, f"{at}{number}")
        lost, names = story.end()
        assert lost == set()
        times, copies = story.times(), {(one.id, one.body) for one in receiver.received}
        assert len(times) == len(copies) == len(story.acknowledged) == ROUNDS * len(STEPS) * 3
        assert sum(count > 1 for count in times.values()) >= ROUNDS, "kills made copies"
        assert {times[id_] for id_, body in copies if b'"marked' in body} == {1}
        assert mirrored([body for _, body in copies]) == names


def test_the_oracle_finds_a_server_that_marks_before_it_sends(shell: Shell) -> None:
    with receiving() as receiver:
        story = Story(shell, receiver, MARKS_BEFORE_IT_SENDS)
        story.kill("claimed", "someone")
        lost, _ = story.end()
        assert lost
