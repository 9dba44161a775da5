"""
What does a durable write cost, and what do readers feel of it?

(w) creates with 64 clients on SQLite, (w5) the same on a disk whose every sync takes 5 ms, (r)
reads alone and beside writes. Customers are really made: each run has registers of its own.
"""

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median
from typing import NamedTuple

from benchmarks.data import details_paths, fresh, say
from benchmarks.load import Shot, fire
from benchmarks.rounds import Plan
from benchmarks.servers import Server, constant, sijill
from benchmarks.throughput import typical

CLIENTS = 64
CUSTOMERS = 10_000
SLOW = "5"


class Figures(NamedTuple):
    """Medians of the rounds. Units: requests a second, milliseconds."""

    constant: float
    writes: float
    ratio: float
    commits: float
    slow_writes: float
    read_p99: float
    read_p99_beside_writes: float


class _Round(NamedTuple):
    constant: Shot
    writes: Shot
    slow: Shot
    read: Shot
    beside: Shot


def run(plan: Plan, folder: Path) -> Figures:
    """
    Return the figures; `folder` is for what the servers write.

    Raises: SystemExit if an answer was no success.
    """
    creates = folder / "creates.txt"
    creates.write_text("POST /admin/v2/customers\n")
    details = details_paths(CUSTOMERS)
    with _servers(folder, details) as (same, quick, slow):
        rounds = []
        for number in range(plan.rounds):
            say(f"round {number + 1} of {plan.rounds} ...")
            rounds.append(
                _Round(
                    fire(same, details, plan.seconds, CLIENTS),
                    fire(quick, creates, plan.seconds, CLIENTS),
                    fire(slow, creates, plan.seconds, CLIENTS),
                    fire(quick, details, plan.seconds),
                    _beside_writes(quick, details, creates, plan.seconds),
                )
            )
    written = sum(one.writes.requests + one.beside.requests for one in rounds)
    return _figures(rounds, _syncs(folder / "quick.log") / max(1, written))


def text(figures: Figures) -> str:
    """Return the figures and the aims as lines."""
    worse = figures.read_p99_beside_writes / figures.read_p99
    return "\n".join(
        (
            f"(w)  creates, {CLIENTS} clients: {figures.writes:,.0f}/s, "
            f"{figures.ratio:.3f} of a constant answer (aim 0.11)",
            f"     syncs for each write: {figures.commits:.3f}",
            f"(w5) creates, every sync {SLOW} ms: {figures.slow_writes:,.0f}/s (aim 1,000)",
            f"(r)  Details p99 alone {figures.read_p99:.1f} ms, beside writes "
            f"{figures.read_p99_beside_writes:.1f} ms: {worse:.1f} times (aim 2)",
        )
    )


@contextmanager
def _servers(folder: Path, details: Path) -> Iterator[tuple[Server, Server, Server]]:
    with ExitStack() as stack:
        made = {}
        for name, milliseconds in (("quick", "0"), ("slow", SLOW)):
            population = fresh(folder / f"{name}.data", CUSTOMERS)
            module = ("-m", "benchmarks.slow_disk", milliseconds)
            made[name] = stack.enter_context(sijill(name, folder, population, module))
        answer = typical(made["quick"], details, folder / "answer.json")
        same = stack.enter_context(constant(folder, answer, made["quick"].token))
        yield same, made["quick"], made["slow"]


def _beside_writes(server: Server, details: Path, creates: Path, seconds: int) -> Shot:
    """Return the reads of a server that is written to at the same time."""
    writer = threading.Thread(target=fire, args=(server, creates, seconds + 1, 8))
    writer.start()
    read = fire(server, details, seconds)
    writer.join()
    return read


def _syncs(log: Path) -> int:
    lines = [line for line in log.read_text().splitlines() if line.startswith("syncs ")]
    return int(lines[-1].split()[1]) if lines else 0


def _figures(rounds: list[_Round], commits: float) -> Figures:
    return Figures(
        constant=median(one.constant.rate for one in rounds),
        writes=median(one.writes.rate for one in rounds),
        ratio=median(one.writes.rate / one.constant.rate for one in rounds),
        commits=commits,
        slow_writes=median(one.slow.rate for one in rounds),
        read_p99=median(one.read.p99 for one in rounds) / 1000,
        read_p99_beside_writes=median(one.beside.p99 for one in rounds) / 1000,
    )
