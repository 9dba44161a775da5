"""Rounds in turns: every case once, then all again, so that what disturbs one disturbs all."""

from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import NamedTuple

from msgspec import Struct

from benchmarks.data import say
from benchmarks.load import CONNECTIONS, fire
from benchmarks.servers import Server


class Case(NamedTuple):
    """What is asked of which server; the first case of several is what the others are held to."""

    key: str
    title: str
    server: Server
    paths: Path


class Plan(NamedTuple):
    """How often each case gets its turn, and for how many seconds."""

    rounds: int
    seconds: int


class Result(Struct, frozen=True):
    """
    One case, the median of its rounds; `ratio` and `p50_ratio` are taken within each round.

    Units: `rate` requests a second, `p50` and `p99` microseconds, `cpu` microseconds of the
    server's processor time for each request, `idle` and `loaded` bytes of resident memory.
    """

    key: str
    title: str
    rate: float
    ratio: float
    p50: float
    p50_ratio: float
    p99: float
    cpu: float
    idle: int
    loaded: int


class Uncounted(SystemExit):
    """A server answered requests that its limiter did not count, so they cost less than usual."""


class Turn(NamedTuple):
    """One load on one server; units as `Result`."""

    rate: float
    p50: float
    p99: float
    cpu: float


def measure(cases: Sequence[Case], plan: Plan) -> list[Result]:
    """
    Return the results, in the order of the cases.

    Raises: SystemExit if an answer was no success, or a limit did not count a request.
    """
    for case in cases:
        fire(case.server, case.paths, 1)  # caches fill, connections open, statements are prepared
    rounds = []
    for number in range(plan.rounds):
        say(f"round {number + 1} of {plan.rounds} ...")
        rounds.append([turn(case.server, case.paths, plan.seconds) for case in cases])
    return [_result(case, index, rounds) for index, case in enumerate(cases)]


def turn(server: Server, paths: Path, seconds: int, connections: int = CONNECTIONS) -> Turn:
    """
    Return the result of a load.

    Raises: Uncounted if a limit did not count a request; SystemExit if an answer was no success.
    """
    counted, before = server.limited and server.counted(), server.cpu()
    shot = fire(server, paths, seconds, connections)
    cpu = (server.cpu() - before) / shot.requests
    if server.limited and server.counted() - counted < shot.requests:
        raise Uncounted(f"benchmarks: {server.name} answered requests that it did not count")
    return Turn(shot.rate, shot.p50, shot.p99, cpu * 1e6)


def _result(case: Case, index: int, rounds: Sequence[Sequence[Turn]]) -> Result:
    turns = [(turns[index], turns[0]) for turns in rounds]
    return Result(
        key=case.key,
        title=case.title,
        rate=median(turn.rate for turn, _ in turns),
        ratio=median(turn.rate / first.rate for turn, first in turns),
        p50=median(turn.p50 for turn, _ in turns),
        p50_ratio=median(turn.p50 / first.p50 for turn, first in turns),
        p99=median(turn.p99 for turn, _ in turns),
        cpu=median(turn.cpu for turn, _ in turns),
        idle=case.server.idle,
        loaded=case.server.memory(),
    )
