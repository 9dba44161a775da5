"""The real process, from the built wheel: a file missing from it is missing here."""

import contextlib
import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from fixtures.shared import folder_of_the_run, made_once

from e2e.outside import Outside, install

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 30.0
"""Seconds that anything may take before the test fails; nothing sleeps for luck."""


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder that holds the package as its wheel does."""
    folder = folder_of_the_run(tmp_path_factory) / "wheel"
    made_once(folder, _build)
    return folder / "site"


def _build(folder: Path) -> str:
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return wheel.name


@pytest.fixture(scope="session")
def outside(installed: Path, tmp_path_factory: pytest.TempPathFactory) -> Outside:
    """Return an environment outside of the checkout that has the wheel."""
    folder = folder_of_the_run(tmp_path_factory) / "outside"
    (wheel,) = installed.parent.glob("*.whl")
    made_once(folder, lambda folder: install(folder, wheel))
    return Outside(folder)


def until(met: Callable[[], bool], what: str) -> None:
    """Wait until a condition is met, or fail naming it."""
    deadline = time.monotonic() + PATIENCE
    while not met():
        assert time.monotonic() < deadline, f"never: {what}"
        time.sleep(0.01)


class Process:
    """A run of the command, its output in files."""

    def __init__(
        self,
        command: Sequence[str],
        folder: Path,
        environ: dict[str, str],
        keep: Sequence[int] = (),
    ) -> None:
        """`keep` are files of this process that the command keeps open."""
        self.out, self.err = folder / "out.txt", folder / "err.txt"
        with self.out.open("wb") as out, self.err.open("wb") as err:
            self.popen = subprocess.Popen(
                command,
                cwd=folder,
                env=environ,
                stdout=out,
                stderr=err,
                start_new_session=True,
                pass_fds=keep,
            )

    def line(self, pattern: str) -> re.Match[str]:
        """Return the first match of a pattern in the output, waiting for it."""
        found: list[re.Match[str]] = []

        def there() -> bool:
            assert self.popen.poll() is None, self.err.read_text()
            match = re.search(pattern, self.out.read_text())
            found.extend([match] if match else [])
            return bool(found)

        until(there, f"{pattern} in the output")
        return found[0]

    def log(self) -> list[dict[str, Any]]:
        """Return the lines of its log so far: each is whole once its end is there."""
        lines = self.err.read_text().splitlines(keepends=True)
        return [json.loads(line) for line in lines if line.endswith("\n")]

    def end(self, number: int = signal.SIGTERM) -> int:
        """Send a signal and return the exit code."""
        if self.popen.poll() is None:
            self.popen.send_signal(number)
        return self.popen.wait(PATIENCE)

    def destroy(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.popen.pid, signal.SIGKILL)
        self.popen.wait(PATIENCE)


class Shell:
    """A folder in which the installed command is run."""

    def __init__(self, site: Path, folder: Path) -> None:
        self.site = site
        self.folder = folder
        self.environ = {
            name: value for name, value in os.environ.items() if not name.startswith("SIJILL_")
        }
        self.environ |= {"PYTHONPATH": str(site), "PYTHONWARNINGS": "error", "NO_COLOR": "1"}
        self.environ["PYTHONDONTWRITEBYTECODE"] = ""  # no start compiles what another has
        self.started: list[Process] = []

    def command(self, line: str) -> list[str]:
        return [sys.executable, "-m", "sijill", *shlex.split(line)]

    def run(self, line: str, code: int = 0, stdin: bytes | None = None) -> str:
        """Run a command to its end and return its output."""
        done = subprocess.run(
            self.command(line),
            cwd=self.folder,
            env=self.environ,
            input=stdin,
            capture_output=True,
            timeout=PATIENCE * 2,
        )
        self.errors = done.stderr.decode()
        assert done.returncode == code, self.errors
        return done.stdout.decode()

    def start(self, line: str, **environ: str) -> Process:
        """Start a command that serves."""
        return self.begin(self.command(line), **environ)

    def begin(self, command: Sequence[str], keep: Sequence[int] = (), **environ: str) -> Process:
        """Start a process in a folder of its own."""
        place = self.folder / f"run-{len(self.started)}"
        place.mkdir()
        process = Process(command, place, self.environ | environ, keep)
        self.started.append(process)
        return process

    def copy_of(self, recipe: "Recipe") -> str:
        """Copy into `data` what a recipe makes there, once for all tests; return its result."""
        folder = self.site.parent / f"{recipe.__module__}-{recipe.__name__}"
        site = self.site
        result = made_once(folder, lambda at: recipe(Shell(site, at), f"--data-dir {at}/data"))
        shutil.copytree(folder / "data", self.folder / "data")
        return result


Recipe = Callable[[Shell, str], str]
"""Runs commands with the option that names a data folder, and returns a token."""


def shop(shell: Shell, where: str) -> str:
    """Make a store and an app, and return its token, which may write."""
    shell.run(f"store create shop {where}")
    shell.run(f"app create writer {where}")
    scopes = "--scope customers.read_write"
    return shell.run(f"token create --store shop --app writer {scopes} {where}").strip()


@pytest.fixture
def shell(installed: Path, tmp_path: Path) -> Iterator[Shell]:
    """A shell whose servers are gone afterwards."""
    made = Shell(installed, tmp_path)
    yield made
    for process in made.started:
        process.destroy()
