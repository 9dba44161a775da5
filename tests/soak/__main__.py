"""`make soak`: two hours of mixed load, and whether memory, descriptors, threads or p99 grow."""

import argparse
import json
import sys
import tempfile
from pathlib import Path

from soak.report import failed, judged, written
from soak.running import Plan, run

WARM_UP = 15.0
"""Minutes that are not judged, or a quarter of a shorter run."""


def main() -> int:
    """Run as the command line says, print the report, and return the exit code."""
    parser = argparse.ArgumentParser(prog="make soak SOAK=…", description=__doc__)
    parser.add_argument("--minutes", type=float, default=120.0)
    parser.add_argument("--rate", type=float, default=40.0, help="requests a second")
    parser.add_argument("--seed", type=int, default=1, help="other seeds are other requests")
    parser.add_argument("--closed", action="store_true", help="refuse while the counter is away")
    parser.add_argument("--samples", type=Path, help="a file for every sample, as JSON")
    given = parser.parse_args()
    plan = Plan(given.minutes * 60, given.rate, seed=given.seed, closed=given.closed)
    with tempfile.TemporaryDirectory() as folder:
        outcome = run(Path(folder), plan)
    if given.samples:
        given.samples.write_text(json.dumps(outcome.series))
    lines = judged(outcome, 60 * min(WARM_UP, given.minutes / 4))
    sys.stdout.write(f"{written(outcome, lines)}\n")
    return 1 if failed(outcome, lines) else 0


if __name__ == "__main__":
    sys.exit(main())
