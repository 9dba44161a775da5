import re
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

import sijill
from sijill.customers.examples import AHMED
from sijill.customers.model import Customer, blank
from sijill.customers.reading import changed, read_customer
from sijill.errors import Invalid

NOW = datetime(2026, 1, 1, tzinfo=UTC)
REACHABLE = {"email": "a@example.com"}


def written(fields: Any, old: Customer | None = None) -> dict[str, Any]:
    """Return the values that a body writes over a customer, or of a new one."""
    reading = read_customer(fields, new=old is None, today=NOW.date())
    reading.check(old)
    return reading.values


@pytest.mark.proves(
    "`first_name`", "`last_name`", "`email`", "`gender`", "`birthday`", "`country_code`", "`groups`"
)
@pytest.mark.proves("`mobile`", "`mobile_code_country`")
@pytest.mark.parametrize(
    ("fields", "values"),
    [
        ({"email": "a@example.com"}, {"email": "a@example.com"}),
        ({"email": " a@example.com "}, {"email": "a@example.com"}),
        (
            {"mobile": "777777777", "mobile_code_country": "+967"},
            {"mobile": 777777777, "mobile_code": "967"},
        ),
        (
            {"mobile": 551234567, "mobile_code_country": 966},
            {"mobile": 551234567, "mobile_code": "966"},
        ),
        (
            {"mobile": "٠٥٥١٢٣٤٥٦٧", "mobile_code_country": "00966"},
            {"mobile": 551234567, "mobile_code": "966"},
        ),
        (
            {"mobile": "+966 55 123 4567", "mobile_code_country": "+966"},
            {"mobile": 551234567, "mobile_code": "966"},
        ),
        (REACHABLE | {"first_name": "  سارة  "}, REACHABLE | {"first_name": "سارة"}),
        (REACHABLE | {"first_name": "e\u0301"}, REACHABLE | {"first_name": "\u00e9"}),
        (REACHABLE | {"gender": "Female"}, REACHABLE | {"gender": "female"}),
        (REACHABLE | {"gender": None}, REACHABLE | {"gender": None}),
        (REACHABLE | {"birthday": "1997-06-03"}, REACHABLE | {"birthday": date(1997, 6, 3)}),
        (REACHABLE | {"birthday": ""}, REACHABLE | {"birthday": None}),
        (REACHABLE | {"country_code": "sa"}, REACHABLE | {"country_code": "SA"}),
        (REACHABLE | {"groups": ["2", 1, "2"]}, REACHABLE | {"groups": (2, 1, 2)}),
        (REACHABLE | {"groups": []}, REACHABLE | {"groups": ()}),
        (REACHABLE | {"groups": None}, REACHABLE | {"groups": ()}),
        (REACHABLE | {"id": 5, "store_id": 6, "is_blocked": True, "urls": {}}, REACHABLE),
    ],
)
def test_documented_fields_are_read(fields: Any, values: Any) -> None:
    assert written(fields) == values


@pytest.mark.parametrize(
    "day",
    ["0001-01-01", "1410-05-01", "1899-12-31", "2026-01-02", "2051-01-01", "١٤١٠-٠٥-٠١"],
)
def test_a_birthday_is_a_gregorian_day_until_today(day: str) -> None:
    with pytest.raises(Invalid) as refused:
        written(REACHABLE | {"birthday": day})
    assert refused.value.fields == {"birthday": ["gregorian"]}


@pytest.mark.parametrize("day", ["1900-01-01", "2026-01-01", " 1990/03/15 ", "١٩٩٠-٠٣-١٥"])
def test_the_first_and_the_last_birthday_and_usual_spellings_are_read(day: str) -> None:
    assert isinstance(written(REACHABLE | {"birthday": day})["birthday"], date)


EMPTY = structs.replace(blank(5, NOW), birthday=date(1410, 5, 1))


