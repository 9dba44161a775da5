"""
What does it cost to tell of writes, and how soon are they heard of?

(o) creates on a server that keeps events, against the same server that keeps none. (h) deliveries
to one receiver, of what had piled up. (h50) from a write's answer to its receipt by 50 receivers,
beside 50 that accept and never answer.
"""

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median
from typing import NamedTuple

import msgspec

from benchmarks.data import CUSTOMERS, fresh, say
from benchmarks.load import fire
from benchmarks.receiving import Receiver, ask, receiving, subscribe
from benchmarks.rounds import Plan
from benchmarks.servers import SECONDS, Server, sijill

KEPT = 1_000
"""Customers that are there before."""

CLIENTS = 64
HALF = 50
PACE = 0.2
"""Seconds between two writes while delays are measured: each is 100 deliveries."""


class Figures(NamedTuple):
    """Medians of the rounds. Units: requests and events a second, milliseconds."""

    silent: float
    told: float
    ratio: float
    delivered: float
    p50: float
    p99: float


def run(plan: Plan, folder: Path) -> Figures:
    """
    Return the figures; `folder` is for what the servers write.

    Raises: SystemExit if an answer was no success, or deliveries did not arrive.
    """
    creates = folder / "creates.txt"
    creates.write_text(f"POST {CUSTOMERS}\n")
    pairs, rates = [], []
    with _writers(folder) as (silent, told), _delivering(folder, "one", 1, 0) as (one, receiver):
        for number in range(plan.rounds):
            say(f"round {number + 1} of {plan.rounds} ...")
            pairs.append([fire(it, creates, plan.seconds, CLIENTS).rate for it in (silent, told)])
            fire(one, creates, plan.seconds, CLIENTS)
            rates.append(_drained(receiver))
    with _delivering(folder, "many", HALF, HALF) as (many, receiver):
        delays = _delays(many, receiver, plan.rounds * plan.seconds)
    return Figures(
        silent=median(before for before, _ in pairs),
        told=median(after for _, after in pairs),
        ratio=median(after / before for before, after in pairs),
        delivered=median(rates),
        p50=delays[len(delays) // 2] * 1_000,
        p99=delays[len(delays) * 99 // 100] * 1_000,
    )


def text(figures: Figures) -> str:
    """Return the figures and the aims as lines."""
    return "\n".join(
        (
            f"(o)  creates that are told: {figures.told:,.0f}/s, {figures.ratio:.3f} of "
            f"{figures.silent:,.0f}/s that are not",
            f"(h)  deliveries to one receiver: {figures.delivered:,.0f}/s",
            f"(h{HALF}) heard beside {HALF} dead ones: p50 {figures.p50:.0f} ms, "
            f"p99 {figures.p99:.0f} ms after the write's answer (aim 2,000)",
        )
    )


@contextmanager
def _writers(folder: Path) -> Iterator[tuple[Server, Server]]:
    """Yield a server that tells of nothing and one that does; neither delivers."""
    with ExitStack() as stack:
        silent, told = (
            stack.enter_context(
                sijill(name, folder, fresh(folder / f"{name}.data", KEPT), module, webhooks="off")
            )
            for name, module in (
                ("silent", ("-m", "benchmarks.quiet")),
                ("told", ("-m", "sijill")),
            )
        )
        yield silent, told


@contextmanager
def _delivering(folder: Path, name: str, live: int, dead: int) -> Iterator[tuple[Server, Receiver]]:
    """Yield a server and its receiver, with a webhook at each port."""
    population = fresh(folder / f"{name}.data", KEPT)
    with (
        receiving(folder / f"{name}.ports", live, dead) as receiver,
        sijill(name, folder, population, webhook_targets="local") as server,
    ):
        for port in (*receiver.dead, *receiver.live):
            subscribe(server, port)
        yield server, receiver


def _drained(receiver: Receiver) -> float:
    """Return deliveries a second of what has piled up, once nothing more arrives."""
    first, begun = int(receiver.ask()), time.monotonic()
    count, last = first, begun
    while time.monotonic() - last < 2:
        time.sleep(0.02)
        now = int(receiver.ask())
        if now > count:
            count, last = now, time.monotonic()
    if count == first:
        raise SystemExit("benchmarks: nothing had piled up")
    return (count - first) / (last - begun)


def _delays(server: Server, receiver: Receiver, seconds: int) -> list[float]:
    """Return how many seconds after a write's answer each live receiver heard of it, sorted."""
    answered = {}
    for number in range(round(seconds / PACE)):
        email = f"h{number}@example.com"
        ask("POST", server.port, CUSTOMERS, server.token, b'{"email":"%b"}' % email.encode())
        answered[email] = time.monotonic()
        time.sleep(PACE)
    wanted, deadline = len(answered) * len(receiver.live), time.monotonic() + SECONDS
    while int(receiver.ask()) < wanted:
        if time.monotonic() > deadline:
            raise SystemExit(f"benchmarks: {int(receiver.ask())} of {wanted} deliveries arrived")
        time.sleep(0.1)
    heard: dict[str, list[float]] = msgspec.json.decode(receiver.ask("/heard"))
    return sorted(moment - answered[email] for email, all_ in heard.items() for moment in all_)
