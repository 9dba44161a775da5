"""Every route of the API: what it shows or changes of people is in the log, by whom; no value."""

from typing import Any, NamedTuple

import msgspec
import pytest
from fixtures.oauth_rows import OWNER, PASSWORD
from fixtures.uploads import MULTIPART, form, part, workbook
from fixtures.world import Answer, World, request_of

from sijill.audit.actions import ACTIONS, VIEW
from sijill.customers.examples import AHMED
from sijill.demo import APP
from sijill.groups.model import Group
from sijill.imports.job import Importer
from sijill.oauth.tokens import hint
from sijill.routes import all_routes
from sijill.webhooks.events import UPDATED
from sijill.webhooks.model import blank

pytestmark = pytest.mark.proves(
    "every view and every change of personal data by the API is in the audit log with app, token "
    "and request, as ids and names of fields, without values"
)

SCOPES = (
    "customers.read_write customer-wallets.read_write webhooks.read_write metadata.read store.read"
)
ID = AHMED.id


class Told(NamedTuple):
    """A request, and the entry that it makes: action, ids and fields."""

    method: str
    path: str
    body: Any = b""
    action: str = VIEW
    ids: tuple[int, ...] | None = (ID,)
    """None for ids that are drawn."""
    fields: tuple[str, ...] = ()
    whole: bool = False
    before: "tuple[Told, ...]" = ()
    """Requests that come first."""
    route: str = ""
    """Its path template, where it is not its path."""


SHEET = form(part(workbook(("الاسم الأول", "البريد"), ("Ali", "ali@example.com"))))
NEW = {
    "first_name": "Canary", "last_name": "Two", "mobile": 555555511, "mobile_code_country": "+966",
    "email": "canary@example.com", "country_code": "SA",
}  # fmt: skip
GIVEN = ("first_name", "last_name", "mobile", "mobile_code", "email", "country_code", "groups")
UPDATE = "customer.update"
ONE, BAN, GROUP = "/customers/{customer}", "/customers/blacklist/{customer}", 11323141
FURTHER = Told("POST", "/customers/groups", {"name": "canary"}, "group.create", None, ("name",))
CHANGED = {"first_name": "Canary", "mobile": AHMED.mobile, "mobile_code_country": "+967"}
CHANGE = Told("PUT", f"/customers/{ID}", CHANGED, UPDATE, (ID,), ("first_name",), route=ONE)
BANNED = Told(
    *("PUT", f"/customers/blacklist/{ID}", {"reason": "canary words"}, UPDATE, (ID,)),
    *(("is_blocked", "block_reason"), False, (), BAN),
)
HOOK = {"url": "https://example.com/other", "event": "customer.updated", "name": "hook"}
WALLET = {"customer_id": ID, "amount": 5}
DEPOSIT = Told("POST", "/customers/wallets/deposit", WALLET, UPDATE, (ID,), ("wallet_balance",))

