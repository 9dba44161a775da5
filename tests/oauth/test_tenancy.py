"""With ids of another store a token learns nothing and changes nothing, on any database."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from fixtures.world import Answer, World
from msgspec.structs import replace
from oauth.test_admission import HOOK, OBJECTS, OURS, asked

from sijill.customers.examples import AHMED
from sijill.demo import GROUPS
from sijill.oauth.scopes import SCOPES
from sijill.routes import PREFIXES

pytestmark = pytest.mark.proves(
    "no token sees another store's customer, and cannot tell it from an absent one"
)

EVERY_SCOPE = " ".join(SCOPES)
GROUP, ABSENT = GROUPS[0].id, 123_456_789


class Probe(NamedTuple):
    """A request that carries an id of the other store: `{}` stands for it."""

    method: str
    path: str
    body: Any = b""


CUSTOMER: tuple[Probe, ...] = (
    Probe("GET", "/customers/{}"),
    Probe("GET", "/customers/{}?fields[]=groups"),
    Probe("HEAD", "/customers/{}"),
    Probe("PUT", "/customers/{}", {"first_name": "Mine"}),
    Probe("PUT", "/customers/{}", {"email": "Ahmed@Test.test"}),
    Probe("PUT", "/customers/{}", {"gender": "none"}),
    Probe("DELETE", "/customers/{}"),
    Probe("PUT", "/customers/blacklist/{}", {"reason": "late"}),
    Probe("PUT", "/customers/blacklist/{}"),
    Probe("DELETE", "/customers/blacklist/{}"),
    Probe("POST", "/customers/wallets/deposit", {"customer_id": "{}", "amount": 1}),
    Probe("POST", "/customers/wallets/withdraw", {"customer_id": "{}", "amount": 1}),
    Probe("GET", "/customers/loyalty/points?customer_id={}"),
    Probe("POST", "/customers/loyalty/points", {"customers": ["{}"], "points": 1, "type": "plus"}),
    Probe("POST", "/customers/loyalty/points", {"customers": ["{}"], "points": 1, "type": "minus"}),
    Probe("POST", "/customers/groups/add_customers", {"group_id": GROUP, "customers": ["{}"]}),
    Probe("GET", "/customers?keyword={}"),
)
HOOKS: tuple[Probe, ...] = (
    Probe("PUT", "/webhooks/{}", {"name": "mine"}),
    Probe("DELETE", "/webhooks/unsubscribe?id={}"),
)
GROUPED: tuple[Probe, ...] = (
    Probe("GET", "/customers/groups/{}"),
    Probe("PUT", "/customers/groups/{}", {"name": "Mine"}),
    Probe("DELETE", "/customers/groups/{}"),
    Probe("POST", "/customers/groups/add_customers", {"group_id": "{}", "customers": [5]}),
    Probe("POST", "/customers", {"email": "five@example.com", "groups": ["{}"]}),
    Probe("PUT", "/customers/5", {"groups": ["{}"]}),
)
PROBES = [
    *((probe, AHMED.id) for probe in CUSTOMER),
    *((probe, HOOK.id) for probe in HOOKS),
    *((probe, GROUP) for probe in GROUPED),
]

OPERATIONS: tuple[Probe, ...] = (
    Probe("GET", "/customers/{}"),
    Probe("PUT", "/customers/{}", {"first_name": "Twin", "email": "twin@example.com"}),
    Probe("PUT", "/customers/blacklist/{}", {"reason": "late"}),
    Probe("DELETE", "/customers/blacklist/{}"),
    Probe("POST", "/customers/wallets/deposit", {"customer_id": "{}", "amount": 7}),
    Probe("POST", "/customers/wallets/withdraw", {"customer_id": "{}", "amount": 2}),
    Probe("POST", "/customers/loyalty/points", {"customers": ["{}"], "points": 9, "type": "plus"}),
    Probe("POST", "/customers/loyalty/points", {"customers": ["{}"], "points": 1, "type": "minus"}),
    Probe("GET", "/customers/loyalty/points?customer_id={}"),
    Probe("GET", "/customers?keyword=Twin"),
    Probe("PUT", "/customers/{}", {"last_name": "Other"}),
    Probe("DELETE", "/customers/{}"),
)
"""Twelve operations that succeed on a customer of one's own."""


