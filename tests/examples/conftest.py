"""The tests of the examples, as a reader would run them, against one sandbox."""

import os
import re
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Literal, NamedTuple

import pytest
from fixtures.require import program

from sijill.testing.server import Server

ROOT = Path(__file__).resolve().parents[2]
CRM = ROOT / "examples" / "crm"
PATIENCE = 120.0
"""Seconds that a run of tests may take."""

Language = Literal["python", "node"]


class Outcome(NamedTuple):
    """The result of a run of tests."""

    passed: int
    failed: int
    output: str


def run(command: Sequence[str], folder: Path, environ: dict[str, str]) -> str:
    """Run a command to its end, and return what it printed."""
    done = subprocess.run(
        command,
        cwd=folder,
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=PATIENCE,
    )
    return done.stdout


def outcome_of_pytest(folder: Path, environ: dict[str, str], words: Sequence[str]) -> Outcome:
    """Run pytest on the tests with one of these words in their names, or on all."""
    command = [sys.executable, "-m", "pytest", "-p", "sijill", "-p", "no:cacheprovider"]
    output = run([*command, "-k", " or ".join(words)], folder, environ)
    last = output.splitlines()[-1]
    assert "error" not in last, output
    return Outcome(_number(r"(\d+) passed", last), _number(r"(\d+) failed", last), output)


def outcome_of_node(folder: Path, environ: dict[str, str], words: Sequence[str]) -> Outcome:
    """Run node:test on the tests with one of these words in their names, or on all."""
    names = ["--test-name-pattern", "|".join(words).replace("_", ".")] if words else []
    output = run([program("node"), "--test", "--test-reporter=tap", *names], folder, environ)
    return Outcome(_number(r"^# pass (\d+)", output), _number(r"^# fail (\d+)", output), output)


def _number(pattern: str, text: str) -> int:
    found = re.search(pattern, text, re.MULTILINE)
    return int(found[1]) if found else 0


OUTCOMES: dict[Language, Callable[[Path, dict[str, str], Sequence[str]], Outcome]] = {
    "python": outcome_of_pytest,
    "node": outcome_of_node,
}


@pytest.fixture
def environ(salla_server: Server) -> dict[str, str]:
    """The environment of a run: it has the address of the sandbox, as `sandbox env` prints it."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    return clean | {
        "SIJILL_URL": salla_server.url,
        "SIJILL_ADMIN_TOKEN": salla_server.admin_token,
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",  # others take seconds to load
        "PYTHONDONTWRITEBYTECODE": "1",
    }
