"""Servers under measurement: real processes on a core of their own, their memory and their time."""

import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from http.client import HTTPConnection, HTTPException, HTTPResponse
from pathlib import Path
from typing import NamedTuple

from benchmarks.cores import pin, server_core
from benchmarks.data import CUSTOMERS, Population
from benchmarks.trees import HERE, Tree

SECONDS = 30.0
"""How long a server may take to start or to stop."""

HIGH = "999999999/1d"
"""The customers limit: high enough to count every request and to refuse none."""


class Server(NamedTuple):
    """
    A server that answers.

    `idle` is its resident memory in bytes before the first request; `limited` says whether it
    counts requests.
    """

    name: str
    pid: int
    port: int
    token: str
    idle: int
    limited: bool

    def memory(self) -> int:
        """Return its resident memory in bytes."""
        return _memory(self.pid)

    def cpu(self) -> float:
        """Return the processor time it has used, of all its threads, in seconds."""
        # The clock of another process, named as clock_getcpuclockid(3) does; /proc counts in ticks.
        return time.clock_gettime(~self.pid << 3 | 2)

    def get(self, path: str) -> tuple[HTTPResponse, bytes]:
        """Return the answer to one request, and its body."""
        return _get(self.port, path, self.token)

    def counted(self) -> int:
        """Return how many requests its customers limit has counted, this one too."""
        headers = self.get(f"{CUSTOMERS}/1")[0].headers
        return int(headers["X-RateLimit-Limit"]) - int(headers["X-RateLimit-Remaining"])


@contextmanager
def sijill(
    name: str,
    folder: Path,
    population: Population,
    module: Sequence[str] = ("-m", "sijill"),
    tree: Tree = HERE,
    **settings: str,
) -> Iterator[Server]:
    """Yield a tree's `sijill serve`: limits on, no access log unless `settings` say."""
    flags = {
        "data_dir": str(folder / name),
        "database_url": population.url,
        "customers_limit": HIGH,
        "access_log": "off",
        "port": "0",
        **settings,
    }
    options = [f"--{key.replace('_', '-')}={value}" for key, value in flags.items()]
    command = [*module, "serve", *options]
    with _running(name, folder, command, "/readyz", tree) as (pid, port, idle):
        yield Server(name, pid, port, population.token, idle, limited=True)


@contextmanager
def sandbox(name: str, folder: Path) -> Iterator[tuple[Server, Server]]:
    """Yield a `sijill sandbox`, and a `sijill serve` on the file of its default namespace."""
    token, limits = "the-token-of-a-measurement", [f"--customers-limit={HIGH}", "--plan-limit=off"]
    home = folder / name
    start = ["-m", "sijill", "sandbox", "--port=0", f"--data-dir={home}", f"--demo-token={token}"]
    with _running(name, folder, [*start, *limits], "/readyz") as (pid, port, idle):
        first = Server(name, pid, port, token, idle, limited=True)
        file = f"--data-dir={home / 'demo-documented'}"
        serve = ["-m", "sijill", "serve", "--port=0", file, "--access-log=off", *limits]
        with _running("serve", folder, serve, "/readyz") as (pid, port, idle):
            yield first, Server("serve", pid, port, token, idle, limited=True)


@contextmanager
def constant(folder: Path, answer: Path, token: str) -> Iterator[Server]:
    """Yield the server that gives everybody the answer kept in a file."""
    command = ["-m", "benchmarks.constant", f"--answer={answer}"]
    with _running("constant", folder, command, "/") as (pid, port, idle):
        yield Server("constant", pid, port, token, idle, limited=False)


@contextmanager
def _running(
    name: str, folder: Path, command: list[str], ready: str, tree: Tree = HERE
) -> Iterator[tuple[int, int, int]]:
    """Yield the process, the port and the idle memory of a server that answers at `ready`."""
    port_file, log = folder / f"{name}.port", folder / f"{name}.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, *command, f"--port-file={port_file}"],
            cwd=folder,  # a sijill.toml of the working folder must not be read
            env=tree.environment(),
            stdout=out,
            stderr=out,
            preexec_fn=partial(pin, server_core()),
        )
    try:
        port = _wait(process, port_file, ready, log)
        yield process.pid, port, _memory(process.pid)
        if process.poll() is not None:
            raise SystemExit(f"benchmarks: the server {name} died:\n{log.read_text()[-2000:]}")
    finally:
        process.terminate()
        try:
            process.wait(SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(process: subprocess.Popen[bytes], port_file: Path, ready: str, log: Path) -> int:
    """Return the server's port once it answers."""
    deadline = time.monotonic() + SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.05)
        try:
            port = int(port_file.read_text())
            if _get(port, ready, "")[0].status == 200:
                return port
        except (OSError, ValueError, HTTPException):
            continue
    raise SystemExit(f"benchmarks: a server did not start:\n{log.read_text()[-2000:]}")


def _memory(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) * 1024


def _get(port: int, path: str, token: str) -> tuple[HTTPResponse, bytes]:
    connection = HTTPConnection("127.0.0.1", port, timeout=SECONDS)
    try:
        connection.request("GET", path, headers={"Authorization": f"Bearer {token}"})
        response = connection.getresponse()
        return response, response.read()
    finally:
        connection.close()
