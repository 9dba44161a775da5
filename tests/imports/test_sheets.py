"""Workbooks: what a cell becomes, and which files nobody reads."""

import io
import struct
import zipfile
from datetime import date, datetime
from typing import Any

import pytest
from fixtures.uploads import csv, repacked, workbook

from sijill.imports.changes import changes
from sijill.imports.child import said_of, upload_of
from sijill.imports.headings import BadHeadings
from sijill.imports.model import BadUpload
from sijill.imports.scanning import SheetCaps
from sijill.imports.uploads import batches, rows_of

pytestmark = pytest.mark.proves("bombs, entities, macros and endless sheets are refused")

HEADER = ("الاسم الأول", "رقم الجوال", "البريد الإلكتروني", "تاريخ الميلاد", "الجنس")
GOOD = workbook(HEADER, ("سارة", "0551234567", "sara@example.com", "1990-05-01", "أنثى"))


def read(data: bytes, **caps: int) -> list[Any]:
    return [row for _, batch in batches(data, SheetCaps(**caps)) for row in rows_of(batch)]


def test_a_row_of_a_workbook_is_a_customer() -> None:
    [row] = read(GOOD)
    change = changes(row)
    assert row.line == 2
    assert change.own == {
        "first_name": "سارة",
        "mobile": 551234567,
        "mobile_code": "966",
        "email": "sara@example.com",
        "birthday": date(1990, 5, 1),
        "gender": "female",
    }


@pytest.mark.parametrize("date_1904", [False, True])
@pytest.mark.parametrize(
    ("heading", "cell", "value"),
    [
        ("mobile", 551234567, 551234567),
        ("mobile", 5.51234567e8, 551234567),
        ("mobile", "٠٥٥١٢٣٤٥٦٧", 551234567),
        ("mobile", "0551234567", 551234567),
        ("birthday", "١٩٩٠/٠٥/٠١", date(1990, 5, 1)),
        ("birthday", "1990/05/01", date(1990, 5, 1)),
        ("orders_count", "٣", 3),
        ("orders_count", 3, 3),
        ("orders_amount", 99.5, 99.5),
        ("gender", "ذكر", "male"),
        ("gender", "Female", "female"),
        ("is_blocked", True, True),
        ("is_blocked", "نعم", True),
        ("is_blocked", 0, False),
        ("first_name", 77, "77"),
        ("first_name", "=1+1", "=1+1"),
        ("location", "one\r\ntwo\tthree", "one\r\ntwo\tthree"),
        ("first_name", "_x0041_", "_x0041_"),
    ],
)
def test_a_cell_is_read_as_what_it_means(
    heading: str, cell: Any, value: Any, date_1904: bool
) -> None:
    [row] = read(workbook((heading, "email"), (cell, "a@b.c"), date_1904=date_1904))
    change = changes(row)
    assert (change.own | change.extras)[heading] == value


@pytest.mark.parametrize("date_1904", [False, True])
def test_a_day_is_the_same_as_a_date_or_as_its_number(date_1904: bool) -> None:
    import xlsxwriter

    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"date_1904": date_1904})
    sheet, form = book.add_worksheet(), book.add_format({"num_format": "yyyy-mm-dd"})
    sheet.write_row(0, 0, ["birthday", "email"])
    for number, day in enumerate([date(1990, 5, 1), date(1910, 3, 17), date(2024, 2, 29)]):
        first = date(1904, 1, 1) if date_1904 else date(1899, 12, 30)
        sheet.write_datetime(2 * number + 1, 0, datetime.combine(day, datetime.min.time()), form)
        sheet.write_number(2 * number + 2, 0, (day - first).days)
    book.close()
    days = [row.cells["birthday"] for row in read(stream.getvalue())]
    assert days == [d for day in ("1990-05-01", "1910-03-17", "2024-02-29") for d in (day, day)]


@pytest.mark.parametrize(
    ("serial", "day"), [(1, "1900-01-01"), (59, "1900-02-28"), (61, "1900-03-01"), (60, 60)]
)
def test_the_day_that_never_was_is_no_day(serial: int, day: Any) -> None:
    [row] = read(workbook(("birthday",), (serial,)))
    assert row.cells["birthday"] == day


