"""
What namespaces of the sandbox cost, measured in the process that serves them; and what reads cost
in a sandbox over HTTP, against `sijill serve` on the same file.
"""

import asyncio
import gc
import os
import resource
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

import msgspec

from benchmarks.data import CUSTOMERS
from benchmarks.rounds import Case, Plan, Result, measure
from benchmarks.servers import sandbox
from sijill.customers.examples import AHMED
from sijill.http.body import Body
from sijill.http.request import Request
from sijill.sandbox.application import Sandbox, open_sandbox
from sijill.sandbox.blueprint import keys_of
from sijill.sandbox.garbage import search_often
from sijill.sandbox.namespace import Namespace
from sijill.sandbox.namespaces import Namespaces
from sijill.sandbox.new import New
from sijill.settings import load
from sijill.telemetry import logs

SIZES = (1_000, 100_000)
"""Customers of a namespace."""

WINDOW = timedelta(minutes=10)
BEGIN = datetime(2040, 1, 1, tzinfo=UTC)


def text(*, quick: bool) -> str:
    """Return the figures as lines; `quick` leaves out the large ones."""
    logs.configure("error", "text")  # of deliveries that are given up
    search_often()
    lines = starts(3 if quick else 20)
    return "\n".join([*lines, *asyncio.run(_measured(quick=quick))])


async def _measured(*, quick: bool) -> list[str]:
    lines = []
    for size in SIZES[: 1 if quick else None]:
        lines += await _in_sandbox(size, _life, rounds=200 if size < 10_000 else 30)
    lines += await _in_sandbox(0, _attempts, rounds=20 if quick else 100)
    lines += await _in_sandbox(0, _crowd, rounds=100 if quick else 1_000)
    return [*lines, *await _in_sandbox(0, _passing, rounds=500 if quick else 10_000)]


async def _in_sandbox(
    size: int, measure: Callable[[Namespaces, int, int], Awaitable[list[str]]], rounds: int
) -> list[str]:
    flags = {
        "demo_customers": str(size),
        "max_namespaces": "20000",
        "webhook_targets": "local",
        "access_log": "off",
    }
    settings, _ = load(flags, environ={}, folder=Path("/nonexistent"))
    app = await open_sandbox(settings, "http://127.0.0.1:8466", keys_of("bench"))
    assert isinstance(app.dispatcher, Sandbox)
    try:
        return await measure(app.dispatcher.namespaces, size, rounds)
    finally:
        await app.close()


async def _life(namespaces: Namespaces, size: int, rounds: int) -> list[str]:
    """Measure how long a namespace takes to be made, to be reset, and to let a window pass."""
    made, reset, passed = [], [], []
    for number in range(rounds):
        begin = time.perf_counter()
        namespace = await namespaces.create(New(name=f"n{number}"))
        made.append(time.perf_counter() - begin)
        begin = time.perf_counter()
        await namespace.reset()
        reset.append(time.perf_counter() - begin)
        begin = time.perf_counter()
        await namespace.background.move_to(namespace.clock.now() + WINDOW)
        passed.append(time.perf_counter() - begin)
        await namespaces.remove(f"n{number}")
    return [
        _row(f"make, {size:,} customers", made),
        _row(f"reset, {size:,} customers", reset),
        _row("a window passes", passed),
    ]


async def _attempts(namespaces: Namespaces, _: int, rounds: int) -> list[str]:
    """Measure ten attempts over three days at a receiver that is not there."""
    taken, moments = [], set()
    with socket.socket() as unheard:
        unheard.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unheard.getsockname()[1]}/"
        for _round in range(rounds):
            namespace = await namespaces.create(New(name="n"))
            namespace.clock.freeze()
            namespace.clock.jump_to(BEGIN.timestamp())
            hook = {"name": "crm", "event": "customer.created", "url": url}
            await _post(namespace, "/webhooks/subscribe", hook)
            await _post(namespace, "/customers", {"email": "sara@example.com"})
            begin = time.perf_counter()
            await namespace.background.move_to(BEGIN + timedelta(days=4))
            taken.append(time.perf_counter() - begin)
            attempts = namespace.hooks.attempts.find(lambda _: True)
            moments.add(tuple(attempt.at for attempt in attempts))
            await namespaces.remove("n")
    (only,) = moments  # the same moments each time
    return [_row(f"{len(only)} attempts at no receiver", taken)]


