"""The token endpoint: a client exchanges a code or a refresh token for a pair of tokens."""

import secrets
from base64 import b64decode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import unquote_plus

from sijill.audit.causes import Cause
from sijill.http.request import JSON, Request, Response
from sijill.oauth.admission import Admission
from sijill.oauth.apps import App, AppTable
from sijill.oauth.bodies import Fields, parse_token_request
from sijill.oauth.grant_table import GrantTable
from sijill.oauth.grants import CodeExchange, IssuedTokens, Lifetimes, TokenPair, new_pair
from sijill.oauth.refusals import OAuthRefused, invalid_client, missing, unsupported_grant_type
from sijill.oauth.scopes import split_scopes
from sijill.oauth.tokens import digest
from sijill.oauth.wire import NO_STORE, token_body
from sijill.values.ids import Draw

_Credentials = tuple[str, str | None]
"""A client_id, and a client_secret or None."""


@dataclass(frozen=True)
class TokenHandlers:
    """Answers requests for tokens."""

    apps: AppTable
    grants: GrantTable
    admission: Admission
    lifetimes: Lifetimes
    now: Callable[[], datetime]
    draw: Draw

    async def token(self, request: Request) -> Response:
        """
        Answer with a pair of tokens.

        Raises: OAuthRefused; TooManyRequests for too many wrong secrets; BadRequest; Unavailable.
        Source: RFC 6749 §4.1.3 and §6; Salla "Authorization".
        """
        sent = parse_token_request(await request.body(), request.header(b"content-type"))
        app = await self._authenticate(request, sent)
        cause = Cause("app", app.id, through="api", by=request.route, request=request.id)
        pair = new_pair(self.now(), self.lifetimes, self.draw)
        issued = await self._issue(self.grants.by(cause), sent, app, pair)
        return Response(200, token_body(issued), [(b"content-type", JSON), *NO_STORE])

    async def _issue(
        self, grants: GrantTable, sent: Fields, app: App, pair: TokenPair
    ) -> IssuedTokens:
        match _required(sent, "grant_type"):
            case "authorization_code":
                exchange = CodeExchange(app.id, sent.get("redirect_uri"), sent.get("code_verifier"))
                code = digest(_required(sent, "code"))
                return await grants.exchange(code, exchange, pair)
            case "refresh_token":
                token = digest(_required(sent, "refresh_token"))
                asked = split_scopes(sent.get("scope", ""))
                return await grants.refresh(token, app.id, asked, pair)
            case _:
                raise unsupported_grant_type()

    async def _authenticate(self, request: Request, sent: Fields) -> App:
        """Return the client; a public client has no secret. Source: RFC 6749 §2.3, §3.2.1."""
        client_id, secret = _credentials(request, sent)
        app = await self.apps.find_client(client_id)
        if app is None or not _has_secret(app, secret):
            await self.admission.count_failure(request)
            raise invalid_client()
        return app


def _required(sent: Fields, name: str) -> str:
    if name not in sent:
        raise missing(name)
    return sent[name]


def _has_secret(app: App, secret: str | None) -> bool:
    if app.client_secret is None or secret is None:
        return app.client_secret is None and secret is None
    return secrets.compare_digest(digest(secret), app.client_secret)


def _credentials(request: Request, sent: Fields) -> _Credentials:
    header = request.header(b"authorization")
    if header is None:
        return _required(sent, "client_id"), sent.get("client_secret")
    named = basic(header)
    if named is None or "client_secret" in sent:
        raise OAuthRefused("invalid_request", "name the client once: in the body or by Basic")
    if sent.get("client_id", named[0]) != named[0]:
        raise OAuthRefused("invalid_request", "the body and the header name different clients")
    return named


def basic(header: str) -> _Credentials | None:
    """Return the client_id and the secret of a `Basic` header, or None. Source: RFC 6749 §2.3.1."""
    scheme, _, encoded = header.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        client_id, colon, secret = (
            b64decode(encoded.strip(" "), validate=True).decode().partition(":")
        )
    except ValueError:
        return None
    return (unquote_plus(client_id), unquote_plus(secret) or None) if colon else None
