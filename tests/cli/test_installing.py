"""Apps hear of their own installs: where, signed with what, and in which words."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cli.operating import Operator
from msgspec.structs import replace

from sijill.oauth.apps import App
from sijill.register import Register
from sijill.webhooks.events import Event
from sijill.webhooks.model import ClaimedDelivery, Webhook
from sijill.webhooks.places import Places

URL = "https://app.example/hooks"
OTHER = "https://app.example:8443/other"
CHOSEN = "chosen-secret-of-theirs"


@pytest.fixture
def shop(operator: Operator) -> Operator:
    operator.type("store", "create", "shop", "--id", "7", "--timezone", "Pacific/Kiritimati")
    return operator


def create(shop: Operator, *words: str) -> dict[str, Any]:
    scopes = ("--scope", "customers.read_write", "--scope", "settings.read")
    (row,) = shop.json("app", "create", "reader", *scopes, *words)
    return row


def create_other(shop: Operator) -> dict[str, Any]:
    (row,) = shop.json("app", "create", "other", "--webhook-url", URL)
    return row


def kept(shop: Operator) -> App:
    apps = shop.ask(lambda register: register.apps.all())
    return next(app for app in apps if app.name != "other")


def hooks(shop: Operator) -> list[Webhook]:
    return shop.ask(lambda register: register.webhooks.all())


def told(shop: Operator) -> list[Event]:
    """Return what is to be told at the app's address, in order."""

    async def ask(register: Register) -> list[ClaimedDelivery]:
        now = datetime.now(UTC)
        await register.outbox.sequence_events(lambda hook, event: True, now, 100)
        return await register.deliveries.claim(now, now, Places())

    return [due.event for due in shop.ask(ask)]


def test_a_minted_secret_is_shown_once_and_kept_sealed(shop: Operator) -> None:
    words = ("app", "create", "reader", "--webhook-url", URL)
    *_, line = shop.type(*words).stdout.splitlines()
    name, _, secret = line.partition("=")
    assert (name, secret[:6]) == ("SALLA_WEBHOOK_SECRET", "whsec_")
    assert kept(shop).webhook_secret == secret
    assert not shop.keeps(secret)
    (row,) = shop.json("app", "list")
    assert row["webhook_url"] == URL
    assert secret not in shop.type("app", "list").stdout + json.dumps(row)
    assert create_other(shop)["webhook_secret"] != secret


def test_a_chosen_secret_is_kept_and_not_shown(shop: Operator, tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text(f"{CHOSEN}\n")
    row = create(shop, "--webhook-url", URL, "--webhook-secret-file", str(file))
    assert kept(shop).webhook_secret == CHOSEN
    assert "webhook_secret" not in row


def test_an_app_without_an_address_has_no_secret(shop: Operator) -> None:
    row = create(shop)
    assert (row["webhook_url"], kept(shop).webhook_secret) == ("", None)
    assert "webhook_secret" not in row


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (
            "--webhook-url http://app.example/",
            "webhook_url: nothing can be sent there (scheme); se",
        ),
        ("--webhook-url https://10.0.0.1/", "webhook_url: nothing can be sent there (address)"),
        (
            "--webhook-url http://169.254.169.254/ --webhook-targets local",
            "webhook_url: nothing can be sent there (address)",
        ),
        ("--webhook-strategy Token", "--webhook-strategy: write one of: signature, token, none"),
        ("--webhook-secret-file absent", "absent: "),
        ("--webhook-secret-file -", "--webhook-secret-file: it is not 16 or more visible ASCII"),
    ],
)
def test_where_nothing_can_be_sent_no_app_hears(shop: Operator, words: str, sentence: str) -> None:
    result = shop.type("app", "create", "x", *words.split(), code=64, data="15 characters..")
    assert sentence in result.stderr
    assert "15 characters" not in result.output
    assert shop.json("app", "list") == []


def test_a_local_server_may_tell_a_local_app(shop: Operator) -> None:
    local = ("--webhook-url", "http://127.0.0.1:3000/", "--webhook-targets", "local")
    assert create(shop, *local)["webhook_url"] == "http://127.0.0.1:3000/"


def test_an_install_is_told_with_its_tokens_in_the_bytes_that_are_printed(shop: Operator) -> None:
    secret = create(shop, "--webhook-url", URL)["webhook_secret"]
    printed = shop.type("app", "install", "reader", "--store", "shop").stdout
    (hook,) = hooks(shop)
    assert (hook.store_id, hook.event, hook.url) == (7, "app.*", URL)
    assert (hook.strategy, hook.secret) == ("signature", secret)
    installed, authorized = sorted(told(shop), key=lambda event: event.name)
    assert (installed.name, authorized.name) == ("app.installed", "app.store.authorize")
    assert authorized.body.decode() + "\n" == printed
    data = json.loads(installed.body)["data"]
    assert data["app_name"] == "reader"
    assert data["app_scopes"] == ["customers.read_write", "settings.read"]
    assert not shop.keeps(json.loads(printed)["data"]["access_token"])
    assert not shop.keeps(json.loads(printed)["data"]["refresh_token"])


def test_an_app_that_hears_nowhere_is_told_nothing(shop: Operator) -> None:
    create(shop)
    shop.type("app", "install", "reader", "--store", "shop")
    shop.type("app", "uninstall", "reader", "--store", "shop")
    assert hooks(shop) == []
    create_other(shop)
    assert told(shop) == []


