"""What the clock of a namespace drives, each to its exact moment, and what it leaves alone."""

import asyncio
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
from e2e.receiving import Receiver
from fixtures.browsing import Browser
from fixtures.tables import rows
from sandbox.conftest import ADMIN_TOKEN, SandboxWorld
from sandbox.hooked import Hooked
from sandbox.test_oauth import Desk, agreed, redeem, token

from sijill.customers.examples import AHMED
from sijill.stores.model import SHOP

pytestmark = pytest.mark.proves(
    "the clock of a namespace ends limits, tokens, codes, sessions, idempotency keys and the "
    "memory of a token at their exact moments, and no real time does"
)

PATH = f"/customers/{AHMED.id}"
SARA = {"first_name": "Sara", "email": "sara@example.com"}

Made = dict[str, Any]
Probe = Callable[[], int]
"""Returns the status of a request."""


def window(sandbox: SandboxWorld, made: Made) -> Probe:
    assert sandbox.ask("GET", PATH, made["token"]).status == 200
    return lambda: sandbox.ask("GET", PATH, made["token"]).status


def renewed(sandbox: SandboxWorld, made: Made) -> Any:
    fields = {"grant_type": "refresh_token", "refresh_token": made["refresh_token"]}
    return token(sandbox, made["client_secret"], **fields)


def access_token(sandbox: SandboxWorld, made: Made) -> Probe:
    issued = renewed(sandbox, made).json["access_token"]
    return lambda: sandbox.ask("GET", PATH, issued).status


def refresh_token(sandbox: SandboxWorld, made: Made) -> Probe:
    return lambda: int(renewed(sandbox, made).status)


def code(sandbox: SandboxWorld, made: Made) -> Probe:
    issued = agreed(sandbox, f"/_/ns/{made['name']}")
    return lambda: redeem(sandbox, made["client_secret"], issued).status


def session(sandbox: SandboxWorld, made: Made) -> Probe:
    base, browser = f"/_/ns/{made['name']}", Browser(Desk(sandbox))  # type: ignore[arg-type]
    agreed(sandbox, base, browser)
    return lambda: browser.get(f"{base}/_/console/{SHOP.id}").status


def idempotency_key(sandbox: SandboxWorld, made: Made) -> Probe:
    def create() -> int:
        return sandbox.ask("POST", "/customers", made["token"], SARA, idempotency_key="k").status

    assert create() == 200
    return create


def memory_of_a_token(sandbox: SandboxWorld, made: Made) -> Probe:
    assert sandbox.ask("GET", PATH, made["token"]).status == 200
    namespace = sandbox.namespaces.find(made["name"])
    grants, now = namespace.instance.register.grants, namespace.clock.now()
    sandbox.run(grants.end_family(1, now, reused=False))  # as another process would
    return lambda: sandbox.ask("GET", PATH, made["token"]).status


class Row(NamedTuple):
    """What ends after so many seconds, and the statuses of a request before and then."""

    begin: Callable[[SandboxWorld, Made], Probe]
    seconds: float
    before: int
    then: int


DRIVEN = [
    Row(window, 600, 429, 200),
    Row(access_token, 3_600, 200, 401),
    Row(refresh_token, 2 * 86_400, 200, 400),
    Row(code, 60, 200, 400),
    Row(session, 1_800, 200, 303),
    Row(idempotency_key, 86_401, 200, 422),  # 24 hours, their last moment included
    Row(memory_of_a_token, 0.5, 200, 401),
]
SETTINGS = {"access_lifetime": "1h", "refresh_lifetime": "2d"}


@rows("row", DRIVEN, [row.begin.__name__ for row in DRIVEN])
def test_it_ends_at_its_moment(sandbox: SandboxWorld, row: Row) -> None:
    only_one = {"customers_limit": "1/10m"} if row.begin is window else {}
    for name, seconds, status in (
        ("early", row.seconds * 0.99, row.before),
        ("late", row.seconds, row.then),
    ):
        made = sandbox.create(f"{row.begin.__name__}-{name}", settings=SETTINGS | only_one)
        control = f"ns/{made['name']}/clock"
        sandbox.control("POST", f"{control}/freeze")
        probe = row.begin(sandbox, made)
        sandbox.control("POST", f"{control}/advance", {"seconds": seconds})
        assert probe() == status, name


def test_a_webhook_that_fails_for_days_is_paused(sandbox: SandboxWorld, receiver: Receiver) -> None:
    made = Hooked(sandbox, receiver)
    receiver.mode = "refuse"
    for name in ("sara", "noura"):
        made.customer(name)
        assert made.advance(4 * 86_400)["next_due"] is None
    attempts = len(receiver.received)
    made.customer("omar")
    assert made.advance(4 * 86_400)["did"] == []
    assert len(receiver.received) == attempts


def test_it_ends_no_delay(sandbox: SandboxWorld) -> None:
    one = sandbox.create("one")
    rule = {"op": "customers.details", "kind": "delay", "seconds": 60}
    sandbox.control("PUT", "ns/one/faults", {"faults": [rule]})

    async def scenario() -> bool:
        asking = asyncio.create_task(sandbox.answer("GET", PATH, one["token"]))
        path, body = "/_/ns/one/clock/advance", {"seconds": 86_400}
        moved = await sandbox.answer("POST", path, ADMIN_TOKEN, body)
        assert moved.status == 200
        for _ in range(20):
            await asyncio.sleep(0)
        waits = not asking.done()
        await sandbox.answer("POST", "/_/ns/one/reset", ADMIN_TOKEN)
        await asking
        return waits

    assert sandbox.run(scenario())
