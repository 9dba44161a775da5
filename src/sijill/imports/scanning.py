"""
What a workbook may hold, looked at before anything reads it: it is a ZIP file from a stranger.

Source: OWASP "Unrestricted File Upload", "XML External Entity Prevention".
"""

import io
import zipfile
import zlib
from typing import NamedTuple

from sijill.imports.model import BadUpload


class SheetCaps(NamedTuple):
    """How much a file may hold. Sizes are in bytes."""

    members: int = 200
    unpacked: int = 100 * 2**20
    ratio: int = 100
    """Unpacked to packed, in a file that unpacks to more than `small`."""
    small: int = 2**20
    rows: int = 100_000
    columns: int = 60
    text: int = 64 * 2**20
    """Of all rows as JSON: a text that many cells share is packed once and read often."""


CAPS = SheetCaps()

_PIECE = 2**20
_ENDLESS = 2**62
_FORBIDDEN = (b"<!DOCTYPE", b"<!ENTITY")
_OVERLAP = max(map(len, _FORBIDDEN)) - 1
_MARKUP = (".xml", ".rels", ".vml")
_ENCRYPTED = 0x1
_UNREADABLE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError)
"""What zipfile raises for a file that is damaged, or packed in a way that nobody uses."""


def scan(data: bytes, caps: SheetCaps = CAPS) -> None:
    """
    Let a workbook pass that is no bomb and holds no macros, entities or links to other files.

    Every member is unpacked once, piece by piece: what the archive says of sizes is not believed.
    Raises: NotASheet, TooMuchUploaded, UnsafeUpload.
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


def _check_names(members: list[zipfile.ZipInfo], caps: SheetCaps) -> None:
    names = [member.filename for member in members]
    if len(names) > caps.members:
        raise BadUpload("too_large")
    if any(_is_unsafe(member) for member in members) or len(set(names)) < len(names):
        raise BadUpload("unsafe")
    if "[Content_Types].xml" not in names or "xl/workbook.xml" not in names:
        raise BadUpload("kind")


def _is_unsafe(member: zipfile.ZipInfo) -> bool:
    name = member.filename.lower()
    return (
        "vbaproject" in name
        or "/externallinks/" in name
        or name.startswith(("/", "\\"))
        or ".." in name
        or "\\" in name
        or bool(member.flag_bits & _ENCRYPTED)
    )


def _unpack(archive: zipfile.ZipFile, member: zipfile.ZipInfo, left: int) -> int:
    """Return how many bytes a member really has, at most `left`."""
    said, member.file_size = member.file_size, _ENDLESS  # or it would stop at what is said
    is_markup = member.filename.lower().endswith(_MARKUP)
    size, tail = 0, b""
    with archive.open(member) as stream:
        while piece := stream.read(_PIECE):
            size += len(piece)
            if size > left:
                raise BadUpload("too_large")
            tail += piece
            if is_markup and (b"\0" in piece or any(word in tail for word in _FORBIDDEN)):
                raise BadUpload("unsafe")  # NUL: an encoding in which the words look otherwise
            tail = tail[-_OVERLAP:]
    if size != said:
        raise BadUpload("unsafe")
    return size
