"""A short run over every failpoint, and the planted bugs that it must find."""

import subprocess
import sys
from pathlib import Path

import pytest
from fixtures.documents import ROOT
from fixtures.profiles import example_count

from crash.bugs import BUGS
from crash.places import Kind
from crash.points import POINTS, points_of
from crash.stories import STORIES

pytestmark = pytest.mark.proves(
    "a process that is killed at any named point of any writer, on SQLite or PostgreSQL, loses "
    "nothing acknowledged, uploads and heard webhooks too, does nothing twice and leaves nothing "
    "half, and a run with a planted bug finds it"
)

CODE = """
import sys
from pathlib import Path
from crash.failpoints import rounds
folder, count, bug = sys.argv[1:]
found = rounds(Path(folder), int(count), 8466, bug=bug, tell=lambda _: None)
print(*found, sep="\\n")
"""
"""Forks, which only a process without threads may do."""

ON_POSTGRES = """
import sys
from functools import partial
from pathlib import Path
from crash.failpoints import rounds
from crash.places import PostgresPlace
from fixtures.postgres import cluster
folder, count, bug = sys.argv[1:]
with cluster() as server:
    make = partial(PostgresPlace, server=server)
    told = {"bug": bug, "tell": lambda _: None, "make_place": make}
    print(*rounds(Path(folder), int(count), 8466, **told), sep="\\n")
"""


KINDS: tuple[Kind, ...] = ("sqlite", "postgres")


def run(folder: Path, count: int, bug: str = "", code: str = CODE) -> str:
    command = [sys.executable, "-W", "error", "-c", code, str(folder), str(count), bug]
    environ = {"PYTHONPATH": str(ROOT / "tests"), "PATH": "", "TMPDIR": str(folder)}
    done = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=900)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_a_kill_at_each_point_loses_nothing(tmp_path: Path) -> None:
    assert run(tmp_path, len(points_of("sqlite")) * example_count(1)) == ""


@pytest.mark.postgres
def test_a_kill_at_each_point_loses_nothing_on_postgresql(tmp_path: Path) -> None:
    assert run(tmp_path, len(points_of("postgres")) * example_count(1), code=ON_POSTGRES) == ""


@pytest.mark.parametrize("bug", [name for name, bug in BUGS.items() if bug.is_of("sqlite")])
def test_a_planted_bug_is_found(tmp_path: Path, bug: str) -> None:
    assert run(tmp_path, 40, bug) != ""


@pytest.mark.postgres
@pytest.mark.parametrize("bug", [name for name, bug in BUGS.items() if bug.is_of("postgres")])
def test_a_planted_bug_is_found_on_postgresql(tmp_path: Path, bug: str) -> None:
    assert run(tmp_path, 40, bug, ON_POSTGRES) != ""


def test_every_story_has_points_and_a_bug() -> None:
    assert {point.story for point in POINTS.values()} == STORIES.keys()
    for kind in KINDS:
        stories = {point.story for point in points_of(kind).values()}
        assert {bug.story for bug in BUGS.values() if bug.is_of(kind)} == stories
