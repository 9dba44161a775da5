"""Seed documents: what a namespace begins with, and how a faulty document is refused."""

import asyncio
import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from e2e.receiving import receiving
from hypothesis import given, settings
from hypothesis import strategies as st
from sandbox.conftest import KEYS as SECRETS
from sandbox.conftest import SandboxWorld
from test_documents import DOCS, blocks

from sijill.customers.examples import AHMED
from sijill.database.sealing import Sealer
from sijill.sandbox.blueprint import SEALING_KEY, Blueprint, make_blueprint
from sijill.sandbox.seeds.document import SCHEMA
from sijill.sandbox.seeds.faults import SeedRefused
from sijill.sandbox.seeds.images import SeedImages, made
from sijill.settings import load
from sijill.telemetry.logs import RequestLog
from sijill.webhooks.signing import verify_salla

SARA = {
    "first_name": "Sara",
    "mobile": "0501234567",
    "mobile_code_country": "+966",
    "email": "sara@example.com",
}


def refusal(sandbox: SandboxWorld, seed: Any) -> str:
    """Return what is said of a document that cannot be a seed, of which nothing was made."""
    answer = sandbox.control("POST", "ns", {"name": "refused", "seed": seed})
    assert (answer.status, answer.headers["content-type"]) == (422, "application/problem+json")
    assert sandbox.control("GET", "ns/refused").status == 404
    detail: str = answer.json["detail"]
    return detail


def customers(sandbox: SandboxWorld, token: str, fields: str = "") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = sandbox.ask("GET", f"/customers?{fields}", token).json["data"]
    return found


def test_a_namespace_begins_with_exactly_the_customers_of_its_seed(sandbox: SandboxWorld) -> None:
    noura = {"id": 7, "email": "noura@example.com", "created_at": "2024-05-06T07:08:09Z"}
    token = sandbox.create("one", seed={"customers": [SARA, noura]})["token"]
    first, second = customers(sandbox, token)
    assert (first["id"], first["updated_at"]["date"]) == (7, "2024-05-06 10:08:09.000000")
    assert (second["mobile"], second["mobile_code"]) == (501234567, "966")
    assert len(sandbox.ask("GET", "/customers").json["data"]) == 1  # the demo's, elsewhere


def test_the_example_of_the_reference_holds_what_it_says(sandbox: SandboxWorld) -> None:
    example = next(blocks((DOCS / "reference" / "seed.md").read_text("utf-8"), "json"))
    token = sandbox.create("one", seed=json.loads(example))["token"]
    listed = sandbox.ask("GET", "/customers", token)
    fahd, sara = listed.json["data"]
    assert listed.headers["x-ratelimit-limit"] == "5"
    assert (fahd["id"], fahd["full_name"], sara["full_name"]) == (7, "", "Sara")  # observed
    assert sara["groups"] == [11, 12]
    info = sandbox.ask("GET", "/store/info", token).json["data"]
    assert (info["name"], info["plan"]) == ("Palm", "pro")
    user = sandbox.ask("GET", "/oauth2/user/info", token).json["data"]
    assert user["email"] == "noura@example.com"
    (hook,) = sandbox.ask("GET", "/webhooks", token).json["data"]
    assert hook["url"] == "http://127.0.0.1:9000/hook"


def test_an_empty_seed_has_a_store_and_nobody_in_it(sandbox: SandboxWorld) -> None:
    token = sandbox.create("one", seed={})["token"]
    assert customers(sandbox, token) == []
    assert sandbox.ask("GET", "/store/info", token).status == 200
    (default,) = sandbox.ask("GET", "/customers/groups", token).json["data"]
    assert default["name"] == "المجموعة الافتراضية"


def test_a_reset_brings_the_seed_back(sandbox: SandboxWorld) -> None:
    token = sandbox.create("one", seed={"customers": [SARA]})["token"]
    before = customers(sandbox, token)
    sandbox.ask("DELETE", f"/customers/{before[0]['id']}", token)
    assert customers(sandbox, token) == []
    sandbox.control("POST", "ns/one/reset")
    assert customers(sandbox, token) == before


