"""CSV as programs write it: separators, encodings, edges, and quotes that nobody closes."""

import io
from pathlib import Path
from typing import Any

import pytest
from fixtures.imports import AHMED, STORE, exported, holding, imported
from fixtures.memory_customers import MemoryCustomers
from fixtures.tables import rows
from msgspec import structs

from sijill.imports import separated
from sijill.imports.model import BadUpload
from sijill.imports.reading import read_rows
from sijill.imports.rows import Row
from sijill.imports.uploads import batches, rows_of
from sijill.imports.writing import Rejects

SARA = {"first_name": "سارة", "mobile": "0501234567", "email": "s@example.com"}
TABLE = "الاسم الأول,رقم الجوال,email\r\nسارة,0501234567,s@example.com\r\n"


def read(data: bytes) -> list[Row]:
    """Return the rows as a command reads them, after a look that an upload reads the same."""
    found = [*read_rows(io.BytesIO(data), "csv")]
    assert [row for _, batch in batches(data) for row in rows_of(batch)] == found
    return found


@rows("separator", [",", ";", "\t", "|", "،", "؛"])
@pytest.mark.parametrize("said", [False, True])
def test_a_table_is_read_whatever_parts_its_cells(separator: str, said: bool) -> None:
    text = TABLE.replace(",", separator)
    for first in (f"sep={separator}\r\n", f'"SEP={separator}"\n') if said else ("", "\r\n \r\n"):
        [row] = read((first + text).encode())
        assert row.cells == SARA
        assert row.line == 2 + first.count("\n")


def test_what_the_first_line_says_of_the_separator_is_believed() -> None:
    [row] = read(b"sep=^\nfirst_name^city\na,b;c^d\n")
    assert row.cells == {"first_name": "a,b;c", "city": "d"}


def test_one_column_with_separators_in_its_cells_stays_one() -> None:
    [row] = read(b'location\n"a;b\tc"\n')
    assert row.cells == {"location": "a;b\tc"}


