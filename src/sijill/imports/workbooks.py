"""A workbook from an operator's own disk: read with the same care as one from a stranger."""

from collections.abc import Iterator
from tempfile import TemporaryFile

from sijill.imports.child import Children
from sijill.imports.model import BadUpload, Unfit
from sijill.imports.rows import BadFile, Row
from sijill.imports.scanning import CAPS
from sijill.imports.uploads import rows_of

_SENTENCES: dict[Unfit, str] = {
    "empty": "the file holds no rows",
    "kind": "the file is no .xlsx workbook",
    "unreadable": "the workbook cannot be read",
    "unsafe": "the workbook holds macros, entities or links: save it without them",
    "too_large": f"the workbook holds more than {CAPS.rows} rows, {CAPS.columns} columns"
    f" or {CAPS.unpacked >> 20} MB: split it, or write .csv",
    "headings": "a heading is missing, unknown, or stands twice",
}


async def workbook_rows(data: bytes) -> Iterator[Row]:
    """
    Return the rows of an .xlsx file.

    Raises: BadFile.
    """
    try:
        with TemporaryFile() as file:
            file.write(data)
            upload = await Children().read(file)
    except BadUpload as fault:
        raise BadFile(_SENTENCES[fault.reason]) from None
    return (row for batch in upload.batches for row in rows_of(batch))
