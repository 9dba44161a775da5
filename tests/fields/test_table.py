"""A table of fields: what a body writes, what is wrong with it, and its description."""

from typing import Any

import pytest

from sijill.errors import Invalid
from sijill.fields.field import Field, Kind, Table
from sijill.fields.form import Fields, Form, Refused
from sijill.fields.lists import read_list, read_objects
from sijill.fields.numbers import ids, integer, number
from sijill.fields.texts import choice, text
from sijill.fields.times import DAY
from sijill.localized import Localized

SAID = Localized("كذا", "so")
TABLE = Table(
    Field("title", text(5), "", sentence=SAID, clears=True),
    Field("colour", choice(("red", "green")), sentence=SAID, clears=True),
    Field("day", DAY, sentence=SAID, body_name="on"),
    Field("members", ids(2), (), sentence=SAID, clears=True),
    Field("price", Kind({"type": "number"}), sentence=SAID, paired=True),
    Field("hidden", text(5), ""),
)


def faults(fields: Fields) -> Any:
    form, _ = TABLE.read(fields)
    with pytest.raises(Invalid) as refused:
        form.check()
    return refused.value.fields


def test_a_body_writes_what_it_names_by_attribute_and_nothing_hidden() -> None:
    form, values = TABLE.read({"title": "a", "on": "2026-01-31", "hidden": "x", "day": "y"})
    form.check()
    assert values.keys() == {"title", "day"}
    assert values["day"].isoformat() == "2026-01-31"


@pytest.mark.parametrize("nothing", [None, "", []])
def test_null_and_empty_clear_some_fields_and_are_refused_by_the_others(nothing: Any) -> None:
    names = ("title", "colour", "members")
    form, values = TABLE.read(dict.fromkeys(names, nothing))
    form.check()
    assert values == {"title": "", "colour": None, "members": ()}
    assert faults({"on": nothing}) == {"on": ["required"]}


def test_an_empty_object_clears_only_where_the_table_says_so() -> None:
    field = Field("colour", choice(("red",)), sentence=SAID, clears=True)
    form, values = Table(field, empty=(None, {})).read({"colour": {}})
    form.check()
    assert values == {"colour": None}
    assert faults({"colour": {}}) == {"colour": ["invalid"]}


def test_every_fault_is_gathered_in_the_order_of_the_table() -> None:
    wrong = {"members": [1, 0, 2], "on": "x", "colour": 5, "title": "\0"}
    assert list(faults(wrong)) == ["title", "colour", "on", "members"]
    assert faults({"members": ["1", "x"]}) == {"members.1": ["invalid"]}


def test_a_paired_field_is_read_only_by_the_reader_that_is_given() -> None:
    assert TABLE.read({"price": 5})[1] == {}
    assert TABLE.read({"price": 5}, price=lambda value: value * 100)[1] == {"price": 500}


def test_the_schema_says_what_clears_and_leaves_out_what_no_body_writes() -> None:
    schema = TABLE.schema("on", sentence=SAID)
    assert schema["required"] == ["on"]
    assert schema["description"] == SAID
    kinds = {name: {**inner, "description": None} for name, inner in schema["properties"].items()}
    assert kinds == {
        "title": {"type": ["string", "null"], "maxLength": 5, "description": None},
        "colour": {"enum": ["red", "green", None], "description": None},
        "on": {"type": "string", "format": "date", "description": None},
        "members": {
            "type": "array",
            "items": {"type": ["string", "integer"]},
            "maxItems": 2,
            "description": None,
        },
        "price": {"type": "number", "description": None},
    }


def test_a_kind_refuses_a_door_that_it_does_not_have() -> None:
    with pytest.raises(TypeError):
        Kind().read("x")
    with pytest.raises(TypeError):
        Table(Field("x", Kind())).parse("x", "x")


def test_a_required_field_is_named_once_however_often_it_is_asked_for() -> None:
    form = Form({"a": ""})
    form.raw("a")
    form.require("a", "b")
    assert form.faults == {"a": ["required"], "b": ["required"]}


def read_size(fields: Fields) -> Any:
    form = Form(fields)
    form.require("size")
    size = form.read("size", integer(1, 3).read)
    form.check_inner()
    return size


def test_faults_inside_objects_are_named_by_their_place() -> None:
    def read(value: Any) -> Any:
        return read_objects(value, max_items=9, read_object=read_size)

    form = Form({"boxes": [{"size": 2}, {}, "x", {"size": 4}]})
    form.read("boxes", read)
    assert form.faults == {
        "boxes.1.size": ["required"],
        "boxes.2": ["invalid"],
        "boxes.3.size": ["between:1 - 3"],
    }
    assert Form({"boxes": [{"size": "2"}]}).read("boxes", read) == [2]


@pytest.mark.parametrize(
    ("value", "rules"),
    [
        ("x", {"": ["array"]}),
        ([1, 2, 3], {"": ["max_items:2"]}),
        (["a", 1], {"1": ["string"]}),
    ],
)
def test_a_list_names_its_faulty_items(value: Any, rules: Any) -> None:
    def read_item(item: Any) -> str | None:
        return item if isinstance(item, str) else None

    with pytest.raises(Refused) as refused:
        read_list(value, max_items=2, read_item=read_item, rule="string")
    assert refused.value.faults == rules


@pytest.mark.parametrize(
    ("value", "rule"),
    [
        (True, "numeric"),
        ("1e", "numeric"),
        ("1e2", "between:0 - 10"),
        (float("nan"), "numeric"),
        (11, "between:0 - 10"),
    ],
)
def test_a_number_out_of_bounds_or_of_another_form_is_refused(value: Any, rule: str) -> None:
    with pytest.raises(Refused) as refused:
        number(0, 10).read(value)
    assert refused.value.faults == {"": [rule]}
