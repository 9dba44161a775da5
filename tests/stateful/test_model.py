"""
The HTTP API against a small model of what it promises: thousands of steps, no divergence.

Names, mobiles and addresses are drawn from few, so that steps meet: a mobile is asked for while
taken, given up, and asked for again. Every example has a store of its own.
"""

from collections.abc import Callable, Iterator
from datetime import date
from itertools import count
from typing import Any

import pytest
from fixtures.profiles import example_count
from fixtures.world import World
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from sijill.stores.model import Store

pytestmark = pytest.mark.proves(
    "the API does what a small model of it does, over thousands of random steps, on both databases"
)

STEPS = settings(
    max_examples=example_count(20),
    stateful_step_count=50,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)

NAMES = st.sampled_from(["Sara", "سارة", "علي", "Ali", "José"])
EMAILS = st.sampled_from([f"{letter}@example.com" for letter in "abceE"])
MOBILES = st.sampled_from([551234560 + number for number in range(5)])
GENDERS = st.sampled_from(["male", "female"])
BIRTHDAYS = st.dates(date(1900, 1, 1), date(2026, 1, 1)).map(str)
REASONS = st.sampled_from(["untrusted", "احتيال"])
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "first_name": NAMES,
    "last_name": NAMES,
    "email": EMAILS,
    "mobile": MOBILES,
    "gender": GENDERS,
    "birthday": BIRTHDAYS,
}
BODIES = st.fixed_dictionaries({}, optional=VALUES)

FRESH: dict[str, Any] = {
    "first_name": "",
    "last_name": "",
    "email": "",
    "mobile": None,
    "gender": None,
    "birthday": None,
    "block_reason": None,
    "groups": [],
}


