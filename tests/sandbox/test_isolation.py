"""Namespaces beside each other: no row, event, journal or budget of one is seen in another."""

import asyncio
import re
from random import Random

import pytest
from sandbox.conftest import SandboxWorld

from sijill.customers.examples import AHMED
from sijill.limits.memory import MemoryCounters
from sijill.sandbox import instance

pytestmark = pytest.mark.proves("no namespace of the sandbox sees what another one holds")

CANARY = re.compile(rb"canary(\d+)x")
DETAILS = f"/admin/v2/customers/{AHMED.id}"


async def canaries_seen(sandbox: SandboxWorld, number: int, pause: Random) -> set[int]:
    """Run a test in a namespace of its own, and return the canaries in all that it can read."""

    async def ask(method: str, path: str, body: object = None) -> bytes:
        for _ in range(pause.randrange(4)):
            await asyncio.sleep(0)  # others have their turn
        answer = await sandbox.answer(method, path, token, body)
        assert answer.status < 300, answer.body
        return answer.body

    name, canary, token = f"t{number}", f"canary{number}x", "an admin token of a test"
    token = (await sandbox.answer("POST", "/_/ns", token, {"name": name})).json["token"]
    customer = {
        "first_name": canary,
        "last_name": canary,
        "email": f"{canary}@example.test",
        "mobile": f"50{number:07d}",
        "mobile_code_country": "966",
        "country_code": "SA",
    }
    await ask("POST", "/admin/v2/customers", customer)
    seen = await ask("GET", f"/admin/v2/customers?keyword={canary}")
    seen += await ask("GET", "/admin/v2/customers")
    seen += await ask("GET", "/_/changes")
    token = "an admin token of a test"
    for kept in ("requests", "deliveries", "faults", "snapshots"):
        seen += await ask("GET", f"/_/ns/{name}/{kept}")
    return {int(found) for found in CANARY.findall(seen)}


@pytest.mark.parametrize(("many", "seed"), [(1_000, 0), (100, 1), (100, 2)])
def test_tests_in_parallel_see_their_own_values_alone(
    sandbox: SandboxWorld, many: int, seed: int
) -> None:
    order = Random(seed).sample(range(many), many)

    async def all_tests() -> list[set[int]]:
        return await asyncio.gather(
            *(canaries_seen(sandbox, number, Random(f"{seed}:{number}")) for number in order)
        )

    assert sandbox.run(all_tests()) == [{number} for number in order]


def budget_beside_a_neighbour(sandbox: SandboxWorld) -> int:
    """Use 499 of 500 requests while the clock of a neighbour moves, and return what is left."""
    mine, other = (sandbox.create(name)["token"] for name in ("mine", "other"))
    for _ in range(499):
        assert sandbox.ask("GET", DETAILS, mine).status == 200
    for _ in range(3):
        sandbox.ask("GET", DETAILS, other)
        sandbox.control("POST", "ns/other/clock/advance", {"seconds": 600})
    last = sandbox.ask("GET", DETAILS, mine)
    return int(last.headers["x-ratelimit-remaining"]) if last.status == 200 else -1


def test_a_budget_stays_as_it_is_while_a_neighbour_lets_time_pass(sandbox: SandboxWorld) -> None:
    assert budget_beside_a_neighbour(sandbox) == 0


def test_a_counter_that_namespaces_share_would_be_seen(
    sandbox: SandboxWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared = MemoryCounters()
    monkeypatch.setattr(instance, "MemoryCounters", lambda: shared)
    assert budget_beside_a_neighbour(sandbox) != 0
