"""Temporary files of the tests are in memory only where that works."""

import os
import tempfile
from pathlib import Path

import pytest
from fixtures.tmpfs import use_tmpfs


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder, where nobody chose one; afterwards everything is as it was."""
    monkeypatch.setattr(tempfile, "tempdir", "/as/before")
    monkeypatch.setenv("TMPDIR", "/as/before")
    monkeypatch.delenv("TMPDIR")
    return tmp_path


def test_a_folder_with_room_is_used_by_this_process_and_its_children(folder: Path) -> None:
    use_tmpfs(folder, room=1)
    assert tempfile.gettempdir() == os.environ["TMPDIR"] == str(folder)


@pytest.mark.parametrize(("name", "room"), [("", 2**62), ("absent", 1)])
def test_a_folder_without_room_or_that_is_absent_is_left_alone(
    folder: Path, name: str, room: int
) -> None:
    use_tmpfs(folder / name, room)
    assert "TMPDIR" not in os.environ
    assert tempfile.gettempdir() == "/as/before"


def test_a_chosen_folder_wins(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", "/chosen")
    use_tmpfs(folder, room=1)
    assert os.environ["TMPDIR"] == "/chosen"
