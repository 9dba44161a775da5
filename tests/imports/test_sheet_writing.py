"""Workbooks that are written: texts alone, and the same customers when they are read again."""

import asyncio
import io
import re
import zipfile
from typing import Any

import pytest
from fixtures.imports import AHMED, NOW, STORE, customers, holding, unique
from fixtures.memory_customers import MemoryCustomers
from fixtures.profiles import example_count
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sijill.customers.fields import COLUMNS
from sijill.customers.model import Customer
from sijill.imports import writing
from sijill.imports.headings import column_of
from sijill.imports.importing import Report, import_customers
from sijill.imports.rows import Reject
from sijill.imports.uploads import batches, rows_of
from sijill.imports.writing import Rejects, export_customers, writer
from sijill.stores.model import SHOP


def exported(some: MemoryCustomers) -> bytes:
    stream = io.BytesIO()
    asyncio.run(export_customers(some, STORE, writer(stream, "xlsx", tuple(COLUMNS))))
    return stream.getvalue()


def imported(into: MemoryCustomers, data: bytes) -> tuple[Report, list[Reject]]:
    rejects: list[Reject] = []
    rows = [row for _, batch in batches(data) for row in rows_of(batch)]
    report = asyncio.run(import_customers(into, SHOP, rows, NOW, on_reject=rejects.append))
    return report, rejects


@given(st.lists(customers(), min_size=1, max_size=3).map(unique))
@settings(max_examples=example_count(40), suppress_health_check=list(HealthCheck))
def test_export_into_an_empty_store_is_the_identity(some: list[Customer]) -> None:
    copy = MemoryCustomers()
    report, rejects = imported(copy, exported(holding(*some)))
    assert (report.created, rejects) == (len(some), [])
    assert copy.all(STORE) == holding(*some).all(STORE)


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "http://a.example", "mailto:a@b.c", "{=1}", "0551"]
)
def test_no_cell_is_a_formula_a_link_or_a_number(text: str) -> None:
    stream = io.BytesIO()
    file = writer(stream, "xlsx", ("city",))
    file.write({"city": text})
    file.close()
    with zipfile.ZipFile(stream) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
        assert not [name for name in archive.namelist() if "_rels/sheet" in name]
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet
    cells = re.findall(r"<c [^>]*>", sheet)
    assert len(cells) == 2
    assert all('t="inlineStr"' in cell or 't="s"' in cell for cell in cells)


def test_a_text_or_row_too_large_for_a_sheet_is_refused_and_never_cut(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    file: Any = writer(io.BytesIO(), "xlsx", ("city",))
    with pytest.raises(ValueError, match="32767 characters"):
        file.write({"city": "x" * 32_768})
    file.write({"city": "x" * 32_767})
    monkeypatch.setattr(writing, "MOST_ROWS", 3)
    file.write({"city": "y"})
    with pytest.raises(ValueError, match=r"3 rows: write \.csv"):
        file.write({"city": "z"})
    file.close()


def test_refused_rows_in_arabic_are_mended_and_imported(tmp_path: Any) -> None:
    path = tmp_path / "rejects.xlsx"
    with Rejects(path, "xlsx", "ar") as out:
        out.write(
            Reject(3, "gender is neither male nor female", {"email": "a@b.c", "gender": "robot"})
        )
    assert oct(path.stat().st_mode)[-3:] == "600"
    [row] = [row for _, batch in batches(path.read_bytes()) for row in rows_of(batch)]
    assert row.cells == {
        "email": "a@b.c",
        "gender": "robot",
        "reject_line": "3",
        "reject_reason": "الجنس: ليس ذكرًا ولا أنثى",
        "raw": "",
    }
    from python_calamine import load_workbook

    header = load_workbook(io.BytesIO(path.read_bytes())).get_sheet_by_index(0).to_python()[0]
    assert header[0] == "البريد الإلكتروني"
    assert [column_of(str(cell)) for cell in header] == list(row.cells)
    customers = holding(AHMED)
    report, _ = imported(customers, path.read_bytes())
    assert report == (0, 0, 1)
