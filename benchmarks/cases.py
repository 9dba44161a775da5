"""What two trees are compared by: loads, starts, and the memory of an idle server."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from statistics import median
from typing import NamedTuple

from benchmarks.comparison import CPU_MICROS, CPU_MILLIS, MEMORY, MILLIS, P99, RATE, Figures
from benchmarks.contestants import Contestant, Registers, Shared
from benchmarks.cores import pin, server_core
from benchmarks.data import CUSTOMERS, Person, list_path, paths
from benchmarks.load import CONNECTIONS, fire
from benchmarks.receiving import Receiver, subscribe
from benchmarks.report import MB
from benchmarks.rounds import turn
from benchmarks.search import name_paths, selective_paths
from benchmarks.servers import Server
from benchmarks.writes import CLIENTS

SHARED = "Details, PostgreSQL and Valkey"

PAGE = 15
"""Customers on a page of the list."""

STARTS = 5
"""How often `sijill --help` is started in one turn."""


class Case(NamedTuple):
    """What is asked of each contestant."""

    title: str
    measure: Callable[[Contestant], Figures]


def all_cases(
    registers: Registers, beside: Shared | None, receiver: Receiver, seconds: int
) -> Iterator[Case]:
    """Yield the cases in their order: those that write come after those that read."""
    people = registers.people
    late = min(1_000, len(people) // PAGE - 1)
    load = partial(_load, seconds=seconds)
    yield Case("idle server", lambda one: {MEMORY: one.sqlite.idle / MB})
    yield Case("sijill --help", _start)
    yield Case("Details, SQLite", load(_lines("details", people)))
    if beside:
        details = _lines("details-shared", beside.registers.people)
        yield Case(SHARED, load(details, server=_postgres))
    yield Case("List, page 1", load(list_path(1)))
    yield Case(f"List, page {late:,}", load(list_path(late)))
    yield Case("Search: a mobile or an e-mail", load(selective_paths(people)))
    yield Case("Search: a first and a family name", load(name_paths(people)))
    yield Case("Update", load(_lines("update", people, "PUT "), connections=CLIENTS))
    creates = paths("create", [f"POST {CUSTOMERS}"])
    yield Case("Create", load(creates, connections=CLIENTS))
    delete = _lines("delete", people, "DELETE ")
    yield Case("Delete", load(delete, connections=CLIENTS, warm=False))
    yield Case("Create, webhooks delivered", partial(_told, receiver, creates, seconds))


def _lines(name: str, people: Sequence[Person], method: str = "") -> Path:
    return paths(f"against-{name}", [f"{method}{CUSTOMERS}/{one.id}" for one in people])


def _sqlite(contestant: Contestant) -> Server:
    return contestant.sqlite


def _postgres(contestant: Contestant) -> Server:
    assert contestant.postgres is not None
    return contestant.postgres


def _load(
    file: Path,
    *,
    seconds: int,
    server: Callable[[Contestant], Server] = _sqlite,
    connections: int = CONNECTIONS,
    warm: bool = True,
) -> Callable[[Contestant], Figures]:
    """Return the measure of a load; a `warm` one goes before it for a second, unmeasured."""

    def measure(contestant: Contestant) -> Figures:
        return _fired(server(contestant), file, seconds, connections, warm=warm)

    return measure


def _fired(server: Server, file: Path, seconds: int, connections: int, *, warm: bool) -> Figures:
    if warm:
        fire(server, file, 1, connections)
    done = turn(server, file, seconds, connections)
    return {RATE: done.rate, P99: done.p99 / 1_000, CPU_MICROS: done.cpu}


def _told(receiver: Receiver, creates: Path, seconds: int, contestant: Contestant) -> Figures:
    """Measure creates while a server of their own delivers each to the receiver."""
    before = int(receiver.ask())
    with contestant.another(webhook_targets="local") as server:
        subscribe(server, receiver.live[0])
        figures = _fired(server, creates, seconds, CLIENTS, warm=True)
    if int(receiver.ask()) == before:
        raise SystemExit(f"benchmarks: nothing was delivered by {contestant.tree.root}")
    return figures


def _start(contestant: Contestant) -> Figures:
    """Measure how long `sijill --help` takes: by the clock, and of the processor."""
    runs = [_help(contestant) for _ in range(STARTS)]
    clock, cpu = (median(each) * 1_000 for each in zip(*runs, strict=True))
    return {MILLIS: clock, CPU_MILLIS: cpu}


def _help(contestant: Contestant) -> tuple[float, float]:
    """Return the seconds of one start, and those of processor time."""
    begun = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "sijill", "--help"],
        cwd=contestant.folder,
        env=contestant.tree.environment(),
        stdout=subprocess.DEVNULL,
        preexec_fn=partial(pin, server_core()),
    )
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"benchmarks: sijill --help of {contestant.tree.root} failed")
    return time.perf_counter() - begun, usage.ru_utime + usage.ru_stime
