"""Webhooks, through the whole application: who may see which, and what is told of deliveries."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import msgspec
import pytest
from fixtures.registers import rekey
from fixtures.world import Answer, World

from sijill.database.sealing import KEY_BYTES, Sealer
from sijill.demo import APP
from sijill.oauth.apps import App
from sijill.openapi.operation import FORM
from sijill.webhooks.events import Event
from sijill.webhooks.handlers import MAX_WEBHOOKS
from sijill.webhooks.model import MASK, AttemptResult, Webhook, wants
from sijill.webhooks.places import Places
from sijill.webhooks.signing import MAX_HEADER_CHARACTERS, verify_salla

PATH, SUBSCRIBE, EVENTS = "/webhooks", "/webhooks/subscribe", "/webhooks/events"
UNSUBSCRIBE, DELIVERIES = "/webhooks/unsubscribe", "/_/deliveries"
URL = "https://app.example.com/webhooks"
NEW = {"event": "customer.created", "url": URL}
PAYLOADS = Path(__file__).parents[1] / "payloads"
OTHER = App(id=77, name="Other", created_at=APP.created_at, client_id="other")


class Manager:
    """An app in a store, with a token that manages webhooks."""

    def __init__(self, world: World, app_id: int = APP.id, *, elsewhere: bool = False) -> None:
        self.world = world
        store = world.other_store if elsewhere else world.store
        self.token = world.mint(store, "webhooks.read_write customers.read_write", app_id)

    def ask(self, method: str, path: str, body: Any = b"", **headers: str) -> Answer:
        return self.world.ask(method, path, self.token, body, **headers)

    def made(self, **fields: Any) -> Any:
        answer = self.ask("POST", SUBSCRIBE, NEW | fields)
        assert answer.status == 200, answer.body
        return answer.json["data"]

    def listed(self) -> list[Any]:
        rows: list[Any] = self.ask("GET", PATH).json["data"]
        return rows

    def urls(self) -> list[str]:
        return sorted(row["url"] for row in self.listed())


@pytest.fixture
def app(world: World) -> Manager:
    world.run(world.register.apps.create(OTHER))
    return Manager(world)


def faults(answer: Answer) -> Any:
    assert answer.status == 422, answer.body
    return answer.json["error"]["fields"]


def payload(name: str) -> Any:
    return json.loads((PAYLOADS / f"{name}.json").read_text("utf-8"))


# Register


@pytest.mark.proves("`POST /webhooks/subscribe`")
def test_the_documented_registration_is_kept_once_its_placeholders_are_filled(
    app: Manager,
) -> None:
    documented = payload("webhook_register_request")
    refused = app.ask("POST", SUBSCRIBE, documented)
    # The sample's rule is about an order, and its header has no name a header can have.
    assert faults(refused).keys() == {"rule", "headers.0.key"}
    documented |= {"rule": "city = Riyadh", "headers": [{"key": "X-Token", "value": "v"}]}
    answer = app.ask("POST", SUBSCRIBE, documented)
    assert answer.status == 200
    data = answer.json["data"]
    assert list(data) == list(payload("webhook_register_response_v2")["data"])
    assert data == documented | {
        "id": data["id"],
        "type": "manual",
        "headers": {"X-Token": "v"},
    }


def test_a_registration_of_version_1_lacks_what_came_later(app: Manager) -> None:
    data = app.made(version="1")
    assert list(data) == list(payload("webhook_register_response_v1")["data"])


def test_a_form_registers_as_json_does(app: Manager) -> None:
    fields = NEW | {"version": "2", "headers[0][key]": "X-A", "headers[0][value]": "b"}
    answer = app.ask("POST", SUBSCRIBE, urlencode(fields).encode(), content_type=FORM)
    assert answer.status == 200
    assert answer.json["data"]["headers"] == {"X-A": "b"}


def test_the_same_url_and_event_again_replace_and_keep_the_id(app: Manager) -> None:
    first = app.made(name="one", rule="city = x")
    second = app.made(name="two")
    app.world.clock.now += 1
    other = app.made(event="customer.updated")
    assert second["id"] == first["id"] != other["id"]
    assert [(row["name"], row["rule"]) for row in app.listed()] == [("two", None), ("", None)]


@pytest.mark.parametrize(
    ("url", "local", "good"),
    [
        (URL, False, True),
        ("https://app.example.com:8443/x?y=1", False, True),
        ("http://app.example.com/", False, False),
        ("https://localhost/", False, False),
        ("https://127.0.0.1/", False, False),
        ("https://[::1]/", False, False),
        ("https://app.example.com:25/", False, False),
        ("https://user@app.example.com/", False, False),
        ("http://127.0.0.1:9000/x", True, True),
        ("http://localhost:9000/x", True, True),
        ("ftp://localhost/x", True, False),
        ("http://169.254.169.254/latest", True, False),
    ],
)
def test_a_url_is_one_that_may_be_sent_to(app: Manager, url: str, local: bool, good: bool) -> None:
    app.world.change(webhook_targets="local" if local else "public")
    answer = app.ask("POST", SUBSCRIBE, NEW | {"url": url})
    if good:
        assert answer.status == 200
    else:
        sample = payload("error_422_webhook_register")["error"]["fields"]
        assert faults(answer) == {"url": sample["url"]}


def test_faults_point_at_the_place_in_a_rule(app: Manager) -> None:
    answer = app.ask("POST", SUBSCRIBE, NEW | {"rule": "city = x AND"}, accept_language="en")
    (told,) = faults(answer)["rule"]
    assert "character 13" in told


@pytest.mark.parametrize("own", [None, "whsec_of_the_app"])
def test_without_a_secret_the_apps_own_signs(app: Manager, own: str | None) -> None:
    changed = msgspec.structs.replace(OTHER, webhook_secret=own)
    app.world.run(app.world.register.apps.update(changed))
    theirs = Manager(app.world, OTHER.id)
    webhook = theirs.made()
    kept = app.world.run(app.world.register.webhooks.find(webhook["id"]))
    assert (kept.secret, kept.strategy) == (own, "signature" if own else "none")
    (row,) = theirs.listed()
    shown = {"strategy": "signature", "secret": MASK} if own else {"strategy": "", "secret": None}
    assert row["security"] == shown


# Update


@pytest.mark.proves("`PUT /webhooks/{webhook}`")
def test_an_update_changes_what_it_names_and_answers_in_the_documented_order(
    app: Manager,
) -> None:
    made = app.made(name="one", rule="city = x", secret="s3cret")
    answer = app.ask("PUT", f"{PATH}/{made['id']}", {"name": "two", "event": "customer.login"})
    assert answer.status == 200
    data = answer.json["data"]
    assert list(data) == list(payload("webhook_update_response")["data"])
    assert data == made | {"name": "two", "security": {"strategy": "signature", "secret": MASK}}


def stored(app: Manager, webhook: int) -> Webhook:
    return app.world.run(app.world.register.webhooks.find(webhook))


@pytest.mark.parametrize(
    ("fields", "shown"),
    [
        ({}, None),
        ({"secret": "s3cret"}, MASK),
        ({"secret": "s3cret", "security_strategy": "token"}, MASK),
        ({"secret": "s3cret", "security_strategy": "none"}, MASK),
    ],
)
@pytest.mark.parametrize("own", [None, "whsec_of_the_app"])
def test_a_mask_that_is_sent_back_changes_nothing(
    app: Manager, fields: Any, shown: str | None, own: str | None
) -> None:
    made = app.made(**fields, headers=[{"key": "X-Key", "value": "k3y"}])
    before = stored(app, made["id"])
    (row,) = app.listed()
    assert row["security"]["secret"] == shown
    app.world.run(app.world.register.apps.update(msgspec.structs.replace(APP, webhook_secret=own)))
    masks = {"secret": MASK, "headers": [{"key": "x-key", "value": MASK}]}
    answer = app.ask("PUT", f"{PATH}/{made['id']}", masks)
    assert answer.status == 200
    after = stored(app, made["id"])
    assert (after.secret, after.strategy) == (before.secret, before.strategy)
    assert after.headers == (("x-key", "k3y"),)


def test_a_registration_anew_with_masks_keeps_what_is_stored(app: Manager) -> None:
    headers = [{"key": "X-Key", "value": "k3y"}, {"key": "X-Other", "value": "other"}]
    made = app.made(secret="s3cret", security_strategy="token", headers=headers)
    app.made(secret=MASK, headers=[{"key": "X-Key", "value": MASK}])
    kept = stored(app, made["id"])
    assert (kept.secret, kept.strategy) == ("s3cret", "token")
    assert kept.headers == (("X-Key", "k3y"),)


def test_a_mask_is_no_secret_where_there_is_none(app: Manager) -> None:
    kept = stored(app, app.made(secret=MASK)["id"])
    assert (kept.secret, kept.strategy) == (None, "none")
    refused = app.ask("POST", SUBSCRIBE, NEW | {"secret": MASK, "security_strategy": "token"})
    assert faults(refused).keys() == {"secret"}


def test_headers_that_a_mask_keeps_count_towards_their_length(app: Manager) -> None:
    long = "v" * (MAX_HEADER_CHARACTERS - 10)
    made = app.made(headers=[{"key": "X-Key", "value": long}])
    headers = [{"key": "X-Key", "value": MASK}, {"key": "X-Other", "value": long}]
    assert faults(app.ask("PUT", f"{PATH}/{made['id']}", {"headers": headers})).keys() == {
        "headers"
    }


@pytest.mark.parametrize(
    ("scopes", "shown"),
    [
        ("webhooks.read", MASK),
        ("webhooks.read customers.read", MASK),
        ("webhooks.read_write", "k3y"),
    ],
)
def test_headers_are_whole_for_a_token_that_may_change_them(
    telling: Manager, scopes: str, shown: str
) -> None:
    headers = [{"key": "X-Key", "value": "k3y"}, {"key": "User-Agent", "value": "k3y"}]
    telling.made(headers=headers)
    create(telling)
    token = telling.world.mint(telling.world.store, scopes)
    (row,) = telling.world.get(PATH, token).json["data"]
    assert row["headers"] == {"X-Key": shown, "User-Agent": shown}
    (delivery,) = telling.world.get(DELIVERIES, token).json["deliveries"]
    assert (delivery["headers"]["X-Key"], delivery["headers"]["User-Agent"]) == (shown, shown)


def test_an_update_ends_a_pause(app: Manager) -> None:
    made = app.made()
    world = app.world
    hook = world.run(world.register.webhooks.find(made["id"]))
    paused = msgspec.structs.replace(hook, paused="gone", failing_since=world.moment)
    world.run(world.register.webhooks.subscribe(paused))
    assert app.ask("PUT", f"{PATH}/{made['id']}", {"name": "x"}).status == 200
    assert world.run(world.register.webhooks.find(made["id"])).paused is None


def test_an_update_cannot_take_the_place_of_another(app: Manager) -> None:
    made = app.made()
    app.made(url=f"{URL}/2")
    answer = app.ask("PUT", f"{PATH}/{made['id']}", {"url": f"{URL}/2"})
    assert faults(answer).keys() == {"url"}
    assert app.urls() == [URL, f"{URL}/2"]


def test_an_absent_webhook_is_told_before_a_faulty_body(app: Manager) -> None:
    assert app.ask("PUT", f"{PATH}/5", {"version": 9}).status == 404
    assert app.ask("PUT", f"{PATH}/x", b"{").status == 404
    made = app.made()
    assert app.ask("PUT", f"{PATH}/{made['id']}", b"{").status == 400
    assert faults(app.ask("PUT", f"{PATH}/{made['id']}", {"version": 9})).keys() == {"version"}


# List


def test_the_list_has_pages_and_a_tag(app: Manager) -> None:
    for number in range(3):
        app.world.clock.now += 1
        app.made(url=f"{URL}/{number}")
    answer = app.ask("GET", f"{PATH}?per_page=2")
    assert [row["url"] for row in answer.json["data"]] == [f"{URL}/0", f"{URL}/1"]
    assert answer.json["pagination"] == {
        "count": 2,
        "total": 3,
        "perPage": 2,
        "currentPage": 1,
        "totalPages": 2,
        "links": {"next": "http://127.0.0.1:8466/webhooks?per_page=2&page=2"},
    }
    tag = answer.headers["etag"]
    assert app.ask("GET", f"{PATH}?per_page=2", if_none_match=tag).status == 304


def test_events_are_listed_without_pages_in_the_language_that_is_asked_for(app: Manager) -> None:
    answer = app.ask("GET", EVENTS)
    assert list(answer.json) == ["status", "success", "data"]
    assert answer.json["data"][0] == {
        "id": 1764372897,
        "label": "تمت إضافة عميل",
        "event": "customer.created",
    }
    english = app.ask("GET", EVENTS, accept_language="en")
    assert english.json["data"][0]["label"] == "A customer was added"


# Unsubscribe


@pytest.mark.proves("`DELETE /webhooks/unsubscribe`")
def test_an_id_ends_one_and_a_url_all_of_its_webhooks(app: Manager) -> None:
    first = app.made()
    app.made(event="customer.updated")
    app.made(event="customer.login")
    app.made(url=f"{URL}/2")
    answer = app.ask("DELETE", f"{UNSUBSCRIBE}?id={first['id']}")
    assert (answer.status, answer.json) == (202, payload("webhook_unsubscribe_response"))
    assert app.urls() == [URL, URL, f"{URL}/2"]
    assert app.ask("DELETE", f"{UNSUBSCRIBE}?{urlencode({'url': URL})}").status == 202
    assert app.urls() == [f"{URL}/2"]


@pytest.mark.parametrize("query", ["", "?id=", "?id=abc", "?id=1.5", f"?id=x&url={URL}"])
def test_an_unsubscription_that_names_nothing_is_refused_as_documented(
    app: Manager, query: str
) -> None:
    app.made()
    answer = app.ask("DELETE", UNSUBSCRIBE + query)
    assert (answer.status, answer.json) == (422, payload("error_422_webhook_unsubscribe"))
    assert app.urls() == [URL]


def test_an_absent_webhook_is_a_404(app: Manager) -> None:
    assert app.ask("DELETE", f"{UNSUBSCRIBE}?id=5").status == 404
    assert app.ask("DELETE", f"{UNSUBSCRIBE}?url={URL}").status == 404


# Whose they are


def strangers(app: Manager) -> list[Manager]:
    return [Manager(app.world, OTHER.id), Manager(app.world, elsewhere=True)]


@pytest.mark.proves("webhooks of another app or store")
def test_another_apps_and_another_stores_webhook_are_absent(app: Manager) -> None:
    made = app.made()
    for stranger in strangers(app):
        assert stranger.listed() == []
        for method, path in (
            ("PUT", f"{PATH}/{made['id']}"),
            ("DELETE", f"{UNSUBSCRIBE}?id={made['id']}"),
            ("DELETE", f"{UNSUBSCRIBE}?url={URL}"),
        ):
            theirs = stranger.ask(method, path, {"name": "mine"})
            assert theirs.status == 404
            assert theirs.body == stranger.ask("PUT", f"{PATH}/5").body
    assert app.listed()[0]["name"] == ""


def test_the_same_url_and_event_are_each_apps_own(app: Manager) -> None:
    managers = [app, *strangers(app)]
    ids = {manager.made()["id"] for manager in managers}
    assert len(ids) == 3
    assert app.ask("DELETE", f"{UNSUBSCRIBE}?url={URL}").status == 202
    assert [manager.urls() for manager in managers] == [[], [URL], [URL]]


def test_the_webhook_of_an_apps_installs_is_not_to_be_seen_or_touched(app: Manager) -> None:
    world = app.world
    told = msgspec.structs.replace(OTHER, webhook_url=URL, webhook_secret="s")
    world.run(world.register.installs.subscribe_app(told, world.store.id, world.moment))
    (hidden,) = world.run(world.register.webhooks.all())
    theirs = Manager(world, OTHER.id)
    assert theirs.listed() == []
    assert theirs.ask("PUT", f"{PATH}/{hidden.id}", {"url": f"{URL}/2"}).status == 404
    assert theirs.ask("PUT", f"{PATH}/{hidden.id}", {"version": 9}).status == 404
    assert theirs.ask("DELETE", f"{UNSUBSCRIBE}?id={hidden.id}").status == 404
    assert theirs.ask("DELETE", f"{UNSUBSCRIBE}?url={URL}").status == 404
    assert world.run(world.register.webhooks.find(hidden.id)) == hidden


# Deliveries


@pytest.fixture
def telling(app: Manager) -> Manager:
    app.world.tell()
    return app


def deliveries(manager: Manager, query: str = "") -> list[Any]:
    answer = manager.ask("GET", DELIVERIES + query)
    assert answer.status == 200, answer.body
    rows: list[Any] = answer.json["deliveries"]
    return rows


def create(manager: Manager, number: int = 1) -> None:
    manager.world.clock.now += 1
    body = {"email": f"c{number}@example.com"}
    assert manager.ask("POST", "/customers", body).status == 200


@pytest.mark.proves("`GET /_/deliveries` (ours)")
def test_a_delivery_tells_what_is_sent_to_the_byte(telling: Manager) -> None:
    made = telling.made(secret="s3cret", headers=[{"key": "X-Own", "value": "1"}])
    create(telling)
    (row,) = deliveries(telling)
    assert list(row) == [
        *("id", "webhook", "event", "url", "state", "attempts", "status", "error"),
        *("created_at", "headers", "body"),
    ]
    assert (row["webhook"], row["event"], row["url"]) == (made["id"], NEW["event"], URL)
    assert (row["state"], row["attempts"], row["status"]) == ("pending", 0, None)
    signature = row["headers"]["X-Salla-Signature"]
    assert verify_salla("s3cret", row["body"].encode(), signature)
    assert row["headers"]["X-Own"] == "1"
    assert row["headers"]["webhook-id"] == row["id"]
    assert json.loads(row["body"])["data"]["email"] == "c1@example.com"


def test_a_delivery_of_a_deleted_customer_shows_neither_body_nor_signature(
    telling: Manager,
) -> None:
    telling.made(secret="s3cret", headers=[{"key": "X-Own", "value": "1"}])
    create(telling)
    (row,) = deliveries(telling)
    made = json.loads(row["body"])["data"]["id"]
    assert telling.ask("DELETE", f"/customers/{made}").status == 200
    (gone,) = deliveries(telling)
    assert gone == row | {"state": "erased", "headers": {}, "body": None}
    assert deliveries(telling, "?state=erased") == [gone]
    assert deliveries(telling, "?state=pending") == []


def test_the_newest_delivery_is_first_and_the_limit_is_heeded(telling: Manager) -> None:
    telling.made()
    for number in range(3):
        create(telling, number)
    emails = [json.loads(row["body"])["data"]["email"] for row in deliveries(telling)]
    assert emails == ["c2@example.com", "c1@example.com", "c0@example.com"]
    assert len(deliveries(telling, "?limit=2")) == 2


def test_deliveries_are_chosen_by_event_and_state(telling: Manager) -> None:
    telling.made()
    create(telling)
    world = telling.world
    deliveries(telling)
    (due,) = world.run(
        world.register.deliveries.claim(world.moment, world.moment + timedelta(seconds=9), Places())
    )
    outcome = AttemptResult("captured", None, None, world.moment)
    world.run(world.register.deliveries.finish(due, outcome, world.moment))
    for query, found in (
        ("?state=captured", 1),
        ("?state=pending", 0),
        ("?event=customer.created", 1),
        ("?event=customer.updated", 0),
        ("?event=customer.created&state=captured", 1),
    ):
        assert len(deliveries(telling, query)) == found, query


@pytest.mark.parametrize(
    ("query", "field"),
    [("event=x", "event"), ("state=sent", "state"), ("limit=0", "limit"), ("limit=x", "limit")],
)
def test_a_faulty_choice_of_deliveries_is_refused_by_name(
    app: Manager, query: str, field: str
) -> None:
    assert faults(app.ask("GET", f"{DELIVERIES}?{query}")).keys() == {field}


def test_deliveries_are_the_apps_own_in_its_own_store(telling: Manager) -> None:
    telling.made()
    create(telling)
    assert len(deliveries(telling)) == 1
    assert [deliveries(stranger) for stranger in strangers(telling)] == [[], []]


def test_the_secret_of_the_token_strategy_is_masked(telling: Manager) -> None:
    telling.made(secret="canary", security_strategy="token")
    create(telling)
    answer = telling.ask("GET", DELIVERIES)
    (row,) = answer.json["deliveries"]
    assert row["headers"]["Authorization"] == MASK
    assert b"canary" not in answer.body


def test_a_body_is_for_who_may_read_customers(telling: Manager) -> None:
    telling.made()
    create(telling)
    token = telling.world.mint(telling.world.store, "webhooks.read")
    answer = telling.world.get(DELIVERIES, token)
    assert answer.json["deliveries"][0]["body"] is None
    assert b"c1@example.com" not in answer.body


def test_deliveries_of_installs_which_hold_tokens_are_told_to_nobody(app: Manager) -> None:
    world = app.world
    told = msgspec.structs.replace(OTHER, webhook_url=URL, webhook_secret="s")
    world.run(world.register.installs.subscribe_app(told, world.store.id, world.moment))
    event = Event("evt_1", world.store.id, "app.store.authorize", world.moment, b"{}", None, 77)
    world.run(world.register.outbox.append(event))
    assert world.run(world.register.outbox.sequence_events(wants, world.moment, 10)) == 1
    assert len(world.run(world.register.deliveries.all())) == 1
    assert deliveries(Manager(world, OTHER.id)) == []


def test_an_app_that_may_not_read_customers_cannot_subscribe_to_them(world: World) -> None:
    token = world.mint(world.store, "webhooks.read_write")
    body = {"event": "customer.created", "url": "https://app.example.com/hooks"}
    answer = world.ask("POST", "/webhooks/subscribe", token, body)
    assert answer.status == 401
    assert "customers.read" in answer.json["error"]["message"]
    assert world.ask("GET", "/webhooks", token).json["data"] == []


def test_an_app_that_may_not_read_customers_cannot_redirect_their_events(world: World) -> None:
    own = world.mint(world.store, "webhooks.read_write customers.read")
    body = {"event": "customer.created", "url": "https://app.example.com/hooks"}
    hook = world.ask("POST", "/webhooks/subscribe", own, body).json["data"]["id"]
    narrow = world.mint(world.store, "webhooks.read_write")
    answer = world.ask("PUT", f"/webhooks/{hook}", narrow, {"url": "https://evil.example.com/"})
    assert answer.status == 401
    assert world.ask("GET", "/webhooks", own).json["data"][0]["url"] == body["url"]


def test_an_app_has_only_so_many_webhooks_and_may_still_replace_one(world: World) -> None:
    own = world.mint(world.store, "webhooks.read_write customers.read")

    def subscribe(number: int) -> Answer:
        body = {"event": "customer.created", "url": f"https://app.example.com/{number}"}
        return world.ask("POST", "/webhooks/subscribe", own, body)

    world.change(policy=world.policy._replace(plans=False))
    assert {subscribe(number).status for number in range(MAX_WEBHOOKS)} == {200}
    assert subscribe(MAX_WEBHOOKS).status == 422
    assert subscribe(7).status == 200


def test_webhooks_sealed_under_another_key_are_seen_and_mended(world: World) -> None:
    own = world.mint(world.store, "webhooks.read_write customers.read")
    body = {
        "event": "customer.created",
        "url": "https://app.example.com/hooks",
        "security_strategy": "signature",
        "secret": "a secret of sixteen",
    }
    hook = world.ask("POST", "/webhooks/subscribe", own, body).json["data"]["id"]
    rekey(world.register, Sealer(bytes(KEY_BYTES)))
    assert world.ask("GET", "/webhooks", own).json["data"][0]["id"] == hook
    assert world.ask("GET", "/_/deliveries", own).status == 200
    assert world.ask("PUT", f"/webhooks/{hook}", own, {"name": "x"}).status == 422
    mended = world.ask("PUT", f"/webhooks/{hook}", own, {"secret": "another of sixteen"})
    assert mended.status == 200
    assert world.run(world.register.webhooks.find(hook)).secret == "another of sixteen"
