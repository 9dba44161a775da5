"""
What does a request cost?

(a) a constant answer of the same size on the same server, (b) Customer Details with token, limits
and SQLite, (c) the same on PostgreSQL and Valkey, (d) List Customers at its first and at a late
page. Everything over 100,000 customers, Details with random ids.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import msgspec

from benchmarks.constant import Answer
from benchmarks.data import details_paths, fill, kept, list_path
from benchmarks.databases import postgres, vacuum, valkey
from benchmarks.rounds import Case, Plan, Result, measure
from benchmarks.servers import Server, constant, sijill

CUSTOMERS = 100_000
LATE = 1_000
"""The late page: 15,000 customers stand before it."""

SAMPLE = 101
"""Answers among which the constant one is the median in size."""


def run(plan: Plan, folder: Path) -> list[Result]:
    """
    Return the results of the cases; `folder` is for what the servers write.

    Raises: SystemExit if an answer was no success, or a request was not counted.
    """
    with _cases(folder) as cases:
        return measure(cases, plan)


@contextmanager
def _cases(folder: Path) -> Iterator[list[Case]]:
    with ExitStack() as stack:
        start = stack.enter_context
        population, details = kept(CUSTOMERS), details_paths(CUSTOMERS)
        embedded = start(sijill("sqlite", folder, population))
        logging = start(sijill("logging", folder, population, access_log="on"))
        answer = typical(embedded, details, folder / "answer.json")
        same = start(constant(folder, answer, population.token))
        shared = _shared(stack, folder)
        yield [
            Case("a", "constant answer", same, details),
            Case("b", "Details, SQLite", embedded, details),
            Case("b+", "(b) with the access log on", logging, details),
            Case("c", "Details, PostgreSQL and Valkey", shared, details),
            Case("d1", "List, page 1, SQLite", embedded, list_path(1)),
            Case("d2", f"List, page {LATE:,}, SQLite", embedded, list_path(LATE)),
        ]


def _shared(stack: ExitStack, folder: Path) -> Server:
    """Start what several machines would share, and one server on it."""
    url = stack.enter_context(postgres())
    counters = stack.enter_context(valkey())
    population = fill(url, CUSTOMERS)
    vacuum(url)
    return stack.enter_context(sijill("postgres", folder, population, redis_url=counters))


def typical(server: Server, paths: Path, file: Path) -> Path:
    """Write a real answer of median size for the constant server, and return its file."""
    answers = [server.get(path) for path in paths.read_text().splitlines()[:SAMPLE]]
    response, body = sorted(answers, key=lambda answer: len(answer[1]))[SAMPLE // 2]
    headers = [(name, value) for name, value in response.getheaders() if name.lower() != "date"]
    file.write_bytes(msgspec.json.encode(Answer(headers, body.decode())))
    return file
