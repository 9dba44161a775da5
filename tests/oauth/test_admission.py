"""Authorization of requests: the order of checks, and the body and headers of each refusal."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from fixtures.routes import ROUTER, ROUTES
from fixtures.uploads import MULTIPART, csv, form, part
from fixtures.world import POLICY, START, Answer, World, customer

from sijill.customers.examples import AHMED
from sijill.customers.model import Extras
from sijill.demo import APP, GROUPS, demo_store
from sijill.errors import Unavailable
from sijill.http.forwarded import parse_networks
from sijill.http.request import Request, Response
from sijill.http.router import Route, Router
from sijill.limits.policy import PLAN_LIMITS, Quota
from sijill.limits.window import UNCOUNTED, CounterAway, Rule, Verdict
from sijill.oauth.apps import App
from sijill.oauth.bearer import REMEMBERED
from sijill.oauth.scopes import SCOPES, satisfies
from sijill.oauth.token_table import TokenTable
from sijill.oauth.tokens import Grant
from sijill.routes import PREFIXES
from sijill.stores.model import Plan
from sijill.webhooks.model import Webhook

pytestmark = [
    pytest.mark.proves("exactly 500 pass in a window, also with hundreds at once"),
    pytest.mark.proves(
        "no token sees another store's customer, and cannot tell it from an absent one"
    ),
]

PATH = f"/customers/{AHMED.id}"
GUARDED = [route for route in ROUTES if route.scopes is not None]
ALL = ["", *SCOPES]
SUFFICIENT = [
    (r, scope) for r in GUARDED for scope in ALL if satisfies({scope}, (r.scopes or ("",))[0])
]
SHARED = "{country}"
"""Routes whose answers are the same for every store, and so hidden from no store."""
OBJECTS = [route for route in GUARDED if "{" in route.path and SHARED not in route.path]
HOOK = Webhook(
    id=831980095,
    store_id=demo_store("documented").id,
    app_id=APP.id,
    name="",
    event="customer.created",
    url="https://app.example.com/webhooks",
    version=2,
    rule=None,
    headers=(),
    strategy="none",
    secret=None,
    created_at=datetime(2026, 1, 1, tzinfo=UTC),
)
OURS = ("x-ratelimit-remaining", "x-ratelimit-reset", "x-request-id", "date")
"""Headers in which the answers to two requests may differ: the limiter's count, and the ids."""


def limits(world: World, **changes: Any) -> None:
    world.change(policy=POLICY._replace(**changes))


BODIES = {
    ("POST", "/customers"): {"email": "new@example.com"},
    ("PUT", "/customers/blacklist/{customer}"): {"reason": "late"},
    ("POST", "/customers/groups"): {"name": "New"},
    ("POST", "/customers/groups/default"): {"features": {"shipping": ["all"]}},
    ("POST", "/customers/groups/add_customers"): {
        "group_id": GROUPS[0].id,
        "customers": [AHMED.id],
    },
    ("POST", "/customers/wallets/deposit"): {"customer_id": AHMED.id, "amount": 1},
    ("POST", "/customers/wallets/withdraw"): {"customer_id": AHMED.id, "amount": 1},
    ("POST", "/customers/loyalty/points"): {"customers": [AHMED.id], "points": 1, "type": "plus"},
    ("POST", "/customers/import"): form(part(csv("email", "new@example.com"))),
    ("POST", "/webhooks/subscribe"): {"event": "customer.created", "url": HOOK.url},
}
"""The body with which a route succeeds."""

QUERIES = {
    ("GET", "/customers/loyalty/points"): f"?customer_id={AHMED.id}",
    ("DELETE", "/webhooks/unsubscribe"): f"?id={HOOK.id}",
}
"""The query with which a route succeeds."""

HEADERS = {("POST", "/customers/import"): {"content_type": MULTIPART}}
"""A body that each route accepts."""


