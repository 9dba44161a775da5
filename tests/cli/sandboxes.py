"""A terminal whose commands are processes, and the sandboxes that they leave running."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

PATIENCE = 30.0
"""Seconds that anything may take before the test fails; nothing sleeps for luck."""


class Terminal:
    """Types commands in a folder; each is a process of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        kept = {n: v for n, v in os.environ.items() if n != "PORT" and not n.startswith("SIJILL_")}
        self.environ = kept | {"PYTHONWARNINGS": "error", "NO_COLOR": "1"}
        self.errors = ""

    @property
    def file(self) -> Path:
        return self.folder / ".sijill" / "sandbox" / "running.json"

    def begin(self, *words: str, **environ: str) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [sys.executable, "-m", "sijill", *words],
            cwd=self.folder,
            env=self.environ | environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def type(self, *words: str, code: int = 0, **environ: str) -> str:
        """Run a command to its end; return its output."""
        with self.begin(*words, **environ) as process:
            output, self.errors = process.communicate(timeout=PATIENCE)
        assert process.returncode == code, self.errors
        return output

    def json(self, *words: str, code: int = 0) -> Any:
        return json.loads(self.type(*words, "--json", code=code))

    def shell(self, script: str, patience: float = PATIENCE) -> str:
        """Run a script of sh, in which `sijill` is the command; `patience` is in seconds."""
        function = f'sijill() {{ {sys.executable} -m sijill "$@"; }}\n'
        done = subprocess.run(
            ["sh", "-euc", function + script],
            cwd=self.folder,
            env=self.environ,
            capture_output=True,
            text=True,
            timeout=patience,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout
