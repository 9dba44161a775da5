"""`sijill webhook`: what an operator sees of webhooks, and what they can set going again."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cli.operating import Operator
from fixtures.events import grant
from msgspec.structs import replace

from sijill.customers.examples import AHMED
from sijill.customers.model import Edit
from sijill.register import Register
from sijill.webhooks.events import CREATED, Event
from sijill.webhooks.model import AttemptResult, ClaimedDelivery, Delivery, State, Webhook
from sijill.webhooks.places import Places

NOW = datetime(2026, 11, 25, 10, tzinfo=UTC)
SECRET = "a-secret-of-theirs"
HOOK = Webhook(
    id=31,
    store_id=7,
    app_id=0,
    name="mine",
    event=CREATED,
    url="https://a.example/hook",
    version=2,
    rule=None,
    headers=(("X-Key", "hidden-header"),),
    strategy="signature",
    secret=SECRET,
    created_at=NOW,
)


@pytest.fixture
def shop(operator: Operator) -> Operator:
    """A store with a customer and a webhook, and another store."""
    operator.type("store", "create", "shop", "--id", "7")
    operator.type("store", "create", "kiosk", "--id", "8")
    operator.type("app", "create", "reader")
    (row,) = operator.json("app", "list")

    async def fill(register: Register) -> None:
        await register.customers.change(7, [Edit(AHMED.id, lambda _: replace(AHMED, groups=()))])
        await grant(register, row["id"], 7)
        await register.webhooks.subscribe(replace(HOOK, app_id=row["id"]))

    operator.ask(fill)
    return operator


async def happen(register: Register, id_: str, at: datetime, state: State) -> None:
    """Let an event be told once, with this result."""
    await register.outbox.append(Event(id_, 7, CREATED, at, b'{"data":{}}', AHMED.id))
    await register.outbox.sequence_events(lambda hook, event: True, at, 10)
    (due,) = await register.deliveries.claim(at, at + timedelta(hours=1), Places())
    await register.deliveries.finish(
        due, AttemptResult(state, 500, None, at + timedelta(minutes=5)), at
    )


def happened(shop: Operator) -> Sequence[Event]:
    """Return every event of the store, in the order in which they were written."""

    async def ask(register: Register) -> list[Event]:
        await register.outbox.sequence_events(lambda hook, event: True, NOW, 100)
        changes = await register.outbox.changes(7, after=0, names=(), limit=100)
        return [one.event for one in changes]

    return shop.ask(ask)


def states(shop: Operator) -> dict[str, tuple[str, int]]:
    async def ask(register: Register) -> list[Delivery]:
        return await register.deliveries.all()

    return {one.event_id: (one.state, one.attempts) for one in shop.ask(ask)}


def test_webhooks_are_listed_without_what_they_prove_themselves_by(shop: Operator) -> None:
    (row,) = shop.json("webhook", "list")
    assert (row["id"], row["event"], row["url"]) == (31, CREATED, HOOK.url)
    assert (row["strategy"], row["paused"]) == ("signature", None)
    assert [row["id"] for row in shop.json("webhook", "list", "--store", "shop")] == [31]
    assert shop.json("webhook", "list", "--store", "kiosk") == []
    shown = shop.type("webhook", "list").stdout + json.dumps(row)
    assert HOOK.url in shown
    assert SECRET not in shown
    assert "hidden-header" not in shown


def test_a_webhook_whose_app_has_no_living_token_is_listed_as_paused(shop: Operator) -> None:
    (token,) = shop.json("token", "list")
    shop.type("token", "revoke", str(token["id"]))
    (row,) = shop.json("webhook", "list")
    assert row["paused"] == "no_grant"
    shop.type("token", "create", "--store", "shop", "--app", "reader", "--scope", "customers.read")
    (row,) = shop.json("webhook", "list")
    assert row["paused"] is None


def test_deliveries_are_listed_newest_first_by_store_and_state(shop: Operator) -> None:
    async def fill(register: Register) -> None:
        await happen(register, "evt_1", NOW, "done")
        await happen(register, "evt_2", NOW + timedelta(hours=1), "dead")

    shop.ask(fill)
    rows = shop.json("webhook", "deliveries")
    assert [(row["event_id"], row["state"]) for row in rows] == [
        ("evt_2", "dead"),
        ("evt_1", "done"),
    ]
    assert (rows[0]["status"], rows[0]["attempts"]) == (500, 1)
    assert [r["event_id"] for r in shop.json("webhook", "deliveries", "--limit", "1")] == ["evt_2"]
    done = shop.json("webhook", "deliveries", "--store", "shop", "--state", "done")
    assert [row["event_id"] for row in done] == ["evt_1"]
    assert shop.json("webhook", "deliveries", "--store", "kiosk") == []
    assert "evt_2" in shop.type("webhook", "deliveries").stdout
    wrong = shop.type("webhook", "deliveries", "--state", "lost", code=64)
    assert "state: write one of: pending, done, dead, captured" in wrong.stderr


def test_attempts_of_an_event_are_listed_oldest_first(shop: Operator) -> None:
    async def fill(register: Register) -> None:
        await happen(register, "evt_1", NOW, "pending")
        for number in (1, 2):
            at = NOW + timedelta(hours=number)
            (due,) = await register.deliveries.claim(at, at, Places())
            failed = AttemptResult("pending", None, "timeout", at)
            await register.deliveries.finish(due, failed, at + timedelta(seconds=number), at)

    shop.ask(fill)
    rows = shop.json("webhook", "attempts", "evt_1")
    assert [(row["at"], row["answer"], row["milliseconds"]) for row in rows] == [
        ("2026-11-25T11:00:00Z", "timeout", 1000),
        ("2026-11-25T12:00:00Z", "timeout", 2000),
    ]
    assert shop.json("webhook", "deliveries")[0]["tried"] == [
        {name: row[name] for name in ("at", "answer", "milliseconds")} for row in rows
    ]
    assert "timeout" in shop.type("webhook", "attempts", "evt_1").stdout
    absent = shop.type("webhook", "attempts", "evt_none", code=1)
    assert "there is no delivery of an event evt_none" in absent.stderr


def test_an_event_is_delivered_again_from_the_first_attempt_on(shop: Operator) -> None:
    shop.ask(lambda register: happen(register, "evt_1", NOW, "done"))
    assert states(shop) == {"evt_1": ("done", 1)}
    assert shop.type("webhook", "redeliver", "evt_1").stdout == "1\n"
    assert states(shop) == {"evt_1": ("pending", 0)}
    assert shop.type("webhook", "redeliver", "evt_none").stdout == "0\n"


@pytest.mark.parametrize(
    ("words", "again"),
    [
        ("", {"evt_0", "evt_1", "evt_2"}),
        ("--since 2026-11-25T11:00", {"evt_1", "evt_2"}),
        ("--until 2026-11-25T14:00+03:00", {"evt_0"}),
        ("--since 2026-11-25T11:00Z --until 2026-11-25T12:00Z", {"evt_1"}),
    ],
)
def test_the_dead_of_a_range_are_delivered_again_and_no_others(
    shop: Operator, words: str, again: set[str]
) -> None:
    async def fill(register: Register) -> None:
        for number in range(3):
            at = NOW + timedelta(hours=number)
            await happen(register, f"evt_{number}", at, "dead")
        await happen(register, "evt_done", NOW, "done")

    shop.ask(fill)
    printed = shop.type("webhook", "redeliver", "--dead", *words.split()).stdout
    assert printed == f"{len(again)}\n"
    assert {id_ for id_, (state, _) in states(shop).items() if state == "pending"} == again


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("", "name an event, or --dead"),
        ("evt_1 --dead", "name an event, or --dead"),
        ("evt_1 --since 2026-11-25", "name an event, or --dead"),
        ("--dead --since yesterday", "since: write ISO 8601"),
    ],
)
def test_deliveries_to_repeat_are_chosen_in_one_way(
    shop: Operator, words: str, sentence: str
) -> None:
    assert sentence in shop.type("webhook", "redeliver", *words.split(), code=64).stderr


def test_a_paused_webhook_goes_on_when_it_is_resumed(shop: Operator) -> None:
    async def pause(register: Register) -> None:
        await register.outbox.append(Event("evt_1", 7, CREATED, NOW, b'{"data":{}}', AHMED.id))
        await register.outbox.sequence_events(lambda hook, event: True, NOW, 10)
        (due,) = await register.deliveries.claim(NOW, NOW, Places())
        gone = AttemptResult("dead", 410, None, NOW, "gone")
        await register.deliveries.finish(ClaimedDelivery(*due), gone, NOW)

    shop.ask(pause)
    (row,) = shop.json("webhook", "list")
    assert (row["paused"], row["failing_since"]) == ("gone", "2026-11-25T10:00:00Z")
    told = shop.type("webhook", "resume", "31").output
    assert told == "webhook 31 is resumed: what fell due meanwhile is sent\n"
    (row,) = shop.json("webhook", "list")
    assert (row["paused"], row["failing_since"]) == (None, None)
    absent = shop.type("webhook", "resume", "32", code=1)
    assert "there is no webhook 32: see sijill webhook list" in absent.stderr


def trigger(shop: Operator, name: str, *words: str) -> dict[str, Any]:
    """Return what the event says."""
    where = ("--customer", str(AHMED.id), "--store", "shop")
    printed = shop.type("webhook", "trigger", name, *where, *words).stdout.strip()
    event = happened(shop)[-1]
    assert (event.id, event.name, event.customer_id) == (printed, name, AHMED.id)
    told: dict[str, Any] = json.loads(event.body)
    assert (told["event"], told["merchant"]) == (name, 7)
    data: dict[str, Any] = told["data"]
    return data


@pytest.mark.parametrize("name", ["customer.created", "customer.updated"])
def test_an_event_is_triggered_with_the_customer_as_kept(shop: Operator, name: str) -> None:
    data = trigger(shop, name)
    assert (data["id"], data["first_name"], data["mobile"]) == (AHMED.id, "Ahmed", 777777777)
    assert data["is_notifications_enabled"] is True
    assert "source" not in data


def test_an_event_that_no_webhook_listens_to_is_said_to_reach_nobody(shop: Operator) -> None:
    about = ("--customer", str(AHMED.id), "--store", "shop")
    told = "sijill: no webhook of shop listens to customer.updated: nothing is sent\n"
    assert shop.type("webhook", "trigger", "customer.updated", *about).stderr == told
    assert shop.type("webhook", "trigger", CREATED, *about).stderr == ""


def test_a_login_says_whence_it_came(shop: Operator) -> None:
    assert trigger(shop, "customer.login")["source"]["device"] == "desktop"
    source = trigger(shop, "customer.login", "--device", "mobile", "--ip", "::1")["source"]
    assert (source["device"], source["ip"]) == ("mobile", "::1")
    assert source["user-agent"].startswith("Mozilla/5.0")


def test_a_code_could_not_be_brought_to_the_customers_mobile(shop: Operator) -> None:
    name = "customer.otp.request"
    assert trigger(shop, name) == {"code": "5331", "contact": "+967777777777"}
    given = trigger(shop, name, "--code", "42", "--contact", "x@example.com")
    assert given == {"code": "42", "contact": "x@example.com"}


def test_the_bytes_of_an_event_are_as_the_setting_says(shop: Operator) -> None:
    trigger(shop, "customer.created", "--webhook-body", "escaped")
    trigger(shop, "customer.created")
    escaped, plain = (event.body for event in happened(shop)[-2:])
    assert b"\\/" in escaped
    assert b"\\/" not in plain


def test_a_script_reads_what_was_triggered_from_json(shop: Operator) -> None:
    words = ("customer.created", "--customer", str(AHMED.id), "--store", "shop")
    (row,) = shop.json("webhook", "trigger", *words)
    assert (row["id"], row["store_id"]) == (happened(shop)[-1].id, 7)


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (f"order.created --customer {AHMED.id} --store shop", 64, "event: write one of: customer"),
        ("customer.created --customer 1 --store shop", 1, "there is no customer 1 in shop"),
        (f"customer.created --customer {AHMED.id} --store kiosk", 1, "there is no customer"),
        (f"customer.created --customer {AHMED.id} --store none", 1, "there is no store none"),
    ],
)
def test_an_event_about_nobody_is_not_triggered(
    shop: Operator, words: str, code: int, sentence: str
) -> None:
    before = happened(shop)
    assert sentence in shop.type("webhook", "trigger", *words.split(), code=code).stderr
    assert happened(shop) == before
