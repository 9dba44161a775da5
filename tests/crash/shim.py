"""A file system between SQLite and the real one, in which a write is torn, or kills its process."""

from collections.abc import Callable
from functools import partial
from typing import Any, Literal

import apsw

_BASE = "unix"
"""The file system below: without its name a default one would stand on itself."""

HOOKS: dict[str, list[tuple[str, Callable[[], None]]]] = {}
"""By name: what a story calls before and after a step of its own."""


def _hook(name: str, when: str, met: Callable[[], None]) -> None:
    HOOKS.setdefault(name, []).append((when, met))


def hook(name: str, when: Literal["before", "after"]) -> Callable[[Callable[[], None]], None]:
    """Return what installs a point at a step of a story."""
    return partial(_hook, name, when)


def met(name: str, when: str) -> None:
    """Tell that a step of a story begins or has ended."""
    for at, call in HOOKS.get(name, []):
        if at == when:
            call()


class _File(apsw.VFSFile):
    def __init__(self, base: str, name: Any, flags: Any, torn: Any, synced: Any) -> None:
        super().__init__(base, name, flags)
        self._torn, self._synced = torn, synced

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802 - SQLite's name
        if self._torn is not None:
            super().xWrite(data[: len(data) // 2], offset)
            self._torn()
        super().xWrite(data, offset)

    def xSync(self, flags: int) -> None:  # noqa: N802 - SQLite's name
        super().xSync(flags)
        if self._synced is not None:
            self._synced()


class _FileSystem(apsw.VFS):
    def __init__(self, end: str, torn: Any, synced: Any) -> None:
        self._end, self._torn, self._synced = end, torn, synced
        super().__init__("crash", _BASE, makedefault=True)

    def xOpen(self, name: Any, flags: Any) -> apsw.VFSFile:  # noqa: N802 - SQLite's name
        text = name.filename() if isinstance(name, apsw.URIFilename) else (name or "")
        ours = text.endswith(self._end)
        torn, synced = (self._torn, self._synced) if ours else (None, None)
        return _File(_BASE, name, flags, torn, synced)


_KEPT: list[apsw.VFS] = []


def _install(end: str, kind: str, met: Callable[[], None]) -> None:
    torn, synced = (met, None) if kind == "torn" else (None, met)
    _KEPT.append(_FileSystem(end, torn, synced))


def torn(end: str) -> Callable[[Callable[[], None]], None]:
    """Return what installs a point in the middle of a write to files whose names end so."""
    return partial(_install, end, "torn")


def sync(end: str) -> Callable[[Callable[[], None]], None]:
    """Return what installs a point after a sync of files whose names end so."""
    return partial(_install, end, "sync")