TOLD: dict[str, Told] = {
    "getCustomer": Told("GET", f"/customers/{ID}", route=ONE),
    "listCustomers": Told("GET", "/customers"),
    "createCustomer": Told("POST", "/customers", NEW, "customer.create", None, GIVEN),
    "updateCustomer": CHANGE,
    "deleteCustomer": Told("DELETE", f"/customers/{ID}", b"", "customer.delete", route=ONE),
    "banCustomer": BANNED,
    "unbanCustomer": Told(
        *("DELETE", f"/customers/blacklist/{ID}", b"", UPDATE, (ID,)),
        *(("is_blocked", "block_reason"), False, (BANNED,), BAN),
    ),
    "createGroup": FURTHER,
    "updateGroup": Told(
        *("PUT", f"/customers/groups/{GROUP}", {"name": "canary"}, "group.update", (GROUP,)),
        *(("name",), False, (), "/customers/groups/{group}"),
    ),
    "updateDefaultGroup": Told(
        *("POST", "/customers/groups/default", {"features": {"shipping": ["all"]}}),
        *("group.update", None, ("features",)),
    ),
    "deleteGroup": Told(
        *("DELETE", f"/customers/groups/{GROUP}", b"", "group.delete", (GROUP,)),
        route="/customers/groups/{group}",
    ),
    "addCustomersToGroup": Told(
        *("POST", "/customers/groups/add_customers", {"group_id": 40, "customers": [ID]}),
        *(UPDATE, (ID,), ("groups",)),
    ),
    "importCustomers": Told("POST", "/customers/import", SHEET, "import.create", None),
    "depositToWallet": DEPOSIT,
    "withdrawFromWallet": Told(
        *("POST", "/customers/wallets/withdraw", WALLET, UPDATE, (ID,), ("wallet_balance",)),
        before=(DEPOSIT,),
    ),
    "listLoyaltyPoints": Told("GET", f"/customers/loyalty/points?customer_id={ID}"),
    "updateLoyaltyPoints": Told(
        *("POST", "/customers/loyalty/points"),
        {"type": "plus", "points": 3, "reason": "canary", "customers": [ID]},
        *(UPDATE, (ID,), ("total_points",)),
    ),
    "listChanges": Told("GET", "/_/changes", before=(CHANGE,)),
    "listDeliveries": Told("GET", "/_/deliveries", before=(CHANGE,)),
    "registerWebhook": Told(
        *("POST", "/webhooks/subscribe", HOOK),
        *("webhook.create", None, ("name", "event", "url", "version", "strategy")),
    ),
    "updateWebhook": Told(
        *("PUT", "/webhooks/5", {"name": "canary"}, "webhook.update", (5,), ("name",)),
        route="/webhooks/{webhook}",
    ),
    "deactivateWebhook": Told("DELETE", "/webhooks/unsubscribe?id=5", b"", "webhook.delete", (5,)),
    "getUser": Told("GET", "/oauth2/user/info", b"", "person.view", (OWNER.id,)),
}

SILENT = {
    "listGroups": "groups are no people",
    "listWebhooks": "addresses of an app",
    "listWebhookEvents": "a fixed list",
    "listCountries": "a fixed list",
    "getCountry": "the same",
    "listCities": "the same",
    "listLanguages": "the same",
    "getStore": "the store, and nobody in it",
}
"""Routes with a token whose requests make no entry, and why."""


def send(world: World, token: str, told: Told) -> Answer:
    headers = {"content_type": MULTIPART} if told.body is SHEET else {}
    return world.ask(told.method, told.path, token, told.body, **headers)


@pytest.fixture
def token(world: World) -> str:
    """Return a token that may do everything, in a world with something to do it on."""
    world.tell()
    world.run(world.register.groups.create(world.store.id, Group(40, name="Further")))
    world.run(world.register.people.create(OWNER, PASSWORD, [world.store.id]))
    token = world.mint(world.store, SCOPES)
    hook = blank(5, world.store.id, APP.id, UPDATED, "https://example.com/hook", world.moment)
    world.run(world.register.webhooks.subscribe(hook))
    return token


def test_every_route_with_a_token_is_in_one_of_the_tables(world: World) -> None:
    routes = {route.id for route in all_routes(world.handlers) if route.scopes is not None}
    assert routes == {*TOLD, *SILENT}
    assert not TOLD.keys() & SILENT.keys()


@pytest.mark.parametrize("name", TOLD)
def test_a_request_makes_one_entry_that_names_who_and_what(
    world: World, token: str, name: str
) -> None:
    told = TOLD[name]
    for earlier in told.before:
        assert send(world, token, earlier).status in (200, 201, 202)
    seen = len(world.audited())
    answer = send(world, token, told)
    assert answer.status in (200, 201, 202), answer.body
    (entry,) = world.audited()[seen:]
    assert (entry.action, entry.fields, entry.whole) == (told.action, told.fields, told.whole)
    assert entry.ids == told.ids or (told.ids is None and len(entry.ids) == 1)
    assert (entry.kind, entry.actor, entry.through) == ("app", APP.id, "api")
    own = [one.id for one in world.run(world.register.tokens.all()) if one.hint == hint(token)]
    assert [entry.token] == own
    assert entry.by == told.route or entry.by == told.path.partition("?")[0]
    assert (entry.store, entry.requests) == (world.store.id, (answer.headers["x-request-id"],))
    assert entry.action in ACTIONS
    line = msgspec.json.encode(entry).lower()
    for value in (b"canary", AHMED.email.encode(), str(AHMED.mobile).encode()):
        assert value not in line


