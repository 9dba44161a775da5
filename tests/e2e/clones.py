"""Fresh clones of the repository, as they are: with what is not committed yet."""

import shutil
from pathlib import Path

from fixtures.documents import ROOT, files

_HIDDEN = (".gitignore", ".dockerignore")


def clone(folder: Path) -> Path:
    """Copy what belongs to the repository into a folder, and return it."""
    for path in [*files("*"), *(ROOT / name for name in _HIDDEN)]:
        there = folder / path.relative_to(ROOT)
        there.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, there)
    return folder