def test_what_an_answer_says_of_a_customer_makes_the_same_customer(sandbox: SandboxWorld) -> None:
    fields = "&".join(
        f"fields[]={name}"
        for name in ("is_blocked", "total_points", "orders_count", "latest_purchase", "country_id")
    )
    path = f"/customers/{AHMED.id}?{fields}"
    for profile in ("documented", "observed"):
        store = {"profile": profile}
        groups = [{"id": number, "name": str(number)} for number in AHMED.groups]
        rich = {"id": AHMED.id, "email": "a@b.com", "orders_count": 3, "is_blocked": True}
        rich |= {"total_points": 5, "latest_purchase": "2024-01-02T03:04:05Z", "groups": []}
        rich |= {"birthday": "1990-02-03", "gender": "female", "country_code": "sa", "city": "Abha"}
        seed = {"store": store, "groups": groups, "customers": [rich]}
        token = sandbox.create(f"first-{profile}", seed=seed)["token"]
        first = sandbox.ask("GET", path, token).json["data"]
        again = {"store": store, "groups": groups, "customers": [first]}
        token = sandbox.create(f"second-{profile}", seed=again)["token"]
        assert sandbox.ask("GET", path, token).json["data"] == first


def test_groups_and_their_conditions_take_customers_in(sandbox: SandboxWorld) -> None:
    conditions = [{"type": "total_orders", "symbol": ">", "value": 2}]
    seed = {
        "groups": [{"id": 11, "name": "VIP"}, {"id": 12, "conditions": conditions}],
        "customers": [
            SARA | {"groups": ["11"], "orders_count": 3},
            {"email": "a@b.com", "orders_count": 1},
        ],
    }
    token = sandbox.create("one", seed=seed)["token"]
    outside, inside = (customer["groups"] for customer in customers(sandbox, token))
    assert inside == [11, 12]
    assert len(outside) == 1  # the default group alone
    assert not set(outside) & {11, 12}


def test_the_store_and_its_limits_are_those_of_the_seed(sandbox: SandboxWorld) -> None:
    seed = {
        "store": {
            "id": 5,
            "name": "Palm",
            "plan": None,
            "timezone": "Asia/Aden",
            "currency": "yer",
        },
        "limits": {"customers_limit": "3/10m", "others_limit": "2/m"},
        "customers": [SARA],
    }
    token = sandbox.create("one", seed=seed)["token"]
    listed = sandbox.ask("GET", "/customers", token)
    assert listed.headers["x-ratelimit-limit"] == "3"
    assert listed.json["data"][0]["currency"] == "YER"
    info = sandbox.ask("GET", "/store/info", token)
    assert (info.json["data"]["id"], info.json["data"]["name"]) == (5, "Palm")
    assert info.headers["x-ratelimit-limit"] == "2"
    token = sandbox.create("two", seed=seed, settings={"customers_limit": "4/10m"})["token"]
    assert sandbox.ask("GET", "/customers", token).headers["x-ratelimit-limit"] == "4"


def test_a_population_is_made_up_the_same_each_time(sandbox: SandboxWorld) -> None:
    lists = []
    for name, number in (("one", 7), ("two", 7), ("three", 8)):
        seed = {"customers": {"count": 1_200, "seed": number}, "store": {"name": name}}
        token = sandbox.create(name, seed=seed)["token"]
        answer = sandbox.ask("GET", "/customers", token)
        assert answer.json["pagination"]["total"] == 1_200
        lists.append(answer.json["data"])
    assert lists[0] == lists[1] != lists[2]


def test_webhooks_of_a_seed_belong_to_the_app_that_it_names(sandbox: SandboxWorld) -> None:
    url = "http://127.0.0.1:1/hook"
    own = {"event": "customer.created", "url": url, "secret": "of the webhook"}
    app = {"name": "other", "client_id": "other-app", "webhook_secret": "of-the-whole-app"}
    seed = {"apps": [app], "webhooks": [own, own | {"app": "other-app"}]}
    token = sandbox.create("one", seed=seed)["token"]
    (listed,) = sandbox.ask("GET", "/webhooks", token).json["data"]
    assert (listed["url"], listed["event"]) == (url, "customer.created")


def test_an_owner_of_a_seed_is_the_user_of_the_token(sandbox: SandboxWorld) -> None:
    owners = [
        {"name": "Noura", "email": "noura@example.com", "mobile": "0501234567"},
        {"name": "Sara", "email": "sara@example.com", "password": "a password of Sara"},
    ]
    token = sandbox.create("one", seed={"owners": owners})["token"]
    user = sandbox.ask("GET", "/oauth2/user/info", token).json["data"]
    assert (user["name"], user["mobile"]) == ("Noura", "+966501234567")


