"""Fixtures that every folder of tests may use."""

import os
from collections import Counter

import pytest

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


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Return how many processes `-n auto` starts: two where there are two cores, else none."""
    return 2 if (os.cpu_count() or 1) > 1 else 0


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say in one line for each reason what was skipped: a skip is easily missed among dots."""
    skipped = terminalreporter.stats.get("skipped", [])
    for reason, count in Counter(report.longrepr[2] for report in skipped).items():
        terminalreporter.write_line(f"{count} x {reason}", yellow=True, bold=True)