@pytest.mark.parametrize(
    ("old", "fields", "values"),
    [
        (EMPTY, {"first_name": "", "last_name": None, "email": " ", "country_code": ""}, {}),
        (EMPTY, {"mobile": None}, {}),
        (EMPTY, {"mobile": None, "mobile_code_country": ""}, {}),
        (EMPTY, {"birthday": "1410-05-01"}, {"birthday": date(1410, 5, 1)}),
        (
            EMPTY,
            {"birthday": {"date": "1990-03-15 00:00:00.000000", "timezone_type": 3}},
            {"birthday": date(1990, 3, 15)},
        ),
        (AHMED, {"mobile": AHMED.mobile}, {}),
        (AHMED, {"mobile": str(AHMED.mobile)}, {}),
    ],
)
def test_an_answer_can_be_sent_back(old: Customer, fields: Any, values: Any) -> None:
    assert written(fields, old) == values


@pytest.mark.parametrize(
    ("old", "fields", "faults"),
    [
        (AHMED, {"first_name": "", "email": None}, {"first_name": "required", "email": "required"}),
        (AHMED, {"mobile": None}, {"mobile": "required"}),
        (AHMED, {"mobile": 509999999}, {"mobile_code_country": "required"}),
        (EMPTY, {"mobile_code_country": "966"}, {"mobile": "required"}),
        (EMPTY, {"birthday": "1410-05-02"}, {"birthday": "gregorian"}),
        (
            EMPTY,
            {"birthday": {"date": "1990-03-15 10:00:00.000000"}},
            {"birthday": "date"},
        ),
        (EMPTY, {"birthday": {"day": "1990-03-15"}}, {"birthday": "date"}),
        (
            AHMED,
            {"first_name": "", "gender": "x"},
            {"first_name": "required", "gender": "invalid"},
        ),
    ],
)
def test_a_change_is_judged_by_the_values_that_differ_from_the_stored_ones(
    old: Customer, fields: Any, faults: dict[str, str]
) -> None:
    with pytest.raises(Invalid) as refused:
        written(fields, old)
    assert refused.value.fields == {name: [rule] for name, rule in faults.items()}


@pytest.mark.proves("each of these fields when it is faulty")
@pytest.mark.parametrize(
    ("fields", "faults"),
    [
        ({}, {"mobile": ["required"]}),
        ({"mobile": "551234567"}, {"mobile_code_country": ["required"]}),
        ({"mobile_code_country": "+966"}, {"mobile": ["required"]}),
        (
            {"mobile": "", "mobile_code_country": None},
            {"mobile": ["required"], "mobile_code_country": ["required"]},
        ),
        ({"mobile": "12", "mobile_code_country": "+966"}, {"mobile": ["mobile"]}),
        ({"mobile": "abc", "mobile_code_country": "+966"}, {"mobile": ["mobile"]}),
        ({"mobile": True, "mobile_code_country": "+966"}, {"mobile": ["mobile"]}),
        ({"mobile": ["1"], "mobile_code_country": "+966"}, {"mobile": ["mobile"]}),
        ({"mobile": 10**30, "mobile_code_country": "+966"}, {"mobile": ["mobile"]}),
        (
            {"mobile": "551234567", "mobile_code_country": "abc"},
            {"mobile_code_country": ["invalid"]},
        ),
        ({"email": ""}, {"email": ["required"]}),
        ({"email": "a@b@c"}, {"email": ["email"]}),
        ({"email": 5}, {"email": ["email"]}),
        ({"email": ["a@b"]}, {"email": ["email"]}),
        ({"email": {"a": "b@c"}}, {"email": ["email"]}),
        (
            {"mobile": "abc", "mobile_code_country": "zzz", "email": "bad"},
            {"mobile": ["mobile"], "mobile_code_country": ["invalid"], "email": ["email"]},
        ),
        (
            REACHABLE | {"first_name": "\0", "groups": [0]},
            {"first_name": ["characters"], "groups.0": ["invalid"]},
        ),
        (REACHABLE | {"first_name": "\u200b"}, {"first_name": ["required"]}),
        (REACHABLE | {"country_code": "ZZ"}, {"country_code": ["invalid"]}),
        (REACHABLE | {"country_code": "QQ"}, {"country_code": ["invalid"]}),
        (REACHABLE | {"first_name": ""}, {"first_name": ["required"]}),
        (REACHABLE | {"first_name": "   "}, {"first_name": ["required"]}),
        (REACHABLE | {"first_name": None}, {"first_name": ["required"]}),
        (REACHABLE | {"first_name": 5}, {"first_name": ["string"]}),
        (REACHABLE | {"first_name": "x" * 26}, {"first_name": ["max:25"]}),
        (REACHABLE | {"last_name": "a\u202eb"}, {"last_name": ["characters"]}),
        (REACHABLE | {"last_name": "a\nb"}, {"last_name": ["characters"]}),
        (REACHABLE | {"gender": "robot"}, {"gender": ["invalid"]}),
        (REACHABLE | {"gender": 1}, {"gender": ["invalid"]}),
        (REACHABLE | {"birthday": "3/6/1997"}, {"birthday": ["date"]}),
        (REACHABLE | {"birthday": "1997-02-30"}, {"birthday": ["date"]}),
        (REACHABLE | {"country_code": "SAU"}, {"country_code": ["max:2"]}),
        (REACHABLE | {"country_code": "1A"}, {"country_code": ["invalid"]}),
        (REACHABLE | {"country_code": ""}, {"country_code": ["required"]}),
        (REACHABLE | {"groups": "1"}, {"groups": ["array"]}),
        (REACHABLE | {"groups": [1, "x", 0]}, {"groups.1": ["invalid"], "groups.2": ["invalid"]}),
        (REACHABLE | {"groups": [2**63]}, {"groups.0": ["invalid"]}),
        (REACHABLE | {"groups": list(range(1, 1002))}, {"groups": ["max_items:1000"]}),
    ],
)
def test_faulty_fields_are_named(fields: Any, faults: Any) -> None:
    with pytest.raises(Invalid) as refused:
        written(fields)
    assert refused.value.fields == faults


