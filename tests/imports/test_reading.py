"""Lines become rows; a line that cannot be read costs itself alone."""

import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sijill.imports import separated
from sijill.imports.reading import read_rows
from sijill.imports.rows import MAX_LINE, BadFile, Format, Row, format_of

GOOD = b'{"email":"a@b.c"}\n'


def read(data: bytes, form: Format) -> list[Row]:
    return list(read_rows(io.BytesIO(data), form))


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b'{"email":', "is not a JSON object: "),
        (b'{"email":1} x', "is not a JSON object: "),
        (b'{"email":NaN}', "is not a JSON object: "),
        (b'{"email":"\\ud800"}', "is not a JSON object: "),
        (b"[1]", "is not a JSON object: "),
        (b'"x"', "is not a JSON object: "),
        (b'{"custom_fields":' + b"[" * 100_000, "is not a JSON object: "),
        (b'{"custom_fields":' + b"[" * 40 + b"]" * 40 + b"}", "is nested deeper than 32 levels"),
        (b'{"custom_fields":' + b"[" * 200 + b"]" * 200 + b"}", "is nested deeper than 32 levels"),
        (b'{"email":"\xff"}', "is not UTF-8"),
        (b'{"email":"a@b.c","email":"d@e.f"}', "has a key twice"),
        (b'{"email":"' + b"x" * MAX_LINE + b'"}', "is longer than 1048576 bytes"),
        (b"x" * (MAX_LINE * 2 + 2), "is longer than 1048576 bytes"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_bad_json_line_is_a_fault_and_the_next_line_is_read(line: bytes, reason: str) -> None:
    first, bad, last = read(GOOD + line + b"\n" + GOOD, "jsonl")
    assert first == Row(1, {"email": "a@b.c"})
    assert last == Row(3, {"email": "a@b.c"})
    assert bad.line == 2
    assert bad.fault is not None
    assert bad.fault.startswith(reason)
    assert line.decode(errors="replace").startswith(bad.cells["raw"])


def test_a_fault_never_repeats_what_stands_in_the_line() -> None:
    for line in (b'{"email":"canary', b'["canary"]', b'{"email":canary}', b'"canary"'):
        [row] = read(line, "jsonl")
        assert "canary" not in str(row.fault)


def test_blank_lines_are_passed_over_and_counted() -> None:
    rows = read(b"\xef\xbb\xbf\n" + GOOD + b"  \r\n" + GOOD.strip(), "jsonl")
    assert [row.line for row in rows] == [2, 4]
    rows = read(b"email\n\na@b.c\r\n\r\nd@e.f", "csv")
    assert [(row.line, row.cells["email"]) for row in rows] == [(3, "a@b.c"), (5, "d@e.f")]


def test_a_csv_row_over_several_lines_is_named_by_its_first() -> None:
    rows = read(b'email,location\na@b.c,"one\ntwo\r\nthree"\nd@e.f,x\n', "csv")
    assert [row.line for row in rows] == [2, 5]
    assert rows[0].cells["location"] == "one\ntwo\r\nthree"


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"a@b.c,x,y", "has another number of cells (3) than the header (2)"),
        (b'a@b.c,"x"y', "is not CSV: "),
        (b'a@b.c,"left open', "is not CSV: "),
        (b"a@b.c,\xff", "is not UTF-8"),
        (b"a@b.c," + b"x" * MAX_LINE, "is longer than 1048576 bytes"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_bad_csv_line_is_a_fault_and_every_other_line_is_read(line: bytes, reason: str) -> None:
    first, bad, *rest = read(b"email,city\nb@b.c,x\n" + line + b'\nc@b.c,"y"\nd@b.c,z\n', "csv")
    assert first == Row(2, {"email": "b@b.c", "city": "x"})
    assert bad.line == 3
    assert bad.fault is not None
    assert bad.fault.startswith(reason)
    assert line.decode(errors="replace").startswith(bad.cells["raw"])
    assert rest == [
        Row(4, {"email": "c@b.c", "city": "y"}),
        Row(5, {"email": "d@b.c", "city": "z"}),
    ]


def test_a_csv_row_that_grows_over_many_lines_is_cut_off() -> None:
    line = b"y" * 1_000 + b"\n"
    rows = read(b'city\n"' + line * (MAX_LINE // 1_000 + 2) + b'"\nriyadh\n', "csv")
    assert rows[0].fault == f"is longer than {MAX_LINE} bytes"
    assert rows[-1].cells == {"city": "riyadh"}


@given(st.binary(max_size=200))
def test_any_bytes_are_rows_or_faults(data: bytes) -> None:
    files: list[tuple[bytes, Format]] = [(GOOD, "jsonl"), (b"email\na@b.c\n", "csv")]
    for head, form in files:
        rows = read(head + data, form)
        assert rows[0].cells == {"email": "a@b.c"}
        assert [row.line for row in rows] == sorted({row.line for row in rows})


def test_only_the_line_at_hand_is_read() -> None:
    stream = io.BytesIO(GOOD * 1_000)
    rows = read_rows(stream, "jsonl")
    next(rows)
    assert stream.tell() == len(GOOD)


@pytest.mark.parametrize(
    ("name", "form"),
    [("a.jsonl", "jsonl"), ("a.ndjson", "jsonl"), ("a.b.CSV", "csv")],
)
def test_the_name_of_a_file_tells_its_format(name: str, form: Format) -> None:
    assert format_of(Path(name)) == form


def test_a_name_that_tells_no_format_is_refused_with_those_that_do() -> None:
    with pytest.raises(ValueError, match=r"\.jsonl, \.ndjson, \.csv, \.xlsx"):
        format_of(Path("customers.xls"))


def test_the_columns_of_a_file_of_rejects_are_no_unknown_columns() -> None:
    [row] = read(b"email,reject_line,reject_reason,raw\na@b.c,2,x,\n", "csv")
    assert row.fault is None
    with pytest.raises(BadFile):
        read(b"email,reject\na@b.c,2\n", "csv")


def test_quotes_left_open_on_every_line_cost_a_bounded_time_and_lose_no_line() -> None:
    separated._READ_AGAIN, usual = 5_000, separated._READ_AGAIN
    try:
        stream = io.BytesIO(b"email,first_name\n" + b'a","b\n' * 3_000 + b"c@d.e,last\n")
        rows = list(read_rows(stream, "csv"))
    finally:
        separated._READ_AGAIN = usual
    assert [row.line for row in rows] == list(range(2, 3_003))
    assert rows[-1].cells == {"email": "c@d.e", "first_name": "last"}
    assert all(row.fault for row in rows[:-1])
