"""`sijill store`: what was set of a store is shown, and can be changed."""

import pytest
from cli.operating import Operator

SET = {
    "plan": "pro",
    "profile": "observed",
    "timezone": "Asia/Kuwait",
    "locale": "en",
    "currency": "KWD",
    "customer_url": "https://shop.example/{id}",
    "admin_url": "https://admin.example/{id}",
    "avatar_male": "https://shop.example/m.png",
    "avatar_female": "https://shop.example/f.png",
}


def options(fields: dict[str, str]) -> list[str]:
    return [word for name in fields for word in (f"--{name.replace('_', '-')}", fields[name])]


def shown(operator: Operator, store: str) -> dict[str, object]:
    (row,) = operator.json("store", "show", store)
    return row


def test_everything_that_was_set_is_shown(operator: Operator) -> None:
    operator.type("store", "create", "shop", "--id", "7", *options(SET))
    row = shown(operator, "7")
    assert row.pop("created_at")
    assert row == SET | {"id": 7, "name": "shop", "people": [], "customers": 0}
    lines = operator.type("store", "show", "shop").stdout.splitlines()
    assert "timezone       Asia/Kuwait" in lines


def test_a_store_has_its_defaults_unless_something_is_set(operator: Operator) -> None:
    operator.type("store", "create", "shop")
    row = shown(operator, "shop")
    assert (row["plan"], row["profile"], row["timezone"]) == (None, "documented", "Asia/Riyadh")
    assert (row["locale"], row["currency"], row["customer_url"]) == ("ar", "SAR", "")


@pytest.mark.parametrize("name", SET)
def test_each_field_is_changed_alone(operator: Operator, name: str) -> None:
    operator.type("store", "create", "shop")
    before = shown(operator, "shop")
    operator.type("store", "update", "shop", *options({name: SET[name]}))
    assert shown(operator, "shop") == before | {name: SET[name]}


def test_fields_are_cleared_and_the_name_is_changed(operator: Operator) -> None:
    operator.type("store", "create", "shop", *options(SET))
    operator.type("store", "create", "kiosk")
    operator.type("store", "update", "shop", "--name", "boutique", "--clear", "plan")
    assert shown(operator, "boutique")["plan"] is None
    operator.type("store", "update", "boutique", "--clear", "admin_url", "--clear", "avatar_male")
    row = shown(operator, "boutique")
    assert (row["admin_url"], row["avatar_male"]) == ("", "")
    taken = operator.type("store", "update", "boutique", "--name", "kiosk", code=1).stderr
    change = "use that one, or change it with sijill store update"
    assert taken == f"sijill: another store has the name kiosk: {change}\n"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("--plan gold", "--plan: write one of: plus, pro, special"),
        ("--clear profile", "--clear: write one of: plan, customer_url, admin_url, "),
        ("--plan pro --clear plan", "--clear: plan is set too"),
        ("--locale klingon", "--locale: it is not a language"),
    ],
)
def test_a_faulty_change_is_refused(operator: Operator, words: str, sentence: str) -> None:
    operator.type("store", "create", "shop")
    before = shown(operator, "shop")
    assert sentence in operator.type("store", "update", "shop", *words.split(), code=64).stderr
    assert shown(operator, "shop") == before


@pytest.mark.parametrize("verb", ["show", "update"])
def test_a_store_that_is_not_there_is_named(operator: Operator, verb: str) -> None:
    operator.type("store", "create", "shop")
    told = operator.type("store", verb, "kiosk", code=1).stderr
    assert told == "sijill: there is no store kiosk: see sijill store list\n"
