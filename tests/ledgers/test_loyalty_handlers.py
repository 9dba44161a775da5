"""Customer Loyalty Points, through the whole application."""

import json
from pathlib import Path
from typing import Any

import pytest
from fixtures.world import World, customer

from sijill.customers.examples import AHMED

PATH = "/customers/loyalty/points"
LIST = f"{PATH}?customer_id={AHMED.id}"
PAYLOADS = Path(__file__).parents[1] / "payloads"


def payload(name: str) -> Any:
    return json.loads((PAYLOADS / f"{name}.json").read_text("utf-8"))


def change(points: int, **more: Any) -> dict[str, Any]:
    sign = "plus" if points > 0 else "minus"
    return {"points": abs(points), "type": sign, "customers": [AHMED.id]} | more


def held(world: World, customer_id: int = AHMED.id) -> int:
    answer = world.get(f"/customers/{customer_id}?fields[]=total_points")
    points: int = answer.json["data"]["total_points"]
    return points


@pytest.mark.proves("`POST /customers/loyalty/points`")
@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_documented_request_is_answered_as_documented(world: World, language: str) -> None:
    world.keep(world.store, customer(5, email="five@example.com"))
    wanted = payload("loyalty_points_update_request") | {"customers": [AHMED.id, 5]}
    answer = world.send("POST", PATH, wanted, accept_language=language)
    sample = payload("loyalty_points_update_response")
    assert answer.status == 201
    assert list(answer.json["data"]) == ["code", "message"]
    assert (answer.json == sample) == (language == "ar")
    assert (held(world), held(world, 5)) == (900, 900)


@pytest.mark.proves("`GET /customers/loyalty/points`")
def test_the_ledger_is_listed_as_documented_newest_first(world: World) -> None:
    for number in range(1, 36):
        world.send("POST", PATH, change(number, reason=f"reason {number}"))
    world.send("POST", PATH, change(-30))
    answer = world.get(LIST)
    sample = payload("loyalty_points_list")
    assert (answer.status, list(answer.json)) == (200, list(sample))
    rows, pages = answer.json["data"], answer.json["pagination"]
    assert list(rows[0]) == list(sample["data"][0])
    assert (rows[0]["points"], rows[0]["notes"]) == (-30, "")
    assert (rows[1]["points"], rows[1]["notes"]) == (35, "reason 35")
    assert (rows[1]["name"], rows[1]["status"]) == ("مخصصة", "مؤكدة")
    assert rows[1]["created_at"]["date"] == "2027-01-15 11:00:00.250000"
    assert (pages["count"], pages["total"], pages["perPage"]) == (30, 36, 30)
    assert pages["links"]["next"].endswith(f"{LIST}&page=2")
    second = world.get(f"{LIST}&page=2&per_page=20").json
    assert [row["points"] for row in second["data"]] == [*range(16, 0, -1)]
    assert world.get(f"{LIST}&page=9").json["data"] == []
    assert held(world) == sum(range(1, 36)) - 30


def test_a_list_that_has_not_changed_is_a_304(world: World) -> None:
    tag = world.get(LIST).headers["etag"]
    assert world.get(LIST, if_none_match=tag).status == 304
    world.send("POST", PATH, change(1))
    assert world.get(LIST, if_none_match=tag).status == 200


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("", "حقل customer id مطلوب."),
        ("?customer_id=", "حقل customer id مطلوب."),
        ("?customer_id=abc", "يجب أن يكون حقل customer id عددًا صحيحًا"),
        ("?customer_id=5", "حقل customer id غير صالح"),
    ],
)
def test_a_list_of_nobody_is_refused(world: World, query: str, text: str) -> None:
    answer = world.get(PATH + query)
    assert answer.status == 422
    assert answer.json["error"]["fields"] == {"customer_id": [text]}


def test_a_change_that_one_cannot_bear_changes_nobody_and_names_the_place(world: World) -> None:
    world.keep(world.store, customer(5, email="five@example.com"))
    world.send("POST", PATH, change(10))
    answer = world.send("POST", PATH, change(-10, customers=[AHMED.id, 5, 77]))
    assert answer.status == 422
    assert answer.json["error"]["fields"] == {
        "points": ["الرصيد لا يكفي"],
        "customers.1": ["الرصيد لا يكفي"],
        "customers.2": ["حقل customers.2 غير صالح"],
    }
    assert (held(world), held(world, 5)) == (10, 0)


def test_everybody_in_the_store_and_nobody_else_is_changed(world: World) -> None:
    world.keep(world.store, customer(5, email="five@example.com"))
    world.keep(world.other_store, customer(5, email="five@example.com"))
    everybody = {"points": 7, "type": "plus", "select_all": True}
    assert world.send("POST", PATH, everybody).status == 201
    assert (held(world), held(world, 5)) == (7, 7)
    theirs = world.get("/customers/5?fields=total_points", world.mint(world.other_store))
    assert theirs.json["data"]["total_points"] == 0
    short = world.send("POST", PATH, everybody | {"type": "minus", "points": 8})
    assert (short.status, list(short.json["error"]["fields"])) == (422, ["points"])


def test_points_are_reset(world: World) -> None:
    world.send("POST", PATH, change(10))
    reset = {"reset_points": True, "customers": [AHMED.id]}
    assert world.send("POST", PATH, reset).status == 201
    assert held(world) == 0
    assert [row["points"] for row in world.get(LIST).json["data"]] == [-10, 10]


def test_another_stores_customer_is_as_one_that_does_not_exist(world: World) -> None:
    token = world.mint(world.other_store, "customers.read_write")
    theirs = world.ask("POST", PATH, token, change(1))
    absent = world.ask("POST", PATH, token, change(1, customers=[123_456_789]))
    assert (theirs.status, theirs.body) == (absent.status, absent.body)
    read = world.get(LIST, token)
    assert (read.status, read.body) == (422, world.get(f"{PATH}?customer_id=99", token).body)
    assert held(world) == 0


def test_reading_gives_no_right_to_change(world: World) -> None:
    assert world.ask("POST", PATH, world.token, change(1)).status == 401


def test_a_change_that_is_sent_again_is_made_once(world: World) -> None:
    first = world.send("POST", PATH, change(5), idempotency_key="k")
    again = world.send("POST", PATH, change(5), idempotency_key="k")
    assert (again.status, again.body) == (201, first.body)
    assert again.headers["idempotent-replayed"] == "true"
    assert world.send("POST", PATH, change(6), idempotency_key="k").status == 422
    assert held(world) == 5
