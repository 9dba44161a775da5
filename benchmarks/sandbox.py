"""What namespaces of the sandbox cost, measured in the process that serves them."""

import asyncio
import gc
import os
import resource
import threading
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from statistics import median

from sijill.sandbox.application import Sandbox, open_sandbox
from sijill.sandbox.blueprint import keys_of
from sijill.sandbox.namespaces import Namespaces
from sijill.sandbox.new import New
from sijill.settings import load

SIZES = (1_000, 100_000)
"""Customers of a namespace."""

WINDOW = timedelta(minutes=10)


def text(*, quick: bool) -> str:
    """Return the figures as lines; `quick` leaves out the large ones."""
    return "\n".join(asyncio.run(_measured(quick=quick)))


async def _measured(*, quick: bool) -> list[str]:
    lines = []
    for size in SIZES[: 1 if quick else None]:
        lines += await _in_sandbox(size, _life, rounds=200 if size < 10_000 else 30)
    lines += await _in_sandbox(0, _crowd, rounds=100 if quick else 1_000)
    return [*lines, *await _in_sandbox(0, _passing, rounds=500 if quick else 10_000)]


async def _in_sandbox(
    size: int, measure: Callable[[Namespaces, int, int], Awaitable[list[str]]], rounds: int
) -> list[str]:
    flags = {"demo_customers": str(size), "max_namespaces": "20000"}
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
