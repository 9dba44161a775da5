"""Kinds: a value survives its cell and its column, and both doors read the same text alike."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from fixtures import imports as making
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import json

from sijill.customers.fields import (
    COLUMNS,
    CUSTOMER,
    EXTRA,
    OWN,
    STORED,
    cell_text,
    cells,
)
from sijill.customers.model import Customer, Extras
from sijill.database.sql import statements
from sijill.fields.columns import assignments, listed, loader, placeholders, storer
from sijill.fields.field import Kind
from sijill.fields.form import Refused
from sijill.fields.texts import EMAIL, choice, code, text
from sijill.fields.times import DAY, MOMENT
from sijill.register import SQL_LISTS

FEW = settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)
COUNTRY = code(2, "is not a country", lambda: {"SA", "YE"})
COLOURS = choice(("red", "green"), "is no colour", {"أحمر": "red"})


def body(kind: Kind, value: Any) -> Any:
    try:
        return kind.read(value)
    except Refused as refused:
        return refused.faults


def cell(kind: Kind, value: Any) -> Any:
    try:
        return kind.parse(value)
    except ValueError as error:
        return str(error)


@FEW
@given(making.customers())
def test_a_customer_survives_its_cells_as_values_and_as_text(customer: Customer) -> None:
    extras = customer.extras or Extras()
    for name, written in cells(customer).items():
        value = getattr(extras if hasattr(extras, name) else customer, name)
        if name == "mobile" and value is not None:
            value = str(value)  # its calling code decides what it means
        assert CUSTOMER.parse(name, written) == value
        if written is not None:
            assert CUSTOMER.parse(name, cell_text(name, written)) == value


@FEW
@given(making.customers())
def test_a_customer_survives_its_columns(customer: Customer) -> None:
    own, extras = customer, customer.extras or Extras()
    for fields, value in ((STORED, own), (EXTRA, extras)):
        values = loader(fields)(storer(fields)(value))
        # A list in JSON comes back as a tuple.
        assert json.encode(values) == json.encode([getattr(value, f.name) for f in fields])


def test_every_field_of_the_model_has_one_row() -> None:
    own = [name for name in Customer.__struct_fields__ if name != "extras"]
    assert [field.name for field in OWN] == own
    assert [field.name for field in EXTRA] == [*Extras.__struct_fields__]
    assert len(COLUMNS) == len(OWN) + len(EXTRA)


def test_statements_on_customers_write_every_column_once() -> None:
    text = statements("postgres", SQL_LISTS)["insert_customer"]
    names = text[text.index("(") + 1 : text.index(")")].split(", ")
    values = text[text.index("SELECT ") + 7 : text.index("\nWHERE")].split(", ")
    written = [field.name for field in (*STORED, *EXTRA)]
    assert names == ["store_id", "id", "email_key", "terms", *written]
    assert values == [f"${number}" for number in range(1, len(names) + 1)]
    assert (
        f"{written[-1]} = {values[-1]} WHERE"
        in statements("postgres", SQL_LISTS)["update_customer"]
    )


def test_lists_of_columns_are_those_of_a_statement() -> None:
    some = [COLUMNS["city"], COLUMNS["lang"]]
    assert listed(some, "c.") == "c.city, c.lang"
    assert placeholders(some, 4) == "$4, $5"
    assert assignments(some, 4) == "city = $4, lang = $5"


@pytest.mark.parametrize(
    ("kind", "written", "value"),
    [
        (text(5), "e\u0301", "\u00e9"),
        (EMAIL, "a@b.c", "a@b.c"),
        (COLOURS, "GREEN", "green"),
        (COUNTRY, "sa", "SA"),
        (DAY, "2026-01-31", date(2026, 1, 31)),
        (text(5), " a\u00a0", "a"),
        (EMAIL, " <a@b.c>,", "a@b.c"),
        (COLOURS, " red\u200f", "red"),
        (COLOURS, "أحمر", "red"),
        (COUNTRY, " sa ", "SA"),
        (DAY, " 2026/01/31 ", date(2026, 1, 31)),
        (DAY, "٢٠٢٦-٠١-٣١", date(2026, 1, 31)),
    ],
)
def test_both_doors_read_the_same_text_alike(kind: Kind, written: str, value: Any) -> None:
    assert (body(kind, written), cell(kind, written)) == (value, value)


@pytest.mark.parametrize(
    ("kind", "written", "by_body", "by_cell"),
    [
        (text(5), 5, {"": ["string"]}, "5"),
        (text(5), "\u200b", {"": ["required"]}, ""),
        (text(5), "a\tb", {"": ["characters"]}, "holds a control character"),
        (text(5), "abcdef", {"": ["max:5"]}, "has more than 5 characters"),
        (COUNTRY, "ZZ", {"": ["invalid"]}, "ZZ"),
        (COLUMNS["groups"].kind, ["2", 1, 2], (2, 1, 2), (1, 2)),
        (COLUMNS["groups"].kind, "2;1", {"": ["array"]}, (1, 2)),
    ],
)
def test_the_doors_differ_where_the_package_says_so(
    kind: Kind, written: Any, by_body: Any, by_cell: Any
) -> None:
    assert (body(kind, written), cell(kind, written)) == (by_body, by_cell)


@given(st.dates())
def test_a_day_is_read_as_it_is_written_by_either_door(day: date) -> None:
    assert body(DAY, day.isoformat()) == cell(DAY, DAY.cell and DAY.cell(day)) == day


@given(
    st.datetimes(datetime(1900, 1, 1), datetime(2999, 1, 1), timezones=st.just(UTC)),
    st.integers(-720, 840),
)
def test_a_moment_is_one_in_every_zone(moment: datetime, minutes: int) -> None:
    zone = moment + timedelta(0)
    offset = f"{'+' if minutes >= 0 else '-'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"
    wall = (zone + timedelta(minutes=minutes)).replace(tzinfo=None).isoformat()
    assert cell(MOMENT, wall + offset) == moment


@settings(deadline=None)
@given(st.text() | st.integers() | st.floats() | st.booleans() | st.none() | st.lists(st.text()))
def test_no_value_breaks_a_kind(value: Any) -> None:
    for field in COLUMNS.values():
        cell(field.kind, value)
        if field.sentence is not None:
            body(field.kind, value)
