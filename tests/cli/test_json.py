"""`--json`: every command prints its result as JSON, and nothing else, to standard output."""

import json
import re
from typing import Any

import pytest
from cli.operating import Operator

from sijill.cli.tree import commands

TEXTS = {"completion": "a script for a shell"}
"""Commands without `--json`, and what they print."""


def test_every_command_has_json_but_those_that_print_a_text() -> None:
    without = {
        words
        for words, command in commands().items()
        if not any("--json" in parameter.opts for parameter in command.load().params)
    }
    assert without == TEXTS.keys()


def ask(operator: Operator, *words: str, code: int = 0) -> Any:
    return json.loads(operator.type(*words, "--json", code=code).stdout)


def test_settings_have_numbers_and_switches_as_such(operator: Operator) -> None:
    rows = {row["setting"]: row["value"] for row in ask(operator, "settings", "--tls-names", "a.b")}
    assert rows["port"] == 8466
    assert rows["keep_alive"] == 75.0
    assert rows["access_log"] is True
    assert rows["tls"] is False
    assert rows["access_lifetime"] == "14d"
    assert rows["customers_limit"] == "500/10m"
    assert rows["tls_names"] == "a.b"
    shown = operator.type("settings").stdout
    assert re.search(r"^access_log +on ", shown, re.MULTILINE)


def test_migrations_are_listed(operator: Operator) -> None:
    made = ask(operator, "migrate")
    assert made["due"] is False
    assert "0001_first" in made["migrations"]
    assert ask(operator, "migrate", "--check") == {"migrations": [], "due": False}


def test_files_and_made_up_customers_are_counted(shop: Operator) -> None:
    assert ask(shop, "seed", "--count", "3") == {"created": 3, "present": 0}
    file = str(shop.folder / "customers.jsonl")
    assert ask(shop, "export", file) == {"exported": 3, "file": file}
    result = {"created": 0, "updated": 3, "rejected": 0, "dry_run": True, "rejects": None}
    result["left_out"] = []
    assert ask(shop, "import", file, "--dry-run") == result
    bad = shop.folder / "bad.csv"
    bad.write_text("email\nnobody\n")
    result |= {"updated": 0, "rejected": 1, "rejects": str(shop.folder / "bad.rejects.csv")}
    assert ask(shop, "import", str(bad), code=1) == result | {"dry_run": False}
    refused = shop.type("export", "-", "--format", "csv", "--json", code=64)
    assert refused.stdout == ""


def test_what_changes_tokens_says_so(shop: Operator) -> None:
    words = "token create --store shop --app reader --scope customers.read"
    ((made), (other)) = (ask(shop, *words.split())[0] for _ in range(2))
    assert ask(shop, "token", "expire", made["token"]) == {"id": made["id"]}
    told = shop.type("token", "revoke", str(other["id"])).stdout
    assert told == f"token {other['id']} is revoked, and so are the tokens of the same grant\n"
    states = {row["id"]: row["state"] for row in ask(shop, "token", "list")}
    assert states == {made["id"]: "expired", other["id"]: "revoked"}


def test_an_app_is_installed_and_taken_out(shop: Operator) -> None:
    shop.type("app", "update", "reader", "--scope", "customers.read")
    event = ask(shop, "app", "install", "reader", "--store", "shop")
    assert event["event"] == "app.store.authorize"
    assert (
        json.loads(shop.type("app", "install", "reader", "--store", "shop").stdout)
        | {
            "created_at": event["created_at"],
            "data": event["data"],
        }
        == event
    )
    told = shop.type("app", "uninstall", "reader", "--store", "shop").stdout
    assert told.startswith("reader is taken out of shop: ")


@pytest.mark.parametrize(
    ("words", "key"),
    [
        ("tls ca", "certificate"),
        ("tls hosts", "names"),
        ("version", "version"),
        ("keys list", None),
        ("store list", None),
    ],
)
def test_the_smaller_commands_print_json(operator: Operator, words: str, key: str | None) -> None:
    operator.type("migrate")
    printed = ask(operator, *words.split())
    assert printed == [] if key is None else printed[key]


def test_a_rotation_of_keys_prints_the_keys_and_tells_its_steps_elsewhere(shop: Operator) -> None:
    shop.type("app", "update", "reader", "--webhook-url", "https://a.example/")
    done = shop.type("keys", "rotate", "--json")
    assert [row["state"] for row in json.loads(done.stdout)] == ["opens", "seals"]
    assert "sealed" in done.stderr
