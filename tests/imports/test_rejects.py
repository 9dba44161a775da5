"""A file of rejects: mend it, import it, done."""

import stat
from pathlib import Path

import pytest
from fixtures.imports import STORE, imported, jsonl
from fixtures.memory_customers import MemoryCustomers
from fixtures.tables import rows

from sijill.imports.headings import Headings
from sijill.imports.rows import Format, Reject
from sijill.imports.writing import Rejects

pytestmark = pytest.mark.proves("a bad row stops no good one")


def rejects_of(
    path: Path,
    data: bytes,
    form: Format,
    into: MemoryCustomers,
    headings: Headings | None = None,
) -> bytes:
    headings = headings or Headings()
    with Rejects(path, form, written=headings.written) as file:
        for reject in imported(into, data, form, headings)[1]:
            file.write(reject)
    return path.read_bytes()


def merchants() -> Headings:
    """Return the headings of a merchant's file, of which one means a mobile, and two nothing."""
    return Headings({"الجوال الأساسي": "mobile", "=1+1": "", "ملاحظات": ""})


MERCHANTS: dict[Format, bytes] = {
    "csv": (
        "الاسم;الجوال الأساسي;ملاحظات;الجنس;'=1+1\n"
        "سارة;0551234567;مهم;أنثى;x\n"
        "علي;0557654321;قديم;robot;y\n"
    ).encode(),
    "jsonl": jsonl(
        {"الاسم": "سارة", "الجوال الأساسي": "0551234567", "ملاحظات": "مهم", "الجنس": "أنثى"},
        {"الاسم": "علي", "الجوال الأساسي": "0557654321", "ملاحظات": "قديم", "الجنس": "robot"},
    ),
}


@rows(
    ("form", "text"),
    [
        (
            "csv",
            '\ufeff"الاسم","الجوال الأساسي","ملاحظات","الجنس","\'=1+1",'
            '"reject_line","reject_reason","raw"\r\n'
            '"علي","0557654321","قديم","robot","y",'
            '"3","gender is neither male nor female",""\r\n',
        ),
        (
            "jsonl",
            '{"الاسم":"علي","الجوال الأساسي":"0557654321","ملاحظات":"قديم","الجنس":"robot",'
            '"reject_line":2,"reject_reason":"gender is neither male nor female"}\n',
        ),
    ],
)
def test_rejects_have_the_headings_of_their_file_and_the_columns_that_were_left_out(
    tmp_path: Path, form: Format, text: str
) -> None:
    customers = MemoryCustomers()
    path = tmp_path / "rejects"
    written = rejects_of(path, MERCHANTS[form], form, customers, merchants()).decode()
    assert written == text
    again = rejects_of(path, written.encode(), form, customers, merchants()).decode()
    assert again == written.replace('"3"', '"2"').replace('"reject_line":2', '"reject_line":1')
    fixed = written.replace("robot", "male").encode()
    assert imported(customers, fixed, form, merchants()) == ((1, 0, 0), [])
    assert [one.first_name for one in customers.all(STORE)] == ["سارة", "علي"]


def test_rejected_json_lines_are_mended_and_imported(tmp_path: Path) -> None:
    customers = MemoryCustomers()
    data = jsonl(
        {"email": "a@b.c"}, {"email": "d@e", "gender": "mael", "groups": [2]}, {"email": "x"}
    )
    text = rejects_of(tmp_path / "rejects.jsonl", data + b'{"email":"broken\n', "jsonl", customers)
    lines = text.decode().splitlines()
    assert lines[0] == (
        '{"email":"d@e","gender":"mael","groups":[2],'
        '"reject_line":2,"reject_reason":"gender is neither male nor female"}'
    )
    assert lines[2].startswith('{"raw":"{\\"email\\":\\"broken","reject_line":4,"reject_reason":')
    report, rejects = imported(customers, text.replace(b"mael", b"male"))
    assert report == (1, 0, 2)
    assert [reject.line for reject in rejects] == [2, 3]
    assert customers.all(STORE)[1].groups == (2,)


def test_rejected_csv_rows_are_mended_and_imported(tmp_path: Path) -> None:
    customers = MemoryCustomers()
    data = (
        b'email,first_name,gender\na@b.c,Ali,male\nd@e,"\'=1+1\nx",mael\n'
        b"f@g,Sara,mael\nh@i,too,many,cells\n"
    )
    text = rejects_of(tmp_path / "rejects.csv", data, "csv", customers)
    lines = text.decode("utf-8-sig").splitlines()
    assert lines[0] == '"email","first_name","gender","reject_line","reject_reason","raw"'
    assert lines[1] == '"d@e","\'=1+1'
    assert (
        lines[-1]
        == '"","","","6","has another number of cells (4) than the header (3)","h@i,too,many,cells"'
    )
    report, rejects = imported(customers, text.replace(b"mael", b"male"), "csv")
    assert report == (1, 0, 2)
    assert [reject.reason for reject in rejects] == [
        "first_name holds a control character",
        "a new customer needs a mobile or an e-mail",
    ]
    assert customers.all(STORE)[1].first_name == "Sara"


@pytest.mark.parametrize("form", ["jsonl", "csv"])
def test_rejects_that_were_not_mended_are_rejected_again_as_they_came(
    tmp_path: Path, form: Format
) -> None:
    data = {"jsonl": jsonl({"email": "x", "city": "y"}), "csv": b"email,city\nx,y\n"}[form]
    once = rejects_of(tmp_path / "once", data, form, MemoryCustomers())
    again = rejects_of(tmp_path / "again", once, form, MemoryCustomers())
    twice = rejects_of(tmp_path / "twice", again, form, MemoryCustomers())
    assert again == twice
    assert b'"x"' in again


@pytest.mark.parametrize("mode", [None, 0o644])
def test_the_owner_alone_can_read_the_rejects(tmp_path: Path, mode: int | None) -> None:
    path = tmp_path / "rejects.csv"
    if mode is not None:
        path.write_text("of an earlier import")
        path.chmod(mode)
    with Rejects(path, "csv") as file:
        file.write(Reject(2, "x", {"email": "a"}))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert "earlier" not in path.read_text()


def test_where_nothing_is_rejected_no_file_is_made(tmp_path: Path) -> None:
    with Rejects(tmp_path / "rejects.csv", "csv"):
        pass
    assert list(tmp_path.iterdir()) == []
