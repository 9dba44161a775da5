"""`make flakes`: 1,000 tests at once on one sandbox, in 20 orders; a test that fails is a flake."""

import argparse
import os
import sys
import tempfile
from pathlib import Path

from flakes.running import run


def main() -> int:
    """Run as the command line says, print each run, and return the exit code."""
    parser = argparse.ArgumentParser(prog="make flakes FLAKES=…", description=__doc__)
    parser.add_argument("--tests", type=int, default=1_000, help="tests of each run")
    parser.add_argument("--runs", type=int, default=20, help="runs, each in another order")
    parser.add_argument("--first", type=int, default=1, help="number of the first order")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1, help="at once")
    given = parser.parse_args()
    flakes = passed = 0
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(given.first, given.first + given.runs):
            done = run(seed, given.tests, given.workers, Path(folder))
            print(done, flush=True)  # noqa: T201 - a command
            if done.failed or done.passed != given.tests:
                print(done.output, flush=True)  # noqa: T201 - a command
            flakes, passed = flakes + given.tests - done.passed, passed + done.passed
    print(f"{given.runs} runs: {passed:,} passed, {flakes:,} flakes")  # noqa: T201 - a command
    return 1 if flakes else 0


sys.exit(main())
