"""Runs of pytest on files of tests that use the plugin."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from sijill.pytest_plugin import Server

AHMED = "/customers/2075683582"

QUIET = ("-p", "no:randomly", "-p", "no:cacheprovider")

Run = Callable[..., pytest.RunResult]


@pytest.fixture(autouse=True)
def no_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    """pytest writes longer summaries where these variables are set, as services for CI do."""
    for name in ("CI", "BUILD_NUMBER"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def run(pytester: pytest.Pytester, salla_server: Server, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return a function that runs a file of tests in this process, on a sandbox that all share."""
    monkeypatch.setenv("SIJILL_URL", salla_server.url)
    monkeypatch.setenv("SIJILL_ADMIN_TOKEN", salla_server.admin_token)

    def run(text: str, *words: str, **files: str) -> pytest.RunResult:
        return pytester.runpytest_inprocess(pytester.makepyfile(text, **files), *QUIET, *words)

    return run


STARTED = """
import sys

with open({file!r}, "a") as file:
    print(*sys.orig_argv, file=file)
"""


class Alone:
    """Runs pytest in processes of its own, which start their sandbox themselves."""

    def __init__(self, pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
        self._pytester = pytester
        self._started = pytester.path / "started"
        folder = pytester.mkdir("site")
        (folder / "sitecustomize.py").write_text(STARTED.format(file=str(self._started)))
        self.temporary = pytester.mkdir("temporary")
        """The folder of its temporary files."""
        monkeypatch.setenv("TMPDIR", str(self.temporary))
        monkeypatch.setenv("PYTHONPATH", str(folder), prepend=os.pathsep)
        monkeypatch.delenv("SIJILL_URL", raising=False)
        monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")  # others take seconds to load

    def run(self, text: str, *words: str, **files: str) -> pytest.RunResult:
        """Return the result of a run of a file of tests."""
        path = self._pytester.makepyfile(text, **files)
        command = (sys.executable, "-m", "pytest", "-p", "sijill", "-p", "xdist", *words, path)
        return self._pytester.run(*command, timeout=120)

    @property
    def sandboxes(self) -> int:
        """How many sandboxes were started."""
        lines = self._started.read_text().splitlines()
        return sum("-m sijill.testing.child sandbox" in line for line in lines)

    def file(self, name: str) -> Path:
        """Return a file that the tests wrote."""
        return self._pytester.path / name


@pytest.fixture
def alone(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Alone:
    """Runs of pytest that start their own sandbox."""
    return Alone(pytester, monkeypatch)
