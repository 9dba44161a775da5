"""What a GET gave can be sent with a PUT, in each way of writing, and changes nothing."""

from datetime import date
from typing import Any

import pytest
from fixtures.oauth import WAYS
from fixtures.tables import rows
from fixtures.world import World, customer
from msgspec.structs import replace

from sijill.customers.examples import AHMED
from sijill.customers.model import Customer
from sijill.openapi.operation import JSON

KEPT = [
    AHMED,
    customer(5, email="five@example.com"),
    customer(6, first_name="", last_name="", email="six@example.com", gender=None, birthday=None),
    customer(7, mobile=501234567, mobile_code="966", country_code="SA", country="", city=""),
    customer(8, mobile=501234568, mobile_code="971", birthday=date(1850, 1, 1), location="x\ny"),
    customer(9, mobile=33123456, mobile_code="974", groups=(), currency="QAR", lang="en"),
    customer(10, email="a@bücher.example", avatar="https://a.example/b.png", groups=(11323142,)),
]


@pytest.mark.parametrize("profile", ["documented", "observed"])
@rows("kept", KEPT)
def test_what_a_customers_answer_gave_can_be_sent_back(
    world: World, profile: Any, kept: Customer
) -> None:
    store = world.store if profile == "documented" else world.other_store
    if store is world.other_store:
        kept = replace(kept, groups=())
    reader = world.mint(store)
    writer = world.mint(store, "customers.read_write")
    world.keep(store, kept)
    path = f"/customers/{kept.id}?fields[]=is_blocked"
    before = world.ask("GET", path, reader).json["data"]
    answer = world.ask("PUT", path, writer, before)
    assert answer.status == 200, answer.json
    after = world.ask("GET", path, reader).json["data"]
    assert after | {"updated_at": 0} == before | {"updated_at": 0}


@rows("kept", KEPT)
@pytest.mark.parametrize("kind", [kind for kind in WAYS if kind != JSON])
def test_the_texts_of_an_answer_can_be_sent_back_in_a_form(
    world: World, kind: str, kept: Customer
) -> None:
    world.keep(world.store, kept)
    path = f"/customers/{kept.id}"
    before = world.get(path).json["data"]
    texts = {n: str(v) for n, v in before.items() if isinstance(v, str | int)}
    if before["birthday"]:
        texts |= {f"birthday[{name}]": str(part) for name, part in before["birthday"].items()}
    answer = world.send("PUT", path, WAYS[kind](texts), content_type=kind)
    assert answer.status == 200, answer.json
    assert world.get(path).json["data"] | {"updated_at": 0} == before | {"updated_at": 0}