def asked(world: World, route: Route, prefix: str, customer_id: int, token: str) -> Answer:
    key = (route.method, route.path)
    path = prefix + route.path.replace("{customer}", str(customer_id)) + QUERIES.get(key, "")
    path = path.replace(SHARED, "1473353380")
    path = path.replace("{group}", str(GROUPS[0].id if customer_id == AHMED.id else customer_id))
    path = path.replace("{webhook}", str(HOOK.id if customer_id == AHMED.id else customer_id))
    return world.ask(route.method, path, token, BODIES.get(key, b""), **HEADERS.get(key, {}))


def scoped(world: World, route: Route, scope: str) -> Answer:
    """Ask with a scope in the place of the first that the route needs, and the others."""
    others = (route.scopes or ())[1:]
    return asked(world, route, "", AHMED.id, world.mint(world.store, " ".join((scope, *others))))


@pytest.fixture
def stocked(world: World) -> World:
    """A world that holds what every route needs to succeed."""
    holder = msgspec.structs.replace(AHMED, extras=Extras(wallet_balance=1))
    world.keep(world.store, holder)
    world.run(world.register.webhooks.subscribe(HOOK))
    return world


@pytest.mark.proves("401 for want of a scope, on every route")
@pytest.mark.parametrize("route", GUARDED, ids=lambda route: f"{route.method} {route.path}")
def test_scope_matrix(stocked: World, route: Route) -> None:
    needed = (route.scopes or ("",))[0]
    refused = [scope for scope in ALL if (route, scope) not in SUFFICIENT]
    assert len(refused) < len(ALL)
    for scope in refused:
        answer = scoped(stocked, route, scope)
        assert answer.status == 401, scope
        assert answer.json["error"] == {
            "code": "Unauthorized",
            "message": f"The access token should have access to one of those scopes: {needed}",
        }
        assert answer.headers["x-ratelimit-remaining"] == ("499" if route.customers else "719")
        stocked.clock.now += 600


@pytest.mark.parametrize(
    ("route", "scope"),
    SUFFICIENT,
    ids=[f"{route.method} {route.path} {scope}" for route, scope in SUFFICIENT],
)
def test_a_scope_that_suffices_lets_a_token_in(stocked: World, route: Route, scope: str) -> None:
    assert 200 <= scoped(stocked, route, scope).status < 300


@pytest.mark.parametrize(
    "route",
    [route for route in GUARDED if len(route.scopes or ()) > 1],
    ids=lambda route: f"{route.method} {route.path}",
)
def test_a_route_of_several_scopes_needs_all_of_them(world: World, route: Route) -> None:
    world.run(world.register.webhooks.subscribe(HOOK))
    assert route.scopes is not None
    for missing in route.scopes:
        held = " ".join(scope for scope in route.scopes if scope != missing)
        answer = asked(world, route, "", AHMED.id, world.mint(world.store, held))
        assert answer.status == 401
        assert answer.json["error"]["message"].endswith(f": {missing}")


@pytest.mark.proves("404 for another store's object, on every route")
@pytest.mark.parametrize("route", OBJECTS, ids=lambda route: f"{route.method} {route.path}")
@pytest.mark.parametrize("prefix", PREFIXES)
def test_another_stores_object_is_an_absent_one(world: World, route: Route, prefix: str) -> None:
    token = world.mint(world.other_store, "customers.read_write webhooks.read_write")
    world.run(world.register.webhooks.subscribe(HOOK))
    theirs = asked(world, route, prefix, AHMED.id, token)
    absent = asked(world, route, prefix, 123_456_789, token)
    assert theirs.status == absent.status == 404
    assert theirs.body == absent.body
    assert list(theirs.headers) == list(absent.headers)
    differ = {n for n, value in theirs.headers.items() if absent.headers[n] != value}
    assert differ <= set(OURS)
    assert world.get(PATH).status == 200


def test_a_list_holds_the_tokens_own_store_alone(world: World) -> None:
    world.keep(world.other_store, customer(5, email="five@example.com"))
    lists = {
        store.id: [one["id"] for one in world.get("/customers", world.mint(store)).json["data"]]
        for store in (world.store, world.other_store)
    }
    assert lists == {world.store.id: [AHMED.id], world.other_store.id: [5]}


