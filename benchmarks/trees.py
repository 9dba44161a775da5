"""A checkout of Sijill: its source, its command line, and the environment that runs both."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, NamedTuple

ROOT = Path(__file__).parents[1]

FOLDER = ROOT / ".sijill" / "bench"
"""What is made once and used by later runs; it may be deleted."""

_SETTINGS = ("SIJILL_", "PORT", "DATABASE_URL", "PROMETHEUS_", "PYTHON")
"""Beginnings of environment variables that would change what is measured."""

_FIND = "import importlib.util; print(importlib.util.find_spec('sijill').origin)"


class Tree(NamedTuple):
    """A checkout; only its command line is used, so its modules may have any names."""

    root: Path

    @property
    def source(self) -> Path:
        """Return the folder that holds the package."""
        return self.root / "src"

    def environment(self) -> dict[str, str]:
        """
        Return the environment of a process that runs this tree's source.

        Bytecode goes to a folder of the benchmarks: nothing is written to the checkout.
        """
        kept = {key: value for key, value in os.environ.items() if not key.startswith(_SETTINGS)}
        paths = os.pathsep.join((str(self.source), str(ROOT)))
        return kept | {"PYTHONPATH": paths, "PYTHONPYCACHEPREFIX": str(FOLDER / "bytecode")}

    def run(self, *words: str) -> str:
        """
        Return what a command of `sijill` prints.

        Raises: SystemExit if the command fails.
        """
        with self.output(*words) as stream:
            return stream.read().decode()

    @contextmanager
    def output(self, *words: str) -> Iterator[IO[bytes]]:
        """
        Yield the standard output of a command of `sijill`.

        Raises: SystemExit if the command fails.
        """
        FOLDER.mkdir(parents=True, exist_ok=True)
        process = subprocess.Popen(
            [sys.executable, "-m", "sijill", *words],
            cwd=FOLDER,  # a sijill.toml of the working folder must not be read
            env=self.environment(),
            stdout=subprocess.PIPE,
        )
        with process:
            assert process.stdout is not None
            yield process.stdout
        if process.returncode:
            raise SystemExit(f"benchmarks: sijill {words[0]} of {self.root} failed")

    def commit(self) -> str:
        """Return the short commit, and whether the source differs from it."""
        head = self._git("rev-parse", "--short", "HEAD") or "no commit"
        return head + " and uncommitted changes" * bool(self._git("status", "--porcelain", "src"))

    def _git(self, *words: str) -> str:
        command = ["git", "-C", str(self.root), *words]
        done = subprocess.run(command, check=False, capture_output=True, text=True)
        return done.stdout.strip() if done.returncode == 0 else ""


HERE = Tree(ROOT)


def checkout(root: Path) -> Tree:
    """
    Return the tree at `root`, once Python is seen to find its source there.

    Raises: SystemExit if there is no source of Sijill, or Python would run another one.
    """
    tree = Tree(root.resolve())
    wanted = tree.source / "sijill" / "__init__.py"
    if not wanted.exists():
        raise SystemExit(f"benchmarks: {root} is no checkout of Sijill: there is no {wanted}")
    command = [sys.executable, "-c", _FIND]
    found = subprocess.run(
        command, check=True, capture_output=True, text=True, env=tree.environment(), cwd="/"
    ).stdout.strip()
    if Path(found) != wanted:
        raise SystemExit(f"benchmarks: Python finds {found} instead of {wanted}")
    return tree