@pytest.mark.parametrize("name", SILENT)
def test_a_silent_route_shows_and_changes_nobody(world: World, token: str, name: str) -> None:
    (route,) = (route for route in all_routes(world.handlers) if route.id == name)
    seen = len(world.audited())
    path = route.path.replace("{country}", "1473353380").replace("{webhook}", "5")
    answer = world.ask(route.method, path, token)
    assert AHMED.email.encode() not in answer.body
    assert len(world.audited()) == seen


def test_a_refused_request_makes_no_entry(world: World, token: str) -> None:
    reader = world.mint(world.store, "customers.read")
    seen = len(world.audited())
    assert world.get("/customers/999").status == 404
    assert world.ask("DELETE", f"/customers/{ID}", reader).status == 401
    assert world.get(f"/customers/{ID}", "unknown").status == 401
    assert world.get(f"/customers/{ID}", token, if_match='"other"').status == 412
    assert world.ask("PUT", f"/customers/{ID}", token, {"email": "x"}).status == 422
    assert world.get("/customers?keyword=nobody", token).json["data"] == []
    assert len(world.audited()) == seen


def test_an_answer_that_shows_a_customer_without_a_change_is_a_view(
    world: World, token: str
) -> None:
    assert send(world, token, CHANGE).status == 200
    seen = len(world.audited())
    assert send(world, token, CHANGE).status == 200
    (entry,) = world.audited()[seen:]
    assert (entry.action, entry.ids) == (VIEW, (ID,))


def test_a_delivery_whose_body_is_hidden_is_no_view(world: World, token: str) -> None:
    assert send(world, token, CHANGE).status == 200
    hidden = world.mint(world.store, "webhooks.read")
    seen = len(world.audited())
    assert world.get("/_/deliveries", hidden).status == 200
    assert len(world.audited()) == seen


def test_each_event_of_a_stream_is_a_view_before_it_is_sent(world: World, token: str) -> None:
    assert send(world, token, CHANGE).status == 200
    seen = len(world.audited())

    async def first() -> bytes:
        headers = {"authorization": f"Bearer {token}", "accept": "text/event-stream"}
        stream = await world.respond(request_of("GET", "/_/changes", headers, b""))
        piece = await anext(stream.pieces)
        await stream.pieces.aclose()
        stream.on_end()
        return bytes(piece)

    assert b"Canary" in world.run(first())
    (entry,) = world.audited()[seen:]
    assert (entry.action, entry.ids, entry.by) == (VIEW, (ID,), "/_/changes")


def test_views_of_one_viewer_share_an_entry_until_it_is_sealed(world: World) -> None:
    world.audited()
    answers = [world.get(f"/customers/{ID}") for _ in range(3)]
    entry = world.audited()[-1]
    assert entry.ids == (ID,) * 3
    assert entry.requests == tuple(answer.headers["x-request-id"] for answer in answers)


def test_an_imported_file_is_told_as_its_apps(world: World, token: str) -> None:
    assert send(world, token, TOLD["importCustomers"]).status == 200
    created = world.audited()[-1]

    async def work() -> None:
        importer = Importer(world.register.imports, world.register.stores, world.clock)
        while await importer.turn():
            pass

    world.run(work())
    entry = world.audited()[-1]
    assert (entry.action, entry.kind, entry.actor) == ("customer.create", "app", APP.id)
    assert (entry.through, entry.by) == ("import", str(created.ids[0]))
    assert len(entry.ids) == 1
