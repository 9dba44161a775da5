"""Two machines on one PostgreSQL, each with a chain: both verify, and a lost block is found."""

import asyncio
import json
import signal
from typing import Any

import asyncpg
import httpx
import pytest

from e2e.conftest import PATIENCE, Process, Shell, shop

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.postgres,
    pytest.mark.proves(
        "servers on several machines seal chains of their own in one PostgreSQL, all of which "
        "verify, also after one was killed, and a block that is missing from any of them is found"
    ),
]

ROUNDS = 20


class Machines:
    """Two servers with data folders of their own on one database, and who asks them."""

    def __init__(self, shell: Shell, url: str) -> None:
        self.shell, self.url, self.where = shell, url, f"--database-url {url}"
        self.token = shop(shell, self.where)
        self.servers = [self.start("one"), self.start("two")]

    def start(self, name: str) -> tuple[Process, str]:
        words = f"serve --port 0 --data-dir {self.shell.folder}/{name} {self.where}"
        server = self.shell.start(words)
        return server, server.line(r"http://\S+")[0]

    def write_and_read(self, number: int, base: str, http: httpx.Client) -> None:
        headers = {"Authorization": f"Bearer {self.token}"}
        body = {"first_name": "Zqcanary", "email": f"zq{number}@example.com"}
        made = http.post(f"{base}/admin/v2/customers", json=body, headers=headers)
        assert made.status_code in (200, 201), made.text
        one = f"{base}/admin/v2/customers/{made.json()['data']['id']}"
        assert http.get(one, headers=headers).status_code == 200

    def work(self, first: int) -> None:
        with httpx.Client(timeout=PATIENCE) as http:
            for number in range(first, first + ROUNDS):
                for place, (_, base) in enumerate(self.servers):
                    self.write_and_read(2 * number + place, base, http)

    def verify(self, code: int = 0) -> Any:
        return json.loads(self.shell.run(f"audit verify --json {self.where}", code=code))

    def entries(self, action: str) -> list[Any]:
        words = f"audit list --json --action {action} --limit 1000 {self.where}"
        listed: list[Any] = json.loads(self.shell.run(words))
        return listed

    def query(self, statement: str, *args: object) -> list[Any]:
        async def ask() -> list[Any]:
            connection = await asyncpg.connect(self.url)
            try:
                return list(await connection.fetch(statement, *args))
            finally:
                await connection.close()

        return asyncio.run(asyncio.wait_for(ask(), PATIENCE))


def test_the_chains_of_two_machines_verify(shell: Shell, postgres_url: str) -> None:
    machines = Machines(shell, postgres_url)
    machines.work(0)
    assert machines.verify()["faults"] == []  # while both go on
    for server, _ in machines.servers:
        assert server.end() == 0
    found = machines.verify()
    assert found["faults"] == []
    created = machines.entries("customer.create")
    viewed = machines.entries("customer.view")
    assert sum(len(one["ids"]) for one in created) == 2 * ROUNDS
    assert sum(len(one["ids"]) for one in viewed) == 2 * ROUNDS
    chains = machines.query("SELECT chain, count(*) AS blocks FROM audit_blocks GROUP BY chain")
    assert len(chains) >= 2
    assert sum(row["blocks"] for row in chains) >= found["blocks"]


def test_a_killed_machine_leaves_a_chain_that_verifies(shell: Shell, postgres_url: str) -> None:
    machines = Machines(shell, postgres_url)
    machines.work(0)
    machines.servers[0][0].end(signal.SIGKILL)
    machines.servers[0] = machines.start("three")
    machines.work(ROUNDS)
    for server, _ in machines.servers:
        assert server.end() == 0
    assert machines.verify()["faults"] == []
    created = machines.entries("customer.create")
    assert sum(len(one["ids"]) for one in created) == 4 * ROUNDS  # a kill loses no change


def test_a_block_that_is_missing_from_either_chain_is_found(
    shell: Shell, postgres_url: str
) -> None:
    machines = Machines(shell, postgres_url)
    machines.work(0)
    for server, _ in machines.servers:
        assert server.end() == 0
    assert machines.verify()["faults"] == []
    largest = machines.query(
        "SELECT chain, max(number) AS number FROM audit_blocks GROUP BY chain ORDER BY 2 DESC, 1"
    )[:2]
    for row in largest:
        machines.query(
            "DELETE FROM audit_blocks WHERE chain = $1 AND number = $2", row["chain"], row["number"]
        )
    faults = machines.verify(code=1)["faults"]
    assert {one["chain"] for one in faults} == {row["chain"] for row in largest}