@pytest.mark.parametrize(
    ("heading", "cell"),
    [
        ("mobile", "5.51E+08"),
        ("mobile", 551234567.5),
        ("birthday", 33000.5),
        ("birthday", "01/05/1990"),
        ("birthday", 10**9),
        ("id", 2.0**60),
    ],
)
def test_a_value_that_a_sheet_has_spoiled_is_refused_and_never_guessed(
    heading: str, cell: Any
) -> None:
    [row] = read(workbook((heading, "email"), (cell, "a@b.c")))
    with pytest.raises(ValueError, match=f"^{heading} "):
        changes(row)


def test_rows_without_a_cell_are_passed_over_and_the_others_keep_their_numbers() -> None:
    rows = read(workbook((), ("email",), (), ("a@b.c",), ("", ""), ("d@e.f",)))
    assert [(row.line, row.cells["email"]) for row in rows] == [(4, "a@b.c"), (6, "d@e.f")]


def test_a_cell_under_no_heading_is_told_and_not_dropped() -> None:
    one, two = read(workbook(("email", "", "city"), ("a@b.c", "", "جدة"), ("d@e.f", "stray", "")))
    assert one.fault is None
    assert two.fault == "has a cell that stands under no heading"


def test_the_first_sheet_that_is_seen_is_read() -> None:
    import xlsxwriter

    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream)
    book.add_worksheet("hidden").write_row(0, 0, ["no", "such"])
    shown = book.add_worksheet("shown")
    shown.activate()
    book.worksheets()[0].hide()
    shown.set_first_sheet()
    shown.write_column(0, 0, ["email", "a@b.c"])
    book.close()
    assert [row.cells for row in read(stream.getvalue())] == [{"email": "a@b.c"}]


def test_csv_is_read_with_arabic_headings_too() -> None:
    [row] = read(csv("الاسم الأول,رقم الجوال", "سارة,٠٥٥١٢٣٤٥٦٧"))
    assert row.cells == {"first_name": "سارة", "mobile": "٠٥٥١٢٣٤٥٦٧"}


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b" \r\n ",
        "\ufeff".encode(),
        csv("email"),
        workbook(),
        workbook(("email",)),
        workbook((), ()),
    ],
)
def test_a_file_without_rows_is_empty(data: bytes) -> None:
    with pytest.raises((BadUpload, BadHeadings), match=r"empty|names no column") as raised:
        read(data)
    assert str(raised.value) == "empty" or data == "\ufeff".encode()


@pytest.mark.parametrize(
    "headings",
    [("email", "اسم الجد"), ("email", "البريد"), ("سارة", "0551234567"), ("email", "email")],
)
@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_headings_that_are_unknown_or_stand_twice_refuse_the_file(
    headings: tuple[str, ...], kind: str
) -> None:
    rows = (headings, ("a@b.c", "x"))
    data = workbook(*rows) if kind == "xlsx" else csv(*(",".join(row) for row in rows))
    with pytest.raises(BadHeadings):
        read(data)
    with pytest.raises(BadUpload) as raised:
        upload_of(b"\n".join(said_of(data)))
    assert raised.value.args == ("headings",)  # an app is told nothing of the file


