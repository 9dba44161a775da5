"""The page about one machine, pasted by root into a Debian that systemd has booted."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from fixtures.documents import ROOT
from fixtures.require import program

from e2e.clones import clone
from e2e.conftest import until
from e2e.machines import Machine, debian
from e2e.readers import NOT_RUN
from e2e.walking import Terminal, name_of, sh

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.proves(
        "each command of the page about one machine runs on a fresh Debian, where systemd starts "
        "the server again after SIGKILL, with every customer"
    ),
]

NAME = "docs/howto/run-on-one-machine.md"
PAGE = (ROOT / NAME).read_text("utf-8")
UNIT = ROOT / "deploy" / "sijill.service"
CLONE = "root/sijill"
EXPORT = "runuser -u sijill -- sijill export - --format csv --store shop"
PROCESS = "systemctl show --property MainPID --value sijill"
READY = "curl -fs --retry 30 --retry-connrefused --retry-delay 1 http://127.0.0.1:8466/readyz"
CUSTOMERS = "first_name,email\nSara,sara@example.com\nOmar,omar@example.com\n"


@pytest.fixture
def machine(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    program("systemd-nspawn")
    root = tmp_path / "root"
    subprocess.run(["cp", "-a", debian(tmp_path_factory), root], check=True)
    folder = clone(root / CLONE)
    (folder / "customers.csv").write_text(CUSTOMERS)
    made = Machine(root, tmp_path / "log")
    try:
        made.boot()
        yield made
    finally:
        made.stop()


def test_every_command_runs_when_it_is_pasted(machine: Machine) -> None:
    terminal = Terminal(machine.enter, f"/{CLONE}")
    pasted = [block for block in sh(PAGE) if (NAME, name_of(block)) not in NOT_RUN]
    said = "".join(terminal.paste(block) for block in pasted)
    assert "/_/setup?link=" in said
    assert "2 created" in said
    assert "omar@example.com" in terminal.paste(EXPORT)
    owned = "find /var/lib/sijill /var/backups/sijill ! -user sijill -o -perm /077"
    assert terminal.paste(owned).split() == []
    assert terminal.paste("systemctl is-active sijill").strip() == "active"
    for end in (f"kill -KILL $({PROCESS})", "systemctl restart sijill"):
        _start_again(terminal, end)
        assert "omar@example.com" in terminal.paste(EXPORT)


def _start_again(terminal: Terminal, end: str) -> None:
    """End the server by a command, and wait until systemd has started another one."""
    ended = terminal.paste(PROCESS).strip()
    terminal.paste(end)
    until(lambda: terminal.paste(PROCESS).strip() not in ("0", ended), "a new process")
    terminal.paste(READY)


def test_the_unit_runs_what_the_page_installs() -> None:
    start = re.search(r"^ExecStart=(\S+) (.*)$", UNIT.read_text(), re.MULTILINE)
    assert start is not None
    assert start[1] in PAGE
    assert start[2] == "serve"


def test_the_exposure_is_as_low_as_the_page_says() -> None:
    program("systemd-analyze")
    promised = re.search(r"scores that exposure at ([\d.]+)", PAGE)
    assert promised is not None
    command = ["systemd-analyze", "security", "--offline=yes", "--no-pager", str(UNIT)]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    found = re.search(r"Overall exposure level for \S+: ([\d.]+)", told)
    assert found is not None
    assert float(found[1]) <= float(promised[1])
