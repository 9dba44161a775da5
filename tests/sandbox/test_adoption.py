"""The credentials of a namespace: all of them work after each beginning, or none is written."""

from base64 import b64encode
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import apsw
import pytest
from e2e.receiving import Receiver
from fixtures.tables import rows
from fixtures.world import Answer
from sandbox.conftest import KEYS, SandboxWorld, sandbox_with
from sandbox.test_oauth import agreed, redeem

from sijill.customers.examples import AHMED
from sijill.database.driver import StatementRefused
from sijill.database.sql import statements
from sijill.database.sqlite.connection import Location
from sijill.database.sqlite.pages import Pages, connect
from sijill.errors import Unavailable
from sijill.register import SQL_LISTS, Register
from sijill.sandbox.adoption import adopt
from sijill.sandbox.namespace import Beginning, Snapshot
from sijill.sandbox.source import credentials
from sijill.sandbox.storage import InFile, InMemory

pytestmark = pytest.mark.proves(
    "a namespace of the sandbox that begins, begins again or is loaded has credentials that work, "
    "and a failure half-way leaves the namespace as it was"
)

PATH = f"/admin/v2/customers/{AHMED.id}"
OWNER = {"name": "Noura", "email": "noura@example.com"}


@pytest.fixture(autouse=True)
def no_database_stays_open() -> Iterator[None]:
    before = len(apsw.connections())
    yield
    assert len(apsw.connections()) == before


# After each beginning


def made(sandbox: SandboxWorld) -> dict[str, Any]:
    return sandbox.create("one")


def seeded(sandbox: SandboxWorld) -> dict[str, Any]:
    customers = [{"id": AHMED.id, "email": AHMED.email}]
    return sandbox.create("one", seed={"customers": customers, "owners": [OWNER]})


def begun_as_a_snapshot(sandbox: SandboxWorld) -> dict[str, Any]:
    zero = sandbox.create("zero")
    assert renewed(sandbox, zero, zero["refresh_token"]).status == 200
    sandbox.control("PUT", "ns/zero/snapshots/before")
    return sandbox.create("one", **{"from": "zero/before"})


def reset(sandbox: SandboxWorld) -> dict[str, Any]:
    one = sandbox.create("one")
    assert renewed(sandbox, one, one["refresh_token"]).status == 200
    sandbox.control("POST", "ns/one/clock/advance", {"seconds": 400 * 86_400})
    assert sandbox.control("POST", "ns/one/reset").status == 204
    return one


def loaded(sandbox: SandboxWorld) -> dict[str, Any]:
    one = sandbox.create("one")
    sandbox.control("PUT", "ns/one/snapshots/before")
    assert renewed(sandbox, one, one["refresh_token"]).status == 200
    assert sandbox.control("POST", "ns/one/snapshots/before").status == 200
    return one


BEGINNINGS = (made, seeded, begun_as_a_snapshot, reset, loaded)


def renewed(sandbox: SandboxWorld, one: dict[str, Any], refresh_token: str) -> Answer:
    """Return the answer to an exchange of a refresh token."""
    basic = b64encode(f"{one['client_id']}:{one['client_secret']}".encode()).decode()
    form = {"grant_type": "refresh_token", "refresh_token": refresh_token}
    path = f"/_/ns/{one['name']}/oauth2/token"
    return sandbox.ask("POST", path, "", form, authorization=f"Basic {basic}")


def opens(sandbox: SandboxWorld, one: dict[str, Any], token: str) -> bool:
    """Return whether a token reads a customer."""
    status = sandbox.ask("GET", f"/_/ns/{one['name']}{PATH}", token).status
    assert status in (200, 401)
    return status == 200


