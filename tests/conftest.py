"""Fixtures that every folder of tests may use."""

import os
from collections import Counter

import pytest
from fixtures.order import longest_first

pytest_plugins = [
    "fixtures.logs",
    "fixtures.profiles",
    "fixtures.postgres",
    "fixtures.standby",
    "fixtures.pgbouncer",
    "fixtures.valkey",
    "fixtures.templates",
    "fixtures.databases",
    "fixtures.hashing",
    "fixtures.world",
    "pytester",
]
"""A plugin stands before those that import it, or pytest cannot rewrite its assertions."""


MOST_PROCESSES = 4
"""Each of them has a PostgreSQL and a Valkey of its own."""


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Return how many processes `-n auto` starts: one for each core, four at most; none for one."""
    cores = os.cpu_count() or 1
    return min(cores, MOST_PROCESSES) if cores > 1 else 0


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the tests that take longest, after all other orders, such as a random one."""
    longest_first(items)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say in one line for each reason what was skipped: a skip is easily missed among dots."""
    skipped = terminalreporter.stats.get("skipped", [])
    for reason, count in Counter(report.longrepr[2] for report in skipped).items():
        terminalreporter.write_line(f"{count} x {reason}", yellow=True, bold=True)