@pytest.mark.parametrize(
    ("seed", "said"),
    [
        ([], "seed: is not an object"),
        ({"custmers": []}, "seed.custmers: unknown; did you mean customers"),
        ({"zzz": []}, "seed.zzz: unknown"),
        ({"customers": 5}, "seed.customers: is not a list"),
        ({"customers": [5]}, "seed.customers[0]: is not an object"),
        (
            {"customers": [SARA, SARA | {"emial": "x"}]},
            "seed.customers[1].emial: unknown; did you mean email",
        ),
        (
            {"customers": [SARA | {"stats": {"orders": 1}}]},
            "seed.customers[0].stats.orders: unknown; did you mean orders_count",
        ),
        (
            {"groups": [{"conditions": [{"tpye": "total_orders"}]}]},
            "seed.groups[0].conditions[0].tpye: unknown; did you mean type",
        ),
        (
            {"customers": [{"email": "no address"}]},
            "seed.customers[0].email: The email must be a valid email address.",
        ),
        ({"customers": [{}]}, "seed.customers[0].mobile: The mobile field is required."),
        ({"customers": [SARA | {"id": "x"}]}, "seed.customers[0].id: is not an id"),
        (
            {"customers": [SARA | {"groups": [9]}]},
            "seed.customers[0].groups[0]: no group of the document has this id",
        ),
        (
            {"customers": [SARA, {"email": "SARA@example.com"}]},
            "seed.customers[1].email: another row of the document has the same",
        ),
        (
            {"customers": [SARA, SARA]},
            "seed.customers[1].email: another row of the document has the same; seed.customers[1]."
            "mobile: another row of the document has the same",
        ),
        ({"customers": {"count": -1}}, "seed.customers.count: is not a count"),
        ({"customers": {"count": 100_001}}, "seed.customers.count: is more than 100000"),
        ({"customers": {"size": 1}}, "seed.customers.size: unknown"),
        ({"store": {"plan": "gold"}}, "seed.store.plan: is not a plan: plus, pro, special"),
        ({"store": {"timezone": "Mars/Base"}}, "seed.store.timezone: is not a time zone"),
        (
            {"store": {"created_at": "9999-12-30T00:00:00Z"}, "customers": [SARA]},
            "seed.store.created_at: is later than 9000-01-01T00:00:00Z",
        ),
        ({"store": {"nmae": "x"}}, "seed.store.nmae: unknown; did you mean name"),
        ({"limits": {"customers_limit": "many"}}, "seed.limits.customers_limit: write it as"),
        ({"limits": {"customers_limit": 5}}, "seed.limits.customers_limit: is not a text"),
        ({"limits": {"port": "1"}}, "seed.limits.port: unknown"),
        ({"groups": [{"id": 1}, {"id": 1}]}, "seed.groups[1].id: another row"),
        (
            {"groups": [{"conditions": [{"type": "x"}]}]},
            "seed.groups[0].conditions[0].type: The selected conditions.0.type is invalid.",
        ),
        ({"apps": [{}]}, "seed.apps[0].name: is required"),
        ({"apps": [{"name": "x", "scopes": ["eat"]}]}, "seed.apps[0].scopes: unknown scope: eat"),
        ({"apps": [{"name": "demo"}]}, "seed.apps[0].name: another row of the document"),
        (
            {"apps": [{"name": "x", "webhook_url": "ftp://x"}]},
            "seed.apps[0].webhook_url: is not a URL",
        ),
        (
            {"apps": [{"name": "x", "redirect_uris": ["http://x.example/"]}]},
            "seed.apps[0].redirect_uris: cannot be registered: write https://",
        ),
        ({"owners": [{"name": "x"}]}, "seed.owners[0].email: is required"),
        (
            {"owners": [{"name": "x", "email": "x@example.com", "password": "short"}]},
            "seed.owners[0].password: has fewer than 12 characters",
        ),
        (
            {"owners": [{"name": "x", "email": "x@example.com"}] * 2},
            "seed.owners[1].email: another row of the document",
        ),
        ({"webhooks": [{"url": "http://127.0.0.1/"}]}, "seed.webhooks[0].event: The event field"),
        (
            {"webhooks": [{"url": "http://127.0.0.1/", "event": "x.y"}]},
            "seed.webhooks[0].event: The selected event is invalid.",
        ),
        (
            {"webhooks": [{"url": "http://127.0.0.1/", "event": "customer.created", "app": "x"}]},
            "seed.webhooks[0].app: no app of the document has this client_id",
        ),
    ],
)
def test_a_faulty_document_is_refused_with_the_path_of_the_fault(
    sandbox: SandboxWorld, seed: Any, said: str
) -> None:
    assert refusal(sandbox, seed).startswith(said)


def test_a_refusal_names_ten_faults_and_counts_the_others(sandbox: SandboxWorld) -> None:
    said = refusal(sandbox, {"customers": [{"emial": "x"}] * 8})
    assert said.count("seed.customers[") == 10
    assert said.endswith("; and 6 more")


