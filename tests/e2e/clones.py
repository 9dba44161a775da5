"""Fresh clones, and what they install, fetched beforehand: nothing else comes from a network."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from fixtures.documents import ROOT, files
from fixtures.require import missing
from fixtures.shared import folder_of_the_run, made_once

PATIENCE = 300.0
"""Seconds that fetching may take."""

_HIDDEN = (".gitignore", ".dockerignore")


def clone(folder: Path) -> Path:
    """Copy what belongs to the repository into a folder, and return it."""
    for path in [*files("*"), *(ROOT / name for name in _HIDDEN)]:
        there = folder / path.relative_to(ROOT)
        there.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, there)
    return folder


def fetched(factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the packages that Sijill needs; skip where they cannot be fetched."""
    folder = folder_of_the_run(factory) / "packages"
    told = made_once(folder, _fetch)
    if told:
        missing("registry", told)
    return folder


def _fetch(folder: Path) -> str:
    pins = ROOT / "requirements" / "runtime.txt"
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
    done = subprocess.run(
        [*pip, "--require-hashes", "-r", pins, "-d", folder],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    return done.stderr if done.returncode else ""


def offline(packages: Path) -> dict[str, str]:
    """Return variables with which pip takes packages from a folder alone."""
    return {
        "PIP_NO_INDEX": "1",
        "PIP_FIND_LINKS": str(packages),
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PIP_CONFIG_FILE": os.devnull,
    }
