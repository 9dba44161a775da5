"""Bodies of OAuth: forms, and for the token endpoint multipart and JSON, each with texts alone."""

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import parse_qsl

from sijill.errors import BadRequest
from sijill.http.uploads import parse_parts
from sijill.oauth.refusals import OAuthRefused
from sijill.openapi.operation import FORM, JSON, MULTIPART

MAX_FIELDS = 64
"""The most fields of a form."""

READ = frozenset(
    {
        *("grant_type", "client_id", "client_secret", "code", "redirect_uri", "code_verifier"),
        *("refresh_token", "scope"),
    }
)
"""The fields of a token request that Sijill reads; it ignores all others."""

Fields = Mapping[str, str]
"""Each exactly as it was sent: every character of a secret, a code or a token counts."""


def parse_form(raw: bytes) -> Fields:
    """
    Return the fields of a form; an empty field counts as absent.

    Raises: BadRequest if the body is no form in UTF-8, or repeats a field.
    Source: RFC 6749 §3.2.
    """
    try:
        pairs = parse_qsl(
            raw.decode("utf-8"), keep_blank_values=True, errors="strict", max_num_fields=MAX_FIELDS
        )
    except ValueError as error:
        raise BadRequest from error
    return _once(pairs)


def parse_token_request(raw: bytes, content_type: str | None) -> Fields:
    """
    Return the fields of a token request as `parse_form` does; without a type it is a form.

    Raises: OAuthRefused for another type; BadRequest for a malformed body, a repeated field, or a
    JSON value that is neither text, null nor an integer.
    """
    kind = (content_type or FORM).partition(";")[0].strip().lower()
    parse = _PARSERS.get(kind)
    if parse is None:
        raise OAuthRefused("invalid_request", f"send {', '.join(_PARSERS)}")
    return parse(raw, content_type)


def _multipart(raw: bytes, content_type: str | None) -> Fields:
    try:
        parts = parse_parts(raw, content_type)
        return _once([(name, value.decode()) for name, value in parts if value is not None])
    except UnicodeDecodeError as error:
        raise BadRequest from error


def _json(raw: bytes, content_type: str | None) -> Fields:
    try:
        pairs = json.loads(raw.decode("utf-8-sig"), object_pairs_hook=_Pairs)
        if not isinstance(pairs, _Pairs):
            raise BadRequest
        return _once((name, _text(value) if name in READ else "") for name, value in pairs)
    except (ValueError, RecursionError) as error:
        raise BadRequest from error


class _Pairs(list[tuple[str, Any]]):
    """The pairs of a JSON object, in order and with repetitions."""


def _text(value: Any) -> str:
    """Return a value of JSON as a form would have it: a client_id may be a number."""
    match value:
        case str():
            return value.encode().decode()  # refuses a lone surrogate, which no form can hold
        case None:
            return ""
        case int() if not isinstance(value, bool):
            return str(value)
        case _:
            raise BadRequest


def _once(pairs: Iterable[tuple[str, str]]) -> Fields:
    fields: dict[str, str] = {}
    for name, value in pairs:
        if name in fields:
            raise BadRequest
        fields[name] = value
    return {name: value for name, value in fields.items() if value}


_PARSERS: dict[str, Callable[[bytes, str | None], Fields]] = {
    FORM: lambda raw, _: parse_form(raw),
    MULTIPART: _multipart,
    JSON: _json,
}