@rows("code", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("separator", [",", "\t"])
def test_a_table_is_read_in_each_encoding_with_and_without_its_mark(
    code: str, separator: str
) -> None:
    for text in (TABLE, TABLE.replace("\r\n", "\n"), TABLE.replace("\r\n", "\r")):
        [row] = read(text.replace(",", separator).encode(code))
        assert row.cells == SARA
        assert row.line == 2


def test_the_mark_of_the_other_end_is_read_too() -> None:
    [row] = read(b"\xfe\xff" + ("sep=;\r\n" + TABLE.replace(",", ";")).encode("utf-16-be"))
    assert row.cells == SARA


@rows(
    ("tail", "fault"),
    [
        ("\ud800,x\n".encode("utf-16-le", "surrogatepass"), "is not UTF-16"),
        (b"a", "is not UTF-16"),
    ],
)
def test_what_is_no_utf_16_costs_its_line_alone(tail: bytes, fault: str) -> None:
    data = b"\xff\xfe" + "city,email\nx,a@b.c\n".encode("utf-16-le") + tail
    good, bad = read_rows(io.BytesIO(data), "csv")
    assert good.cells == {"city": "x", "email": "a@b.c"}
    assert (bad.line, bad.fault) == (3, fault)
    with pytest.raises(BadUpload, match="kind"):
        [*batches(data)]


def test_json_lines_are_read_in_utf_16_too() -> None:
    data = '{"city":"جدة"}\r\n{"city":"x"}\r\n'.encode("utf-16")
    assert [row.cells["city"] for row in read_rows(io.BytesIO(data), "jsonl")] == ["جدة", "x"]


@rows(
    ("text", "cells"),
    [
        ("email,city\n,\n  ,\u00a0\na@b.c,x\n\u200b,\n", [{"email": "a@b.c", "city": "x"}]),
        ("email,city,,\na@b.c,x,,\n", [{"email": "a@b.c", "city": "x"}]),
        ("email,city, ,\u00a0\na@b.c,x, ,\u200b\n", [{"email": "a@b.c", "city": "x"}]),
        ("email,,city\na@b.c,,x\n", [{"email": "a@b.c", "city": "x"}]),
        ("email,city\na@b.c,x,, ,\n", [{"email": "a@b.c", "city": "x"}]),
        (",,\n\n , \nemail,city\na@b.c,x\n", [{"email": "a@b.c", "city": "x"}]),
        ("email,city\na@b.c\n", [{"email": "a@b.c", "city": ""}]),
        ('email,city\n"a@b.c"\n', [{"email": "a@b.c", "city": ""}]),
    ],
)
def test_blank_rows_and_blank_edges_do_not_count(text: str, cells: list[Any]) -> None:
    found = read(text.encode())
    assert [row.cells for row in found] == cells
    assert not any(row.fault for row in found)


@rows(
    ("text", "fault"),
    [
        ("email,city\na@b.c,x,y\n", "has another number of cells (3) than the header (2)"),
        ("email,city,\na@b.c,x,y\n", "has another number of cells (3) than the header (2)"),
        ("email,,city\na@b.c,y,x\n", "has a cell that stands under no heading"),
        ("email,city\na@b.c, #N/A \n", "city holds an error of a spreadsheet"),
        (
            "email,city\n#REF!, #NAME? \n",
            "email holds an error of a spreadsheet; city holds an error of a spreadsheet",
        ),
    ],
)
def test_a_cell_too_many_or_an_error_refuses_its_row(text: str, fault: str) -> None:
    [row] = read(text.encode())
    assert (row.line, row.fault) == (2, fault)


def test_a_row_that_ends_early_says_nothing_of_the_columns_behind() -> None:
    customers = holding(AHMED)
    data = f"id,city,email\n{AHMED.id},عدن\n{AHMED.id}\n".encode()
    report, _ = imported(customers, data, "csv")
    assert report == (0, 2, 0)
    [kept] = customers.all(STORE)
    assert (kept.city, kept.email) == ("عدن", AHMED.email)


@rows(
    "line",
    [b"y,z\n", b"\n", b"y" * 1_000 + b"\n"],
    ids=["short", "empty", "long"],
)
def test_a_quote_left_open_before_a_long_rest_ends_the_file_at_once(line: bytes) -> None:
    """The rest is neither read nor kept: a stream without an end is refused as soon."""
    separated._REST, usual = 2**20, separated._REST
    stream = _Endless(b'email,city\na@b.c,x\nb@b.c,"' + line, line * (2**16 // len(line)))
    try:
        good, last = read_rows(io.BufferedReader(stream), "csv")  # type: ignore[arg-type, type-var]
    finally:
        separated._REST = usual
    assert good.cells == {"email": "a@b.c", "city": "x"}
    assert last.line == 3
    assert last.fault == "has a quote that is never closed: no line after it was read"
    assert stream.given < 4 * 2**20


def test_a_quote_left_open_before_a_short_rest_costs_its_row_alone() -> None:
    data = b'email,city\nb@b.c,"\n' + b"a@b.c,x\n" * 5_000
    bad, *rest = read_rows(io.BytesIO(data), "csv")
    assert (bad.line, bad.fault) == (2, "has a quote that is never closed")
    assert len(rest) == 5_000


class _Endless(io.RawIOBase):
    """A stream that goes on for ever, and counts what it gave."""

    def __init__(self, head: bytes, more: bytes) -> None:
        self._head, self._more, self.given = head, more, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = (self._head or self._more)[: len(buffer)]
        self._head = self._head[len(data) :]
        buffer[: len(data)] = data
        self.given += len(data)
        return len(data)


def test_a_text_that_only_looks_like_an_error_survives_an_export() -> None:
    original = holding(structs.replace(AHMED, city="#N/A", location="'#REF!"))
    copy = MemoryCustomers()
    imported(copy, exported(original, "csv"), "csv")
    assert copy.all(STORE) == original.all(STORE)


def test_an_error_that_nobody_mends_is_refused_again(tmp_path: Path) -> None:
    data = b"email,city\na@b.c,#N/A\n"
    for _ in range(2):
        _, [reject] = imported(MemoryCustomers(), data, "csv")
        assert reject.reason == "city holds an error of a spreadsheet"
        with Rejects(tmp_path / "r.csv", "csv") as out:
            out.write(reject)
        data = (tmp_path / "r.csv").read_bytes()