def test_the_same_id_in_two_stores_is_two_customers(world: World) -> None:
    twin = msgspec.structs.replace(AHMED, first_name="Other")
    world.keep(world.other_store, twin)
    assert world.get(PATH).json["data"]["first_name"] == "Ahmed"
    theirs = world.get(PATH, world.mint(world.other_store))
    assert theirs.json["data"]["first_name"] == "Other"


@pytest.mark.parametrize("authorization", [None, "", "Basic YTpi", "Bearer", "Bearer "])
def test_a_missing_token_is_refused_and_never_counted(
    world: World, authorization: str | None
) -> None:
    headers = {} if authorization is None else {"authorization": authorization}
    for _ in range(70):
        answer = world.get(PATH, None, **headers)
        assert answer.status == 401
        assert answer.json["error"]["message"] == "The access token is invalid"
        assert "x-ratelimit-limit" not in answer.headers


def test_an_expired_and_a_revoked_token_are_refused_as_an_unknown_one(world: World) -> None:
    expiring = world.mint(world.store, expires_at=world.moment + timedelta(seconds=10))
    revoked = world.mint(world.store)
    assert world.get(PATH, expiring).status == world.get(PATH, revoked).status == 200
    for info in world.run(world.register.tokens.all()):
        if info.hint == revoked[-4:]:
            world.run(world.register.tokens.revoke(info.id, world.moment))
    world.clock.now += 10
    answers = [world.get(PATH, token) for token in (expiring, revoked, "unknown-unknown-unknown")]
    assert {answer.status for answer in answers} == {401}
    assert len({answer.body for answer in answers}) == 1
    assert all("x-ratelimit-limit" not in answer.headers for answer in answers)


@pytest.mark.proves("429")
def test_exactly_500_pass_and_the_501st_waits_for_the_window(world: World) -> None:
    remaining = [int(world.get(PATH).headers["x-ratelimit-remaining"]) for _ in range(500)]
    assert remaining == list(range(499, -1, -1))
    refused = world.get(PATH)
    assert refused.status == 429
    assert refused.json["error"]["code"] == "too_many_requests"
    assert refused.headers["retry-after"] == "600"
    assert refused.headers["x-ratelimit-remaining"] == "0"
    assert refused.headers["x-ratelimit-reset"] == str(int(START) + 601)
    world.clock.now += 599.9
    assert world.get(PATH).headers["retry-after"] == "1"
    world.clock.now += 0.1
    assert world.get(PATH).headers["x-ratelimit-remaining"] == "499"


def test_the_reset_is_constant_within_a_window(world: World) -> None:
    first = world.get(PATH).headers["x-ratelimit-reset"]
    world.clock.now += 300
    assert world.get(PATH).headers["x-ratelimit-reset"] == first


def test_every_request_that_passes_counts_and_a_refusal_does_not(world: World) -> None:
    limits(world, customers=Quota(6, 600.0), plans=False)
    tag = world.get(PATH).headers["etag"]
    assert world.get(PATH, if_none_match=tag).status == 304
    assert world.ask("HEAD", PATH).status == 200
    assert world.get("/customers/abc").status == 404
    assert world.get("/customers?date_from=x").status == 422
    assert world.get(PATH, world.mint(world.store, "")).status == 401
    for _ in range(3):
        assert world.get(PATH).status == 429
    world.clock.now += 600
    assert world.get(PATH).headers["x-ratelimit-remaining"] == "5"


def test_a_wrong_method_and_an_unknown_path_are_not_counted(world: World) -> None:
    for method, path in (("POST", "/healthz"), ("GET", "/nothing"), ("GET", "/customers/")):
        answer = world.ask(method, path)
        assert answer.status in (404, 405)
        assert "x-ratelimit-limit" not in answer.headers
    assert world.get(PATH).headers["x-ratelimit-remaining"] == "499"


def test_tokens_of_one_app_in_one_store_share_a_window(world: World) -> None:
    second = world.mint(world.store)
    elsewhere = world.mint(world.other_store)
    assert world.get(PATH).headers["x-ratelimit-remaining"] == "499"
    assert world.get(PATH, second).headers["x-ratelimit-remaining"] == "498"
    assert world.get(PATH, elsewhere).headers["x-ratelimit-remaining"] == "499"


