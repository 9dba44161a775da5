"""The Makefile finds a Python, and says in one line what is missing."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
MAKE = shutil.which("make")

pytestmark = pytest.mark.skipif(MAKE is None, reason="SKIPPED: there is no make on this machine")


def script(path: Path, text: str) -> None:
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)


def make(tmp_path: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run make on a copy of the Makefile with nothing but the shell's tools and our Pythons."""
    shutil.copy(ROOT / "Makefile", tmp_path)
    for name in ("sh", "rm", "test", "echo", "touch", "sort"):
        found = shutil.which(name)
        if found and not (tmp_path / "bin" / name).exists():
            (tmp_path / "bin" / name).symlink_to(found)
    assert MAKE is not None
    environ = {"PATH": str(tmp_path / "bin"), "HOME": str(tmp_path)}
    return subprocess.run(
        [MAKE, *words], cwd=tmp_path, env=environ, capture_output=True, text=True, timeout=60
    )


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "bin").mkdir()
    (tmp_path / "requirements").mkdir()
    (tmp_path / "requirements" / "runtime.txt").touch()
    (tmp_path / "pyproject.toml").touch()
    return tmp_path


def test_without_a_new_enough_python_it_says_so(place: Path) -> None:
    script(place / "bin" / "python3", "exit 1")
    done = make(place, "demo")
    assert done.returncode != 0
    assert "Sijill needs Python 3.11 or newer: install it and try again." in done.stderr


def test_without_venv_it_names_the_missing_package(place: Path) -> None:
    script(
        place / "bin" / "python3",
        f'case "$2" in *"import venv"*) exit 1;; esac\nexec {sys.executable} "$@"',
    )
    done = make(place, "demo")
    version = f"python{sys.version_info[0]}.{sys.version_info[1]}"
    assert done.returncode != 0
    assert f"install the package {version}-venv and try again." in done.stderr


def test_a_shim_that_does_not_start_is_passed_over(place: Path) -> None:
    script(place / "bin" / "python3.14", "echo not installed >&2\nexit 127")
    script(place / "bin" / "python3.12", f'exec {sys.executable} "$@"')
    done = make(place, "--dry-run", "demo")
    assert done.returncode == 0, done.stderr
    assert str(place / "bin" / "python3.12") in done.stdout
    assert os.path.exists(place / "bin" / "python3.14")


def test_every_other_python_is_tried_in_an_environment_of_its_own(place: Path) -> None:
    (place / "requirements" / "dev.txt").touch()
    script(place / "bin" / "python3.11", "echo 3.11.9:/one/python3.11")
    script(place / "bin" / "python3.13", "echo not installed >&2\nexit 127")
    manager = place / ".pyenv" / "versions" / "3.12.1" / "bin"
    manager.mkdir(parents=True)
    script(manager / "python3.12", "echo 3.12.1:/two/python3.12")
    done = make(place, "--dry-run", "pythons")
    assert done.returncode == 0, done.stderr
    made = [line for line in done.stdout.splitlines() if " -m venv " in line]
    assert made == [
        '"/one/python3.11" -m venv .venv-3.11.9',
        '"/two/python3.12" -m venv .venv-3.12.1',
    ]
    assert done.stdout.count("-m pytest") == len(made)


def test_the_python_of_the_environment_is_no_other(place: Path) -> None:
    (place / ".venv" / "bin").mkdir(parents=True)
    (place / ".venv" / "bin" / "python").symlink_to(sys.executable)
    script(place / "bin" / "python3.12", f'exec {sys.executable} "$@"')
    done = make(place, "--dry-run", "pythons")
    assert done.returncode == 0, done.stderr
    assert "-m venv" not in done.stdout