async def _post(namespace: Namespace, path: str, fields: dict[str, str]) -> None:
    body = msgspec.json.encode(fields)
    content = Body(len(body))
    content.write(body)
    content.end()
    token = namespace.identity.credentials.token
    headers = {b"authorization": f"Bearer {token}".encode(), b"content-type": b"application/json"}
    answer = await namespace.answer(Request("POST", path.encode(), b"", headers, "", content))
    if answer.status != 200:
        raise SystemExit(f"benchmarks: {path}: {answer.status}")


def reads(plan: Plan, folder: Path) -> list[Result]:
    """
    Return the cost of reads in a sandbox, against a server on the same file.

    Raises: SystemExit if an answer was no success.
    """
    results = []
    with sandbox("sandbox", folder) as (sandboxed, serve):
        for title, path in (("Details", f"{CUSTOMERS}/{AHMED.id}"), ("List", CUSTOMERS)):
            paths = folder / f"{title}.txt"
            paths.write_text(f"{path}\n")
            cases = [
                Case("s", f"{title}, sijill serve", serve, paths),
                Case("s", f"{title}, sijill sandbox", sandboxed, paths),
            ]
            results += measure(cases, plan)
    return results


def starts(rounds: int) -> list[str]:
    """Measure a process from its start to the first answer, of a customer of the demo."""
    taken, worked = [], []
    for _ in range(rounds):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        taken.append(_first_answer())
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        worked.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return [
        _row("start to the first answer", taken),
        _row("processor time, end included", worked),
    ]


def _first_answer() -> float:
    """Return the seconds that a sandbox takes to its first answer, in an empty folder."""
    with TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "sijill", "sandbox", "--port", "0", "--json"]
        begin = time.perf_counter()
        with subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            told = msgspec.json.decode(process.stdout.readline())
            url = urlsplit(told["url"])
            asking = HTTPConnection(url.netloc)
            bearer = {"Authorization": f"Bearer {told['token']}"}
            asking.request("GET", f"{CUSTOMERS}/{AHMED.id}", headers=bearer)
            status = asking.getresponse().status
            seconds = time.perf_counter() - begin
            asking.close()
            process.terminate()
    if status != 200:
        raise SystemExit(f"benchmarks: {status}")
    return seconds


async def _crowd(namespaces: Namespaces, _: int, count: int) -> list[str]:
    before = _resident()
    for number in range(count):
        await namespaces.create(New(name=f"n{number}"))
    each = (_resident() - before) / count / 1024
    return [f"{f'{count:,} namespaces open':<34}{each:8.0f} KB each"]


async def _passing(namespaces: Namespaces, _: int, count: int) -> list[str]:
    async def pass_by(rounds: int) -> tuple[int, int, int]:
        for number in range(rounds):
            await namespaces.create(New(name=f"n{number}"))
            await namespaces.remove(f"n{number}")
        gc.collect()
        return _resident(), threading.active_count(), len(os.listdir("/proc/self/fd"))

    first = await pass_by(count // 10)
    last = await pass_by(count)
    grown = [after - before for before, after in zip(first, last, strict=True)]
    return [
        f"{f'{count:,} made and dropped':<34}{grown[0] / 1024:8.0f} KB more, "
        f"{grown[1]} threads more, {grown[2]} files more"
    ]


def _row(title: str, seconds: list[float]) -> str:
    ordered = sorted(seconds)
    p99 = ordered[min(len(ordered) - 1, len(ordered) * 99 // 100)]
    return f"{title:<34}{median(ordered) * 1000:8.2f} ms p50{p99 * 1000:9.2f} ms p99"


def _resident() -> int:
    """Return the memory of this process in bytes."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize()