def test_an_uninstall_is_told_and_ends_what_the_app_subscribed_to(shop: Operator) -> None:
    create(shop, "--webhook-url", URL)
    shop.type("app", "install", "reader", "--store", "shop")
    told(shop)
    (mine,) = hooks(shop)
    own = replace(mine, id=5, event="customer.created")
    shop.ask(lambda register: register.webhooks.subscribe(own))
    shop.type("app", "uninstall", "reader", "--store", "shop")
    assert [hook.event for hook in hooks(shop)] == ["app.*"]
    names = {event.name: json.loads(event.body) for event in told(shop)}
    assert "uninstallation_date" in names["app.uninstalled"]["data"]


def test_an_uninstall_that_fails_tells_nothing(shop: Operator) -> None:
    create(shop, "--webhook-url", URL)
    shop.type("app", "install", "reader", "--store", "shop")
    shop.type("app", "uninstall", "reader", "--store", "shop")
    before = len(told(shop))
    shop.type("app", "uninstall", "reader", "--store", "shop", code=1)
    assert len(told(shop)) == before == 3


def test_waiting_events_go_to_the_new_address(shop: Operator) -> None:
    first = create(shop, "--webhook-url", URL)
    shop.type("app", "install", "reader", "--store", "shop")
    (row,) = shop.json("app", "update", "reader", "--webhook-url", OTHER)
    assert row["webhook_url"] == OTHER
    assert "webhook_secret" not in row
    (hook,) = hooks(shop)
    assert (hook.url, hook.secret) == (OTHER, first["webhook_secret"])
    assert len(told(shop)) == 2


def test_an_app_that_gets_an_address_later_gets_a_secret_with_it(shop: Operator) -> None:
    create(shop)
    shop.type("app", "install", "reader", "--store", "shop")
    *_, line = shop.type("app", "update", "reader", "--webhook-url", URL).stdout.splitlines()
    assert line == f"SALLA_WEBHOOK_SECRET={kept(shop).webhook_secret}"
    (hook,) = hooks(shop)
    assert (hook.url, hook.secret) == (URL, kept(shop).webhook_secret)


def test_a_new_secret_takes_the_place_of_the_old_one_everywhere(shop: Operator) -> None:
    create(shop, "--webhook-url", URL)
    shop.type("app", "install", "reader", "--store", "shop")
    shop.type("app", "update", "reader", "--webhook-secret-file", "-", data=CHOSEN)
    assert kept(shop).webhook_secret == CHOSEN
    assert [hook.secret for hook in hooks(shop)] == [CHOSEN]


@pytest.mark.parametrize("strategy", ["signature", "token", "none"])
def test_an_app_chooses_how_its_events_prove_themselves(shop: Operator, strategy: str) -> None:
    row = create(shop, "--webhook-url", URL, "--webhook-strategy", strategy)
    assert row["webhook_strategy"] == kept(shop).webhook_strategy == strategy
    assert ("webhook_secret" in row) == (strategy != "none")
    shop.type("app", "install", "reader", "--store", "shop")
    (hook,) = hooks(shop)
    assert (hook.strategy, hook.secret) == (strategy, row.get("webhook_secret"))


@pytest.mark.parametrize("strategy", ["signature", "token", "none"])
def test_another_strategy_holds_at_once_where_the_app_is(shop: Operator, strategy: str) -> None:
    for first in ("signature", "token", "none"):
        shop.type("app", "create", first, "--scope", "customers.read", "--webhook-url", URL)
        shop.type("app", "update", first, "--webhook-strategy", first)
        shop.type("app", "install", first, "--store", "shop")
        shop.type("app", "update", first, "--webhook-strategy", strategy)
    assert {hook.strategy for hook in hooks(shop)} == {strategy}
    assert len({hook.secret for hook in hooks(shop)}) == 3


def test_a_strategy_that_needs_a_secret_brings_one(shop: Operator) -> None:
    create(shop, "--webhook-url", URL, "--webhook-strategy", "none")
    shop.type("app", "install", "reader", "--store", "shop")
    assert [hook.secret for hook in hooks(shop)] == [None]
    (row,) = shop.json("app", "update", "reader", "--webhook-strategy", "token")
    assert [hook.secret for hook in hooks(shop)] == [row["webhook_secret"]]


def test_an_app_whose_address_is_taken_away_hears_no_more(shop: Operator) -> None:
    create(shop, "--webhook-url", URL)
    shop.type("app", "install", "reader", "--store", "shop")
    shop.type("app", "update", "reader", "--webhook-url", "")
    assert kept(shop).webhook_url == ""
    assert hooks(shop) == []


def test_another_change_leaves_the_address_alone(shop: Operator) -> None:
    create(shop, "--webhook-url", URL)
    before = kept(shop)
    shop.type("app", "update", "reader", "--name", "writer")
    after = kept(shop)
    assert (after.webhook_url, after.webhook_secret) == (URL, before.webhook_secret)
    assert after.webhook_strategy == before.webhook_strategy == "signature"


def test_the_wrong_key_ends_a_command_with_a_sentence(shop: Operator) -> None:
    create(shop, "--webhook-url", URL)
    (shop.folder / "data" / "secret.key").unlink()
    refused = shop.type("app", "list", code=1)
    assert "sealed under another key: see the setting secret_key" in refused.stderr