@pytest.mark.parametrize("beginning", BEGINNINGS)
def test_its_tokens_read_and_renew(
    sandbox: SandboxWorld, beginning: Callable[[SandboxWorld], dict[str, Any]]
) -> None:
    one = beginning(sandbox)
    assert opens(sandbox, one, one["token"])
    token, refresh_token = one["token"], one["refresh_token"]
    for _ in range(2):  # what a renewal issues renews, too
        pair = renewed(sandbox, one, refresh_token)
        assert pair.status == 200, pair.body
        sandbox.control("POST", "ns/one/clock/advance", {"seconds": 1})
        assert opens(sandbox, one, pair.json["access_token"])
        assert not opens(sandbox, one, token)
        token, refresh_token = pair.json["access_token"], pair.json["refresh_token"]
    again = renewed(sandbox, one, one["refresh_token"])
    assert (again.status, again.json["error"]) == (401, "invalid_grant")  # it was used


def test_a_renewed_pair_ends_with_a_reset_and_the_first_one_is_back(sandbox: SandboxWorld) -> None:
    one = sandbox.create("one")
    pair = renewed(sandbox, one, one["refresh_token"]).json
    sandbox.control("POST", "ns/one/reset")
    assert not opens(sandbox, one, pair["access_token"])
    assert renewed(sandbox, one, pair["refresh_token"]).status == 400
    assert opens(sandbox, one, one["token"])


@pytest.mark.parametrize(("lifetime", "status"), [("3d", 200), ("1d", 400)])
def test_a_refresh_token_lives_as_long_as_the_setting_says(
    sandbox: SandboxWorld, lifetime: str, status: int
) -> None:
    one = sandbox.create("one", settings={"refresh_lifetime": lifetime})
    sandbox.control("POST", "ns/one/clock/advance", {"seconds": 2 * 86_400})
    assert renewed(sandbox, one, one["refresh_token"]).status == status


# A failure half-way

WRITES = {
    "the secret": "UPDATE ON apps",
    "the installation": "INSERT ON installs",
    "the consent": "INSERT ON authorizations",
    "the access token": "INSERT ON tokens",
    "the refresh token": "INSERT ON refresh_tokens",
    "the audit log": "INSERT ON audit_pending",
    "the first token of the last namespace": "DELETE ON tokens",
    "the other tokens of the last namespace": "UPDATE ON tokens",
    "the sessions of the last namespace": "DELETE ON sessions",
}
"""The writes of the transaction: the database refuses each of them in its turn."""


def run(pages: Pages, statement: str) -> list[Any]:
    """Run a statement on the pages of a database that nobody else has open."""
    connection = connect(pages)
    connection.execute("PRAGMA journal_mode = MEMORY")
    rows = list(connection.execute(statement))
    connection.close()
    return rows


def refusing(image: Pages, write: str) -> Pages:
    """Return the same rows, in a database that refuses a write."""
    pages = image.copy()
    run(pages, f"CREATE TRIGGER refuses BEFORE {write} BEGIN SELECT raise(ABORT, 'refused'); END")
    return pages


def rows_of(pages: Pages) -> dict[str, list[Any]]:
    """Return the rows of every table."""
    pages = pages.copy()
    tables = run(pages, "SELECT name FROM pragma_table_list WHERE type = 'table'")
    return {name: run(pages, f'SELECT * FROM "{name}"') for (name,) in tables}


@pytest.fixture
def snapshot(sandbox: SandboxWorld) -> Snapshot:
    """A snapshot of the namespace `zero`, where a person and an app have signed in."""
    zero = sandbox.create("zero")
    assert redeem(sandbox, zero["client_secret"], agreed(sandbox, "/_/ns/zero")).status == 200
    sandbox.control("PUT", "ns/zero/snapshots/before")
    return sandbox.namespaces.find("zero").snapshots["before"]


