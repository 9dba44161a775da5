"""A folder that the processes of a run share is filled once."""

from pathlib import Path

from fixtures.shared import made_once


def test_folders_whose_names_have_dots_are_made_apart(tmp_path: Path) -> None:
    made: list[str] = []

    def make(folder: Path) -> str:
        made.append(folder.name)
        return folder.name

    for name in ("e2e.one", "e2e.two", "e2e.one"):
        assert made_once(tmp_path / name, make) == name
    assert made == ["e2e.one", "e2e.two"]
