"""A demo server in a process of its own, and rounds of made-up requests to it."""

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from fuzz.asking import Report, ask
from fuzz.making import made, operations

TOKEN = "chosen-for-made-up-requests"
ADMIN_TOKEN = "chosen-for-made-up-control-calls"
START = 60.0
"""Seconds in which the server has to answer."""

ROUND = 2_000
"""Requests that are made up before they are sent: making them must not delay what is measured."""

_FLAGS = {
    **dict.fromkeys(
        (
            "customers-limit",
            "others-limit",
            "plan-limit",
            "failed-tokens-limit",
            "login-limit",
            "access-log",
        ),
        "off",
    ),
    "webhooks": "capture",
    "port": "0",
    "demo-token": TOKEN,
    "admin-token": ADMIN_TOKEN,
    "demo-customers": "300",
}


@contextmanager
def serving(folder: Path) -> Iterator[int]:
    """Yield the port of a demo server whose data lie in a folder. Raises: RuntimeError."""
    ready, log = folder / "port", folder / "log"
    flags = [f"--{name}={value}" for name, value in _FLAGS.items()]
    flags += [f"--data-dir={folder / 'data'}", f"--port-file={ready}"]
    environ = {name: value for name, value in os.environ.items() if not name.startswith("SIJILL_")}
    with log.open("wb") as out:
        command = [sys.executable, "-m", "sijill", "sandbox", *flags]
        process = subprocess.Popen(command, cwd=folder, env=environ, stdout=out, stderr=out)
    try:
        deadline = time.monotonic() + START
        while not _answers(ready):
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the server did not start: {log.read_text()[-2000:]}")
            time.sleep(0.05)
        yield int(ready.read_text())
        if process.poll() is not None:
            raise RuntimeError(f"the server died: {log.read_text()[-2000:]}")
    finally:
        process.terminate()
        process.wait(START)


def _answers(ready: Path) -> bool:
    """Return whether the server whose port stands in a file gives its description."""
    with suppress(OSError, ValueError):
        return bool(described(int(ready.read_text())))
    return False


def described(port: int) -> Any:
    """Return the description that the server gives of itself."""
    with urlopen(f"http://127.0.0.1:{port}/_/openapi.json", timeout=START) as answer:
        return json.loads(answer.read())


def fuzz(port: int, seed: int, first: int, limit: int, connections: int) -> Report:
    """Send `limit` requests from the number `first` on, and return what came."""
    known, report = operations(described(port)), Report()
    for begin in range(first, first + limit, ROUND):
        numbers = range(begin, min(begin + ROUND, first + limit))
        requests = [(number, made(seed, number, known, TOKEN, ADMIN_TOKEN)) for number in numbers]
        asyncio.run(ask(port, requests, report, connections))
    return report
