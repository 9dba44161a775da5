"""`sijill customer`: found, shown, banned and unbanned; how one is erased: test_deleting.py."""

import json
from datetime import UTC, datetime

import pytest
from cli.operating import Operator

from sijill.register import Register
from sijill.webhooks.events import UPDATED

PEOPLE = [
    {"id": 5, "first_name": "سارة", "last_name": "العتيبي", "mobile": "0551234567"},
    {"id": 6, "first_name": "Noura", "email": "noura@example.com", "city": "أبها"},
]


@pytest.fixture
def known(shop: Operator) -> Operator:
    """An operator of a store with two customers."""
    lines = "\n".join(json.dumps(person) for person in PEOPLE)
    shop.type("import", "-", "--format", "jsonl", data=lines)
    return shop


@pytest.mark.parametrize(
    ("keyword", "ids"), [("ساره", [5]), ("0551234567", [5]), ("noura@example.com", [6]), ("x", [])]
)
def test_customers_are_found_as_the_search_finds_them(
    known: Operator, keyword: str, ids: list[int]
) -> None:
    assert [row["id"] for row in known.json("customer", "find", keyword)] == ids
    lines = known.type("customer", "find", keyword).stdout.splitlines()
    if ids:
        assert lines[0].split() == ["id", "name", "mobile", "email"]
        assert len(lines) == 1 + len(ids)


def test_a_customer_is_shown_whole(known: Operator) -> None:
    (row,) = known.json("customer", "show", "5")
    assert (row["name"], row["mobile"]) == ("سارة العتيبي", "+966551234567")
    assert row["is_blocked"] is False
    assert "city" in known.type("customer", "show", "6").stdout


def test_a_ban_has_a_reason_and_its_end_has_none(known: Operator) -> None:
    told = known.type("customer", "ban", "5", "--reason", "unpaid").stdout
    assert told == "customer 5 is banned: unpaid\n"
    (row,) = known.json("customer", "show", "5")
    assert (row["is_blocked"], row["block_reason"]) == (True, "unpaid")
    assert known.type("customer", "unban", "5").stdout == "customer 5 is not banned\n"
    (row,) = known.json("customer", "show", "5")
    assert (row["is_blocked"], row["block_reason"]) == (False, None)


def test_apps_hear_of_a_ban(known: Operator) -> None:
    known.type("customer", "ban", "5", "--reason", "unpaid")
    (store,) = known.json("store", "list")

    async def events(register: Register) -> list[str]:
        await register.outbox.sequence_events(lambda hook, event: True, datetime.now(UTC), 100)
        store_id = int(str(store["id"]))
        changes = await register.outbox.changes(store_id, after=0, names=(), limit=100)
        return [change.event.name for change in changes]

    assert known.ask(events)[-1] == UPDATED


@pytest.mark.parametrize("words", ["show 9", "ban 9 --reason x", "unban 9", "erase 9 --yes"])
def test_a_customer_who_is_not_there_is_named(known: Operator, words: str) -> None:
    told = known.type("customer", *words.split(), code=1).stderr
    assert told == "sijill: there is no customer 9: see sijill customer find\n"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("show x", "customer_id: write a whole number"),
        ("ban 5 --reason \x07", "--reason: it holds"),
    ],
)
def test_a_wrong_call_is_refused(known: Operator, words: str, sentence: str) -> None:
    assert sentence in known.type("customer", *words.split(" "), code=64).stderr
