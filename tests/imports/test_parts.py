"""Facts of workbooks that stand in their XML alone: lost values, the origin of days, parts."""

from typing import Any

import pytest
from fixtures.tables import rows
from fixtures.uploads import repacked, workbook

from sijill.imports.changes import changes
from sijill.imports.model import BadUpload
from sijill.imports.rows import Row
from sijill.imports.uploads import batches, rows_of

SPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
EMPTY = workbook(("id",))
HEADER = (
    '<row r="1"><c r="A1" t="inlineStr"><is><t>id</t></is></c>'
    '<c r="B1" t="inlineStr"><is><t>city</t></is></c>'
    '<c r="C1" t="inlineStr"><is><t>birthday</t></is></c></row>'
)
NO_VALUE = "has a formula without a value: compute it and save the workbook"
ERROR = "holds an error of a spreadsheet"


def made(body: str, book: str = "", space: str = SPACE, code: str = "utf-8") -> bytes:
    """Return a workbook of this sheet, under the headings id, city and birthday."""
    sheet = f'<worksheet xmlns="{space}"><sheetData>{HEADER}{body}</sheetData></worksheet>'
    whole = (
        f'<workbook xmlns="{space}" xmlns:r="http://schemas.openxmlformats.org/officeDocument/'
        f'2006/relationships">{book}<sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets>'
        "</workbook>"
    )
    parts = {"xl/worksheets/sheet1.xml": sheet.encode(code), "xl/workbook.xml": whole.encode()}
    return repacked(EMPTY, dict(parts))


def read(data: bytes) -> list[Row]:
    return [row for _, batch in batches(data) for row in rows_of(batch)]


LAZY = '<calcPr calcId="1" fullCalcOnLoad="1"/>'


@rows(
    ("cell", "book", "fault"),
    [
        ('<c r="B2"><f>1</f><v/></c>', "", NO_VALUE),
        ('<c r="B2"><f>1</f><v></v></c>', "", NO_VALUE),
        ('<c r="B2"><f>1</f></c>', "", NO_VALUE),
        ('<c r="B2" t="str"><f>1</f></c>', "", NO_VALUE),
        ('<c r="B2"><f t="shared" si="0"/><v/></c>', "", NO_VALUE),
        ('<c r="B2"><f t="array" ref="B2:B3">1</f></c>', "", NO_VALUE),
        ("<c><f>1</f></c>", "", NO_VALUE),
        ('<c r="B2"><f>1</f><v>0</v></c>', LAZY, NO_VALUE),
        ('<c r="B2" t="str"><f>1</f><v>0</v></c>', LAZY, NO_VALUE),
        ('<c r="B2" t="e"><v>#N/A</v></c>', "", ERROR),
        ('<c r="B2" t="e"><f>1/0</f><v>#DIV/0!</v></c>', "", ERROR),
        ('<c r="B2" t="e"><f>1/0</f></c>', "", ERROR),
        ('<c r="B2" t="str"><f>1</f><v>#REF!</v></c>', "", ERROR),
        ('<c r="B2" t="inlineStr"><is><t>#NAME?</t></is></c>', "", ERROR),
        ('<c r="B2" t="str"><v> Err:508 </v></c>', "", ERROR),
        ('<c r="B2"><f>1</f><v>0</v></c>', "", None),
        ('<c r="B2"><f>1</f><v>7</v></c>', LAZY, None),
        ('<c r="B2" t="str"><f>1</f><v>Riyadh</v></c>', LAZY, None),
        ('<c r="B2" t="str"><f>1</f><v></v></c>', "", None),
        ('<c r="B2" t="b"><f>1=2</f><v>0</v></c>', LAZY, None),
        ('<c r="B2"><v>0</v></c>', LAZY, None),
        ('<c r="B2"/>', "", None),
        ('<c r="B2" t="inlineStr"><is><r><t>Ri</t></r><r><t>yadh</t></r></is></c>', "", None),
    ],
)
def test_a_cell_without_its_value_refuses_its_row_by_name(
    cell: str, book: str, fault: str | None
) -> None:
    [row] = read(made(f'<row r="2"><c r="A2"><v>7</v></c>{cell}</row>', book))
    assert row.fault == (fault and f"city {fault}")
    assert row.cells["id"] == 7


