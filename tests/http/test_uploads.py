"""Files in forms, as browsers, curl and libraries send them."""

from contextlib import suppress
from io import BytesIO
from typing import NamedTuple

import pytest
from fixtures.uploads import BOUNDARY, MULTIPART, form, part
from hypothesis import given
from hypothesis import strategies as st

from sijill.errors import BadRequest, Invalid
from sijill.http.uploads import MAX_PARTS, parse_upload


class Found(NamedTuple):
    name: str
    data: bytes


def parsed(form: bytes, content_type: str | None) -> Found:
    file = parse_upload(BytesIO(form), content_type)
    with file.data as data:
        return Found(file.name, data.read())


@pytest.mark.proves("`file`")
@pytest.mark.parametrize(
    ("parts", "file"),
    [
        ([part(b"x")], Found("customers.xlsx", b"x")),
        ([part(b"\r\n--a\r\n-")], Found("customers.xlsx", b"\r\n--a\r\n-")),
        ([part(b"")], Found("customers.xlsx", b"")),
        ([part(b"x", name=None)], Found("", b"x")),
        ([part(b"x", field="upload", name="a.csv")], Found("a.csv", b"x")),
        (
            [part(b"1", field="note", name=None), part(b"x", field="f")],
            Found("customers.xlsx", b"x"),
        ),
        ([part(b"y", field="other", name="o.csv"), part(b"x")], Found("customers.xlsx", b"x")),
        ([part(b"x", name="عملاء.xlsx")], Found("عملاء.xlsx", b"x")),
        ([part(b"x", name="C:\\Users\\me\\a.xlsx")], Found("a.xlsx", b"x")),
        ([part(b"x", name="../../etc/a.xlsx")], Found("a.xlsx", b"x")),
        ([part(b"x", name="a\u202ecod.xlsx")], Found("", b"x")),
        ([part(b"x", name="a" * 300)], Found("", b"x")),
    ],
)
def test_the_file_of_a_form_is_found(parts: list[bytes], file: Found) -> None:
    assert parsed(form(*parts), MULTIPART) == file


@pytest.mark.parametrize(
    "content_type",
    [
        f"multipart/form-data; boundary={BOUNDARY}",
        f'multipart/form-data; boundary="{BOUNDARY}"',
        f"Multipart/Form-Data; charset=utf-8; boundary={BOUNDARY}",
    ],
)
def test_the_boundary_is_found_however_it_is_written(content_type: str) -> None:
    assert parsed(form(part(b"x")), content_type).data == b"x"


@pytest.mark.parametrize(
    ("body", "content_type", "rule"),
    [
        (b"", None, "required"),
        (b"{}", "application/json", "required"),
        (b"file=x", "application/x-www-form-urlencoded", "required"),
        (form(), MULTIPART, "required"),
        (form(part(b"x", field="note", name=None)), MULTIPART, "required"),
        (form(part(b"x"), part(b"y")), MULTIPART, "invalid"),
        (form(part(b"x", field="a"), part(b"y", field="b")), MULTIPART, "invalid"),
    ],
)
def test_a_form_without_its_one_file_is_refused_by_the_fields_name(
    body: bytes, content_type: str | None, rule: str
) -> None:
    with pytest.raises(Invalid) as raised:
        parsed(body, content_type)
    assert raised.value.fields == {"file": [rule]}


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"", MULTIPART),
        (b"anything", MULTIPART),
        (form(part(b"x"))[:-4], MULTIPART),
        (part(b"x"), MULTIPART),
        (form(part(b"x")), "multipart/form-data"),
        (form(part(b"x")), "multipart/form-data; boundary=" + "b" * 300),
        (form(*(part(b"x", field=str(n)) for n in range(MAX_PARTS + 1))), MULTIPART),
        (part(b"x").replace(b'"file"', b'"' + b"f" * 100_000 + b'"'), MULTIPART),
    ],
)
def test_a_body_that_is_no_form_is_a_bad_request(body: bytes, content_type: str) -> None:
    with pytest.raises(BadRequest):
        parsed(body, content_type)


@given(st.binary(max_size=200), st.sampled_from([b"", b"--" + BOUNDARY.encode(), b"\r\n"]))
def test_any_bytes_are_a_file_or_a_refusal(data: bytes, before: bytes) -> None:
    with suppress(BadRequest, Invalid):
        parsed(before + data, MULTIPART)


@given(st.binary(max_size=300))
def test_a_file_comes_out_as_it_went_in(data: bytes) -> None:
    assert parsed(form(part(data)), MULTIPART).data == data


def test_a_large_file_comes_out_as_it_went_in_and_lies_on_the_disk() -> None:
    data = bytes(range(256)) * 4096
    file = parse_upload(BytesIO(form(part(b"note", "note", None), part(data))), MULTIPART)
    with file.data as kept:
        assert kept.read() == data
        assert isinstance(kept.name, int)  # a descriptor: the file itself has no name
