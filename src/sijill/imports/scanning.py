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

    members: int = 200
    unpacked: int = 100 * 2**20
    ratio: int = 100
    """Unpacked to packed size, of a file that unpacks to more than `small`."""
    small: int = 2**20
    rows: int = 100_000
    columns: int = 60
    text: int = 64 * 2**20
    """Size of all rows as JSON: a workbook stores a text once that many cells share."""


CAPS = SheetCaps()

_PIECE = 2**20
_ENDLESS = 2**62
_FORBIDDEN = (b"<!DOCTYPE", b"<!ENTITY")
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
    """Return the real size of a member, which is at most `left`."""
    stated, member.file_size = member.file_size, _ENDLESS  # zipfile stops at this size
    is_markup = member.filename.lower().endswith(_MARKUP)
    size, tail = 0, b""
    with archive.open(member) as stream:
        while piece := stream.read(_PIECE):
            size += len(piece)
            if size > left:
                raise BadUpload("too_large")
            tail += piece
            if is_markup and (b"\0" in piece or any(word in tail for word in _FORBIDDEN)):
                raise BadUpload("unsafe")  # NUL: an encoding that hides the words
            tail = tail[-_OVERLAP:]
    if size != stated:
        raise BadUpload("unsafe")
    return size
