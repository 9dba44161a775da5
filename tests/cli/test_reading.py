"""A command in a wrong folder: it makes nothing there, and names the folder and what to do."""

from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from cli.operating import Operator
from cli.sandboxes import Terminal

from sijill.cli.tree import commands

BEGIN = {
    *("serve", "sandbox", "demo", "sandbox start"),
    *("store create", "app create", "migrate", "restore", "tls ca"),
}
"""The commands that may begin a register, a sandbox or an authority."""

NO_REGISTER = 1, "there is no register in {folder}: --data-dir names another folder"
NO_SANDBOX = 69, "no sandbox runs on"

OTHERS = {
    "settings": (0, "data_dir"),
    "doctor": (0, "{folder} does not exist yet"),
    "version": (0, "sijill "),
    "completion": (0, "complete"),
    "tls hosts": (0, "127.0.0.1"),
    "healthcheck": (1, "does not answer"),
    "backup verify": (1, "is no folder with a backup"),
    "sandbox stop": (0, "No sandbox runs on"),
    "sandbox status": NO_SANDBOX,
    "sandbox env": NO_SANDBOX,
    "sandbox wait": (69, "no sandbox has answered"),
    "sandbox logs": (1, "no sandbox was started in the background"),
}
"""How commands end that need no register."""

CONTROL = ("ns", "clock", "fault", "snapshot", "requests", "deliveries", "operations", "state")
"""The first words of commands that ask a running sandbox."""

WORDS = {
    "healthcheck": ["http://127.0.0.1:1"],
    "sandbox wait": ["--within", "0"],
    "webhook listen": ["--subscribe", "customer.created", "--store", "s", "--app", "a"],
    "webhook redeliver": ["--dead"],
    "completion": ["bash"],
    "audit verify": [],
    "privacy inactive": ["--for", "999d"],
    "doctor": ["--json"],
    "person create": ["--store", "1", "--email", "s@e.example", "--name", "s"],
    "person password": ["--email", "s@e.example"],
}
"""What is typed behind some commands."""

VALUES = {
    "scope": "customers.read",
    "event": "customer.created",
    "role": "viewer",
    "reason": "court",
    "kind": "access",
    "file": "customers.jsonl",
    "moment": "2030-01-01",
    "until": "2030-01-01",
}
"""What is typed for a required parameter; for any other 1."""

READING = sorted({*commands()} - BEGIN)


def words_of(words: str) -> Iterator[str]:
    """Yield the words of a call of a command, with all that it requires."""
    yield from words.split()
    if words in WORDS:
        yield from WORDS[words]
        return
    for parameter in commands()[words].load().params:
        if not parameter.required:
            continue
        if isinstance(parameter, click.Option):
            yield parameter.opts[0]
        choices = getattr(getattr(parameter.type, "parser", None), "names", ())
        yield (choices or [VALUES.get(str(parameter.name), "1")])[0]


def told(words: str) -> tuple[int, str]:
    if words.split()[0] in CONTROL:
        return NO_SANDBOX
    return OTHERS.get(words, NO_REGISTER)


def made_in(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


@pytest.mark.proves("a command that does not begin a register makes nothing in a wrong folder")
@pytest.mark.parametrize("words", READING)
def test_no_other_command_makes_anything_in_a_wrong_folder(operator: Operator, words: str) -> None:
    code, sentence = told(words)
    (operator.folder / "customers.jsonl").write_text("{}")
    done = operator.type(*words_of(words), code=code)
    assert sentence.format(folder=operator.folder / "data") in done.output
    assert made_in(operator.folder) == ["customers.jsonl"]


def test_an_empty_file_is_no_register_either_and_gets_no_tables(operator: Operator) -> None:
    (operator.folder / "data").mkdir()
    (operator.folder / "data" / "sijill.db").touch()
    code, sentence = NO_REGISTER
    done = operator.type("store", "list", code=code)
    assert sentence.format(folder=operator.folder / "data") in done.stderr
    assert (operator.folder / "data" / "sijill.db").stat().st_size == 0


@pytest.mark.postgres
def test_an_empty_database_gets_no_tables_from_a_list(
    operator: Operator, postgres_url: str
) -> None:
    where = ("--database-url", postgres_url)
    done = operator.type("store", "list", *where, code=1)
    assert "there is no register at " in done.stderr
    due = operator.type("migrate", "--check", *where, code=1).stdout
    assert operator.type("doctor", *where, code=0).stdout.count("0001_first") == 1
    assert operator.type("migrate", *where).stdout == due


@pytest.mark.proves("commands reach the data of a sandbox with `--demo`, and say where it is")
def test_a_command_reaches_the_sandbox_of_the_folder(terminal: Terminal) -> None:
    terminal.type("store", "list", "--demo", code=1)
    assert "no sandbox has left data" in terminal.errors
    terminal.type("sandbox", "start", "--port", "0", SIJILL_DEMO_PROFILE="observed")
    (store,) = terminal.json("store", "list", "--demo")  # that which runs, whatever its profile
    assert store["profile"] == "observed"
    terminal.type("sandbox", "stop")
    terminal.type("sandbox", "start", "--port", "0")
    terminal.type("store", "list", code=1)
    folder = terminal.folder / ".sijill" / "demo-documented"
    assert f"the sandbox's is in {folder}: add --demo" in terminal.errors
    terminal.type("sandbox", "stop")
    (kept,) = terminal.json("store", "list", "--demo")
    assert kept == store | {"profile": "documented"}
    other = {"SIJILL_DATABASE_URL": "sqlite://:memory:"}  # not that of the sandbox
    assert f"{folder}" in terminal.type("doctor", "--demo", "--json", **other)