@pytest.mark.parametrize(("key", "shared"), [("token", False), ("store", True), ("ip", True)])
def test_a_setting_names_the_key_of_the_customers_limit(
    world: World, key: Any, shared: bool
) -> None:
    other_app = App(id=9, name="nine", created_at=world.moment)
    world.run(world.register.apps.create(other_app))
    limits(world, customers_key=key)
    world.get(PATH)
    remaining = world.get(PATH, world.mint(world.store, app_id=9)).headers["x-ratelimit-remaining"]
    assert remaining == ("498" if shared else "499")


class Replanned:
    """The tokens of the database, whose stores have the plan that the test names last."""

    def __init__(self, tokens: TokenTable) -> None:
        self._tokens = tokens
        self.plan: Plan | None = None

    async def grant(self, key: bytes) -> Grant | None:
        grant = await self._tokens.grant(key)
        if grant is None:
            return None
        store = msgspec.structs.replace(grant.store, plan=self.plan)
        return msgspec.structs.replace(grant, store=store)


def test_a_plan_that_changes_counts_as_soon_as_the_grant_is_read_again(world: World) -> None:
    tokens = Replanned(world.register.tokens)
    world.change(tokens=tokens)
    limits(world, customers=None)
    plans: tuple[Plan | None, ...] = ("plus", "special", None, "plus")
    for tokens.plan in plans:
        world.clock.now += REMEMBERED
        limit = world.get(PATH).headers.get("x-ratelimit-limit")
        assert limit == (tokens.plan and str(PLAN_LIMITS[tokens.plan]))


def test_the_plan_counts_by_store_and_minute_and_then_one_a_second(world: World) -> None:
    limits(world, customers=None)
    for _ in range(720):
        assert world.get(PATH).status == 200
    overflow = world.get(PATH)
    assert overflow.status == 429
    assert overflow.headers["retry-after"] == "1"
    assert overflow.headers["x-ratelimit-limit"] == "720"
    world.clock.now += 1
    passed = world.get(PATH)
    assert (passed.status, passed.headers["x-ratelimit-remaining"]) == (200, "0")
    assert world.get(PATH).status == 429
    world.clock.now += 59
    assert world.get(PATH).headers["x-ratelimit-remaining"] == "719"


def test_headers_carry_the_tighter_limiter(world: World) -> None:
    limits(world, customers=Quota(1000, 600.0))
    assert world.get(PATH).headers["x-ratelimit-limit"] == "720"
    world.clock.now += 60
    for _ in range(400):
        world.get(PATH)
    world.clock.now += 60
    # 1000 - 402 < 720 - 1: now the customers limit is the tighter one
    assert world.get(PATH).headers["x-ratelimit-limit"] == "1000"


def test_a_limiter_that_is_off_sends_no_headers(world: World) -> None:
    limits(world, customers=None, plans=False)
    assert "x-ratelimit-limit" not in world.get(PATH).headers


def test_unknown_tokens_are_counted_per_client_and_never_stop_a_good_one(world: World) -> None:
    answers = [world.get(PATH, f"guess-{number:016}") for number in range(61)]
    assert [answer.status for answer in answers] == [401] * 60 + [429]
    assert answers[-1].headers["retry-after"] == "60"
    assert not any("x-ratelimit-limit" in answer.headers for answer in answers)
    assert world.get(PATH).status == 200
    world.clock.now += 60
    assert world.get(PATH, "guess-again-guess-again").status == 401


def test_unknown_tokens_may_go_uncounted(world: World) -> None:
    limits(world, failed_tokens=None)
    assert {world.get(PATH, f"guess-{n:016}").status for n in range(100)} == {401}


def test_a_forwarded_address_counts_only_from_a_trusted_proxy(world: World) -> None:
    limits(world, customers_key="ip", plans=False)
    for number in range(3):
        world.get(PATH, x_forwarded_for=f"203.0.113.{number}")
    assert world.get(PATH).headers["x-ratelimit-remaining"] == "496"
    world.change(proxies=parse_networks("198.51.100.0/24"))
    answer = world.get(PATH, x_forwarded_for="203.0.113.9")
    assert answer.headers["x-ratelimit-remaining"] == "499"


