"""Deleting asks at a terminal, and refuses where nobody can be asked."""

import pytest
from cli.operating import Operator
from cli.terminals import answer

from sijill.cli.output import FAILED, USAGE
from sijill.cli.tree import commands

SARA = '{"id": 5, "first_name": "سارة", "mobile": "0551234567", "email": "sara@example.com"}'

DELETING = {
    "store delete": ("shop", ("store", "list")),
    "person delete": ("o@example.com", ("person", "list")),
    "app delete": ("reader", ("app", "list")),
    "customer erase": ("5", ("customer", "find", "sara@example.com")),
}
"""Each command that asks, what it deletes here, and the command that lists it."""


ELSEWHERE = {"privacy erase", "privacy inactive", "privacy breach", "mirror unlink"}
"""Commands that ask and have tests of their own, of privacy, breaches and mirrors."""


@pytest.fixture
def full(shop: Operator) -> Operator:
    """An operator of a store with an app, a token, an owner and a customer."""
    where = ("--store", "shop")
    shop.type("token", "create", *where, "--app", "reader", "--scope", "customers.read")
    owner = ("--email", "o@example.com", "--name", "Owner", "--password-file", "-")
    shop.type("person", "create", *where, *owner, data="correct horse battery")
    shop.type("import", "-", "--format", "jsonl", data=SARA)
    return shop


def test_every_command_that_asks_stands_in_the_table() -> None:
    asking = {
        words
        for words, command in commands().items()
        if any("--yes" in parameter.opts for parameter in command.load().params)
    }
    assert asking - ELSEWHERE == DELETING.keys()


@pytest.mark.parametrize("words", DELETING)
def test_without_a_terminal_and_without_yes_nothing_is_deleted(full: Operator, words: str) -> None:
    which, listed = DELETING[words]
    told = full.type(*words.split(), which, code=USAGE).stderr
    assert "Add --yes" in told
    assert len(full.json(*listed)) == 1


@pytest.mark.parametrize("words", DELETING)
def test_with_yes_it_is_deleted_and_named(full: Operator, words: str) -> None:
    which, listed = DELETING[words]
    told = full.type(*words.split(), which, "--yes").stdout
    assert told.startswith(f"{words.split()[0]} {which} is ")
    assert full.json(*listed) == []
    again = full.type(*words.split(), which, "--yes", code=FAILED).stderr
    assert f"there is no {words.split()[0]} {which}: see sijill " in again


@pytest.mark.parametrize(("said", "code", "left"), [("y\n", 0, 0), ("n\n", FAILED, 1)])
def test_at_a_terminal_a_person_decides(full: Operator, said: str, code: int, left: int) -> None:
    question = "Delete the store shop with its 1 customers, tokens and webhooks? [y/N]: "
    ended, shown = answer(full, "store", "delete", "shop", to=question, by=said)
    assert ended == code
    assert ("nothing is deleted" in shown) == bool(code)
    assert len(full.json("store", "list")) == left


def test_an_erased_customer_is_in_no_file_any_more(full: Operator) -> None:
    assert full.keeps("sara@example.com")
    full.type("customer", "erase", "5", "--yes")
    assert not full.keeps("sara@example.com")
    assert not full.keeps("سارة")


def test_a_store_that_is_gone_leaves_its_name_free(full: Operator) -> None:
    full.type("store", "delete", "shop", "--yes")
    assert not full.keeps("sara@example.com")
    full.type("store", "create", "shop")
    assert full.json("store", "show", "shop")[0]["customers"] == 0
    assert [row["name"] for row in full.json("app", "list")] == ["reader"]
