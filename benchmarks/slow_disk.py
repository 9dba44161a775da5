"""
Sijill on a disk whose every sync takes so many milliseconds: `python -m benchmarks.slow_disk 5 …`.

With 0 it only counts. The number of syncs, one for each commit, is printed at the end.
"""

import sys
import time
from typing import Any

import apsw

from sijill.cli import main

_USUAL = apsw.vfs_names()[0]


class _Disk(apsw.VFS):
    """The usual files, with a sync that takes its time."""

    def __init__(self, seconds: float) -> None:
        super().__init__("slow", _USUAL, makedefault=True)
        self.seconds, self.syncs = seconds, 0

    def xOpen(self, name: Any, flags: list[int]) -> Any:  # noqa: N802 - apsw's name
        return _File(self, name, flags)


class _File(apsw.VFSFile):
    def __init__(self, disk: _Disk, name: Any, flags: list[int]) -> None:
        super().__init__(_USUAL, name, flags)
        self._disk = disk

    def xSync(self, flags: int) -> None:  # noqa: N802 - apsw's name
        self._disk.syncs += 1
        time.sleep(self._disk.seconds)
        super().xSync(flags)


if __name__ == "__main__":
    disk = _Disk(float(sys.argv.pop(1)) / 1000)
    try:
        main()
    finally:
        print(f"syncs {disk.syncs}", flush=True)