@pytest.fixture(params=["memory", pytest.param("postgres", marks=pytest.mark.postgres)])
def shared(request: pytest.FixtureRequest) -> Iterator[World]:
    """A world in each database, whose first store has a webhook and the second a customer."""
    memory = "sqlite://:memory:"
    made = World(memory if request.param == "memory" else request.getfixturevalue("postgres_url"))
    made.run(made.register.webhooks.subscribe(HOOK))
    made.keep(
        made.other_store,
        replace(AHMED, id=5, email="five@test.test", mobile=555_000_005, groups=()),
    )
    yield made
    made.close()


def filled(value: Any, id_: int) -> Any:
    """Return a body with the id in it."""
    if isinstance(value, dict):
        return {name: filled(part, id_) for name, part in value.items()}
    if isinstance(value, list):
        return [filled(part, id_) for part in value]
    return id_ if value == "{}" else value


def sent(world: World, probe: Probe, id_: int, token: str) -> Answer:
    path = probe.path.replace("{}", str(id_))
    return world.ask(probe.method, path, token, filled(probe.body, id_))


def everything(world: World) -> list[bytes]:
    """Return all that the first store's own token is shown."""
    token = world.mint(world.store, EVERY_SCOPE)
    paths = [f"/customers/{AHMED.id}", "/customers", "/customers/groups", "/webhooks"]
    paths.append(f"/customers/loyalty/points?customer_id={AHMED.id}")
    answers = [world.get(path, token) for path in paths]
    assert {answer.status for answer in answers} == {200}
    return [answer.body for answer in answers]


def assert_alike(theirs: Answer, absent: Answer, id_: int) -> None:
    """Two answers say the same, but for the id that was asked for and what every answer counts."""
    assert theirs.status == absent.status
    assert theirs.body.replace(str(id_).encode(), b"#") == absent.body.replace(
        str(ABSENT).encode(), b"#"
    )
    assert list(theirs.headers) == list(absent.headers)
    differ = {n for n, value in theirs.headers.items() if absent.headers[n] != value}
    assert differ <= {*OURS, "content-length", "etag"}


def test_an_id_of_another_store_is_answered_byte_for_byte_as_an_absent_one(shared: World) -> None:
    before = everything(shared)
    assert len(PROBES) >= 25
    for probe, id_ in PROBES:
        token = shared.mint(shared.other_store, EVERY_SCOPE)
        assert_alike(sent(shared, probe, id_, token), sent(shared, probe, ABSENT, token), id_)
        assert everything(shared) == before, probe


@pytest.mark.parametrize("prefix", PREFIXES)
def test_every_route_of_an_object_answers_alike_on_every_database(
    shared: World, prefix: str
) -> None:
    before = everything(shared)
    for route in OBJECTS:
        token = shared.mint(shared.other_store, EVERY_SCOPE)
        theirs, absent = (asked(shared, route, prefix, id_, token) for id_ in (AHMED.id, ABSENT))
        assert theirs.status == 404
        assert_alike(theirs, absent, AHMED.id)
    assert everything(shared) == before


def test_twelve_operations_on_one_id_in_two_stores_touch_one_of_them(shared: World) -> None:
    shared.keep(shared.other_store, replace(AHMED, email="twin@test.test", groups=()))
    before = everything(shared)
    token = shared.mint(shared.other_store, EVERY_SCOPE)
    for operation in OPERATIONS:
        answer = sent(shared, operation, AHMED.id, token)
        assert answer.status in (200, 201, 202, 204), (operation, answer.body)
        assert everything(shared) == before, operation
    assert sent(shared, OPERATIONS[0], AHMED.id, token).status == 404
