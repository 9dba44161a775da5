"""A fresh environment outside of the checkout, in which the wheel is installed."""

import os
import subprocess
import sys
import sysconfig
from pathlib import Path

from e2e.conftest import PATIENCE

SHIMS = {
    "pip": f'exec "{sys.executable}" -m pip --python "$(dirname "$0")/python" "$@"',
    "pytest": 'exec "$(dirname "$0")/python" -m pytest -p no:randomly "$@"',
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
            path.write_text(f"#!/bin/sh\n{line}\n")
            path.chmod(0o755)

    def run(self, line: str, folder: Path | None = None, code: int = 0) -> str:
        """Run a line of the shell, and return its output."""
        done = subprocess.run(
            ["/bin/sh", "-e", "-c", line],
            cwd=folder or self.folder,
            env=self.environ,
            capture_output=True,
            text=True,
            timeout=4 * PATIENCE,
        )
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout


def install(folder: Path, wheel: Path) -> str:
    """Make the environment in a folder, with a wheel that lies in `dist` there."""
    outside = Outside(folder)
    outside.make()
    (folder / "dist").mkdir()
    (folder / "dist" / wheel.name).symlink_to(wheel)
    outside.run(f"pip install dist/{wheel.name}")
    return wheel.name
