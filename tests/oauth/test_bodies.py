"""Bodies of token requests: what a form, a multipart form and JSON say, and which are refused."""

import pytest
from fixtures.oauth import WAYS, multipart
from fixtures.uploads import MULTIPART, form, part
from hypothesis import given
from hypothesis import strategies as st

from sijill.errors import BadRequest, Fault
from sijill.oauth.bodies import MAX_FIELDS, READ, parse_token_request
from sijill.oauth.refusals import OAuthRefused
from sijill.openapi.operation import FORM, JSON

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60)


@pytest.mark.parametrize("kind", WAYS)
@given(fields=st.dictionaries(st.sampled_from(sorted(READ)), TEXTS))
def test_every_way_of_writing_says_the_same_byte_for_byte(
    kind: str, fields: dict[str, str]
) -> None:
    assert parse_token_request(WAYS[kind](fields), kind) == fields


@pytest.mark.parametrize(
    ("body", "kind", "fields"),
    [
        (b"", None, {}),
        (b"code=a+b%2Bc&scope=", None, {"code": "a b+c"}),
        (b"code=1", "", {"code": "1"}),
        (b"code=1", "Application/X-WWW-Form-Urlencoded; charset=UTF-8", {"code": "1"}),
        (b'{"client_id": 1000000001}', JSON, {"client_id": "1000000001"}),
        (
            b'\xef\xbb\xbf{"code": "a+b%20 "}',
            "application/json; charset=utf-8",
            {"code": "a+b%20 "},
        ),
        (b'{"code": null, "scope": ""}', JSON, {}),
        (b'{"code": "1", "extra": {"deep": [1]}, "more": true}', JSON, {"code": "1"}),
        (multipart(("code", "a+b%20 \r\n")), MULTIPART, {"code": "a+b%20 \r\n"}),
        (multipart(("code", "1"), ("scope", "")), MULTIPART, {"code": "1"}),
        (form(part(b"1", "code")), MULTIPART, {}),
    ],
)
def test_a_token_request_is_read(body: bytes, kind: str | None, fields: dict[str, str]) -> None:
    assert parse_token_request(body, kind) == fields


@pytest.mark.parametrize(
    ("body", "kind", "fault"),
    [
        (b"code=1&code=1", FORM, BadRequest),
        (b"code=&code=1", FORM, BadRequest),
        (b"code=%ff", FORM, BadRequest),
        (b"&".join(b"a%d=1" % number for number in range(MAX_FIELDS + 1)), FORM, BadRequest),
        (multipart(("code", "1"), ("code", "1")), MULTIPART, BadRequest),
        (multipart(("code", ""), ("code", "1")), MULTIPART, BadRequest),
        (form(part(b"\xff", "code", None)), MULTIPART, BadRequest),
        (part(b"1", "code", None), MULTIPART, BadRequest),
        (b"code=1", "multipart/form-data", BadRequest),
        (b'{"code": "1", "code": "1"}', JSON, BadRequest),
        (b'{"code": "", "c\\u006fde": "1"}', JSON, BadRequest),
        (b'{"code": ["1"]}', JSON, BadRequest),
        (b'{"scope": {"0": "customers.read"}}', JSON, BadRequest),
        (b'{"client_id": 1.5}', JSON, BadRequest),
        (b'{"client_secret": true}', JSON, BadRequest),
        (b'{"client_secret": "\\ud800"}', JSON, BadRequest),
        (b'["code"]', JSON, BadRequest),
        (b'"code"', JSON, BadRequest),
        (b"code=1", JSON, BadRequest),
        (b"", JSON, BadRequest),
        (b"[" * 8_000, JSON, BadRequest),
        (b'{"code":' * 1_000, JSON, BadRequest),
        (b'{"client_id": ' + b"9" * 5_000 + b"}", JSON, BadRequest),
        (b"<code>1</code>", "text/xml", OAuthRefused),
    ],
)
def test_a_body_that_says_no_one_thing_is_refused(
    body: bytes, kind: str, fault: type[Fault]
) -> None:
    with pytest.raises(fault):
        parse_token_request(body, kind)
