import json
from contextlib import suppress
from typing import Any
from urllib.parse import parse_qsl

import pytest
from fixtures.uploads import MULTIPART as BOUNDED
from fixtures.uploads import form, part
from hypothesis import given
from hypothesis import strategies as st

from sijill.errors import BadRequest, Invalid
from sijill.fields.form import Form
from sijill.fields.numbers import integer
from sijill.fields.texts import choice, text
from sijill.fields.times import DAY
from sijill.http.bodies import MAX_PAIRS, parse_body
from sijill.openapi.operation import FORM
from sijill.values.depth import DEPTH

JSON = "application/json"


@pytest.mark.proves("bodies as JSON")
@pytest.mark.parametrize(
    ("raw", "fields"),
    [
        (b"", {}),
        (b"  \n", {}),
        (b"{}", {}),
        (b'{"a":1}', {"a": 1}),
        (b'\xef\xbb\xbf{"a":1}', {"a": 1}),
        (b'{"a":1,"a":2}', {"a": 2}),
        ('{"a":"سارة"}'.encode(), {"a": "سارة"}),
        (b'{"a":"\\ud83d\\ude00"}', {"a": "\U0001f600"}),
        (b'{"a":18446744073709551616}', {"a": 18446744073709551616}),
    ],
)
def test_json_is_read(raw: bytes, fields: Any) -> None:
    assert parse_body(raw, JSON) == fields
    assert parse_body(raw, None) == fields
    assert parse_body(raw, "text/plain") == fields


@pytest.mark.parametrize(
    "raw",
    [
        b"{",
        b"nothing",
        b"{'a':1}",
        b'{"a":NaN}',
        b'{"a":Infinity}',
        b'{"a":1}x',
        b'{"a":"\xff"}',
        b'{"a":01}',
        b'{"a":"\x01"}',
        b"[" * 100_000,
        b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
        b'{"a":' + b"[" * (DEPTH + 1) + b"]" * (DEPTH + 1) + b"}",
    ],
)
def test_text_that_is_no_json_or_nested_too_deep_is_a_bad_request(raw: bytes) -> None:
    with pytest.raises(BadRequest):
        parse_body(raw, JSON)


@pytest.mark.parametrize("raw", [b"[]", b"1", b'"a"', b"null", b"true", b"[{}]"])
def test_json_that_is_no_object_is_invalid(raw: bytes) -> None:
    with pytest.raises(Invalid) as refused:
        parse_body(raw, JSON)
    assert refused.value.fields == {"body": ["object"]}


def test_a_name_with_nul_is_refused() -> None:
    with pytest.raises(Invalid) as refused:
        parse_body(b'{"a\\u0000":1}', JSON)
    assert refused.value.fields == {"body": ["characters"]}


@pytest.mark.parametrize(
    "raw",
    [b'{"a":"\\u0000"}', b'{"a":["x",{"b":"\\u0000"}]}', b'{"a":{"b\\u0000":1}}'],
)
def test_a_value_with_nul_is_refused_by_name_with_the_other_faults(raw: bytes) -> None:
    form = Form({**parse_body(raw, JSON), "gender": "robot"})
    form.read("gender", choice(("male", "female")).read)
    form.read("a", text(5).read)
    with pytest.raises(Invalid) as refused:
        form.check()
    assert refused.value.fields == {"a": ["characters"], "gender": ["invalid"]}


@pytest.mark.proves("bodies as a form")
@pytest.mark.parametrize(
    ("raw", "fields"),
    [
        (b"a=1&b=2", {"a": "1", "b": "2"}),
        (b"a=1&a=2", {"a": "2"}),
        (b"a=", {"a": ""}),
        (b"a[]=1&a[]=2", {"a": ["1", "2"]}),
        (b"a%5B%5D=1&a%5B%5D=2", {"a": ["1", "2"]}),
        (b"a[0]=1&a[1]=2", {"a": ["1", "2"]}),
        (b"a[1]=1", {"a": {"1": "1"}}),
        (b"a[b]=1&a[c]=2", {"a": {"b": "1", "c": "2"}}),
        (b"a[0][b]=1&a[0][c]=2", {"a": [{"b": "1", "c": "2"}]}),
        (b"name=%D8%B3%D8%A7%D8%B1%D8%A9+x", {"name": "سارة x"}),
    ],
)
def test_a_form_is_read_as_php_does(raw: bytes, fields: Any) -> None:
    assert parse_body(raw, f"{FORM}; charset=UTF-8") == fields
    pairs = parse_qsl(raw.decode(), keep_blank_values=True)
    parts = form(*(part(value.encode(), name, None) for name, value in pairs))
    assert parse_body(parts, BOUNDED) == parse_body(parts, BOUNDED.capitalize()) == fields


def test_a_multipart_form_may_have_as_many_fields_as_any_other() -> None:
    parts = [part(b"7", "a[]", None)] * MAX_PAIRS
    assert parse_body(form(*parts), BOUNDED) == {"a": ["7"] * MAX_PAIRS}


def test_a_file_in_a_form_is_no_text_and_no_number() -> None:
    sent = Form(parse_body(form(part(b"Sara", "a"), part(b"5", "b"), part(b"", "c")), BOUNDED))
    for name, kind in (("a", text(5)), ("b", integer(1, 9)), ("c", DAY)):
        sent.read(name, kind.read)
    assert sent.faults == {"a": ["string"], "b": ["integer"], "c": ["date"]}


@pytest.mark.parametrize(
    "raw", [b"a=%FF", b"&".join(b"a=1" for _ in range(6000)), b"a" + b"[b]" * 99]
)
def test_a_form_that_cannot_be_read_is_a_bad_request(raw: bytes) -> None:
    with pytest.raises(BadRequest):
        parse_body(raw, FORM)


@pytest.mark.parametrize(
    ("raw", "content_type"),
    [
        (form(part(b"\xff", "a", None)), BOUNDED),
        (form(part(b"1", "a" + "[b]" * 99, None)), BOUNDED),
        (form(*[part(b"1", "a", None)] * (MAX_PAIRS + 1)), BOUNDED),
        (part(b"1", "a", None), BOUNDED),
        (form(part(b"1", "a", None)), "multipart/form-data"),
        (b"", BOUNDED),
        (b"a=1", BOUNDED),
    ],
)
def test_a_multipart_form_that_cannot_be_read_is_a_bad_request(
    raw: bytes, content_type: str
) -> None:
    with pytest.raises(BadRequest):
        parse_body(raw, content_type)


@given(
    st.binary(max_size=200) | st.binary(max_size=200).map(b"--".__add__),
    st.sampled_from([JSON, FORM, BOUNDED, None, ""]),
)
def test_no_body_breaks_the_parser(raw: bytes, content_type: str | None) -> None:
    with suppress(BadRequest, Invalid):
        assert isinstance(parse_body(raw, content_type), dict)


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc"), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text("abcd", min_size=1), values, max_size=4))
def test_every_json_object_without_nul_is_read_as_it_is(fields: dict[str, Any]) -> None:
    raw = json.dumps(fields).encode()
    if any("\0" in name for name in fields):
        with pytest.raises(Invalid):
            parse_body(raw, JSON)
    else:
        assert parse_body(raw, JSON) == fields