OTHERS = ["/countries", "/languages", "/_/deliveries", "/webhooks", "/store/info", "/_/changes"]


@pytest.mark.proves("every route of a store without a plan is limited")
def test_a_store_without_a_plan_has_a_limit_outside_customers(world: World) -> None:
    world.change(policy=world.policy._replace(others=Quota(3, 60.0)))
    token = world.mint(world.other_store, "customers.read_write webhooks.read_write metadata.read")
    for number, path in enumerate(OTHERS[:3]):
        headers = world.get(path, token).headers
        assert (headers["x-ratelimit-limit"], headers["x-ratelimit-remaining"]) == (
            *("3", str(2 - number)),
        )
    for path in OTHERS:
        refused = world.get(path, token)
        assert (refused.status, refused.headers["x-ratelimit-remaining"]) == (429, "0")
        assert 0 < int(refused.headers["retry-after"]) <= 60
    assert world.get("/customers", token).headers["x-ratelimit-remaining"] == "499"
    assert world.get("/_/changes").status == 200  # another store
    other_app = App(id=9, name="nine", created_at=world.moment)
    world.run(world.register.apps.create(other_app))
    another = world.mint(world.other_store, "metadata.read", app_id=9)
    assert world.get("/countries", another).status == 200
    world.clock.now += 60
    assert world.get("/countries", token).status == 200


def test_hundreds_of_requests_at_once_admit_exactly_500(world: World) -> None:
    async def everyone() -> list[int]:
        answers = await asyncio.gather(*(world.answer("GET", PATH) for _ in range(600)))
        return [answer.status for answer in answers]

    statuses = world.run(everyone())
    assert (statuses.count(200), statuses.count(429)) == (500, 100)


class Away:
    """A counter that cannot be reached, or lets pass uncounted."""

    def __init__(self, opens: bool) -> None:
        self.opens = opens

    async def hit(self, rules: list[Rule], now: float) -> Verdict:
        if self.opens:
            return UNCOUNTED
        raise CounterAway

    async def close(self) -> None:
        pass


def test_a_counter_that_is_away_refuses_or_lets_pass_without_numbers(world: World) -> None:
    world.change(counters=Away(opens=False))
    closed = world.get(PATH)
    assert (closed.status, closed.headers["retry-after"]) == (503, "1")
    world.change(counters=Away(opens=True))
    assert world.get(PATH).status == 200
    assert "x-ratelimit-limit" not in world.get(PATH).headers


class Gone:
    """A database that is away."""

    async def ping(self) -> None:
        raise Unavailable

    async def grant(self, digest: bytes) -> None:
        raise Unavailable

    async def row(self, *_: Any, **__: Any) -> None:
        raise Unavailable


def test_a_database_that_is_away_is_a_503_and_not_ready(world: World) -> None:
    assert world.get("/readyz").status == 200
    world.change(customers=Gone(), schema=Gone())
    answer = world.get(PATH)
    assert (answer.status, answer.headers["retry-after"]) == (503, "1")
    assert answer.json["error"]["code"] == "service_unavailable"
    ready = world.get("/readyz", None)
    assert (ready.status, ready.json["status"]) == (503, "fail")
    assert ready.json["checks"]["database"] == [{"status": "fail"}]
    assert world.get("/healthz", None).status == 200


async def _nothing(request: Request, grant: Grant) -> Response:
    return Response(200, b"", [])


@pytest.mark.parametrize(
    "named",
    [
        {},
        {"scopes": ("customers.read",), "public": True},
        {"permission": "view_masked", "public": True},
        {"permission": "view_masked", "scopes": ()},
    ],
)
def test_a_route_names_who_may_ask_exactly_once(named: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="must name who may ask, once"):
        Router([Route("GET", "/x", _nothing, **named)], PREFIXES)


def test_a_public_route_is_found() -> None:
    assert ROUTER.find("GET", b"/healthz")[0].public