@pytest.mark.parametrize("place", ["memory", "file"])
@rows("write", WRITES.values(), WRITES)
def test_a_failure_leaves_every_row_as_it_was(
    sandbox: SandboxWorld, snapshot: Snapshot, tmp_path: Path, place: str, write: str
) -> None:
    own, now = credentials(KEYS.key, "one", 0), datetime(2040, 1, 1, tzinfo=UTC)
    location = Location(str(tmp_path / "sijill.db"))
    storage = InFile(location) if place == "file" else InMemory(statements("sqlite", SQL_LISTS))

    async def adopted(image: Pages) -> tuple[bool, Pages]:
        driver = await storage.hold(image)
        register = Register(driver, audit="changes")
        try:
            await adopt(register, own, now, timedelta(days=30))
        except (StatementRefused, Unavailable):
            return False, await driver.pages()
        else:
            return True, await driver.pages()
        finally:
            await register.close()

    image = refusing(snapshot.image, write)
    done, after = sandbox.run(adopted(image))
    assert (done, rows_of(after)) == (False, rows_of(image))
    done, after = sandbox.run(adopted(snapshot.image))
    assert (done, len(rows_of(after)["refresh_tokens"])) == (True, 2)


def test_a_namespace_that_cannot_begin_is_not_there(
    sandbox: SandboxWorld, snapshot: Snapshot
) -> None:
    full = snapshot._replace(image=refusing(snapshot.image, WRITES["the refresh token"]))
    sandbox.namespaces.find("zero").snapshots["full"] = full
    assert sandbox.control("POST", "ns", {"name": "one", "from": "zero/full"}).status == 500
    names = [one["name"] for one in sandbox.control("GET", "ns").json["namespaces"]]
    assert names == ["default", "zero"]
    one = sandbox.create("one", **{"from": "zero/before"})
    assert opens(sandbox, one, one["token"])
    assert renewed(sandbox, one, one["refresh_token"]).status == 200


FAULTY: dict[str, Callable[[Pages], Pages]] = {
    "rows that cannot be read": lambda image: Pages(b"not a database" * 1_000),
    "rows that take no credentials": lambda image: refusing(image, WRITES["the secret"]),
}
"""Rows with which a change fails: before they are in place, and once they are there."""
CHANGES = {"reset": "reset", "load": "snapshots/broken"}
"""What may fail, and its call."""


@pytest.mark.parametrize("in_file", [False, True], ids=["memory", "file"])
@pytest.mark.parametrize("call", CHANGES.values(), ids=CHANGES)
@pytest.mark.parametrize("faulty", FAULTY.values(), ids=FAULTY)
def test_a_change_that_fails_changes_nothing(
    receiver: Receiver,
    tmp_path: Path,
    in_file: bool,
    call: str,
    faulty: Callable[[Pages], Pages],
) -> None:
    with sandbox_with(**({"data_dir": str(tmp_path)} if in_file else {})) as sandbox:
        namespace, control = sandbox.namespaces.find("default"), "ns/default"
        sandbox.control("POST", f"{control}/clock/freeze")
        sandbox.control("POST", f"{control}/clock/set", {"at": "2040-01-01T00:00:00Z"})
        url = f"http://127.0.0.1:{receiver.ports[0]}/"
        hook = {"name": "crm", "event": "customer.created", "url": url}
        assert sandbox.ask("POST", "/webhooks/subscribe", body=hook).status == 200
        sandbox.control("PUT", f"{control}/snapshots/broken")
        rule = {"op": "customers.list", "kind": "status", "status": 503}
        sandbox.control("PUT", f"{control}/faults", {"faults": [rule]})
        saved, whole = namespace.snapshots["broken"], namespace._beginning
        broken = faulty(whole.image)  # without credentials yet
        namespace.snapshots["broken"] = saved._replace(image=broken)
        namespace._beginning = Beginning(broken)
        kinds = ("clock", "requests", "faults", "snapshots")
        kept = [sandbox.control("GET", f"{control}/{kind}").body for kind in kinds]
        assert sandbox.control("POST", f"{control}/{call}").status >= 500
        assert [sandbox.control("GET", f"{control}/{kind}").body for kind in kinds] == kept
        assert sandbox.ask("POST", "/customers", body={"email": "sara@example.com"}).status == 200
        assert sandbox.control("POST", f"{control}/settle").status == 204
        assert [b"sara" in one.body for one in receiver.received] == [True]
        namespace._beginning = whole
        assert sandbox.control("POST", f"{control}/reset").status == 204
        assert sandbox.ask("GET", "/webhooks").json["data"] == []
