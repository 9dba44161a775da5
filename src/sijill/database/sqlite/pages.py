"""
The pages of a database in memory: it begins as an image that others share, and owns what it writes.

So a database of any size is made, copied and forgotten at once.
Source: SQLite "The OS Interface or VFS" and "Database File Format"; apsw "Virtual File System".
"""

from itertools import count
from typing import Any

import apsw

_PAGE = 4096
"""Bytes of a page of a new database: the default of SQLite."""

_LOG, _NO_LOG = slice(18, 20), b"\1\1"
"""The place in an image that says whether it has a write-ahead log, and the value for no log."""


class Pages:
    """The pages of one database, which takes one connection at a time."""

    def __init__(self, image: bytes = b"") -> None:
        """Begin with an image, the bytes of a file; without one, empty."""
        self._image, self.size = image, len(image)
        size = int.from_bytes(image[16:18])
        self.page_size = {0: _PAGE, 1: 65_536}.get(size, size)
        self._written: dict[int, bytes] = {}  # by their place in the file
        if image and image[_LOG] != _NO_LOG:
            first = bytearray(image[: self.page_size])
            first[_LOG] = _NO_LOG
            self._written[0] = bytes(first)

    def copy(self) -> "Pages":
        """Return the same pages; later writes to one leave the other as it is."""
        made = Pages(self._image)
        made.size, made._written = self.size, dict(self._written)
        return made

    def merged(self) -> "Pages":
        """Return the same pages as one image, which copies then share whole."""
        return Pages(self.image())

    def image(self) -> bytes:
        """Return the bytes of a file."""
        size = self.page_size
        return b"".join(
            self.read(size, place).ljust(size, b"\0") for place in range(0, self.size, size)
        )

    def read(self, amount: int, offset: int) -> bytes:
        """Return bytes: one page, or a part of one."""
        within = offset % self.page_size
        page = self._written.get(offset - within)
        if page is None:
            return self._image[offset : offset + amount]
        return page if amount == self.page_size else page[within : within + amount]

    def write(self, data: bytes, offset: int) -> None:
        """Put one page in its place."""
        self._written[offset] = data
        self.size = max(self.size, offset + len(data))

    def truncate(self, size: int) -> None:
        """Forget the pages behind a size in bytes."""
        self.size = size
        self._written = {place: page for place, page in self._written.items() if place < size}


class _File:
    """Pages as SQLite asks for them."""

    def __init__(self, pages: Pages) -> None:
        self._pages, self.xRead, self.xTruncate = pages, pages.read, pages.truncate

    def xWrite(self, data: Any, offset: int) -> None:
        self._pages.write(bytes(data), offset)

    def xFileSize(self) -> int:
        return self._pages.size

    def xSectorSize(self) -> int:
        return self._pages.page_size

    def xDeviceCharacteristics(self) -> int:
        return 0

    def xCheckReservedLock(self) -> bool:
        return False

    def xFileControl(self, op: int, pointer: int) -> bool:
        return False

    def xLock(self, level: int) -> None: ...

    def xUnlock(self, level: int) -> None: ...

    def xSync(self, flags: int) -> None: ...

    def xClose(self) -> None: ...


class _Files(apsw.VFS):
    """Opens pages by a name that is given once."""

    NAME = "sijill-pages"

    def __init__(self) -> None:
        self.waiting: dict[str, Pages] = {}
        self._numbers = count()
        super().__init__(self.NAME, "")

    def named(self, pages: Pages) -> str:
        """Return the name by which the next connection opens the pages."""
        name = str(next(self._numbers))
        self.waiting[name] = pages
        return name

    def xOpen(self, name: Any, flags: list[int]) -> Any:
        return _File(self.waiting.pop(name.filename()))  # a file beside it has a plain name

    def xFullPathname(self, name: str) -> str:
        return name

    def xAccess(self, name: str, flags: int) -> bool:
        return False  # there is no journal and no log beside the pages


_FILES = _Files()


def connect(pages: Pages) -> apsw.Connection:
    """Return a connection to pages: no other may use them as long as it is open."""
    return apsw.Connection(_FILES.named(pages), apsw.SQLITE_OPEN_READWRITE, _FILES.NAME)
