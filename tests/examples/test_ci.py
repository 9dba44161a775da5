"""The pipelines of the page about CI: their commands run as they stand, but for the install."""

import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from fixtures.require import program

from examples.conftest import PATIENCE
from examples.pages import blocks, write_node_project

PIPELINES = [yaml.safe_load(block) for block in blocks("test-in-ci.md", "yaml")]


class Runner:
    """Runs commands of a pipeline in a project, as a runner of CI does."""

    def __init__(self, folder: Path) -> None:
        program("node")
        self.folder, self.variables = folder, folder / "variables"
        self.variables.touch()
        clean = {n: value for n, value in os.environ.items() if not n.startswith("SIJILL_")}
        self.environ = clean | {
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "SIJILL_PORT": "0",
            "GITHUB_ENV": str(self.variables),
        }
        write_node_project(folder, -1)

    def shell(self, lines: Iterable[str]) -> str:
        """Run commands in one shell, which ends at the first that fails; return the output."""
        script = "\n".join(line for line in lines if not line.startswith("pip install "))
        done = subprocess.run(
            ["bash", "-eo", "pipefail", "-c", script],
            cwd=self.folder,
            env=self.environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=PATIENCE,
        )
        assert done.returncode == 0, done.stdout
        written = (line.partition("=") for line in self.variables.read_text().splitlines())
        self.environ |= {name: value for name, _, value in written}
        return done.stdout


@pytest.fixture
def runner(tmp_path: Path) -> Iterator[Runner]:
    """A project whose sandbox is gone afterwards."""
    made = Runner(tmp_path)
    yield made
    made.shell(["sijill sandbox stop"])


def test_the_page_has_a_pipeline_for_github_and_one_for_gitlab() -> None:
    assert ["jobs" in pipeline for pipeline in PIPELINES] == [True, False]


def test_the_pipeline_of_github_runs_the_tests(runner: Runner) -> None:
    [job] = PIPELINES[0]["jobs"].values()
    runs: list[dict[str, Any]] = [step for step in job["steps"] if "run" in step]
    outputs = [runner.shell([step["run"]]) for step in runs]
    assert any("pass 1" in output for output in outputs), outputs
    assert job["steps"][-1]["if"] == "failure()"
    assert "route=/customers" in outputs[-1], "the log says what the sandbox was asked"


def test_the_pipeline_of_gitlab_runs_the_tests(runner: Runner) -> None:
    [job] = PIPELINES[1].values()
    output = runner.shell([*job["before_script"], *job["script"]])
    assert "pass 1" in output
    assert "route=/customers" in runner.shell(job["after_script"])
