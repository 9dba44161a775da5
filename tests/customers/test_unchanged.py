"""A write that changes nothing of a customer is told to nobody, and leaves its moment."""

from collections.abc import Iterator
from typing import Any

import pytest
from fixtures.world import World, customer
from msgspec import json

from sijill.customers.examples import AHMED
from sijill.customers.model import Extras
from sijill.demo import GROUPS
from sijill.groups.model import Condition, Group
from sijill.imports.job import performing
from sijill.imports.rows import Row
from sijill.webhooks.model import wants

pytestmark = pytest.mark.proves("a write that changes nothing makes no event")

BLACKLIST = f"/customers/blacklist/{AHMED.id}"
CUSTOMER = f"/customers/{AHMED.id}"
ADD = "/customers/groups/add_customers"
VIP, GOLDEN = (group.id for group in GROUPS)
NAME, OTHER = {"first_name": AHMED.first_name}, {"first_name": "Noura"}
MOBILE = {"mobile": "777777777", "mobile_code_country": "+967"}

Write = tuple[str, str, Any]


@pytest.fixture
def world(register_url: str) -> Iterator[World]:
    """A world on each database, whose writes are told."""
    made = World(register_url)
    made.tell()
    yield made
    made.close()


def told(world: World) -> int:
    """Return how many events there have been."""
    world.run(world.register.outbox.sequence_events(wants, world.moment, 100))
    return world.run(world.register.outbox.newest(world.store.id))


def moment(world: World) -> Any:
    return world.run(world.register.customers.find(world.store.id, AHMED.id)).updated_at


@pytest.mark.parametrize(
    ("writes", "events"),
    [
        ([("PUT", CUSTOMER, NAME)], 0),
        ([("PUT", CUSTOMER, NAME | MOBILE)], 0),
        ([("PUT", CUSTOMER, {"mobile": "0777777777", "mobile_code_country": "967"})], 0),
        ([("PUT", CUSTOMER, {"first_name": f"  {AHMED.first_name} "})], 0),
        ([("PUT", CUSTOMER, NAME | {"groups": [VIP, GOLDEN]})], 0),
        ([("PUT", CUSTOMER, {"groups": [GOLDEN, VIP]})], 0),
        ([("PUT", CUSTOMER, OTHER)], 1),
        ([("PUT", CUSTOMER, OTHER)] * 3, 1),
        ([("PUT", CUSTOMER, OTHER), ("PUT", CUSTOMER, NAME)], 2),
        ([("PUT", CUSTOMER, {"groups": [VIP]})] * 2, 1),
        ([("PUT", CUSTOMER, {"groups": []})] * 2, 1),
        ([("PUT", BLACKLIST, {"reason": "late"})] * 2, 1),
        ([("PUT", BLACKLIST, {"reason": "late"}), ("PUT", BLACKLIST, {"reason": "rude"})], 2),
        ([("DELETE", BLACKLIST, b"")] * 2, 0),
        ([("POST", ADD, {"customers": [AHMED.id], "group_id": VIP})] * 2, 0),
        (
            [
                ("PUT", CUSTOMER, {"groups": []}),
                ("POST", ADD, {"customers": [AHMED.id], "group_id": VIP}),
                ("POST", ADD, {"customers": [AHMED.id, AHMED.id], "group_id": VIP}),
            ],
            2,
        ),
    ],
)
def test_what_changes_nothing_makes_no_event(
    world: World, writes: list[Write], events: int
) -> None:
    before, first = moment(world), told(world)
    for method, path, body in writes:
        world.clock.now += 60
        answer = world.send(method, path, body)
        assert answer.status < 300, answer.body
    assert told(world) - first == events
    assert (moment(world) == before) == (events == 0)


def test_an_addition_tells_of_those_alone_who_were_not_in_the_group(world: World) -> None:
    for number in (6, 7, 8):
        body = {"first_name": "N", "last_name": "N", "mobile": f"5000000{number}1"}
        world.send("POST", "/customers", body | {"mobile_code_country": "+966"})
    page = world.get("/customers").json["data"]
    ids = [row["id"] for row in page if row["id"] != AHMED.id]
    world.send("POST", ADD, {"customers": ids[:1], "group_id": VIP})
    first = told(world)
    world.send("POST", ADD, {"customers": [*ids, AHMED.id], "group_id": VIP})
    assert told(world) - first == 2
    found = world.run(world.register.outbox.changes(world.store.id, after=first, names=(), limit=9))
    assert sorted(one.event.customer_id or 0 for one in found) == sorted(ids[1:])


def test_an_addition_by_hand_of_a_member_by_conditions_is_no_news(world: World) -> None:
    group = Group(id=5, conditions=(Condition("total_sales", ">", 100),))
    world.run(world.register.groups.create(world.store.id, group))
    sara = customer(6, groups=(VIP,), extras=Extras(orders_amount=500))
    world.keep(world.store, sara)
    first = told(world)
    for groups in ([VIP, 5], [VIP], [VIP, 5]):
        assert world.send("PUT", "/customers/6", {"groups": groups}).status == 200
    world.send("POST", ADD, {"customers": [6], "group_id": 5})
    assert told(world) == first
    world.send("PUT", "/customers/6", {"groups": []})
    assert told(world) == first + 1


def test_a_row_of_a_file_that_says_what_is_stored_is_no_news(world: World) -> None:
    for name, events in ((AHMED.first_name, 0), ("Noura", 1), ("Noura", 0)):
        first, before = told(world), moment(world)
        world.clock.now += 60
        job = performing(world.store, world.moment)
        rows = json.encode([Row(2, {"id": AHMED.id, "first_name": name})]).decode()
        world.run(job(world.register.customers, rows))
        assert told(world) - first == events
        assert (moment(world) != before) == bool(events)
