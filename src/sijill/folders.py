"""Folders for their owner alone, and the folders that lead to them."""

from pathlib import Path

_OWN, _ABOVE = 0o700, 0o755
"""The modes of a folder with data, and of the folders above it: others may not write there."""


def make_private(folder: Path) -> None:
    """
    Make a folder for its owner alone, with the folders above it that are missing.

    Others cannot write into those, under any umask: they could put a folder of theirs in its place.
    A folder that is there stays as it is. Raises: OSError.
    """
    for above in reversed(folder.parents):
        if not above.exists():
            above.mkdir(mode=_ABOVE, exist_ok=True)
    folder.mkdir(mode=_OWN, exist_ok=True)
