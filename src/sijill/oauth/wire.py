"""What the token endpoint says, and how a browser is sent back: bare OAuth, no envelope."""

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode

from sijill.errors import BadRequest
from sijill.http.envelope import encode

MOST_PAIRS = 64
"""Fields of a form of OAuth at most."""


def token_body(*, access: str, refresh: str | None, scope: str, seconds: int, until: int) -> bytes:
    """
    Return a token response: `expires_in` in seconds, `expires` in Unix time.

    Salla's own clients read one or the other. Without a refresh token there is no key for it.
    Source: Salla "Authorization"; RFC 6749 §5.1.
    """
    body: dict[str, Any] = {"access_token": access, "expires": until, "expires_in": seconds}
    if refresh is not None:
        body["refresh_token"] = refresh
    return encode({**body, "scope": scope, "token_type": "bearer"})


def error_body(error: str, description: str) -> bytes:
    """Return a refusal. Source: RFC 6749 §5.2."""
    return encode({"error": error, "error_description": description})


def sent_to(redirect_uri: str, parameters: Iterable[tuple[str, str | None]]) -> str:
    """Return a redirect URI with parameters added to its own; those that are None are left out."""
    added = urlencode([(name, value) for name, value in parameters if value is not None])
    return f"{redirect_uri}{'&' if '?' in redirect_uri else '?'}{added}"


def parse_form(raw: bytes) -> Mapping[str, str]:
    """
    Return the fields of a form; an empty one counts as not sent.

    Raises: BadRequest if it is no form in UTF-8, or a field stands there twice.
    Source: RFC 6749 §3.2.
    """
    try:
        pairs = parse_qsl(
            raw.decode("utf-8"), keep_blank_values=True, errors="strict", max_num_fields=MOST_PAIRS
        )
    except ValueError as error:
        raise BadRequest from error
    fields = dict(pairs)
    if len(fields) < len(pairs):
        raise BadRequest
    return {name: value for name, value in fields.items() if value}
