"""What a command imports before it does anything: every start of a command waits for it."""

import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = {
    *("apsw", "argon2", "asyncio", "asyncpg", "babel", "cryptography", "h11", "httpcore"),
    *("httptools", "jinja2", "msgspec", "phonenumbers", "prometheus_client", "python_calamine"),
    *("python_multipart", "redis", "rich", "structlog", "uvicorn", "uvloop", "xlsxwriter"),
}

WORK = {
    *("sijill.customers.event_body", "sijill.privacy.erasing", "sijill.imports.importing"),
    *("sijill.customers.table", "sijill.imports.table", "sijill.mirror.table"),
}
"""Modules of ours that work needs, and a list does without."""

CODE = """
import atexit, sys
from sijill.cli import main
atexit.register(lambda: print(*sys.modules, file=sys.stderr))
main()
"""


def imported(folder: Path, *words: str) -> set[str]:
    """Return the heavy modules that a command has imported when it ends."""
    command = [sys.executable, "-c", CODE, *words]
    process = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60)
    assert process.returncode == 0, process.stderr
    return (HEAVY | WORK) & {*process.stderr.splitlines()[-1].split()}


@pytest.mark.parametrize("words", ["--help", "store --help", "webhook --help"])
def test_a_list_of_commands_imports_nothing_heavy(tmp_path: Path, words: str) -> None:
    assert imported(tmp_path, *words.split()) == set()


@pytest.mark.parametrize(
    "words",
    [
        "store",
        "owner",
        "app",
        "token",
        "webhook",
        "imports",
        "keys",
        "webhook deliveries",
        "app installs",
    ],
)
def test_a_list_imports_a_database_and_nothing_else(tmp_path: Path, words: str) -> None:
    imported(tmp_path, "store", "create", "shop")
    command = words.split() if " " in words else [words, "list"]
    own = {"sijill.imports.table", "sijill.customers.table"} if words == "imports" else set()
    assert imported(tmp_path, *command) == {"apsw", "asyncio", "msgspec"} | own


def test_a_command_on_a_sandbox_imports_no_database_and_no_server(tmp_path: Path) -> None:
    assert imported(tmp_path, "sandbox", "stop") == {"msgspec"}


def test_the_help_of_any_command_imports_no_table_and_nothing_heavy() -> None:
    load = "from sijill.cli.tree import commands\nfor one in commands().values(): one.load()\n"
    code = f"{load}import sys; print(*sys.modules)"
    command = [sys.executable, "-c", code]
    process = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    modules = {*process.stdout.split()}
    assert HEAVY & modules == {"msgspec"}
    assert not {"sijill.register", "sijill.customers.table", "sijill.app"} & modules


def test_a_command_that_needs_the_application_imports_it(tmp_path: Path) -> None:
    assert {"prometheus_client", "structlog"} <= imported(tmp_path, "doctor")


def test_a_server_does_without_what_only_commands_and_tracebacks_need() -> None:
    code = "import sijill.app, sijill.cli.serving, sijill.server.serve, sys; print(*sys.modules)"
    command = [sys.executable, "-c", code]
    process = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    modules = {*process.stdout.split()}
    unneeded = {"attr", "jinja2", "phonenumbers", "python_calamine", "pygments", "redis", "rich"}
    assert {"structlog", "uvicorn"} <= modules
    assert not unneeded & modules
    assert not [name for name in modules if name.startswith(("sijill.sandbox", "sijill.testing"))]
