"""Several real processes on one counter at once: the bound is exact."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from sijill.limits.window import Verdict

pytestmark = pytest.mark.proves(
    "four processes on one SQLite file or one Valkey admit exactly the limit, and "
    "the test would find a counter that reads first and writes later"
)

HAMMER = Path(__file__).with_name("hammer.py")
DEADLINE = 60


def start(*args):
    return subprocess.Popen(
        [sys.executable, "-W", "error", str(HAMMER), *map(str, args)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def hammer(kind, address, processes=4, hits=500, then=""):
    """Return the verdicts of all processes, which begin at once."""
    started = [start(kind, address, hits, then) for _ in range(processes)]
    try:
        for process in started:
            assert process.stdout.readline() == "ready\n"
        for process in started:
            process.stdin.write("go\n")
            process.stdin.flush()
        outputs = [process.communicate(timeout=DEADLINE)[0] for process in started]
    finally:
        for process in started:
            process.kill()
            process.communicate()
    return [Verdict(*verdict) for output in outputs for verdict in json.loads(output)]


def faults(verdicts, limit=500):
    """The oracle: what a client can see wrong in the answers of one window."""
    remaining = [verdict.remaining for verdict in verdicts if verdict.admitted]
    found = []
    if len(remaining) != limit:
        found.append(f"{len(remaining)} admitted")
    if sorted(remaining) != list(range(limit)):
        found.append("a Remaining is missing or repeated")
    if len({verdict.reset for verdict in verdicts}) != 1:
        found.append("Reset is not constant")
    return found


def test_four_processes_on_one_file_admit_exactly_the_limit(tmp_path):
    verdicts = hammer("sqlite", tmp_path / "limiter.db")
    assert len(verdicts) == 2000
    assert faults(verdicts) == []


@pytest.mark.valkey
def test_four_processes_on_one_server_admit_exactly_the_limit(valkey_url):
    verdicts = hammer("valkey", valkey_url)
    assert len(verdicts) == 2000
    assert faults(verdicts) == []


def test_four_processes_that_find_the_file_damaged_still_share_one(tmp_path):
    path = tmp_path / "limiter.db"
    path.write_bytes(b"not a database " * 1000)
    assert faults(hammer("sqlite", path)) == []


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("valkey", marks=pytest.mark.valkey)])
def test_places_that_four_processes_give_back_at_once_are_all_free_again(kind, tmp_path, request):
    address = tmp_path / "limiter.db"
    if kind == "valkey":
        address = request.getfixturevalue("valkey_url")
    assert all(verdict.admitted for verdict in hammer(kind, address, hits=100, then="return"))
    assert faults(hammer(kind, address, processes=1, hits=501)) == []


def test_the_oracle_finds_a_counter_that_reads_and_then_writes(tmp_path):
    assert faults(hammer("planted", tmp_path / "limiter.db")) != []


def test_a_killed_process_gives_nothing_back(tmp_path):
    path = tmp_path / "limiter.db"
    process = start("sqlite", path, 300, "pause")
    try:
        assert process.stdout.readline() == "ready\n"
        process.stdin.write("go\n")
        process.stdin.flush()
        process.stdout.readline()
    finally:
        process.kill()
        process.communicate(timeout=DEADLINE)
    verdicts = hammer("sqlite", path, processes=1)
    assert sum(verdict.admitted for verdict in verdicts) == 200
