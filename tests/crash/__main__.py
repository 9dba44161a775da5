"""`make crash`: kinds of mishap, many rounds of each; a seed is printed, and repeats a run."""

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import NamedTuple

from fixtures.postgres import cluster

from crash import backups, failpoints, power
from crash.places import PostgresPlace


class Kind(NamedTuple):
    """A kind of mishap: how many rounds by default, and what runs them and returns faults."""

    rounds: int
    run: Callable[[Path, int, int], list[str]]


def on_postgres(folder: Path, count: int, seed: int) -> list[str]:
    """Run failpoints on a PostgreSQL of their own."""
    with cluster() as server:
        make = partial(PostgresPlace, server=server)
        return failpoints.rounds(folder, count, seed, make_place=make)


KINDS = {
    "failpoints": Kind(1_000, failpoints.rounds),
    "postgres": Kind(200, on_postgres),
    "power": Kind(500, power.losses),
    "backups": Kind(
        200, lambda folder, count, seed: asyncio.run(backups.rounds(folder, count, seed))
    ),
}


def main() -> int:
    """Run the kinds that the command line names, or all; return the exit code."""
    parser = argparse.ArgumentParser(prog="make crash CRASH=…", description=__doc__)
    parser.add_argument("kinds", nargs="*", choices=[[], *KINDS], help="without any, all")
    parser.add_argument("--rounds", type=int, help="how many of each kind")
    parser.add_argument("--seed", type=int, default=1, help="other seeds are other moments")
    given = parser.parse_args()
    failed = False
    for name in given.kinds or KINDS:
        kind, begun = KINDS[name], time.monotonic()
        count = given.rounds or kind.rounds
        with tempfile.TemporaryDirectory() as folder:
            wrong = kind.run(Path(folder), count, given.seed)
        took = time.monotonic() - begun
        sys.stdout.write(
            f"{name}: {count} rounds, seed {given.seed}, {len(wrong)} fault(s), {took:.0f} s\n"
        )
        sys.stdout.writelines(f"  {fault}\n" for fault in wrong[:20])
        failed = failed or bool(wrong)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
