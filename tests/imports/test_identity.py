"""Export, then import, changes nothing."""

import csv
import io
import json

import pytest
from fixtures import imports as making
from fixtures.imports import AHMED, NOW, exported, holding, imported
from fixtures.memory_customers import MemoryCustomers
from fixtures.profiles import example_count
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from msgspec import structs

from sijill.customers.fields import COLUMNS
from sijill.customers.model import Customer, Extras
from sijill.imports.rows import Format, neutral, restored
from sijill.imports.seed import seeded
from sijill.imports.writing import CsvWriter

pytestmark = pytest.mark.proves("export and import are the identity")

FORMATS = pytest.mark.parametrize("form", ["jsonl", "csv"])
FEW = settings(max_examples=example_count(60), suppress_health_check=[HealthCheck.too_slow])


@FORMATS
@FEW
@given(some=st.lists(making.customers(), max_size=3).map(making.unique))
def test_export_into_an_empty_store_is_the_identity(form: Format, some: list[Customer]) -> None:
    original = holding(*some)
    data = exported(original, form)
    copy = MemoryCustomers()
    report, rejects = imported(copy, data, form)
    assert not rejects
    assert report == (len(some), 0, 0)
    assert copy.all(making.STORE) == original.all(making.STORE)
    assert exported(copy, form) == data


@FORMATS
def test_export_into_the_same_store_updates_every_customer_to_itself(form: Format) -> None:
    original = holding(AHMED, *seeded(50, 1, NOW))
    before = dict(original.stores[making.STORE])
    report, rejects = imported(original, exported(original, form), form)
    assert (report, rejects) == ((0, 51, 0), [])
    assert original.stores[making.STORE] == before


@FORMATS
def test_the_columns_are_those_of_a_customer_and_then_the_extras_in_their_order(
    form: Format,
) -> None:
    own = [name for name in Customer.__struct_fields__ if name not in ("groups", "extras")]
    expected = [*own, *Extras.__struct_fields__]
    expected.insert(expected.index("created_at"), "groups")
    assert list(COLUMNS) == expected
    line = exported(holding(AHMED), form).decode().splitlines()[0]
    header = next(csv.reader([line])) if form == "csv" else list(json.loads(line))
    assert header == expected


def test_json_lines_hold_native_types() -> None:
    row = json.loads(exported(holding(AHMED), "jsonl"))
    assert row["id"] == 2075683582
    assert row["mobile"] == 777777777
    assert row["mobile_code"] == "967"
    assert row["groups"] == [11323141, 11323142]
    assert row["birthday"] == "1990-05-01"
    assert row["updated_at"] == "2020-04-02T19:43:26.000001Z"
    assert row["is_blocked"] is False
    assert row["latest_purchase"] is None
    assert row["custom_fields"] == []


def test_csv_holds_text() -> None:
    text = exported(holding(AHMED), "csv").decode()
    row = next(csv.DictReader(io.StringIO(text, newline="")))
    assert row["groups"] == "11323141;11323142"
    assert row["is_blocked"] == "false"
    assert row["latest_purchase"] == ""
    assert row["custom_fields"] == "[]"
    assert row["city"] == "صنعاء"


HOSTILE = st.text() | st.text(alphabet="'=+-@\t\r\n＝＋－＠a;\"", max_size=7)


@given(HOSTILE)
def test_a_neutral_cell_is_no_formula_and_is_restored_to_itself(text: str) -> None:
    assert restored(neutral(text)) == text
    assert not neutral(text).startswith(tuple("=+-@\t\r\n＝＋－＠"))


@given(st.lists(HOSTILE, min_size=1, max_size=3))
@example(["Sara", "a;=1+1;b"])
@example(["Sara", 'a;"=1+1;b'])
@example(["Sara", "a\n=1+1;b"])
def test_a_spreadsheet_that_separates_by_semicolons_finds_no_formula_either(
    texts: list[str],
) -> None:
    file = io.BytesIO()
    columns = tuple(f"column{number}" for number in range(len(texts)))
    CsvWriter(file, columns, columns).write(dict(zip(columns, texts, strict=True)))
    written = io.StringIO(file.getvalue().decode(), newline="")
    read = [cell for row in csv.reader(written, delimiter=";") for cell in row]
    assert [cell for cell in read if cell.startswith(tuple("=+-@＝＋－＠"))] == []


@pytest.mark.parametrize(
    "name",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "＝1",
        "＋1",
        "－1",
        "＠x",
        "'=1",
        "'quoted'",
        "''",
        "'",
        "a;=1",
        "a;'=1",
    ],
)
def test_a_name_that_looks_like_a_formula_survives_csv(name: str) -> None:
    copy = MemoryCustomers()
    data = exported(holding(structs.replace(AHMED, first_name=name)), "csv")
    imported(copy, data, "csv")
    assert copy.all(making.STORE)[0].first_name == name


def test_an_apostrophe_that_another_program_wrote_stays() -> None:
    assert restored("'tis") == "'tis"