class Family(RuleBasedStateMachine):
    """Customers of one store, as the API shows them and as they ought to be."""

    ids = Bundle("ids")
    group_ids = Bundle("group_ids")
    world: World
    stores = count(1000)

    def __init__(self) -> None:
        super().__init__()
        number = next(self.stores)
        self.store = Store(id=number, name=f"model-{number}")
        self.world.run(self.world.register.stores.create(self.store))
        self.token = self.world.mint(self.store, "customers.read_write")
        self.kept: dict[int, dict[str, Any]] = {}
        self.gone: set[int] = set()
        (default,) = self.ask("GET", "/groups").json["data"]
        self.default: int = default["id"]
        self.groups = {self.default}

    def ask(self, method: str, path: str, body: Any = b"") -> Any:
        answer = self.world.ask(method, f"/customers{path}", self.token, body)
        assert answer.status < 500
        return answer

    def taken(self, body: dict[str, Any], but: int | None = None) -> set[str]:
        """Return the fields of a body that another customer has."""
        others = [kept for customer_id, kept in self.kept.items() if customer_id != but]
        return {
            name
            for name in ("email", "mobile")
            if name in body and any(same(kept[name], body[name]) for kept in others)
        }

    @rule(target=ids, body=BODIES)
    def create(self, body: dict[str, Any]) -> Any:
        answer = self.ask("POST", "", wired(body))
        if not {"email", "mobile"} & body.keys():
            assert (answer.status, list(answer.json["error"]["fields"])) == (422, ["mobile"])
            return multiple()
        taken = self.taken(body)
        if taken:
            assert answer.status == 422
            assert set(answer.json["error"]["fields"]) <= taken
            return multiple()
        assert answer.status == 200
        customer_id = answer.json["data"]["id"]
        assert customer_id not in self.kept.keys() | self.gone
        self.kept[customer_id] = FRESH | body | {"groups": [self.default]}
        return customer_id

    @rule(customer_id=ids, body=BODIES)
    def update(self, customer_id: int, body: dict[str, Any]) -> None:
        answer = self.ask("PUT", f"/{customer_id}", wired(body))
        if customer_id not in self.kept:
            assert answer.status == 404
            return
        taken = self.taken(body, but=customer_id)
        if taken:
            assert answer.status == 422
            assert set(answer.json["error"]["fields"]) <= taken
            return
        assert answer.status == 200
        self.kept[customer_id] |= body

    @rule(customer_id=consumes(ids))
    def delete(self, customer_id: int) -> None:
        answer = self.ask("DELETE", f"/{customer_id}")
        assert answer.status == (200 if customer_id in self.kept else 404)
        self.kept.pop(customer_id, None)
        self.gone.add(customer_id)

    @rule(customer_id=ids, reason=REASONS)
    def ban(self, customer_id: int, reason: str) -> None:
        answer = self.ask("PUT", f"/blacklist/{customer_id}", {"reason": reason})
        assert answer.status == (201 if customer_id in self.kept else 404)
        if customer_id in self.kept:
            self.kept[customer_id]["block_reason"] = reason

    @rule(customer_id=ids)
    def lift_ban(self, customer_id: int) -> None:
        answer = self.ask("DELETE", f"/blacklist/{customer_id}")
        assert answer.status == (202 if customer_id in self.kept else 404)
        if customer_id in self.kept:
            self.kept[customer_id]["block_reason"] = None

    @rule(target=group_ids, name=NAMES)
    def create_group(self, name: str) -> int:
        group_id: int = self.ask("POST", "/groups", {"name": name}).json["data"]["id"]
        assert group_id not in self.groups
        self.groups.add(group_id)
        return group_id

    @rule(group_id=consumes(group_ids))
    def delete_group(self, group_id: int) -> None:
        assert self.ask("DELETE", f"/groups/{group_id}").status == 202
        self.groups.remove(group_id)
        for kept in self.kept.values():
            kept["groups"] = [one for one in kept["groups"] if one != group_id]

    @rule(group_id=group_ids, some=st.lists(ids, min_size=1, max_size=3))
    def add_to_group(self, group_id: int, some: list[int]) -> None:
        body = {"group_id": group_id, "customers": some}
        answer = self.ask("POST", "/groups/add_customers", body)
        if not self.kept.keys() >= {*some}:
            assert answer.status == 422
            return
        assert answer.status == 200
        for customer_id in some:
            kept = self.kept[customer_id]
            kept["groups"] = sorted({*kept["groups"], group_id})

    @rule(customer_id=ids)
    def details(self, customer_id: int) -> None:
        answer = self.ask("GET", f"/{customer_id}?fields[]=is_blocked&fields[]=block_reason")
        if customer_id not in self.kept:
            assert answer.status == 404
            return
        assert shown(answer.json["data"]) == expected(self.kept[customer_id])

    @rule(email=EMAILS)
    def search(self, email: str) -> None:
        found = {one["id"] for one in self.ask("GET", f"?keyword={email}").json["data"]}
        assert found == {n for n, kept in self.kept.items() if same(kept["email"], email)}

    @invariant()
    def the_groups_are_those_that_were_made(self) -> None:
        listed = {one["id"] for one in self.ask("GET", "/groups?per_page=60").json["data"]}
        assert listed == self.groups

    @invariant()
    def the_list_holds_who_is_kept_and_nobody_else(self) -> None:
        answer = self.ask("GET", "?per_page=60").json
        listed = {one["id"]: one["email"] for one in answer["data"]}
        assert listed == {number: kept["email"] for number, kept in self.kept.items()}
        assert answer["pagination"]["total"] == len(self.kept)


def same(one: Any, other: Any) -> bool:
    """Return whether two addresses or mobiles are one: letters' case does not part addresses."""
    if isinstance(one, str) and isinstance(other, str):
        return one.casefold() == other.casefold()
    return bool(one == other)


def wired(body: dict[str, Any]) -> dict[str, Any]:
    """Return a body as a client sends it."""
    return body | ({"mobile_code_country": "+966"} if "mobile" in body else {})


def shown(data: dict[str, Any]) -> dict[str, Any]:
    """Return what an answer shows of what the model knows."""
    assert data["is_blocked"] == (data["block_reason"] is not None)
    assert data["mobile_code"] == ("" if data["mobile"] is None else "966")
    birthday = data["birthday"] and data["birthday"]["date"][:10]
    return {name: data[name] for name in FRESH} | {"birthday": birthday}


def expected(kept: dict[str, Any]) -> dict[str, Any]:
    return {name: kept[name] for name in FRESH}


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    url: str = "sqlite://:memory:"
    if request.param == "postgres":
        url = request.getfixturevalue("migrated_postgres_url")
    made = World(url)
    made.change(policy=made.policy._replace(customers=None))
    yield made
    made.close()


def test_the_api_does_what_the_model_does(world: World) -> None:
    machine: Callable[[], Family] = type("Machine", (Family,), {"world": world})
    run_state_machine_as_test(machine, settings=STEPS)
