"""Does a request cost more where there are more customers? Details at 10,000 and at 1,000,000."""

from contextlib import ExitStack
from pathlib import Path

from benchmarks.data import details_paths, kept
from benchmarks.rounds import Case, Plan, Result, measure
from benchmarks.servers import sijill

SIZES = (10_000, 1_000_000)


def run(plan: Plan, folder: Path) -> list[Result]:
    """
    Return the results, the small register first; `folder` is for what the servers write.

    Raises: SystemExit if an answer was no success, or a request was not counted.
    """
    with ExitStack() as stack:
        cases = []
        for size in SIZES:
            server = stack.enter_context(sijill(f"of-{size}", folder, kept(size)))
            title = f"Details, SQLite, {size:,}"
            cases.append(Case(f"s{size}", title, server, details_paths(size)))
        return measure(cases, plan)


def making() -> float:
    """Return the seconds it took to make the large register."""
    return kept(SIZES[1]).seconds
