"""`make fuzz`: many made-up requests to a real server, no 5xx, and the slowest answer."""

import argparse
import sys
import tempfile
import time
from pathlib import Path

from fuzz.running import fuzz, serving


def main() -> int:
    """Run as the command line says, print the report, and return the exit code."""
    parser = argparse.ArgumentParser(prog="make fuzz FUZZ=…", description=__doc__)
    parser.add_argument("--limit", type=int, default=100_000, help="how many requests")
    parser.add_argument("--seed", type=int, default=1, help="other seeds are other requests")
    parser.add_argument("--first", type=int, default=0, help="number of the first request")
    parser.add_argument("--connections", type=int, default=8, help="how many at once")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder)) as port:
        begun = time.monotonic()
        report = fuzz(port, given.seed, given.first, given.limit, given.connections)
        sys.stdout.write(f"{report}\nin {time.monotonic() - begun:.0f} s\n")
    return 1 if report.faults else 0


sys.exit(main())
