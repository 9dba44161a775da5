"""The default namespace in a file: it outlives the sandbox, and other processes may use it."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import pytest
from e2e.receiving import Receiver
from fixtures.world import request_of
from msgspec.structs import replace
from sandbox.conftest import ADMIN_TOKEN, HOST, SandboxWorld, sandbox_with

from sijill.customers.event_body import event_body
from sijill.customers.examples import AHMED
from sijill.customers.model import Edit
from sijill.demo import demo_store
from sijill.demo_credentials import FILE
from sijill.http.body import Body
from sijill.opening import KEY_FILE, open_register
from sijill.register import Register
from sijill.sandbox import background
from sijill.settings import load
from sijill.values.ids import new_event_id
from sijill.webhooks.events import Event

pytestmark = pytest.mark.proves("the default namespace of the sandbox outlives it with --keep")

PATH = f"/customers/{AHMED.id}"
LOGIN = "customer.login"
NEW = b'{"email":"sara@example.com"}'
PATIENCE = 10.0
T = TypeVar("T")


def beside(folder: Path, ask: Callable[[Register], Awaitable[T]]) -> T:
    """Return what another process would get from the register in a folder."""

    async def whole() -> T:
        settings, _ = load({"data_dir": str(folder)}, {}, folder)
        register = await open_register(settings, create=False)
        try:
            return await ask(register)
        finally:
            await register.close()

    return asyncio.run(whole())


async def name(register: Register) -> str:
    customer = await register.customers.find(demo_store("documented").id, AHMED.id)
    return customer.first_name


def total(sandbox: SandboxWorld) -> int:
    number: int = sandbox.ask("GET", "/customers").json["pagination"]["total"]
    return number


def test_commands_see_its_rows_and_it_sees_theirs(tmp_path: Path) -> None:
    async def rename(register: Register) -> None:
        store_id, renamed = demo_store("documented").id, replace(AHMED, first_name="Noura")
        await register.customers.change(store_id, [Edit(AHMED.id, lambda _: renamed)])

    with sandbox_with(data_dir=str(tmp_path)) as sandbox:
        assert sandbox.ask("PUT", PATH, body={"first_name": "Sara"}).status == 200
        assert beside(tmp_path, name) == "Sara"
        beside(tmp_path, rename)
        assert sandbox.ask("GET", PATH).json["data"]["first_name"] == "Noura"


def test_what_lies_in_the_folder_is_its_owners_alone(tmp_path: Path) -> None:
    with sandbox_with(data_dir=str(tmp_path)):
        modes = {name: (tmp_path / name).stat().st_mode & 0o777 for name in (FILE, KEY_FILE)}
        assert modes == {FILE: 0o600, KEY_FILE: 0o600}


def test_it_goes_on_with_rows_that_are_there(tmp_path: Path) -> None:
    ids = []
    for turn in range(2):
        with sandbox_with(data_dir=str(tmp_path), demo_customers="3") as sandbox:
            assert total(sandbox) == 4 + turn
            new = {"email": f"sara{turn}@example.com"}
            ids.append(sandbox.ask("POST", "/customers", body=new).json["data"]["id"])
    assert len(set(ids)) == 2


def test_a_reset_brings_it_to_the_beginning_even_of_rows_that_it_went_on_with(
    tmp_path: Path,
) -> None:
    for _ in range(2):
        with sandbox_with(data_dir=str(tmp_path)) as sandbox:
            sandbox.ask("DELETE", PATH)
    with sandbox_with(data_dir=str(tmp_path)) as sandbox:
        assert sandbox.ask("GET", PATH).status == 404
        assert sandbox.control("POST", "ns/default/reset").status == 204
        assert sandbox.ask("GET", PATH).status == 200
        assert beside(tmp_path, name) == AHMED.first_name
        assert sandbox.ask("DELETE", PATH).status == 200
    with sandbox_with(data_dir=str(tmp_path)) as sandbox:
        assert sandbox.ask("GET", PATH).status == 404


def test_a_reset_makes_the_file_again_that_was_removed(tmp_path: Path) -> None:
    with sandbox_with(data_dir=str(tmp_path)) as sandbox:
        for file in tmp_path.glob("sijill.db*"):
            file.unlink()
        assert sandbox.control("POST", "ns/default/reset").status == 204
        assert sandbox.ask("GET", PATH).status == 200
    assert beside(tmp_path, name) == AHMED.first_name


def test_its_snapshots_lead_back_and_other_namespaces_begin_as_one(tmp_path: Path) -> None:
    with sandbox_with(data_dir=str(tmp_path)) as sandbox:
        hook = {"name": "crm", "event": "customer.created", "url": "http://127.0.0.1:9/"}
        sandbox.ask("POST", "/webhooks/subscribe", body=hook)
        saved = sandbox.control("PUT", "ns/default/snapshots/before")
        assert (saved.status, saved.json["customers"]) == (201, 1)
        sandbox.ask("DELETE", PATH)
        token = sandbox.create("one", **{"from": "default/before"})["token"]
        assert sandbox.ask("GET", PATH, token).status == 200
        assert sandbox.ask("GET", "/webhooks", token).json["data"][0]["url"] == hook["url"]
        assert sandbox.ask("GET", PATH).status == 404
        assert sandbox.control("POST", "ns/default/snapshots/before").status == 200
        assert sandbox.ask("GET", PATH).status == 200


def test_a_request_under_way_at_a_reset_is_told_to_come_again(tmp_path: Path) -> None:
    with sandbox_with(data_dir=str(tmp_path)) as sandbox:

        async def scenario() -> tuple[int, int]:
            headers = {"host": HOST, "authorization": f"Bearer {sandbox.token}"}
            headers["content-type"] = "application/json"
            request = request_of("POST", "/customers", headers)
            request.content = Body(len(NEW))
            asking = asyncio.create_task(sandbox.app.dispatcher.answer(request))
            while not request.content.is_awaited:
                await asyncio.sleep(0)
            reset = await sandbox.answer("POST", "/_/ns/default/reset", ADMIN_TOKEN)
            request.content.write(NEW)
            request.content.end()
            return reset.status, (await asking).status

        assert sandbox.run(scenario()) == (204, 503)


def test_what_another_process_writes_is_delivered(
    tmp_path: Path, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(background, "POLL", 0.01)

    async def trigger(register: Register) -> None:
        at, store = datetime.now(UTC), demo_store("documented")
        body = event_body(store, LOGIN, at, AHMED)
        await register.outbox.append(Event(new_event_id(at), store.id, LOGIN, at, body, AHMED.id))

    with sandbox_with(data_dir=str(tmp_path)) as sandbox:
        url = f"http://127.0.0.1:{receiver.ports[0]}/"
        hook = {"name": "crm", "event": LOGIN, "url": url}
        assert sandbox.ask("POST", "/webhooks/subscribe", body=hook).status == 200
        sandbox.control("POST", "ns/default/settle")
        beside(tmp_path, trigger)
        wait = {"count": 1, "within": PATIENCE}
        assert sandbox.control("POST", "ns/default/deliveries/wait", wait).status == 200


@pytest.mark.parametrize("in_file", [False, True])
def test_old_events_are_dropped_by_its_clock(tmp_path: Path, in_file: bool) -> None:
    changes = {"data_dir": str(tmp_path)} if in_file else {}
    with sandbox_with(**changes) as sandbox:
        cursor = sandbox.ask("GET", "/_/changes").json["cursor"]
        assert sandbox.ask("PUT", PATH, body={"first_name": "Sara"}).status == 200
        since = f"/_/changes?since={cursor}"
        assert len(sandbox.ask("GET", since).json["events"]) == 1
        sandbox.control("POST", "ns/default/clock/advance", {"seconds": 8 * 86_400})
        assert sandbox.ask("GET", since).status == 410
