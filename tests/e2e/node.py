"""Apps for Node in folders beside this file, installed with the packages that they use."""

import shutil
import subprocess
from pathlib import Path

import pytest
from fixtures.require import missing, program

QUIET = (
    *("--no-audit", "--no-fund", "--ignore-scripts", "--no-package-lock"),
    *("--prefer-offline", "--fetch-retries=1", "--fetch-retry-mintimeout=1000"),
)


def node_app(name: str, factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the named app and its package; skip without node or npm."""
    program("node")
    npm = program("npm")
    folder = factory.mktemp("node") / name
    shutil.copytree(Path(__file__).with_name(name), folder)
    try:
        subprocess.run(
            [npm, "install", *QUIET], cwd=folder, check=True, capture_output=True, timeout=60
        )
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as fault:
        missing("node", f"the package could not be installed: {fault}")
    return folder
