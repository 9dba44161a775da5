"""The token endpoint: a client shows a code or a refresh token, and gets a pair of tokens."""

import secrets
from base64 import b64decode
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import unquote_plus

from sijill.http.bodies import FORM
from sijill.http.parts import Parts
from sijill.http.refusals import NO_STORE
from sijill.http.request import JSON, Request, Response
from sijill.http.writes import now_of
from sijill.oauth.admission import address_of, count_failure
from sijill.oauth.apps import App
from sijill.oauth.grants import Claim, Issued, Pair, new_pair
from sijill.oauth.refusals import OAuthRefused
from sijill.oauth.scopes import scope_text, split_scopes
from sijill.oauth.tokens import digest
from sijill.oauth.wire import parse_form, token_body
from sijill.values.ids import random_id

Form = Mapping[str, str]


class _Credentials(NamedTuple):
    client_id: str
    secret: str | None


async def token(request: Request, parts: Parts) -> Response:
    """
    Answer with a pair of tokens.

    Raises: OAuthRefused; TooManyRequests for too many wrong secrets; BadRequest; Unavailable.
    Source: RFC 6749 §4.1.3 and §6; Salla "Authorization".
    """
    media_type = (request.header(b"content-type") or FORM).partition(";")[0].strip().lower()
    if media_type != FORM:
        raise OAuthRefused("invalid_request", f"send a form: {FORM}")
    form = parse_form(await request.body())
    app = await _client(request, form, parts)
    pair = new_pair(now_of(parts), parts.lifetimes, random_id)
    match form.get("grant_type"):
        case "authorization_code":
            issued = await _exchange(form, app, pair, parts)
        case "refresh_token":
            issued = await _refresh(form, app, pair, parts)
        case None:
            raise OAuthRefused("invalid_request", "grant_type is missing")
        case _:
            raise OAuthRefused(
                "unsupported_grant_type", "grant_type is authorization_code or refresh_token"
            )
    return Response(200, _body(issued, parts), [(b"content-type", JSON), *NO_STORE])


async def _exchange(form: Form, app: App, pair: Pair, parts: Parts) -> Issued:
    claim = Claim(app.id, form.get("redirect_uri"), form.get("code_verifier"))
    return await parts.authorizations.exchange(digest(_needed(form, "code")), claim, pair)


async def _refresh(form: Form, app: App, pair: Pair, parts: Parts) -> Issued:
    shown = digest(_needed(form, "refresh_token"))
    asked = split_scopes(form.get("scope", ""))
    return await parts.authorizations.refresh(shown, app.id, asked, pair)


def _needed(form: Form, name: str) -> str:
    if name not in form:
        raise OAuthRefused("invalid_request", f"{name} is missing")
    return form[name]


def _body(issued: Issued, parts: Parts) -> bytes:
    return token_body(
        access=issued.pair.access,
        refresh=issued.refresh,
        scope=scope_text(issued.scopes),
        seconds=int(parts.lifetimes.access.total_seconds()),
        until=int(issued.pair.access_until.timestamp()),
    )


async def _client(request: Request, form: Form, parts: Parts) -> App:
    """Return the client that asks, proven unless it is public. Source: RFC 6749 §2.3, §3.2.1."""
    shown = _credentials(request, form)
    app = await parts.apps.client(shown.client_id)
    if app is None or not _is_known(app, shown.secret):
        await count_failure(address_of(request, parts), parts, parts.clock())
        raise OAuthRefused("invalid_client", "the client is unknown or its secret is wrong", 401)
    return app


def _is_known(app: App, secret: str | None) -> bool:
    if app.client_secret is None or secret is None:
        return app.client_secret is None and secret is None
    return secrets.compare_digest(digest(secret), app.client_secret)


def _credentials(request: Request, form: Form) -> _Credentials:
    header = request.header(b"authorization")
    if header is None:
        return _Credentials(_needed(form, "client_id"), form.get("client_secret"))
    basic = _basic(header)
    if basic is None or "client_secret" in form:
        raise OAuthRefused("invalid_request", "name the client once: in the body or by Basic")
    if form.get("client_id", basic.client_id) != basic.client_id:
        raise OAuthRefused("invalid_request", "the body and the header name different clients")
    return basic


def _basic(header: str) -> _Credentials | None:
    scheme, _, encoded = header.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        client_id, colon, secret = b64decode(encoded.strip(), validate=True).decode().partition(":")
    except ValueError:
        return None
    return _Credentials(unquote_plus(client_id), unquote_plus(secret) or None) if colon else None