_DOCTYPE = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>'
HOSTILE: dict[str, tuple[bytes, str]] = {
    "a damaged archive": (GOOD[: len(GOOD) // 2], "kind"),
    "an archive of something else": (
        repacked(GOOD, {"xl/workbook.xml": None}),
        "kind",
    ),
    "an old workbook": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "kind"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "kind"),
    "text in another encoding": ("email,city\na@b.c,جدة\n".encode("cp1256"), "kind"),
    "text with NUL": (b"email\na\0@b.c\n", "kind"),
    "macros": (repacked(GOOD, {"xl/vbaProject.bin": b"x"}), "unsafe"),
    "links to other files": (
        repacked(GOOD, {"xl/externalLinks/externalLink1.xml": b"<x/>"}),
        "unsafe",
    ),
    "a way out of the folder": (repacked(GOOD, {"../../etc/passwd": b"x"}), "unsafe"),
    "an absolute way": (repacked(GOOD, {"/etc/passwd": b"x"}), "unsafe"),
    "an entity": (repacked(GOOD, {"xl/sharedStrings.xml": _DOCTYPE}), "unsafe"),
    "an entity in relations": (
        repacked(GOOD, {"xl/_rels/workbook.xml.rels": _DOCTYPE}),
        "unsafe",
    ),
    "an entity across two pieces": (
        repacked(GOOD, {"xl/x.xml": b" " * (2**20 - 4) + b"<!DOCTYPE x>"}, zipfile.ZIP_STORED),
        "unsafe",
    ),
    "an encoding that hides the words": (
        repacked(GOOD, {"xl/x.xml": _DOCTYPE.decode().encode("utf-16")}),
        "unsafe",
    ),
    "an encoding that hides the words without saying so": (
        repacked(GOOD, {"xl/x.xml": _DOCTYPE.decode().encode("utf-16-be")}),
        "unsafe",
    ),
    "an encoding that nobody writes": (
        repacked(GOOD, {"xl/x.xml": _DOCTYPE.decode().encode("utf-32")}),
        "unsafe",
    ),
    "a way out of the folder by backslashes": (repacked(GOOD, {"xl\\..\\x": b"x"}), "unsafe"),
    "an absolute way by backslashes": (repacked(GOOD, {"\\etc\\passwd": b"x"}), "unsafe"),
    "a name twice, in two spellings": (repacked(GOOD, {"XL\\workbook.xml": b"<x/>"}), "unsafe"),
    "a bomb": (repacked(GOOD, {"xl/media/x.bin": bytes(30 * 2**20)}), "too_large"),
    "a cell far away": (
        repacked(
            GOOD,
            {
                "xl/worksheets/sheet1.xml": b'<worksheet xmlns="http://schemas.openxmlformats.org/'
                b'spreadsheetml/2006/main"><dimension ref="A1"/><sheetData><row r="1"><c r="A1" '
                b't="str"><v>email</v></c><c r="BJ1"><v>1</v></c></row></sheetData></worksheet>'
            },
        ),
        "too_large",
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_for_what_it_is(name: str) -> None:
    data, reason = HOSTILE[name]
    with pytest.raises(BadUpload, match=reason):
        read(data)


def test_the_sizes_that_an_archive_states_are_not_believed() -> None:
    big = repacked(GOOD, {"xl/media/x.bin": bytes(3 * 2**20)}, zipfile.ZIP_STORED)
    said = struct.pack("<I", 3 * 2**20)
    lying = big.replace(said + said, said + struct.pack("<I", 10))
    assert lying != big
    with pytest.raises(BadUpload, match=r"unsafe|kind|too_large"):
        read(lying)
    with pytest.raises(BadUpload, match="too_large"):
        read(lying, unpacked=2**20)


def test_the_same_name_twice_is_refused() -> None:
    stream = io.BytesIO(GOOD)
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(stream, "a") as archive:
        archive.writestr("xl/workbook.xml", b"<other/>")
    with pytest.raises(BadUpload, match="unsafe"):
        read(stream.getvalue())


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
@pytest.mark.parametrize(
    "caps", [{"rows": 2}, {"columns": 1}, {"text": 100}], ids=lambda caps: next(iter(caps))
)
def test_a_file_over_a_cap_is_refused(kind: str, caps: dict[str, int]) -> None:
    rows = [("email", "city"), *((f"c{n}@example.com", "جدة") for n in range(3))]
    data = workbook(*rows) if kind == "xlsx" else csv(*(",".join(row) for row in rows))
    assert len(read(data)) == 3
    with pytest.raises(BadUpload, match="too_large"):
        read(data, **caps)


def test_a_workbook_of_too_many_parts_is_refused_and_one_of_many_pictures_is_read() -> None:
    many = repacked(GOOD, {f"xl/media/{n}.bin": b"" for n in range(300)})
    assert len(read(many)) == 1
    with pytest.raises(BadUpload, match="too_large"):
        read(many, members=300)


def test_a_file_at_the_cap_is_read() -> None:
    rows = [("email",), *((f"c{n}@example.com",) for n in range(3))]
    assert len(read(workbook(*rows), rows=3, columns=1)) == 3
