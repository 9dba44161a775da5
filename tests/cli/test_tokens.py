"""`sijill token`: names, rotation, and what a client meets after `expire`, `revoke` and `reuse`."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from cli.operating import Operator

from sijill.oauth.grants import IssuedTokens, Lifetimes, new_pair
from sijill.oauth.refusals import OAuthRefused
from sijill.oauth.tokens import Grant, digest

BY_HAND = "token create --store shop --app reader --scope customers.read"


@pytest.fixture
def installed(operator: Operator) -> Operator:
    operator.type("store", "create", "shop")
    operator.type("app", "create", "reader", "--scope", "customers.read")
    return operator


def tokens(operator: Operator) -> dict[str, Any]:
    """Install the app and return what it is told."""
    event = json.loads(operator.type("app", "install", "reader", "--store", "shop").stdout)
    data: dict[str, Any] = event["data"]
    return data


def grant(operator: Operator, token: str) -> Grant:
    found = operator.ask(lambda register: register.tokens.grant(digest(token)))
    assert found is not None
    return found


def refresh(operator: Operator, token: str) -> IssuedTokens:
    (app,) = operator.ask(lambda register: register.apps.all())
    pair = new_pair(datetime.now(UTC), Lifetimes())
    return operator.ask(lambda r: r.grants.refresh(digest(token), app.id, frozenset(), pair))


def named(operator: Operator, data: dict[str, Any], by: str) -> str:
    """Return how a command may be told which token: by its id, or by itself."""
    token = data["access_token"]
    return token if by == "text" else str(grant(operator, token).token_id)


@pytest.mark.parametrize("by", ["id", "text"])
def test_an_expired_token_can_still_be_refreshed(installed: Operator, by: str) -> None:
    data = tokens(installed)
    assert "has expired" in installed.type("token", "expire", named(installed, data, by)).output
    expired = grant(installed, data["access_token"])
    assert expired.expires_at is not None
    assert expired.expires_at <= datetime.now(UTC).timestamp()
    assert not expired.revoked
    fresh = refresh(installed, data["refresh_token"])
    assert not grant(installed, fresh.pair.access).revoked


@pytest.mark.parametrize("by", ["id", "text"])
@pytest.mark.parametrize(("verb", "status"), [("revoke", 400), ("reuse", 401)])
def test_a_revoked_token_takes_its_refresh_token_along(
    installed: Operator, verb: str, status: int, by: str
) -> None:
    data, other = tokens(installed), tokens(installed)
    installed.type("token", verb, named(installed, data, by))
    assert grant(installed, data["access_token"]).revoked
    assert not grant(installed, other["access_token"]).revoked
    with pytest.raises(OAuthRefused) as refused:
        refresh(installed, data["refresh_token"])
    assert (refused.value.error, refused.value.status) == ("invalid_grant", status)


def test_a_token_of_an_operator_has_no_refresh_token_to_reuse(installed: Operator) -> None:
    token = installed.type(*BY_HAND.split()).stdout.strip()
    refused = installed.type("token", "reuse", token, code=1)
    assert "or it has no refresh token" in refused.stderr
    assert not grant(installed, token).revoked
    installed.type("token", "revoke", token)
    assert grant(installed, token).revoked


def test_the_list_says_which_authorization_a_token_came_from(installed: Operator) -> None:
    installed.type(*BY_HAND.split())
    first, second = tokens(installed), tokens(installed)
    rows = {row["id"]: row["authorization_id"] for row in installed.json("token", "list")}
    ids = [grant(installed, data["access_token"]).token_id for data in (first, second)]
    families = [rows.pop(token_id) for token_id in ids]
    assert None not in families
    assert len(set(families)) == 2
    assert list(rows.values()) == [None]
    assert "authorization_id" in installed.type("token", "list", "--wide").stdout


@pytest.mark.parametrize("verb", ["expire", "revoke", "reuse"])
@pytest.mark.parametrize(
    ("token", "code"),
    [("sjl_at_mistyped", 1), ("sjl_at_شيء", 1), ("12345", 1), ("sjl_rt_other", 64), ("9" * 40, 64)],
)
def test_a_token_nobody_has_is_refused_and_not_repeated(
    installed: Operator, verb: str, token: str, code: int
) -> None:
    said = installed.type("token", verb, token, code=code).output
    assert said.startswith("sijill: ")
    assert token not in said


@pytest.mark.parametrize("command", ["revoke", "expire"])
def test_a_token_is_read_from_standard_input_where_no_list_of_processes_shows_it(
    installed: Operator, command: str
) -> None:
    token = installed.type(*BY_HAND.split()).stdout
    installed.type("token", command, "-", data=token)
    installed.type("token", command, "-", data="sjl_at_wrong", code=1)


ROTATED = "--expires 14d --name nightly"


def made(shop: Operator, *words: str) -> dict[str, Any]:
    row: dict[str, Any] = shop.json(*BY_HAND.split(), *words)[0]
    return row


def test_a_token_has_the_name_that_it_was_given(shop: Operator) -> None:
    made(shop, "--name", "nightly")
    assert "nightly" in shop.type("token", "list").stdout
    assert [row["name"] for row in shop.json("token", "list")] == ["nightly"]


def test_a_rotated_token_takes_the_place_of_the_old_one(shop: Operator) -> None:
    old = made(shop, *ROTATED.split())
    (new,) = shop.json("token", "rotate", str(old["id"]))
    changes = {"token", "id", "ends_in", "created_at", "expires_at"}
    assert {name for name in new if new[name] != old[name]} == changes
    lives = [
        datetime.fromisoformat(row["expires_at"]) - datetime.fromisoformat(row["created_at"])
        for row in (old, new)
    ]
    assert lives[0] == lives[1]
    assert grant(shop, new["token"]).token_id == new["id"]
    states = {row["id"]: row["state"] for row in shop.json("token", "list")}
    assert states == {old["id"]: "expired", new["id"]: "active"}
    ended = shop.type("token", "rotate", "-", data=old["token"], code=1).stderr
    assert ended == "sijill: the token is expired: sijill token create makes another\n"


def test_the_old_token_may_be_kept_for_a_while(shop: Operator) -> None:
    old = made(shop)
    printed = shop.type("token", "rotate", old["token"], "--keep", "1h", "--expires", "3h").stdout
    assert printed.strip().startswith("sjl_at_")
    rows = {row["id"]: row for row in shop.json("token", "list")}
    assert {row["state"] for row in rows.values()} == {"active"}
    expiries = {row["id"]: str(row["expires_at"]) for row in rows.values()}
    (new,) = expiries.keys() - {old["id"]}
    assert expiries[old["id"]] < expiries[new]


def test_a_token_that_its_app_renews_is_not_rotated(installed: Operator) -> None:
    data = tokens(installed)
    told = installed.type("token", "rotate", "-", data=data["access_token"], code=1).stderr
    assert "the app renews this token by its refresh token" in told
    assert len(installed.json("token", "list")) == 1


def test_a_token_that_is_not_there_is_not_rotated(shop: Operator) -> None:
    assert "no such token" in shop.type("token", "rotate", "12345", code=1).stderr
