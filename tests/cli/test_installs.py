"""`sijill app install`: the event an app would get, and tokens that are good for what it says."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from cli.operating import Operator

from sijill.oauth.tokens import digest

SCOPES = ("--scope", "customers.read_write", "--scope", "settings.read")


@pytest.fixture
def shop(operator: Operator) -> Operator:
    operator.type("store", "create", "shop", "--id", "7", "--timezone", "Pacific/Kiritimati")
    operator.type("app", "create", "reader", *SCOPES)
    return operator


def install(shop: Operator, *words: str) -> dict[str, Any]:
    event: dict[str, Any] = json.loads(
        shop.type("app", "install", "reader", "--store", "shop", *words).stdout
    )
    return event


def test_the_event_is_one_line_about_tokens_that_are_good(shop: Operator) -> None:
    before = datetime.now(UTC)
    result = shop.type("app", "install", "reader", "--store", "shop")
    assert result.stdout.count("\n") == 1
    event = json.loads(result.stdout)
    assert (event["event"], event["merchant"]) == ("app.store.authorize", 7)
    assert event["data"]["scope"] == "customers.read_write settings.read offline_access"
    grant = shop.ask(lambda register: register.tokens.grant(digest(event["data"]["access_token"])))
    assert grant is not None
    assert grant.expires_at is not None
    assert grant.scopes == set(event["data"]["scope"].split())
    assert event["data"]["expires"] == int(grant.expires_at)
    assert 0 <= grant.expires_at - before.timestamp() - 14 * 86_400 < 60
    # Kiritimati is fourteen hours ahead.
    wall = datetime.fromisoformat(f"{event['created_at']}+14:00")
    assert 0 <= (wall - before.replace(microsecond=0)).total_seconds() < 60
    assert not shop.keeps(event["data"]["access_token"])
    assert not shop.keeps(event["data"]["refresh_token"])


def test_the_access_token_lives_as_long_as_the_setting_says(shop: Operator) -> None:
    event = install(shop, "--access-lifetime", "1h")
    assert 3500 < event["data"]["expires"] - datetime.now(UTC).timestamp() <= 3600


def test_an_install_may_grant_less_than_the_app_may_have_and_never_more(shop: Operator) -> None:
    event = install(shop, "--scope", "customers.read")
    assert event["data"]["scope"] == "customers.read offline_access"
    words = ("app", "install", "reader", "--store", "shop", "--scope", "customers.read_write")
    wider = shop.type(*words, "--scope", "metadata.read", code=64)
    assert "the app may not have all of those" in wider.stderr
    assert len(shop.json("token", "list")) == 1


def test_an_app_without_scopes_is_not_installed(shop: Operator) -> None:
    shop.type("app", "create", "bare")
    refused = shop.type("app", "install", "bare", "--store", "shop", code=1)
    assert "bare has no scopes" in refused.stderr
    assert shop.json("app", "installs") == []


def test_an_uninstall_revokes_every_token_of_the_app_in_that_store_alone(shop: Operator) -> None:
    shop.type("store", "create", "kiosk")
    shop.type("app", "install", "reader", "--store", "kiosk")
    install(shop)
    words = "token create --store shop --app reader --scope customers.read"
    shop.type(*words.split())
    told = shop.type("app", "uninstall", "reader", "--store", "shop").output
    assert told.startswith("reader is taken out of shop: ")
    revoked = {row["store_id"] == 7: row["revoked_at"] for row in shop.json("token", "list")}
    assert revoked[False] is None
    assert all(row["revoked_at"] for row in shop.json("token", "list", "--store", "shop"))
    again = shop.type("app", "uninstall", "reader", "--store", "shop", code=1)
    assert "reader is not in shop: see sijill app installs" in again.stderr


def test_installs_are_listed_by_name_with_who_let_the_app_in(shop: Operator) -> None:
    install(shop)
    (row,) = shop.json("app", "installs")
    assert (row["store"], row["app"], row["owner_id"]) == ("shop", "reader", None)
    assert "shop" in shop.type("app", "installs").stdout
