"""
Checks a workbook before it is read: it is a ZIP file from a stranger.

Source: OWASP "Unrestricted File Upload", "XML External Entity Prevention".
"""

import io
import zipfile
import zlib
from typing import NamedTuple

from sijill.imports.model import BadUpload


class SheetCaps(NamedTuple):
    """Limits of an uploaded file. Sizes are in bytes."""

    members: int = 10_000
    unpacked: int = 100 * 2**20
    ratio: int = 100
    """Unpacked to packed size, of a file that unpacks to more than `small`."""
    small: int = 2**20
    rows: int = 100_000
    columns: int = 60
    text: int = 64 * 2**20
    """Size of all rows as JSON: a workbook stores a text once that many cells share."""
    growth: int = 50
    """Size of all rows as JSON to that of the file, if it is more than `small_text`."""
    small_text: int = 4 * 2**20

    def most_text(self, size: int) -> int:
        """Return the size that the rows of a file of this size may have."""
        return min(self.text, max(self.small_text, size * self.growth))


CAPS = SheetCaps()

_PIECE = 2**20
_ENDLESS = 2**62
_FORBIDDEN = tuple(
    word.encode(code)
    for word in ("<!DOCTYPE", "<!ENTITY")
    for code in ("utf-8", "utf-16-le", "utf-16-be")
)
_UTF_16 = (b"\xff\xfe<\0", b"\xfe\xff\0<", b"<\0", b"\0<")
_OVERLAP = max(map(len, _FORBIDDEN)) - 1
_MARKUP = (".xml", ".rels", ".vml")
_ENCRYPTED = 0x1
_UNREADABLE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError)
"""The exceptions of zipfile for a file that is damaged, or uses a rare way of packing."""


def scan(data: bytes, caps: SheetCaps = CAPS) -> None:
    """
    Refuse a workbook that is a ZIP bomb, or holds macros, entities or links to other files.

    Each member is unpacked once, piece by piece, as the sizes in the archive may be wrong.
    Raises: BadUpload.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            _check_names(members, caps)
            left = caps.unpacked
            if len(data) * caps.ratio < caps.unpacked:
                left = max(caps.small, len(data) * caps.ratio)
            for member in members:
                left -= _unpack(archive, member, left)
    except (ValueError, *_UNREADABLE):
        raise BadUpload("kind") from None


def part_name(name: str) -> str:
    """Return the name of a part as packages write it: some producers write backslashes."""
    return name.replace("\\", "/")


def _check_names(members: list[zipfile.ZipInfo], caps: SheetCaps) -> None:
    names = {part_name(member.filename).lower() for member in members}
    if len(members) > caps.members:
        raise BadUpload("too_large")
    if any(_is_unsafe(member) for member in members) or len(names) < len(members):
        raise BadUpload("unsafe")
    if "[content_types].xml" not in names or "xl/workbook.xml" not in names:
        raise BadUpload("kind")


def _is_unsafe(member: zipfile.ZipInfo) -> bool:
    name = part_name(member.filename).lower()
    return (
        "vbaproject" in name
        or "/externallinks/" in name
        or name.startswith("/")
        or ".." in name.split("/")
        or bool(member.flag_bits & _ENCRYPTED)
    )


def _unpack(archive: zipfile.ZipFile, member: zipfile.ZipInfo, left: int) -> int:
    """Return the real size of a member, which is at most `left`."""
    stated, member.file_size = member.file_size, _ENDLESS  # zipfile stops at this size
    is_markup = member.filename.lower().endswith(_MARKUP)
    size, tail, hidden = 0, b"", False
    with archive.open(member) as stream:
        while piece := stream.read(_PIECE):
            if not size:
                hidden = not piece.startswith(_UTF_16)
            size += len(piece)
            if size > left:
                raise BadUpload("too_large")
            tail += piece
            if is_markup and ((hidden and b"\0" in piece) or any(w in tail for w in _FORBIDDEN)):
                raise BadUpload("unsafe")  # NUL: an encoding that hides the words
            tail = tail[-_OVERLAP:]
    if size != stated:
        raise BadUpload("unsafe")
    return size
