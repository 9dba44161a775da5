"""Ban and Un-Ban Customer, through the whole application."""

import asyncio
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from fixtures.world import Answer, World, customer

from sijill.customers.bans import REASON_LENGTH, banned, read_reason, unbanned
from sijill.customers.examples import AHMED
from sijill.customers.model import Extras
from sijill.errors import Invalid

DETAILS = f"/customers/{AHMED.id}"
PATH = f"/customers/blacklist/{AHMED.id}"
PAYLOADS = Path(__file__).parents[1] / "payloads"
LATE = {"reason": "late"}


def payload(name: str) -> Any:
    return json.loads((PAYLOADS / f"{name}.json").read_text("utf-8"))


def shown(world: World) -> tuple[bool, str | None]:
    data = world.get(f"{DETAILS}?fields[]=is_blocked&fields[]=block_reason").json["data"]
    return data["is_blocked"], data["block_reason"]


@pytest.mark.proves(
    "`PUT /customers/blacklist/{customer}`", "`DELETE /customers/blacklist/{customer}`"
)
@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_documented_ban_and_its_end_are_answered_as_documented(
    world: World, language: str
) -> None:
    request = payload("customer_ban_request")
    ban = world.send("PUT", PATH, request, accept_language=language)
    assert (ban.status, ban.json) == (201, payload("customer_ban_response"))
    assert list(ban.json["data"]) == ["message", "code"]
    assert shown(world) == (True, request["reason"])
    unban = world.send("DELETE", PATH, accept_language=language)
    assert (unban.status, unban.json) == (202, payload("customer_unban_response"))
    assert shown(world) == (False, None)


def test_a_ban_changes_no_byte_of_the_customer_but_the_moment(world: World) -> None:
    before = world.get(DETAILS).json["data"]
    for method in ("PUT", "DELETE"):
        world.clock.now += 60
        world.send(method, PATH, LATE)
        after = world.get(DETAILS).json["data"]
        assert [n for n in after if after[n] != before[n]] == ["updated_at"]
        assert list(after) == list(before)
        before = after


def test_a_second_ban_replaces_the_reason(world: World) -> None:
    for reason in ("late", "later"):
        assert world.send("PUT", PATH, {"reason": reason}).status == 201
        assert shown(world) == (True, reason)


def test_the_end_of_no_ban_is_answered_alike_and_writes_nothing(world: World) -> None:
    tag = world.get(DETAILS).headers["etag"]
    world.clock.now += 60
    assert world.send("DELETE", PATH).json == payload("customer_unban_response")
    assert world.get(DETAILS).headers["etag"] == tag


def test_a_ban_leaves_all_other_fields_of_the_customer(world: World) -> None:
    kept = msgspec.structs.replace(AHMED, extras=Extras(orders_count=5, is_whitelisted=True))
    world.keep(world.store, kept)
    world.send("PUT", PATH, LATE)
    world.send("PUT", DETAILS, {"first_name": "New"})
    data = world.get(f"{DETAILS}?fields=orders_count,is_whitelisted,is_blocked").json["data"]
    assert (data["stats"]["orders_count"], data["is_whitelisted"]) == (5, True)
    assert data["is_blocked"] is True


@pytest.mark.proves("`reason`")
@pytest.mark.parametrize(
    ("body", "rule"),
    [
        (b"", "required"),
        ({}, "required"),
        ({"reason": None}, "required"),
        ({"reason": ""}, "required"),
        ({"reason": "  "}, "required"),
        ({"reason": []}, "required"),
        ({"reason": 5}, "string"),
        ({"reason": ["late"]}, "string"),
        ({"reason": "x" * (REASON_LENGTH + 1)}, f"max:{REASON_LENGTH}"),
        ({"reason": "a\u202eb"}, "characters"),
        ({"reason": "a\nb"}, "characters"),
    ],
)
def test_a_faulty_reason_is_refused_by_its_rule_and_bans_nobody(
    world: World, body: Any, rule: str
) -> None:
    with pytest.raises(Invalid) as refused:
        read_reason(body or {})
    assert refused.value.fields == {"reason": [rule]}
    answer = world.send("PUT", PATH, body)
    assert (answer.status, list(answer.json["error"]["fields"])) == (422, ["reason"])
    assert shown(world) == (False, None)