def test_every_lost_cell_is_named_and_none_is_taken_for_empty() -> None:
    [row] = read(made('<row r="2"><c r="A2"><f>1</f></c><c r="C2" t="e"><v>#REF!</v></c></row>'))
    assert row.cells == {"id": "#N/A", "city": "", "birthday": "#REF!"}
    with pytest.raises(ValueError, match=f"id {NO_VALUE}; birthday {ERROR}"):
        changes(row)


def test_rows_behind_the_last_value_are_read_and_places_may_be_left_out() -> None:
    body = (
        "<row><c><v>7</v></c></row>"
        '<row r="9"><c r="B9"><f>1</f></c></row>'
        "<row><c/><c/><c><f>1</f></c></row>"
    )
    assert [(row.line, row.fault) for row in read(made(body))] == [
        (2, None),
        (9, f"city {NO_VALUE}"),
        (10, f"birthday {NO_VALUE}"),
    ]


def test_a_lost_cell_under_no_heading_is_told() -> None:
    [row] = read(made('<row r="2"><c r="A2"><v>7</v></c><c r="E2"><f>1</f></c></row>'))
    assert row.fault == "has a cell that stands under no heading"


@rows(
    "cell",
    ['<c r="BI2"><f>1</f></c>', '<c r="A100002"><f>1</f></c>', '<c r="A1048576" t="e"/>'],
)
def test_a_lost_cell_far_away_makes_the_file_too_large(cell: str) -> None:
    with pytest.raises(BadUpload, match="too_large"):
        read(made(f'<row r="2">{cell}</row>'))


@rows(
    ("book", "day"),
    [
        ('<workbookPr date1904="1"/>', "1990-03-15"),
        ("<workbookPr date1904 = 'true' />", "1990-03-15"),
        ('<p:workbookPr xmlns:p="{space}"\n date1904="true"></p:workbookPr>', "1990-03-15"),
        ('<workbookPr date1904="0"/>', "1986-03-14"),
        ('<workbookPr date1904="false"/>', "1986-03-14"),
        ('<!-- <workbookPr date1904="1"/> -->', "1986-03-14"),
        ('<x:workbookPr xmlns:x="urn:other" date1904="1"/>', "1986-03-14"),
        ("", "1986-03-14"),
    ],
)
def test_the_origin_of_days_is_read_as_xml(book: str, day: str) -> None:
    for space in (SPACE, STRICT):
        body = '<row r="2"><c r="A2"><v>7</v></c><c r="C2"><v>31485</v></c></row>'
        [row] = read(made(body, book.replace("{space}", space), space))
        assert row.cells["birthday"] == day


@pytest.mark.parametrize("from_1904", [False, True])
@rows(
    ("number", "day"),
    [
        (32947, "1990-03-15"),
        (1, "1900-01-01"),
        (1299, "1903-07-22"),
        (1300, None),
        (1410, None),
        (1990, None),
        (2100, None),
        (2101, "1905-10-01"),
        (10190, None),  # 1/01/90
        (31290, None),  # 3/12/90
        (31390, "1985-12-09"),
        (150390, None),
        (311299, None),
        (19900315, None),
        (15031990, None),
        (0, None),
        (-5, None),
        (32947.5, None),
    ],
)
def test_a_number_under_a_date_is_a_day_only_if_nothing_else_can_be_meant(
    number: float, day: str | None, from_1904: bool
) -> None:
    origin = f'<workbookPr date1904="{int(from_1904)}"/>'
    body = f'<row r="2"><c r="A2"><v>7</v></c><c r="C2"><v>{number}</v></c></row>'
    [row] = read(made(body, origin))
    if day is None:
        with pytest.raises(ValueError, match="birthday is n"):
            changes(row)
    elif not from_1904:
        assert row.cells["birthday"] == day


def test_a_part_in_utf_16_is_no_danger_by_itself() -> None:
    for code in ("utf-16", "utf-16-le", "utf-16-be"):
        query: dict[str, Any] = {"customXml/item1.xml": "<DataMashup/>".encode(code)}
        [row] = read(repacked(made('<row r="2"><c r="A2"><v>7</v></c></row>'), query))
        assert row.cells["id"] == 7


@rows("name", ["xl/media/picture..png", "xl\\media\\image1.png", "XL/media/Image (1)...jpg"])
def test_an_odd_name_of_a_picture_is_no_danger(name: str) -> None:
    assert read(repacked(made('<row r="2"><c r="A2"><v>7</v></c></row>'), {name: b"x"}))
