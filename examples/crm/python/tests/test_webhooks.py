"""Webhooks from the sandbox: each is checked, handled once, and kept out if it is not genuine."""

from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest
from crm.store import Store
from crm.webhooks import Receiver, is_genuine

from sijill.pytest_plugin import Salla as Sandbox

SECRET = "a-secret-of-16-or-more"
CREATED, UPDATED = "customer.created", "customer.updated"


@pytest.fixture(autouse=True)
def receiver(salla: Sandbox, database: Path) -> Iterator[Receiver]:
    """The CRM's receiver, subscribed to the events of the sandbox."""
    with Receiver(0, database, SECRET) as made:
        serving = Thread(target=made.serve_forever, args=(0.01,))
        serving.start()
        for event in (CREATED, UPDATED):
            salla.webhooks.subscribe(event, f"http://127.0.0.1:{made.server_port}/", SECRET)
        yield made
        made.shutdown()
        serving.join()


def create(salla: Sandbox) -> int:
    """Create a customer at Salla, and return its id once the event was sent."""
    fields = {"first_name": "Sara", "email": "sara@example.com"}
    number: int = salla.client.post("/customers", json=fields).json()["data"]["id"]
    salla.clock.sleep(0)  # settles
    return number


def test_a_new_customer_is_saved_and_welcomed(salla: Sandbox, store: Store) -> None:
    number = create(salla)
    assert store.customers()[number]["name"] == "Sara"
    assert store.tasks() == [(number, "welcome")]


def test_an_event_that_comes_twice_is_handled_once(salla: Sandbox, store: Store) -> None:
    salla.webhooks.faults.add(CREATED, kind="duplicate", times=1)
    number = create(salla)
    assert [one.status for one in salla.webhooks.deliveries()] == [200, 200]
    assert store.tasks() == [(number, "welcome")]


@pytest.mark.parametrize("kind", ["tampered", "wrong-secret"])
def test_a_delivery_that_is_not_genuine_is_refused_and_the_next_one_taken(
    salla: Sandbox, store: Store, kind: str
) -> None:
    salla.webhooks.faults.add(CREATED, kind=kind, times=1)
    number = create(salla)
    assert store.customers() == {}
    salla.clock.sleep(60)  # the sandbox tries again
    assert list(store.customers()) == [number]


def test_an_event_that_comes_late_replaces_nothing_newer(salla: Sandbox, store: Store) -> None:
    number = create(salla)
    salla.webhooks.faults.add(UPDATED, kind="late", seconds=60, times=1)
    for first_name in ("Older", "Newer"):
        salla.client.put(f"/customers/{number}", json={"first_name": first_name})
        salla.clock.sleep(1)
    assert store.customers()[number]["name"] == "Newer"
    salla.clock.sleep(60)
    salla.webhooks.assert_delivered(UPDATED, count=2)
    assert store.customers()[number]["name"] == "Newer"


def test_an_event_that_could_not_be_kept_comes_again(
    salla: Sandbox, receiver: Receiver, database: Path, store: Store
) -> None:
    receiver.database = database.parent / "nowhere" / "crm.sqlite"
    number = create(salla)
    receiver.database = database
    salla.clock.sleep(60)
    assert store.tasks() == [(number, "welcome")]


def test_only_the_signature_of_the_very_bytes_is_genuine() -> None:
    assert not is_genuine(SECRET, b"{}", "0" * 64)
    assert not is_genuine(SECRET, b"{}", "")
    assert not is_genuine(SECRET, b"{}", "é")