@pytest.mark.parametrize(
    ("reason", "kept"),
    [("  متأخر  ", "متأخر"), ("e\u0301", "\u00e9"), ("x" * REASON_LENGTH, "x" * REASON_LENGTH)],
)
def test_a_reason_is_kept_without_outer_spaces_and_composed(
    world: World, reason: str, kept: str
) -> None:
    world.send("PUT", PATH, {"reason": reason, "is_whitelisted": True, "id": 5})
    assert shown(world) == (True, kept)


def test_a_reason_may_come_in_a_form(world: World) -> None:
    form = {"content_type": "application/x-www-form-urlencoded"}
    assert world.send("PUT", PATH, b"reason=so+late", **form).status == 201
    assert shown(world) == (True, "so late")


def test_a_body_that_cannot_be_read_is_a_400(world: World) -> None:
    assert world.send("PUT", PATH, b"{").status == 400


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_checks_come_in_order(world: World, method: str) -> None:
    bad = b"{"
    assert world.ask(method, PATH, None, bad).status == 401
    assert world.ask(method, PATH, world.token, bad).status == 401
    assert world.send(method, "/customers/blacklist/1", bad).status == 404
    assert world.send(method, "/customers/blacklist/007", bad).status == 404
    assert world.send(method, PATH, bad, if_match='"old"').status == 412


def test_the_path_has_these_two_methods(world: World) -> None:
    answer = world.send("GET", PATH)
    assert (answer.status, answer.headers["allow"]) == (405, "DELETE, PUT")


def test_if_match_holds_for_the_customer_that_was_read(world: World) -> None:
    tag = world.get(DETAILS).headers["etag"]
    world.clock.now += 1
    assert world.send("PUT", PATH, LATE, if_match=tag).status == 201
    assert world.send("PUT", PATH, {"reason": "two"}, if_match=tag).status == 412
    assert world.send("DELETE", PATH, if_match=tag).status == 412
    assert shown(world) == (True, "late")
    assert world.send("DELETE", PATH, if_match=world.get(DETAILS).headers["etag"]).status == 202


def test_of_those_who_ban_with_one_tag_exactly_one_succeeds(world: World) -> None:
    tag = world.get(DETAILS).headers["etag"]
    world.clock.now += 1

    async def everyone() -> list[Answer]:
        bodies = [{"reason": f"reason {number}"} for number in range(20)]
        return await asyncio.gather(
            *(world.answer("PUT", PATH, world.writer, body, if_match=tag) for body in bodies)
        )

    statuses = [answer.status for answer in world.run(everyone())]
    assert (statuses.count(201), statuses.count(412)) == (1, 19)


def test_a_ban_reaches_one_store_alone(world: World) -> None:
    twin = customer(AHMED.id, first_name="Twin")
    world.keep(world.other_store, twin)
    world.send("PUT", PATH, LATE)
    theirs = world.get(f"{DETAILS}?fields=is_blocked", world.mint(world.other_store))
    assert theirs.json["data"]["is_blocked"] is False
    assert shown(world) == (True, "late")


def test_a_deleted_customer_cannot_be_banned(world: World) -> None:
    world.send("DELETE", DETAILS)
    assert world.send("PUT", PATH, LATE).status == 404
    assert world.send("DELETE", PATH).status == 404


def test_the_end_of_a_ban_undoes_the_ban_and_nothing_else() -> None:
    then = AHMED.updated_at + timedelta(days=1)
    once = banned(AHMED, "late", then)
    assert unbanned(once, AHMED.updated_at) == msgspec.structs.replace(AHMED, extras=Extras())
    assert unbanned(AHMED, then) is AHMED
