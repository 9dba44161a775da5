"""A fresh environment outside of the checkout, in which the wheel is installed."""

import os
import subprocess
import sys
import sysconfig
from importlib.metadata import entry_points
from pathlib import Path

PATIENCE = 120.0
"""Seconds that a command may take."""

ROOT = Path(__file__).resolve().parents[2]

LEFT_OUT = " ".join(
    f"-p no:{plugin.name}"
    for plugin in entry_points(group="pytest11")
    if plugin.name not in ("sijill", "xdist")
)
"""Plugins of the tests that a newcomer does not have: some take seconds to load."""

SHIMS = {
    "pip": f'exec "{sys.executable}" -m pip --python "$(dirname "$0")/python" "$@"',
    "make": f'test "$*" = wheel\nplace="$PWD/dist"\ncd "{ROOT}"\n'
    f'exec "{sys.executable}" -m hatchling build -t wheel -d "$place"',
    "pytest": f'exec "$(dirname "$0")/python" -m pytest {LEFT_OUT} "$@"',
}
"""Commands that the environment takes from that of the tests, which has what Sijill needs."""


class Outside:
    """Runs commands in a folder, with nothing but the environment on the path."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.bin = folder / "venv" / "bin"
        kept = {n: v for n, v in os.environ.items() if not n.startswith(("SIJILL_", "PYTHON"))}
        self.environ = kept | {
            "PATH": f"{self.bin}{os.pathsep}{os.environ['PATH']}",
            "PIP_NO_INDEX": "1",
            "PIP_NO_DEPS": "1",
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        }

    def make(self) -> None:
        """Make the environment: empty but for the packages that the tests run on."""
        venv = [sys.executable, "-m", "venv", "--without-pip", str(self.bin.parent)]
        subprocess.run(venv, check=True, timeout=PATIENCE)
        (site,) = self.bin.parent.glob("lib/python*/site-packages")
        # A path in a .pth file is searched, but the .pth files there are not read: no editable one.
        (site / "tests.pth").write_text(f"{sysconfig.get_path('purelib')}\n")
        for name, line in SHIMS.items():
            path = self.bin / name
            path.write_text(f"#!/bin/sh -e\n{line}\n")
            path.chmod(0o755)

    def run(self, line: str, folder: Path | None = None, code: int = 0) -> str:
        """Run a line of the shell, and return its output."""
        done = subprocess.run(
            ["/bin/sh", "-e", "-c", line],
            cwd=folder or self.folder,
            env=self.environ,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
        )
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout


def install(folder: Path, wheel: Path) -> str:
    """Make an environment in a folder, and install a wheel there; return its name."""
    outside = Outside(folder)
    outside.make()
    outside.run(f"pip install '{wheel}'")
    return wheel.name
