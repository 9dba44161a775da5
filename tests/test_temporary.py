"""Temporary files lie in the data folder, and end with their process or with the next start."""

import os
import signal
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from sijill import temporary

pytestmark = pytest.mark.proves(
    "temporary files are for their owner alone, and those of a killed process are removed"
)

HOLD = """
import sys
from pathlib import Path
from sijill.temporary import claimed
with claimed(sys.argv[1], "serving") as folder:
    Path(folder, "people.csv").write_text("Sara")
    print(folder, flush=True)
    sys.stdin.read()
"""


def holder(data: Path) -> tuple["subprocess.Popen[str]", Path]:
    """Start a process that holds a folder with a file in it."""
    command = [sys.executable, "-c", HOLD, str(data)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    return process, Path(process.stdout.readline().strip())


def end(process: "subprocess.Popen[str]") -> None:
    process.communicate(timeout=30)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def everything(data: Path) -> list[Path]:
    return sorted((data / temporary.HOME).rglob("*"))


def test_a_folder_is_for_its_owner_alone_and_ends_with_its_use(tmp_path: Path) -> None:
    data = tmp_path / "new" / "data"
    with temporary.claimed(data, "serving"):
        assert mode(data) == 0o700
    with temporary.claimed(tmp_path, "serving") as folder:
        (folder / "inside").mkdir()
        (folder / "inside" / "file").write_text("x")
        assert [mode(path) for path in (folder.parent, folder)] == [0o700] * 2
        assert mode(folder.with_suffix(".lock")) == 0o600
        assert temporary.count(tmp_path, "serving") == 1
    assert everything(tmp_path) == []
    assert temporary.count(tmp_path, "serving") == 0


def test_what_a_killed_process_left_is_removed_and_what_a_living_one_has_stays(
    tmp_path: Path,
) -> None:
    killed, left = holder(tmp_path)
    living, kept = holder(tmp_path)
    assert temporary.count(tmp_path, "serving") == 2
    assert temporary.count(tmp_path, "export") == 0
    os.kill(killed.pid, signal.SIGKILL)
    end(killed)
    assert (left / "people.csv").exists()
    assert temporary.count(tmp_path, "serving") == 1
    with temporary.claimed(tmp_path, "export"):
        assert not left.exists()
        assert not left.with_suffix(".lock").exists()
        assert (kept / "people.csv").read_text() == "Sara"
    end(living)
    assert everything(tmp_path) == []


@pytest.mark.parametrize("left", ["serving-1.lock", "serving-2/people.csv", "people"])
def test_whatever_nobody_holds_is_removed(tmp_path: Path, left: str) -> None:
    file = tmp_path / temporary.HOME / left
    file.parent.mkdir(parents=True)
    file.touch()
    temporary.clear(tmp_path)
    assert everything(tmp_path) == []


def test_files_go_into_the_folder_while_it_is_used(tmp_path: Path) -> None:
    before = tempfile.tempdir
    with temporary.temporary_files(tmp_path, "serving"), tempfile.NamedTemporaryFile() as file:
        assert Path(file.name).is_relative_to(tmp_path / temporary.HOME)
        assert mode(Path(file.name)) == 0o600
    assert tempfile.tempdir == before
    with temporary.temporary_files(tmp_path / "none", "serving"):
        assert tempfile.tempdir == before
    assert not (tmp_path / "none").exists()
