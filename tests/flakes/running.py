"""One run of the tests of `apart.py`, by pytest in processes of its own."""

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

ROOT = Path(__file__).parents[2]
APART = Path(__file__).with_name("apart.py")
PLUGINS = ("xdist", "pytest_randomly", "sijill.pytest_plugin", "no:cacheprovider")
SECONDS = 1_800.0
"""The time that one run may take."""


class Run(NamedTuple):
    """The outcome of one run."""

    seed: int
    """The order of the tests follows from it."""
    passed: int
    failed: int
    seconds: float
    output: str
    """The end of what pytest printed."""

    def __str__(self) -> str:
        failed = f", {self.failed} failed" if self.failed else ""
        return f"order {self.seed}: {self.passed:,} passed{failed}, {self.seconds:.0f} s"


def run(seed: int, tests: int, workers: int, folder: Path, *, planted: bool = False) -> Run:
    """Run so many tests at once on one sandbox, in an order of their own; return the outcome."""
    report, begun = folder / f"{seed}.xml", time.monotonic()
    words = ["-m", "pytest", str(APART), "-q", "-n", str(workers), f"--randomly-seed={seed}"]
    words += [word for plugin in PLUGINS for word in ("-p", plugin)]
    kept = {name: text for name, text in os.environ.items() if not name.startswith("SIJILL_")}
    environ = kept | {"FLAKES_TESTS": str(tests), "FLAKES_PLANTED": "1" if planted else ""}
    environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"  # others take seconds to load
    done = subprocess.run(
        [sys.executable, *words, "--noconftest", f"--junitxml={report}", "--tb=line"],
        cwd=ROOT,
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=SECONDS,
    )
    if not report.exists():
        raise RuntimeError(f"pytest wrote no report: {done.stdout[-2000:]}")
    (suite,) = ElementTree.parse(report).getroot().iter("testsuite")
    count = {name: int(suite.attrib[name]) for name in ("tests", "failures", "errors", "skipped")}
    failed = count["failures"] + count["errors"]
    passed = count["tests"] - failed - count["skipped"]
    return Run(seed, passed, failed, time.monotonic() - begun, done.stdout[-2000:])