def test_the_secret_of_a_webhook_of_a_seed_signs_its_deliveries(sandbox: SandboxWorld) -> None:
    with receiving() as receiver:
        url = f"http://127.0.0.1:{receiver.ports[0]}/hook"
        hook = {"event": "customer.created", "url": url, "secret": "of the webhook"}
        token = sandbox.create("one", seed={"webhooks": [hook]})["token"]
        sandbox.ask("POST", "/customers", token, SARA)
        sandbox.control("POST", "ns/one/settle")
        (told,) = receiver.received
    assert verify_salla("of the webhook", told.body, told.headers["x-salla-signature"])


KEYS = st.sampled_from(
    [
        *SCHEMA["properties"],
        *("id", "name", "email", "mobile", "groups", "conditions", "stats", "birthday", "url"),
        *("event", "headers", "count", "seed", "created_at", "scopes", "app", "customers_limit"),
        *("redirect_uris", "client_secret", "password", "plan", "timezone", "custom_fields"),
    ]
)
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text()
)
JSON = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(KEYS | st.text(), inner, max_size=4)
    ),
    max_leaves=12,
)
ROWS = st.lists(st.dictionaries(KEYS, JSON, max_size=5), max_size=2)
DOCUMENTS = JSON | st.dictionaries(st.sampled_from([*SCHEMA["properties"]]), ROWS | JSON)


@pytest.fixture(scope="module")
def shared() -> Iterator[SandboxWorld]:
    """A sandbox for many documents."""
    world = SandboxWorld()
    yield world
    world.close()


@given(DOCUMENTS)
@settings(max_examples=300, deadline=None)
def test_any_json_is_a_seed_or_is_refused(shared: SandboxWorld, document: Any) -> None:
    answer = shared.control("POST", "ns", {"name": "any", "seed": document})
    assert answer.status in (201, 422), answer.body
    if answer.status == 201:
        assert shared.control("DELETE", "ns/any").status == 204


PARTS = st.sampled_from(["name", "random", "settings", "seed", "from", "ttl", "namespace"])
LIMIT = st.dictionaries(st.sampled_from(["customers_limit", "webhooks", "port"]), JSON, max_size=2)
BODIES = JSON | st.dictionaries(PARTS, JSON | LIMIT | st.just("one/snapshot"), max_size=4)


@given(BODIES)
@settings(max_examples=200, deadline=None)
def test_any_json_makes_a_namespace_or_is_refused(shared: SandboxWorld, body: Any) -> None:
    answer = shared.control("POST", "ns", body)
    assert answer.status in (201, 404, 409, 422), answer.body
    if answer.status == 201:
        assert shared.control("DELETE", f"ns/{answer.json['name']}").status == 204


@pytest.fixture(scope="module")
def blueprint() -> Blueprint:
    """The shared parts of a sandbox."""
    values, _ = load({}, environ={}, folder=Path("/nonexistent"))
    return asyncio.run(make_blueprint(values, RequestLog(None), SECRETS, Sealer(SEALING_KEY), str))


@pytest.mark.parametrize(
    "raw",
    [
        b"[" * 100_000,
        b'{"customers":' * 40 + b"1" + b"}" * 40,
        b"{",
        b"",
        b'"\\ud800"',
        b'{"\x80": 1}',
    ],
)
def test_a_document_that_is_hostile_or_no_json_is_refused(blueprint: Blueprint, raw: bytes) -> None:
    with pytest.raises(SeedRefused, match=r"^seed: is (not JSON|nested deeper)"):
        made(raw, blueprint, local=True)


@pytest.mark.parametrize("row", ["{}", '{"x":1}', "1"])
def test_a_document_of_too_many_rows_is_refused_with_a_few_faults(
    blueprint: Blueprint, row: str
) -> None:
    raw = b'{"customers": [' + b",".join([row.encode()] * 100_001) + b"]}"
    with pytest.raises(SeedRefused) as refused:
        made(raw, blueprint, local=True)
    assert len(refused.value.faults) <= 1_000


def test_a_document_is_made_once_and_remembered_within_bounds(blueprint: Blueprint) -> None:
    async def scenario() -> None:
        images = SeedImages(blueprint, documents=1)
        ask = partial(images.beginning, local=True)
        document, other = b'{"customers": {"count": 3}}', b"{}"
        first, second = await asyncio.gather(ask(document), ask(document))
        assert first is second
        assert await ask(document) is first
        await ask(other)  # takes the one place
        again = await ask(document)
        assert again is not first
        assert again.image.size == first.image.size
        for _ in range(2):
            with pytest.raises(SeedRefused):
                await ask(b"5")
        small = SeedImages(blueprint, most=1)
        one, two = [await small.beginning(other, local=True) for _ in range(2)]
        assert one is not two

    asyncio.run(scenario())
