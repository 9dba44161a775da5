"""Every command: what it shows or changes of people and of rights is in the log; no value is."""

import json
import shutil
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import apsw
import pytest
from cli.operating import Operator
from fixtures.logs import log_as_it_was
from fixtures.registers import customer
from msgspec import json as msgspec_json

from sijill.audit.actions import ACTIONS
from sijill.cli.commands import COMMANDS
from sijill.customers.model import Edit
from sijill.imports.job import Importer
from sijill.imports.model import Import
from sijill.oauth.people import Person
from sijill.register import Register
from sijill.webhooks.events import CREATED, Event
from sijill.webhooks.model import AttemptResult, blank
from sijill.webhooks.places import Places

pytestmark = pytest.mark.proves(
    "every command that shows or changes personal data, or who may reach them, is in the audit "
    "log, as ids and names of fields, without values"
)

STORE, PERSON, HOOK, IMPORT = 7, 31, 51, 61
ONE, HELD = 101, 102
CANARY = "zqcanary"
EMAIL = f"{CANARY}@example.com"
PASSWORD = "correct horse battery"

Entries = Sequence[tuple[str, Sequence[str]]]


class Told(NamedTuple):
    """A command line, and the actions and fields of the entries that it makes."""

    words: str
    entries: Entries
    data: str | None = None


def view(action: str = "customer.view", *fields: str) -> tuple[str, Sequence[str]]:
    return action, fields


