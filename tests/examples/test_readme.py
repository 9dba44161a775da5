"""The commands of the CRM's README, in its order and as they are written there."""

import os
import re
import shutil
import sys
from pathlib import Path

import pytest
from cli.sandboxes import Terminal
from fixtures.require import program

from examples.conftest import CRM, PATIENCE

BLOCKS = re.findall(r"^```sh\n(.*?)^```$", (CRM / "README.md").read_text("utf-8"), re.M | re.S)
START, PYTHON, NODE, PYTEST, NODE_TEST, STOP = BLOCKS

SERVES = re.compile(r"^(python -m crm serve --port|node main.js serve) 8080\n", re.M)
"""The last line of a block that is served until Ctrl+C: `test_commands.py` runs it."""


def test_its_tests_are_run_by_their_usual_commands() -> None:
    assert (PYTEST, NODE_TEST) == ("pytest\n", "node --test\n")


def test_its_commands_run_one_after_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = shutil.copytree(CRM, tmp_path / "crm")
    programs = {"python": sys.executable, "node": program("node")}
    (tmp_path / "bin").mkdir()
    for name, path in programs.items():
        (tmp_path / "bin" / name).write_text(f'#!/bin/sh\nexec "{path}" "$@"\n')
        (tmp_path / "bin" / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}")
    end = f"trap 'cd {folder}/python && sijill sandbox stop' EXIT\n"  # if a command fails
    start = START.replace("start", "start --port 0")
    stop = f"cd ../python\n{STOP}trap - EXIT\nenv | grep ^SIJILL_ || echo none\n"
    script = SERVES.sub("", "".join([end, start, PYTHON, f"cd ../node\n{NODE}", stop]))
    printed = Terminal(folder / "python").shell(script, PATIENCE)
    assert re.search(r"^1 customers\ncustomer \d+\n2 customers\ncustomer \d+\n", printed, re.M)
    assert printed.endswith("has ended\nnone\n")
    assert sorted(path.name for path in folder.glob("*/crm.*")) == ["crm.jsonl", "crm.sqlite"]
