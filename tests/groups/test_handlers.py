"""Customer groups, through the whole application."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from fixtures.world import Answer, World, customer

from sijill.customers.examples import AHMED
from sijill.customers.model import Extras
from sijill.demo import GROUPS
from sijill.groups.evaluation import evaluate_some
from sijill.groups.model import Features, Group
from sijill.stores.model import Store

PATH = "/customers/groups"
ADD = f"{PATH}/add_customers"
DEFAULT = f"{PATH}/default"
VIP, GOLDEN = GROUPS
PAYLOADS = Path(__file__).parents[1] / "payloads"
RULE = {"type": "total_sales", "symbol": ">", "value": 100}


def payload(name: str) -> Any:
    return json.loads((PAYLOADS / f"{name}.json").read_text("utf-8"))


def made(world: World, group: Group, store: Store | None = None) -> None:
    world.run(world.register.groups.create((store or world.store).id, group))


def default(world: World, store: Store | None = None) -> Group:
    return world.run(world.register.groups.find((store or world.store).id))


def groups_of(world: World, customer_id: int) -> Any:
    return world.get(f"/customers/{customer_id}").json["data"]["groups"]


def faults(answer: Answer) -> Any:
    assert answer.status == 422
    return answer.json["error"]["fields"]


def evaluate(world: World) -> None:
    while world.run(evaluate_some(world.register.driver)):
        pass


@pytest.mark.proves("`GET /customers/groups`")
def test_the_list_is_the_documented_one(world: World) -> None:
    sample = payload("group_list")
    for group in GROUPS:
        assert world.send("DELETE", f"{PATH}/{group.id}").status == 202
    for item in sample["data"]:
        made(world, Group(item["id"], item["name"]))
    answer = world.get(PATH).json
    ours = default(world)
    # The sample's store has no default group: a slip of the page, which says that every store does.
    assert {"id": ours.id, "name": ours.name} in answer["data"]
    answer["data"].remove({"id": ours.id, "name": ours.name})
    answer["pagination"]["count"] = answer["pagination"]["total"] = 2
    assert json.dumps(answer) == json.dumps(sample)


def test_pages_are_by_id_with_links_and_a_tag(world: World) -> None:
    ids = sorted([default(world).id, VIP.id, GOLDEN.id])
    first, second, third = (world.get(f"{PATH}?per_page=2&page={n}") for n in (1, 2, 3))
    pages = [[one["id"] for one in answer.json["data"]] for answer in (first, second, third)]
    assert pages == [ids[:2], ids[2:], []]
    assert first.json["pagination"]["links"] == {
        "next": "http://127.0.0.1:8466/customers/groups?per_page=2&page=2"
    }
    tag = first.headers["etag"]
    assert world.get(f"{PATH}?per_page=2&page=1", if_none_match=tag).status == 304
    assert world.get(f"/admin/v2{PATH}").json["data"] == world.get(PATH).json["data"]


def test_the_list_holds_the_tokens_own_store_alone(world: World) -> None:
    theirs = default(world, world.other_store)
    answer = world.get(PATH, world.mint(world.other_store)).json
    assert answer["data"] == [{"id": theirs.id, "name": theirs.name}]
    assert answer["pagination"]["links"] == {}  # the other profile


@pytest.mark.proves(
    "`POST /customers/groups`",
    "`PUT /customers/groups/{group}`",
    "`DELETE /customers/groups/{group}`",
)
@pytest.mark.proves("`POST /customers/groups/default`", "`POST /customers/groups/add_customers`")
@pytest.mark.parametrize(
    ("method", "path", "request_", "response", "group_id"),
    [
        ("POST", PATH, "group_create_request", "group_create_response", 0),
        ("PUT", f"{PATH}/21314237", "group_update_request", "group_update_response", 21314237),
        ("DELETE", f"{PATH}/5", None, "group_delete_response", 5),
        (
            *("POST", DEFAULT, "group_default_update_request"),
            *("group_default_update_response", 0),
        ),
        ("POST", ADD, "group_add_customers_request", "group_add_customers_response", 667738032),
    ],
)
def test_a_documented_request_gets_the_documented_answer(
    world: World, method: str, path: str, request_: str | None, response: str, group_id: int
) -> None:
    if group_id:
        made(world, Group(group_id, "Old"))
    for customer_id in (447121768, 1761729493):
        world.keep(world.store, customer(customer_id))
    answer = world.send(method, path, payload(request_) if request_ else b"")
    sample = payload(response)
    assert answer.status == sample["status"]
    data = sample["data"]
    if path == PATH:
        data["id"] = answer.json["data"]["id"]
        assert 0 < data["id"] < 2**31
    assert json.dumps(answer.json) == json.dumps(sample)


def test_a_group_of_no_name_has_an_empty_one(world: World) -> None:
    created = world.send("POST", PATH, b"").json["data"]
    assert created["name"] == ""
    assert created in world.get(PATH).json["data"]
    twins = [world.send("POST", PATH, {"name": "Twin"}).json["data"]["id"] for _ in range(2)]
    assert twins[0] != twins[1]


def test_an_update_changes_what_it_names_alone(world: World) -> None:
    made(world, Group(5, "Old", features=Features(("cod",))))
    world.send("PUT", f"{PATH}/5", {"conditions": [RULE]})
    world.send("PUT", f"{PATH}/5", {"name": "New", "id": 6, "is_default": True})
    found = world.run(world.register.groups.find(world.store.id, 5))
    assert (found.name, found.is_default, found.features) == ("New", False, Features(("cod",)))
    assert found.conditions[0].value == 100


@pytest.mark.parametrize("segment", ["5", "abc", "007", "٥", "99999999999999999999"])
def test_a_group_that_is_none_is_a_404(world: World, segment: str) -> None:
    for method in ("PUT", "DELETE"):
        answer = world.send(method, f"{PATH}/{segment}", b"{")
        assert answer.status == 404
        assert answer.json["error"]["code"] == 404


@pytest.mark.parametrize(("method", "path"), [("PUT", ADD), ("DELETE", DEFAULT), ("GET", ADD)])
def test_a_fixed_path_wins_over_an_id_whatever_the_method(
    world: World, method: str, path: str
) -> None:
    answer = world.send(method, path)
    assert (answer.status, answer.headers["allow"]) == (405, "POST")


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", PATH), ("PUT", f"{PATH}/{VIP.id}"), ("POST", DEFAULT), ("POST", ADD)],
)
@pytest.mark.parametrize(
    ("raw", "status"), [(b"{", 400), (b"[]", 422), (b'{"name":"\\u0000"}', 422)]
)
def test_a_body_that_says_nothing_is_refused(
    world: World, method: str, path: str, raw: bytes, status: int
) -> None:
    assert world.send(method, path, raw).status == status


@pytest.mark.parametrize(
    ("method", "path"), [("POST", PATH), ("PUT", f"{PATH}/{VIP.id}")], ids=["create", "update"]
)
def test_every_faulty_field_is_named_in_either_language(
    world: World, method: str, path: str
) -> None:
    body = {
        "name": "x" * 256,
        "conditions": [RULE, {"type": "age", "symbol": "between", "min_value": 1e400}],
        "features": {"shipping": [5]},
    }
    raw = json.dumps(body).replace("Infinity", "1" + "0" * 400).encode()
    for language in ("ar", "en"):
        answer = world.send(method, path, raw, accept_language=language)
        assert list(faults(answer)) == [
            *("name", "conditions.1.type", "conditions.1.min_value", "conditions.1.max_value"),
            "features.shipping.0",
        ]
    assert faults(answer)["name"] == ["The name must not be greater than 255 characters."]


def test_the_default_group_is_neither_deleted_nor_renamed(world: World) -> None:
    path = f"{PATH}/{default(world).id}"
    answer = world.send("DELETE", path, accept_language="en")
    told = "The default group cannot be deleted, renamed or given conditions."
    assert faults(answer) == {"group": [told]}
    assert list(faults(world.send("PUT", path, {"name": "x", "conditions": []}))) == [
        *("name", "conditions"),
    ]
    before = default(world)
    assert world.send("PUT", path, {"features": {"shipping": ["all"]}}).status == 200
    assert faults(world.send("POST", DEFAULT, {"name": "x"})) == {
        "features": ["حقل features مطلوب."]
    }
    after = default(world)
    assert (after.id, after.name) == (before.id, before.name)
    assert after.features == Features(shipping=("all",))


@pytest.mark.proves("422 of Add Customers To Group as in Salla's samples")
@pytest.mark.parametrize(
    ("body", "name"),
    [
        ({}, "error_422_add_customers_required"),
        ({"group_id": "x", "customers": ["x"]}, "error_422_add_customers_invalid"),
    ],
)
def test_a_refused_addition_is_told_as_documented(world: World, body: Any, name: str) -> None:
    answer = world.send("POST", ADD, body)
    assert (answer.status, answer.json) == (422, payload(name))


def test_customers_of_another_store_and_unknown_ones_are_refused_alike(world: World) -> None:
    world.keep(world.other_store, customer(5))
    made(world, Group(8), world.other_store)
    body = {"group_id": VIP.id, "customers": [AHMED.id, 5, 6]}
    told = faults(world.send("POST", ADD, body))
    assert told == {f"customers.{n}": [f"حقل customers.{n} غير صالح"] for n in (1, 2)}
    answers = [
        world.send("POST", ADD, {"group_id": group_id, "customers": [AHMED.id]})
        for group_id in (8, 9)
    ]
    assert answers[0].body == answers[1].body
    assert faults(answers[0]) == {"group_id": ["حقل group id غير صالح"]}


@pytest.mark.parametrize(
    ("content_type", "raw"),
    [
        ("application/x-www-form-urlencoded", b"group_id=11323141&customers[]=5&customers[]=6"),
        ("application/json", b'{"group_id":"11323141","customers":["5","6",5]}'),
    ],
)
def test_additions_are_read_as_real_clients_send_them(
    world: World, content_type: str, raw: bytes
) -> None:
    world.keep(world.store, customer(5, groups=()), customer(6, groups=(GOLDEN.id,)))
    for _ in range(2):
        assert world.send("POST", ADD, raw, content_type=content_type).status == 200
    assert groups_of(world, 5) == [VIP.id]
    assert groups_of(world, 6) == [VIP.id, GOLDEN.id]


def test_a_thousand_customers_are_added_at_once_and_no_more(world: World) -> None:
    people = [customer(n, groups=()) for n in range(1, 1001)]
    world.keep(world.store, *people)
    body = {"group_id": VIP.id, "customers": [one.id for one in people]}
    assert world.send("POST", ADD, body).status == 200
    assert {one.groups for one in world.run(_everybody(world))} == {
        (VIP.id,),
        (VIP.id, GOLDEN.id),
    }
    assert list(faults(world.send("POST", ADD, body | {"customers": [1] * 1001}))) == ["customers"]


async def _everybody(world: World) -> list[Any]:
    return [one async for one in world.register.customers.each(world.store.id)]


@pytest.mark.proves("a new customer joins the default group")
def test_a_new_customer_joins_the_default_group_unless_groups_are_named(world: World) -> None:
    bodies: list[dict[str, Any]] = [{}, {"groups": []}, {"groups": None}, {"groups": [VIP.id]}]
    wanted = [[default(world).id], [], [], [VIP.id]]
    for number, (body, groups) in enumerate(zip(bodies, wanted, strict=True)):
        answer = world.send("POST", "/customers", body | {"email": f"n{number}@example.com"})
        assert answer.json["data"]["groups"] == groups


def test_groups_of_a_customer_must_be_the_stores_and_are_named_by_place(world: World) -> None:
    made(world, Group(8), world.other_store)
    body = {"email": "new@example.com", "groups": [str(GOLDEN.id), 8, VIP.id, 9]}
    told = {f"groups.{n}": [f"حقل groups.{n} غير صالح"] for n in (1, 3)}
    assert faults(world.send("POST", "/customers", body, idempotency_key="k")) == told
    assert faults(world.send("PUT", f"/customers/{AHMED.id}", body)) == told
    assert world.get("/customers").json["pagination"]["total"] == 1
    good = body | {"groups": [VIP.id]}
    assert world.send("POST", "/customers", good, idempotency_key="k").status == 200


def test_an_update_replaces_the_groups_chosen_by_hand_and_no_others(world: World) -> None:
    made(world, Group(5))
    world.send("PUT", f"{PATH}/5", {"conditions": [RULE]})
    world.keep(world.store, customer(6, groups=(VIP.id,), extras=Extras(orders_amount=500)))
    assert groups_of(world, 6) == [5, VIP.id]
    answer = world.send("PUT", "/customers/6", {"groups": [GOLDEN.id]})
    assert answer.json["data"]["groups"] == [5, GOLDEN.id]
    assert world.send("PUT", "/customers/6", {"first_name": "N"}).status == 200
    assert groups_of(world, 6) == [5, GOLDEN.id]
    world.send("PUT", "/customers/6", {"groups": []})
    assert groups_of(world, 6) == [5]


def test_conditions_take_customers_in_and_let_them_go(world: World) -> None:
    rich, poor = Extras(orders_amount=500), Extras(orders_amount=5)
    world.keep(world.store, customer(5, groups=(), extras=rich))
    world.keep(world.store, customer(6, groups=(), extras=poor))
    group_id = world.send("POST", PATH, {"conditions": [RULE]}).json["data"]["id"]
    evaluate(world)
    assert (groups_of(world, 5), groups_of(world, 6)) == ([group_id], [])
    below = {"type": "total_sales", "symbol": "<", "value": "10"}
    world.send("PUT", f"{PATH}/{group_id}", {"conditions": [below]})
    evaluate(world)
    assert (groups_of(world, 5), groups_of(world, 6)) == ([], [group_id])
    world.send("PUT", f"{PATH}/{group_id}", {"conditions": None})
    evaluate(world)
    assert groups_of(world, 6) == []


def test_a_deleted_group_leaves_its_customers(world: World) -> None:
    assert world.send("DELETE", f"{PATH}/{VIP.id}").status == 202
    assert groups_of(world, AHMED.id) == [GOLDEN.id]
    assert world.send("DELETE", f"{PATH}/{VIP.id}").status == 404
    body = {"group_id": VIP.id, "customers": [AHMED.id]}
    assert list(faults(world.send("POST", ADD, body))) == ["group_id"]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (PATH, {"name": "Once"}),
        (DEFAULT, {"features": {"shipping": ["all"]}}),
        (ADD, {"group_id": VIP.id, "customers": [AHMED.id]}),
    ],
    ids=["create", "default", "add"],
)
def test_an_idempotency_key_does_a_post_once(world: World, path: str, body: Any) -> None:
    first = world.send("POST", path, body, idempotency_key="k")
    total = world.get(PATH).json["pagination"]["total"]
    again = world.send("POST", path, body, idempotency_key="k")
    assert (again.status, again.body) == (first.status, first.body)
    assert "idempotent-replayed" not in first.headers
    assert again.headers["idempotent-replayed"] == "true"
    assert world.get(PATH).json["pagination"]["total"] == total
    other = world.send("POST", path, body | {"x": 1}, idempotency_key="k")
    assert list(faults(other)) == ["Idempotency-Key"]
    theirs = world.mint(world.other_store, "customers.read_write")
    assert (
        "idempotent-replayed"
        not in world.ask("POST", path, theirs, body, idempotency_key="k").headers
    )


def test_one_key_sent_by_many_at_once_makes_one_group(world: World) -> None:
    async def everyone() -> list[Answer]:
        posts = (
            world.answer("POST", PATH, world.writer, {"name": "One"}, idempotency_key="k")
            for _ in range(20)
        )
        return await asyncio.gather(*posts)

    answers = world.run(everyone())
    assert {answer.status for answer in answers} == {200}
    assert len({answer.body for answer in answers}) == 1
    assert world.get(PATH).json["pagination"]["total"] == 4


def test_the_demos_customer_is_in_its_two_groups_and_not_in_the_default_one(world: World) -> None:
    named = {one["id"]: one["name"] for one in world.get(PATH).json["data"]}
    assert (named[VIP.id], named[GOLDEN.id]) == ("VIP", "Golden")
    assert groups_of(world, AHMED.id) == [VIP.id, GOLDEN.id]
    assert default(world).id not in (VIP.id, GOLDEN.id)