def test_every_faulty_field_is_named_at_once() -> None:
    fields = {"first_name": "", "last_name": None, "mobile": "", "mobile_code_country": ""}
    with pytest.raises(Invalid) as refused:
        written(fields | {"country_code": "", "gender": "x", "birthday": "x"})
    assert len(refused.value.fields) == 7


@pytest.mark.parametrize("values", [{}, {"first_name": AHMED.first_name}, {"gender": AHMED.gender}])
def test_an_update_that_changes_nothing_leaves_the_moment(values: dict[str, Any]) -> None:
    assert changed(AHMED, values, NOW) is AHMED
    assert changed(AHMED, values | {"city": "عدن"}, NOW).updated_at == NOW


def test_groups_are_kept_once_each_and_ascending() -> None:
    assert changed(AHMED, {"groups": (2, 1, 2)}, NOW).groups == (1, 2)
    assert changed(AHMED, {}, NOW).groups == AHMED.groups


def test_another_country_takes_the_old_ones_name_with_it() -> None:
    assert changed(AHMED, {"country_code": "SA"}, NOW).country == AHMED.country
    assert changed(AHMED, {"country_code": "KW"}, NOW).country == ""


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=2),
    max_leaves=5,
)
NAMES = "first_name last_name mobile mobile_code_country email gender birthday groups country_code"


@given(st.dictionaries(st.sampled_from([*NAMES.split(), "id"]), json_values), st.booleans())
def test_no_value_breaks_the_form_and_no_protected_one_is_changed(fields: Any, new: bool) -> None:
    try:
        values = written(fields, None if new else AHMED)
    except Invalid:
        return
    assert values.keys() <= {*NAMES.split(), "mobile_code"}
    assert changed(AHMED, values, NOW).id == AHMED.id


def test_a_field_stands_in_few_source_files() -> None:
    """Four say what it is; examples, made-up people and what Salla sends and compares name it."""
    source = Path(sijill.__file__).parent
    naming = [
        str(path.relative_to(source))
        for path in sorted(source.rglob("*"))
        if path.suffix in {".py", ".sql", ".html", ".j2", ".lua"}
        and re.search(r"\bbirthday\b", path.read_text("utf-8"))
    ]
    assert "customers/fields.py" in naming
    assert len(naming) <= 8, naming
