"""A demo in a process of its own."""

import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SECONDS = 30.0
"""How long a process may take."""


@contextmanager
def served(folder: Path, **environ: str) -> Iterator[str]:
    """Yield the address of a demo in a process of its own."""
    port_file = folder / "port"
    command = [
        sys.executable,
        "-m",
        "sijill",
        "sandbox",
        "--port",
        "0",
        "--port-file",
        str(port_file),
    ]
    clean = {name: text for name, text in os.environ.items() if not name.startswith("SIJILL_")}
    process = subprocess.Popen(command, cwd=folder, env=clean | environ, stdout=subprocess.DEVNULL)
    try:
        yield ready(port_file, process)
    finally:
        process.terminate()
        try:
            process.wait(SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(SECONDS)


def ready(port_file: Path, process: subprocess.Popen[bytes]) -> str:
    """Return the address of a server once it answers."""
    deadline = time.monotonic() + SECONDS
    while True:
        try:
            address = f"http://127.0.0.1:{int(port_file.read_text())}"
            with urllib.request.urlopen(f"{address}/healthz", timeout=SECONDS):
                return address
        except (OSError, ValueError):
            assert process.poll() is None, "the server ended"
            assert time.monotonic() < deadline, "the server did not come up"
            time.sleep(0.05)