FOUND = view("person.view")
NEW_PERSON = (
    f"--store shop --email new-{EMAIL} --name {CANARY} --mobile 0501234568 --password-file -"
)
BAN = ("is_blocked", "block_reason")
TOLD: dict[str, Told] = {
    "store show": Told("shop", [FOUND]),
    "store delete": Told("kiosk --yes", [view("customer.delete"), view("store.delete")]),
    "customer find": Told(CANARY, [view()]),
    "customer show": Told(f"{ONE}", [view()]),
    "customer ban": Told(f"{ONE} --reason {CANARY}", [view("customer.update", *BAN)]),
    "customer unban": Told("103", [view("customer.update", *BAN)]),
    "customer erase": Told(f"{ONE} --yes", [view(), view("customer.delete")]),
    "person create": Told(
        NEW_PERSON, [view("person.create", "name", "email", "mobile", "role")], PASSWORD
    ),
    "person list": Told("", [FOUND]),
    "person show": Told(EMAIL, [FOUND]),
    "person update": Told(
        f"{EMAIL} --name {CANARY}-2 --mobile 0501234569 --store kiosk",
        [FOUND, view("person.update", "name", "mobile", "stores")],
    ),
    "person password": Told(
        f"--email {EMAIL} --password-file -", [view("person.update", "password")], PASSWORD
    ),
    "person delete": Told(f"{EMAIL} --yes", [FOUND, view("person.delete")]),
    "person role": Told(f"{EMAIL} support", [FOUND, view("person.update", "role")]),
    "person rename": Told(f"{EMAIL} {CANARY}-3", [FOUND, view("person.update", "name")]),
    "person suspend": Told(EMAIL, [FOUND, view("person.update", "suspended_at")]),
    "person resume": Told(EMAIL, [FOUND, view("person.update", "suspended_at")]),
    "app create": Told(
        f"{CANARY} --scope customers.read",
        [view("app.create", "name", "client_id", "client_secret", "scopes")],
    ),
    "app update": Told(
        "crm --scope customers.read --add-redirect-uri https://zqcanary.example/cb",
        [view("app.update", "redirect_uris", "scopes")],
    ),
    "app delete": Told("crm --yes", [view("app.delete")]),
    "app secret": Told("crm", [view("app.update", "client_secret")]),
    "app install": Told("crm --store kiosk", [view("app.allow"), view("token.create")]),
    "app uninstall": Told("crm --store shop", [view("app.remove")]),
    "app installs": Told("", [FOUND]),
    "token create": Told(
        f"--store shop --app crm --scope customers.read --name {CANARY}", [view("token.create")]
    ),
    "token rotate": Told("TOKEN", [view("token.create"), view("token.update", "expires_at")]),
    "token expire": Told("TOKEN", [view("token.update", "expires_at")]),
    "token revoke": Told("TOKEN", [view("token.revoke")]),
    "token reuse": Told("INSTALLED", [view("token.revoke")]),
    "webhook redeliver": Told("--dead", [view("customer.send")]),
    "webhook resume": Told(f"{HOOK}", [view("webhook.update", "paused")]),
    "webhook trigger": Told(
        f"customer.login --customer {ONE} --store shop", [view("customer.send")]
    ),
    "import": Told(
        "- --format csv --store shop",
        [view("customer.create", "first_name", "email")],
        f"first_name,email\n{CANARY},other-{EMAIL}\n",
    ),
    "export": Told("- --format csv --store shop", [view("customer.export")]),
    "seed": Told("--count 2 --store kiosk", [view("customer.create", "…")]),
    "imports list": Told("--store shop", [view("import.view", "name")]),
    "imports show": Told(
        f"{IMPORT} --store shop --rejects refused.csv", [view("import.view", "name", "rejects")]
    ),
    "imports undo": Told(f"{IMPORT} --store shop", [view("customer.delete")]),
    "backup": Told("KEPT", [view("customer.export"), view("customer.export")]),
    "audit list": Told("", [view("audit.view")]),
    "audit verify": Told("", [view("audit.view")]),
    "audit export": Told("copy.jsonl", [view("audit.view")]),
    "privacy export": Told(f"{ONE} --store shop", [view()]),
    "privacy erase": Told(f"{ONE} --store shop --yes", [view("customer.delete")]),
    "privacy recipients": Told(f"{ONE} --store shop", [view("privacy.view", "recipients")]),
    "privacy breach": Told("--since 2026-01-01", [view("audit.view")]),
    "privacy inactive": Told(
        "--for 1s --erase --yes --store shop",
        [view("privacy.view", "last_at", "wallet_balance"), *[view("customer.delete")] * 3],
    ),
    "privacy hold set": Told(
        f"{ONE} --store shop --reason court --until 2099-01-01", [view("privacy.update", "hold")]
    ),
    "privacy hold list": Told("--store shop", [view("privacy.view", "hold")]),
    "privacy hold end": Told(f"{HELD} --store shop", [view("privacy.update", "hold")]),
    "privacy requests open": Told(
        f"{ONE} --store shop --kind erase", [view("privacy.update", "request")]
    ),
    "privacy requests list": Told("--store shop", [view("privacy.view", "request")]),
    "privacy requests close": Told(
        "REQUEST --store shop --outcome done", [view("privacy.update", "request")]
    ),
}
"""By the words of the command. TOKEN, INSTALLED and REQUEST are ids of the shop, KEPT a folder."""

NOBODY = "stores and apps alone"
OPERATES = "it shows and changes nobody"
SILENT = {
    "store create": NOBODY,
    "store list": NOBODY,
    "store update": NOBODY,
    "app list": NOBODY,
    "app show": NOBODY,
    "token list": NOBODY,
    "webhook list": NOBODY,
    "webhook deliveries": "ids of events, and how they were delivered",
    "webhook attempts": "when an event was sent, and the status of each answer",
    "privacy ropa": NOBODY,
    "tls ca": OPERATES,
    "tls hosts": OPERATES,
    "keys list": OPERATES,
    "keys rotate": OPERATES,
    "healthcheck": OPERATES,
    "backup verify": "it reads a backup, and shows its manifest",
    "migrate": OPERATES,
    "settings": OPERATES,
    "doctor": OPERATES,
    "version": OPERATES,
    "completion": OPERATES,
}
"""Commands that make no entry, and why."""

RUNS = {
    "serve": "its requests make the entries",
    "restore": "audit.restore, in another log: see the last test",
    "deliver": "it delivers what was written, which has its entry",
    "webhook listen": "it runs until a signal; its subscriptions have their entries",
}
LINKS = "store.link or store.unlink: see cli/test_mirrors.py"
STATES = "states and numbers of a copy"
CHANGES = "mirror.update: see cli/test_mirrors.py"
KEYS = "names of keys; what the copy takes over has its entries"
MIRROR = {
    "mirror link": LINKS,
    "mirror unlink": LINKS,
    "mirror status": STATES,
    "mirror backfill": CHANGES,
    "mirror sweep": CHANGES,
    "mirror pause": CHANGES,
    "mirror resume": CHANGES,
    "mirror release": CHANGES,
    "mirror tombstones": "ids of those whom upstream deleted",
    "mirror verify": KEYS,
    "mirror compare": KEYS,
    "mirror check": KEYS,
    "drift check": KEYS,
}
"""Commands that need upstream."""
SANDBOX = {
    *("starting", "background", "namespaces", "namespace_tokens", "clock", "faults"),
    *("webhook_faults", "snapshots", "states", "journal"),
}
"""Modules of commands of a sandbox, which records nothing: its customers are made up."""
OF_SANDBOX = {"demo", "sandbox"} | {words for name in SANDBOX for words in COMMANDS[name]}


def test_every_command_is_in_one_of_the_tables() -> None:
    every = [words for module in COMMANDS.values() for words in module]
    tables = [*TOLD, *SILENT, *RUNS, *MIRROR, *OF_SANDBOX]
    assert len(tables) == len({*tables})
    assert {*every} == {*tables}


async def furnish(register: Register) -> None:
    """Make something of every kind that a command may name."""
    now, (app,) = datetime.now(UTC), await register.apps.all()
    own = {"first_name": CANARY, "last_name": CANARY}
    people = [customer(n, id=100 + n, email=f"{n}-{EMAIL}", **own) for n in (1, 2, 3)]
    edits = [Edit(None, lambda _, new=new: new) for new in people]
    await register.customers.change(STORE, edits)
    owner = Person(PERSON, CANARY, EMAIL, "+966501234567", now)
    await register.people.create(owner, "hash", [STORE])
    hook = blank(HOOK, STORE, app.id, CREATED, "https://a.example/hook", now)
    await register.webhooks.subscribe(hook)
    await register.outbox.append(Event("evt_1", STORE, CREATED, now, b"{}", ONE))
    await register.outbox.sequence_events(lambda hook, event: True, now, 10)
    due = await register.deliveries.claim(now, now + timedelta(hours=1), Places())
    for one in due:
        result = AttemptResult("dead", 500, None, now)
        await register.deliveries.finish(one, result, now)
    rows = [[2, {"email": f"9-{EMAIL}"}, None], [3, {"email": f"8-{EMAIL}", "birthday": "x"}, None]]
    job = Import(STORE, IMPORT, app.id, f"{CANARY}.csv", "ar", "queued", 2, 0, 0, 0, 0, now)
    await register.imports.add(job, [msgspec_json.encode(rows).decode()])
    await Importer(register.imports, register.stores, now.timestamp).turn()


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """Return the data folder of a furnished shop, to be copied, and the ids in it."""
    made = Operator(tmp_path_factory.mktemp("furnished"))
    with pytest.MonkeyPatch.context() as patch, log_as_it_was():
        patch.chdir(made.folder)
        made.type("store", "create", "shop", "--id", str(STORE))
        made.type("store", "create", "kiosk", "--id", "8")
        made.type("app", "create", "crm", "--scope", "customers.read_write")
        made.type("app", "install", "crm", "--store", "shop")
        (installed,) = made.json("token", "list")
        made.type("token", "create", "--store=shop", "--app=crm", "--scope=customers.read")
        made.ask(furnish)
        made.type("customer", "ban", "103", "--reason", CANARY, "--store", "shop")
        until = ("--reason", "court", "--until", "2099-01-01", "--store", "shop")
        made.type("privacy", "hold", "set", str(HELD), *until)
        request = ("requests", "open", str(HELD), "--kind", "access", "--store", "shop")
        made.type("privacy", *request)
        (opened,) = made.json("privacy", "requests", "list", "--store", "shop")
        token = next(row for row in made.json("token", "list") if row["id"] != installed["id"])
    ids = {"TOKEN": token["id"], "INSTALLED": installed["id"], "REQUEST": opened["id"]}
    return made.folder / "data", {name: str(id_) for name, id_ in ids.items()}


