"""Reading in a process of its own: the same rows, and nothing that harms the parent."""

import asyncio
import os
from tempfile import TemporaryFile

import pytest
from fixtures.uploads import csv, repacked, workbook

from sijill.imports import child
from sijill.imports.child import Children, said_of, upload_of
from sijill.imports.model import BadUpload, Upload
from sijill.imports.uploads import BATCH, rows_of

pytestmark = pytest.mark.proves("a hostile file brings down nobody but its reader")

SECONDS = 30.0


def read(data: bytes) -> Upload:
    async def whole() -> Upload:
        async with asyncio.timeout(SECONDS):
            with TemporaryFile() as file:
                file.write(data)
                return await Children().read(file, 1)

    return asyncio.run(whole())


def test_a_child_tells_every_row_in_batches() -> None:
    rows = [f"c{n}@example.com,أحمد\u2028x" for n in range(BATCH * 2 + 1)]
    upload = read(csv("email,location", *rows))
    assert upload.rows == len(rows)
    assert [len(rows_of(batch)) for batch in upload.batches] == [BATCH, BATCH, 1]
    assert rows_of(upload.batches[2])[0].line == len(rows) + 1


def test_a_child_tells_what_is_wrong_with_a_file() -> None:
    with pytest.raises(BadUpload, match="empty"):
        read(b"")
    with pytest.raises(BadUpload, match="kind"):
        read(workbook(("email",), ("a@b.c",))[:-30])


@pytest.mark.parametrize("told", [b"", b"[]\n", b"\n", b'{"rows":', b"[[2,{}", b'{"rows":"x"}\n'])
def test_a_child_that_came_to_a_bad_end_is_an_unreadable_file(told: bytes) -> None:
    with pytest.raises(BadUpload, match="unreadable"):
        upload_of(told)


def test_whatever_the_reader_raises_is_the_files_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(data: bytes, **_: object) -> None:
        raise RuntimeError("somebody's name")

    monkeypatch.setattr(child, "batches", failing)
    assert list(said_of(b"x")) == [b'{"refused":"unreadable"}']


def test_a_child_that_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "SECONDS", 0.01)
    with pytest.raises(BadUpload):
        read(csv("email", "a@b.c"))


def test_a_child_gets_so_much_memory_and_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIJILL_REDIS_URL", "redis://:secret@host")
    seen: dict[str, object] = {}
    real = asyncio.create_subprocess_exec

    async def spying(*args: str, **options: object) -> object:
        seen.update(options)
        return await real(*args, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(asyncio, "create_subprocess_exec", spying)
    read(csv("email", "a@b.c"))
    env = seen["env"]
    assert isinstance(env, dict)
    assert not [name for name in env if name.startswith("SIJILL")]
    limits = dict(child._LIMITS)
    assert limits[child.resource.RLIMIT_AS] == 512 * 2**20
    assert len(limits) == 4


def test_a_child_that_wants_more_memory_than_it_gets_ends_alone() -> None:
    hungry = "lambda data, headings: iter([(1, bytes(2**29)[:1])])"
    code = f"import sijill.imports.child as child; child.batches = {hungry}; child.main()"
    done = asyncio.run(_python(code))
    assert done == b'{"refused":"unreadable"}\n'


async def _python(code: str) -> bytes:
    import sys

    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", code),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        env=dict(os.environ),
    )
    out, _ = await asyncio.wait_for(process.communicate(b"x"), SECONDS)
    return out


def test_a_sheet_that_says_it_is_endless_ends_its_reader_alone() -> None:
    sheet = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        b'<row r="1"><c r="A1"><v>1</v></c></row>'
        b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'
    )
    with pytest.raises(BadUpload):
        read(repacked(workbook(("email",)), {"xl/worksheets/sheet1.xml": sheet}))


def test_a_child_tells_the_columns_by_their_own_names() -> None:
    assert read(csv("email,رصيد المحفظة", "a@b.c,5")).columns == {"email", "wallet_balance"}
