"""The samples of the page: each is a complete program, and does what its operation says."""

import json
import os
import subprocess
import urllib.request
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from description.serving import SECONDS, served
from fixtures.require import program
from fixtures.routes import ROUTER

from sijill.description.document import document
from sijill.description.literals import JAVASCRIPT, JSON, PHP, literal
from sijill.description.samples import FILE, Sample
from sijill.description.shown import operations

BASE = "http://register.test"
TOKEN = "a-token-for-samples"
LANGUAGES = ("curl", "PHP", "JavaScript")

ADMIN_TOKEN = "an-admin-token-for-samples"
VARIABLES = {"SALLA_TOKEN": TOKEN, "SIJILL_ADMIN_TOKEN": ADMIN_TOKEN}

LAST = ("deleteCustomer", "createCustomer", "deleteGroup", "deleteNamespace")
"""These run after all others, in this order: others need what they delete."""

NOT_THERE = {
    "updateWebhook": 404,
    "deactivateWebhook": 404,
    "getTokens": 401,
    "waitForRequests": 408,
    "waitForAttempts": 408,
}
"""What the samples get that name what a new demo, or a new namespace, does not have."""


class Run(NamedTuple):
    """A way to run samples."""

    needs: str
    """The program that has to be installed."""
    run: Callable[[dict[str, str], Path], dict[str, int | str]]
    """Runs samples in a folder, in order: the status that each got, or what it said instead."""


def alone(command: str, file: str, after: str, samples: dict[str, str], folder: Path) -> Any:
    """Run each sample in a process of its own; the code behind it prints the status on a line."""
    told = {}
    for name, sample in samples.items():
        (folder / file).write_text(f"{sample}\n{after}")
        done = started([command, file], folder)
        told[name] = status_of(done.stdout) if done.returncode == 0 else done.stdout + done.stderr
    return told


IN_TURN = """
const told = {}, print = console.log;
for (const name of process.argv.slice(1)) {
    const said = told[name] = [];
    console.log = (...words) => said.push(words.join(" "));
    await import(`./${name}.mjs`).catch((fault) => said.push(fault.stack));
}
print(JSON.stringify(told));
"""
"""Imports modules one after another, and tells what each of them printed, or threw."""


def in_turn(samples: dict[str, str], folder: Path) -> Any:
    """Run each sample as a module of its own in one process: a start takes Node longest."""
    for name, sample in samples.items():
        (folder / f"{name}.mjs").write_text(f"{sample}\nconsole.log(answer.status);")
    done = started(["node", "--input-type=module", "-e", IN_TURN, *samples], folder)
    assert done.returncode == 0, done.stdout + done.stderr
    return {name: status_of("\n".join(said)) for name, said in json.loads(done.stdout).items()}


def started(command: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        cwd=folder,
        env=os.environ | {"CURL_HOME": str(folder)} | VARIABLES,
        capture_output=True,
        text=True,
        timeout=SECONDS,
    )


def status_of(said: str) -> int | str:
    """Return the status that a sample printed last, or all that it printed."""
    *_, status = said.split() or [""]
    return int(status) if status.isdigit() else said


PHP_STATUS = 'echo "\\n", curl_getinfo($curl, CURLINFO_RESPONSE_CODE);'

RUNS = {
    "curl": Run("curl", partial(alone, "sh", "sample.sh", "")),
    "PHP": Run("php", partial(alone, "php", "sample.php", PHP_STATUS)),
    "JavaScript": Run("node", in_turn),
}


def samples_of(described: Any) -> dict[str, dict[str, str]]:
    """Return the samples of each operation that a program calls, by language."""
    return {
        operation["operationId"]: {one.language: one.text for one in operation["samples"]}
        for operation in operations(described)
        if len(operation["samples"]) > 1
    }


def test_an_operation_has_samples_an_address_or_is_sent_by_a_form() -> None:
    shown = {one["operationId"]: one for one in operations(document(ROUTER, BASE, "en"))}
    kinds = {name: [one.language for one in each["samples"]] for name, each in shown.items()}
    forms = {"answerConsent", "enter", "signIn", "signOut", "setUp"}
    pages = {"authorize", "getLogin", "getSetUp", "getDocs", "getFrontPage", "getFrontPageOfPrefix"}
    assert {name for name, found in kinds.items() if found == []} == forms
    assert {name for name, found in kinds.items() if found == [""]} == pages
    programs = [found for found in kinds.values() if len(found) > 1]
    assert programs == [[*LANGUAGES]] * (len(kinds.keys() - forms - pages))
    assert shown["authorize"]["samples"] == [
        Sample("", f"{BASE}/oauth2/auth?client_id=crm&response_type=code")
    ]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the file that is uploaded, and settings of curl that print a status."""
    folder = tmp_path_factory.mktemp("samples")
    (folder / FILE).write_text("first_name,mobile,email\r\nNoura,+966501234567,noura@test.test\r\n")
    (folder / ".curlrc").write_text('silent\nwrite-out = "\\n%{http_code}"\n')
    return folder


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    program(RUNS[request.param].needs)
    name: str = request.param
    return name


@pytest.mark.e2e
def test_the_samples_do_what_their_operations_say(
    language: str, folder: Path, tmp_path: Path
) -> None:
    tokens = {"SIJILL_DEMO_TOKEN": TOKEN, "SIJILL_ADMIN_TOKEN": ADMIN_TOKEN}
    with served(tmp_path, **tokens) as address:
        with urllib.request.urlopen(f"{address}/_/openapi.json", timeout=SECONDS) as answer:
            described = json.load(answer)
        samples = samples_of(described)
        success = {one["operationId"]: int(one["success"]) for one in operations(described)}
        names = [*(name for name in samples if name not in LAST), *LAST]
        programs = {name: samples[name][language] for name in names}
        answers = RUNS[language].run(programs, folder)
    assert answers == {name: NOT_THERE.get(name, success[name]) for name in names}


VALUE = {"name": 'O\'Neil \\ "x"', "class": [1, None, True], "a-b": {"inner": [{"x": 0.5}]}}
LONG = {"first": "x" * 30, "second": ["y" * 30]}


@pytest.mark.parametrize(
    ("notation", "value", "text"),
    [
        (JSON, {"a": 1}, '{"a": 1}'),
        (JAVASCRIPT, {"a": 1, "b-c": "d"}, '{ a: 1, "b-c": "d" }'),
        (PHP, {"a": 1, "b": None}, "['a' => 1, 'b' => null]"),
        (PHP, "it's \\", "'it\\'s \\\\'"),
        (JSON, LONG, f'{{\n  "first": "{"x" * 30}",\n  "second": ["{"y" * 30}"]\n}}'),
        (PHP, LONG, f"[\n    'first' => '{'x' * 30}',\n    'second' => ['{'y' * 30}'],\n]"),
    ],
)
def test_a_literal_is_written_as_its_language_writes_it(
    notation: Any, value: Any, text: str
) -> None:
    assert literal(value, notation) == text


@pytest.mark.parametrize(
    ("command", "notation", "run_by"),
    [
        ("node", JAVASCRIPT, ["-e", "console.log(JSON.stringify({}))"]),
        ("php", PHP, ["-r", "echo json_encode({}, JSON_UNESCAPED_SLASHES);"]),
    ],
)
def test_a_literal_means_its_value(command: str, notation: Any, run_by: list[str]) -> None:
    program(command)
    option, code = run_by
    for value in (VALUE, LONG):
        written = code.replace("{}", literal(value, notation))
        done = subprocess.run(
            [command, option, written], capture_output=True, timeout=SECONDS, check=True
        )
        assert json.loads(done.stdout) == value