@pytest.fixture
def shop(operator: Operator, furnished: tuple[Path, dict[str, str]]) -> Operator:
    shutil.copytree(furnished[0], operator.folder / "data")
    return operator


def entries(shop: Operator) -> list[dict[str, Any]]:
    """Return every entry, the oldest first, but for those of this question."""
    listed = shop.json("audit", "list", "--limit", "1000")
    assert [row["action"] for row in listed[:1]] == ["audit.view"]
    return listed[:0:-1]


@pytest.mark.parametrize("command", TOLD)
def test_a_command_makes_its_entries(
    shop: Operator, furnished: tuple[Path, dict[str, str]], command: str
) -> None:
    words, expected, data = TOLD[command]
    before = len(entries(shop))
    ids = furnished[1] | {"KEPT": str(shop.folder / "kept")}
    given = [ids.get(word, word) for word in words.split()]
    if command.startswith("customer"):
        given += ["--store", "shop"]
    if command == "privacy inactive":
        with closing(apsw.Connection(str(shop.folder / "data" / "sijill.db"))) as database:
            database.execute("UPDATE customers SET updated_at = 1")
    shop.type(*command.split(), *given, data=data)
    made = entries(shop)[before + 1 :]  # behind the first question
    told = [(row["action"], tuple(row["fields"])) for row in made]
    if command == "seed":
        assert [action for action, _ in told] == ["customer.create"] * len(told)
        assert told
    else:
        assert told == [(action, tuple(fields)) for action, fields in expected]
    for row in made:
        assert row["actor"] == "operator"
        assert row["through"] == f"cli: {command}"
        assert row["action"] in ACTIONS
        assert row["about"] or row["action"] == "audit.view"
    line = json.dumps(made).lower()
    assert CANARY not in line
    assert "501234" not in line


@pytest.mark.parametrize("command", [words for words, why in SILENT.items() if why == NOBODY])
def test_a_silent_command_shows_nobody(shop: Operator, command: str) -> None:
    given = {
        "store create": ["third"],
        "store update": ["shop", "--plan", "pro"],
        "app show": ["crm"],
    }
    before = len(entries(shop))
    said = shop.type(*command.split(), *given.get(command, [])).output
    assert CANARY not in said.lower()
    assert len(entries(shop)) == before + 1


def test_the_level_of_changes_leaves_views_out_and_nothing_else(
    shop: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = len(entries(shop))
    with monkeypatch.context() as patch:
        patch.setenv("SIJILL_AUDIT", "changes")
        shop.type("customer", "show", str(ONE), "--store", "shop")
        shop.type("privacy", "hold", "list", "--store", "shop")
        given = ("customer.login", "--customer", str(ONE), "--store", "shop")
        shop.type("webhook", "trigger", *given)
    assert [row["action"] for row in entries(shop)[before + 1 :]] == ["customer.send"]


def test_a_restore_is_told_in_the_log_that_it_puts_in_place(shop: Operator, tmp_path: Path) -> None:
    shop.type("backup", str(tmp_path / "kept"))
    before = len(entries(shop))
    shop.type("restore", str(tmp_path / "kept"), "--replace")
    *older, last = entries(shop)
    assert (last["action"], last["through"]) == ("audit.restore", "cli: restore")
    assert len(older) < before
