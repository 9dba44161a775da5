"""Files in forms, as browsers, curl and libraries send them."""

from contextlib import suppress

import pytest
from fixtures.uploads import BOUNDARY, MULTIPART, form, part
from hypothesis import given
from hypothesis import strategies as st

from sijill.errors import BadRequest, Invalid
from sijill.http.uploads import MAX_PARTS, File, parse_upload


@pytest.mark.proves("`file`")
@pytest.mark.parametrize(
    ("parts", "file"),
    [
        ([part(b"x")], File("customers.xlsx", b"x")),
        ([part(b"\r\n--a\r\n-")], File("customers.xlsx", b"\r\n--a\r\n-")),
        ([part(b"")], File("customers.xlsx", b"")),
        ([part(b"x", name=None)], File("", b"x")),
        ([part(b"x", field="upload", name="a.csv")], File("a.csv", b"x")),
        (
            [part(b"1", field="note", name=None), part(b"x", field="f")],
            File("customers.xlsx", b"x"),
        ),
        ([part(b"y", field="other", name="o.csv"), part(b"x")], File("customers.xlsx", b"x")),
        ([part(b"x", name="عملاء.xlsx")], File("عملاء.xlsx", b"x")),
        ([part(b"x", name="C:\\Users\\me\\a.xlsx")], File("a.xlsx", b"x")),
        ([part(b"x", name="../../etc/a.xlsx")], File("a.xlsx", b"x")),
        ([part(b"x", name="a\u202ecod.xlsx")], File("", b"x")),
        ([part(b"x", name="a" * 300)], File("", b"x")),
    ],
)
def test_the_file_of_a_form_is_found(parts: list[bytes], file: File) -> None:
    assert parse_upload(form(*parts), MULTIPART) == file


@pytest.mark.parametrize(
    "content_type",
    [
        f"multipart/form-data; boundary={BOUNDARY}",
        f'multipart/form-data; boundary="{BOUNDARY}"',
        f"Multipart/Form-Data; charset=utf-8; boundary={BOUNDARY}",
    ],
)
def test_the_boundary_is_found_however_it_is_written(content_type: str) -> None:
    assert parse_upload(form(part(b"x")), content_type).data == b"x"


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
        parse_upload(body, content_type)
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
def test_what_is_no_form_is_a_bad_request(body: bytes, content_type: str) -> None:
    with pytest.raises(BadRequest):
        parse_upload(body, content_type)


@given(st.binary(max_size=200), st.sampled_from([b"", b"--" + BOUNDARY.encode(), b"\r\n"]))
def test_any_bytes_are_a_file_or_a_refusal(data: bytes, before: bytes) -> None:
    with suppress(BadRequest, Invalid):
        parse_upload(before + data, MULTIPART)


@given(st.binary(max_size=300))
def test_a_file_comes_out_as_it_went_in(data: bytes) -> None:
    assert parse_upload(form(part(data)), MULTIPART).data == data
