"""The encodings of CSV files: what a file says, what an operator says, what is no text in them."""

import io

import pytest
from fixtures.tables import rows
from hypothesis import given
from hypothesis import strategies as st

from sijill.imports.lines import ENCODINGS, BadEncoding, Source, encoding_of
from sijill.imports.reading import read_rows
from sijill.imports.rows import Row

TABLE = "الاسم الأول;رقم الجوال;المدينة\r\nسارة;٠٥٠١٢٣٤٥٦٧;أبها؟\r\n"
LATIN = str.maketrans("٠١٢٣٤٥٦٧", "01234567")
"""ISO 8859-6 and Windows-1256 have no digits but those of ASCII."""


def read(data: bytes, encoding: str = "") -> list[Row]:
    return [*read_rows(io.BytesIO(data), "csv", encoding=encoding)]


@rows("encoding", [*ENCODINGS])
def test_a_file_is_read_in_the_encoding_that_is_said(encoding: str) -> None:
    text = TABLE.translate(LATIN)
    for written in (text, text.replace("\r\n", "\n"), text.replace("\r\n", "\r")):
        [row] = read(written.encode(encoding), encoding)
        assert row.cells == {"first_name": "سارة", "mobile": "0501234567", "city": "أبها؟"}


@rows(
    ("head", "said", "encoding"),
    [
        (b"\xff\xfea\0", "windows-1256", "utf-16-le"),
        (b"\xfe\xff\0a", "utf-8", "utf-16-be"),
        (b"\xef\xbb\xbfa", "windows-1256", "utf-8"),
        (b"a\0b\0\n\0", "", "utf-16-le"),
        (b"\0a\0b\0\n", "utf-16", "utf-16-be"),
        ("сat\n".encode("utf-16-be"), "utf-16", "utf-16-le"),
        (b"abc\n", "utf-16", "utf-16-le"),
        (b"abc\n", "", "utf-8"),
        (b"a\0b\0\n\0", "utf-8", "utf-8"),
        (b"abc\n", "iso-8859-6", "iso-8859-6"),
    ],
)
def test_a_byte_order_mark_wins_over_what_is_said_and_that_over_how_it_looks(
    head: bytes, said: str, encoding: str
) -> None:
    assert encoding_of(head, said) == encoding


@rows(
    ("data", "encoding", "fault"),
    [
        ("email;city\na@b.c;x\nd@e.f;جدة\n".encode("cp1256"), "", "is not UTF-8"),
        ("email;city\na@b.c;x\nd@e.f;جدة\n".encode("cp1256"), "utf-8", "is not UTF-8"),
        (b"email;city\na@b.c;x\nd@e.f;\xff\n", "iso-8859-6", "is not ISO 8859-6"),
        ("email;city\na@b.c;x\n".encode("utf-16-le") + b"d", "utf-16", "is not UTF-16"),
    ],
)
def test_a_line_that_is_no_text_in_its_encoding_is_refused_alone(
    data: bytes, encoding: str, fault: str
) -> None:
    good, bad = read(data, encoding)
    assert good.cells == {"email": "a@b.c", "city": "x"}
    assert (bad.line, bad.fault) == (3, fault)


@rows(
    ("data", "encoding", "sentence"),
    [
        (TABLE.translate(LATIN).encode("windows-1256"), "", "the first line is not UTF-8"),
        (TABLE.encode(), "iso-8859-6", "the first line is not ISO 8859-6"),
    ],
)
def test_a_file_in_another_encoding_is_refused_by_its_first_line(
    data: bytes, encoding: str, sentence: str
) -> None:
    with pytest.raises(BadEncoding, match=f"^{sentence}$"):
        read(data, encoding)


CODES = st.sampled_from(["windows-1256", "iso-8859-6"])


@given(st.data(), CODES)
def test_every_text_of_an_encoding_is_read_as_it_was_written(
    data: st.DataObject, code: str
) -> None:
    letters = st.characters(codec=code, exclude_characters="\r")
    text = "a" + data.draw(st.text(letters, max_size=40))  # no byte order mark
    encoded = [*Source(io.BytesIO(text.encode(code)), code).lines()]
    assert "".join(line.text for line in encoded) == text
    assert not any(line.fault for line in encoded)


@given(st.binary(max_size=60), st.sampled_from(["", *ENCODINGS]))
def test_any_bytes_are_lines_or_faults_in_any_encoding(data: bytes, code: str) -> None:
    for line in Source(io.BytesIO(data), code).lines():
        assert line.fault is None or line.fault.startswith("is not ")
        line.text.encode()
