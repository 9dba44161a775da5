"""The doctor on webhooks, and on the key that seals their secrets."""

import json
import time
from datetime import UTC, datetime

import pytest
from cli.operating import Operator
from fixtures.events import grant

from sijill.cli.background import VARIABLES
from sijill.doctor import disk
from sijill.register import Register
from sijill.telemetry.unnamed_proxy import UnnamedProxy
from sijill.webhooks.events import CREATED, Event
from sijill.webhooks.model import AttemptResult, Webhook
from sijill.webhooks.places import Places

NOW = datetime(2026, 11, 25, 10, tzinfo=UTC)
KEY = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="


def findings(shop: Operator, *words: str, code: int = 0) -> dict[str, tuple[str, str]]:
    rows = json.loads(shop.type("doctor", "--json", *words, code=code).stdout)
    return {row["check"]: (row["status"], row["finding"]) for row in rows}


def subscribe(shop: Operator) -> None:
    store, app = shop.json("store", "list")[0]["id"], shop.json("app", "list")[0]["id"]
    assert isinstance(store, int)
    assert isinstance(app, int)
    url = "https://a.example/"
    hook = Webhook(1, store, app, "", CREATED, url, 2, None, (), "none", None, NOW)

    async def gone(register: Register) -> None:
        await grant(register, app, store)
        await register.webhooks.subscribe(hook)
        await register.outbox.append(Event("evt_1", store, CREATED, NOW, b"{}"))
        await register.outbox.sequence_events(lambda hook, event: True, NOW, 9)
        (due,) = await register.deliveries.claim(NOW, NOW, Places())
        await register.deliveries.finish(due, AttemptResult("dead", 410, None, NOW, "gone"), NOW)

    shop.ask(gone)


def test_a_key_that_others_can_read_is_a_fault(shop: Operator) -> None:
    assert findings(shop)["secret_key"][1].startswith("not made yet")
    shop.type("app", "create", "hears", "--webhook-url", "https://hears.example.com/hooks")
    (shop.folder / "data" / "secret.key").chmod(0o640)
    status, sentence = findings(shop, code=1)["secret_key"]
    assert status == "fail"
    assert "secret.key can be read by others: chmod go= it" in sentence


@pytest.mark.parametrize("where", ["", "postgresql://127.0.0.1:1/none"])
def test_machines_that_would_each_make_a_key_are_warned_of(shop: Operator, where: str) -> None:
    words = ["--nodes", "2", *(["--database-url", where] if where else [])]
    assert findings(shop, *words, code=1)["secret_key"][0] == "warn"


def test_a_key_of_the_settings_serves_any_number_of_machines(
    shop: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SIJILL_SECRET_KEY", KEY)
    found = findings(shop, "--nodes", "2", code=1)["secret_key"]
    assert found == ("pass", "from the settings")
    assert KEY not in str(found)


def test_paused_webhooks_and_dead_deliveries_are_counted(shop: Operator) -> None:
    assert findings(shop)["webhooks"] == ("pass", "0 webhook(s), 0 paused, 0 dead deliveries")
    subscribe(shop)
    status, sentence = findings(shop)["webhooks"]
    assert status == "warn"
    assert sentence.startswith("1 webhook(s), 1 paused, 1 dead deliveries: see sijill webhook")


def test_webhooks_whose_app_has_no_grant_are_told(shop: Operator) -> None:
    subscribe(shop)
    assert findings(shop)["grants"] == ("pass", "the app of every webhook has a living grant")
    (token,) = shop.json("token", "list")
    shop.type("token", "revoke", str(token["id"]))
    status, sentence = findings(shop)["grants"]
    assert status == "warn"
    assert sentence.startswith("1 webhook(s) are paused: their apps have no living token")


def test_an_app_of_which_no_more_deliveries_may_wait_is_told(shop: Operator) -> None:
    subscribe(shop)
    assert findings(shop)["waiting"][0] == "pass"
    (store,), (app,) = shop.json("store", "list"), shop.json("app", "list")

    async def happen(register: Register) -> None:
        await register.outbox.append(Event("evt_2", int(str(store["id"])), CREATED, NOW, b"{}"))
        await register.outbox.sequence_events(lambda hook, event: True, NOW, 9)

    shop.ask(happen)
    status, sentence = findings(shop, "--webhook-waiting", "1")["waiting"]
    assert status == "warn"
    assert sentence.startswith(f"app {app['id']} in store {store['id']}: 1 deliveries wait")


def test_secrets_of_another_key_are_found(shop: Operator, monkeypatch: pytest.MonkeyPatch) -> None:
    subscribe(shop)
    monkeypatch.setenv("SIJILL_SECRET_KEY", KEY)
    status, sentence = findings(shop, code=1)["webhooks"]
    assert (status, sentence) == ("fail", "their secrets are sealed under another secret_key")


@pytest.mark.parametrize(
    ("free", "status", "words"),
    [
        (0, "fail", "writes fail"),
        (2**20, "fail", "free space"),
        (2**30, "warn", "free space"),
        (50 * 2**30, "pass", "free"),
    ],
)
def test_a_disk_that_fills_is_told(free: int, status: str, words: str) -> None:
    finding = disk(free, 100 * 2**30)
    assert finding.status == status
    assert words in finding.sentence


def test_a_database_that_is_not_there_is_told_and_not_made(shop: Operator) -> None:
    database = shop.folder / "data" / "sijill.db"
    database.rename(database.with_name("aside"))
    status, sentence = findings(shop)["database"]
    assert status == "warn"
    assert sentence == f"there is no file {database}: serving makes an empty one"
    assert not database.exists()


@pytest.mark.proves("`sijill doctor` warns of a proxy that no setting names")
def test_a_proxy_that_is_not_named_is_warned_of_until_it_is(shop: Operator) -> None:
    assert findings(shop)["proxies"] == (
        "pass",
        "no proxy is named, and no request came through one",
    )
    UnnamedProxy(shop.folder / "data", "").note(time.time())
    status, sentence = findings(shop)["proxies"]
    assert status == "warn"
    assert "trusted_proxies" in sentence
    named = findings(shop, "--trusted-proxies", "127.0.0.1, 10.0.0.0/8")["proxies"]
    assert named == ("pass", "127.0.0.1, 10.0.0.0/8")


def test_the_variables_of_a_sandbox_are_known(
    shop: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in VARIABLES:
        monkeypatch.setenv(name, "sjl_sa_0123456789012345")
    assert findings(shop)["variables"][0] == "pass"
