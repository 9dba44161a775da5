"""Answers in OAuth's own form, without Salla's envelope, and redirects."""

from collections.abc import Iterable
from typing import Annotated, Literal
from urllib.parse import urlencode

from msgspec import UNSET, Struct, UnsetType

from sijill.errors import Fault
from sijill.http.envelope import encode
from sijill.http.errors import waiting
from sijill.http.request import JSON, Headers, Request, Response
from sijill.localized import Localized
from sijill.oauth.grants import IssuedTokens
from sijill.oauth.refusals import OAuthRefused, as_oauth
from sijill.oauth.scopes import scope_text
from sijill.openapi.keys import key

NO_STORE = [(b"cache-control", b"no-store"), (b"pragma", b"no-cache")]
"""On every answer of the token endpoint. Source: RFC 6749 §5.1."""


class TokenAnswer(Struct, kw_only=True):
    """
    A token response: `expires_in` in seconds, `expires` in Unix time.

    Salla's own clients read one or the other. The key `refresh_token` is there only with a token.
    Source: Salla "Authorization"; RFC 6749 §5.1.
    """

    component = "TokenPair"
    words = Localized("رمزا الوصول والتجديد.", "An access token and a refresh token.")

    access_token: Annotated[str, key("رمز الوصول.", "The access token.")]
    expires: Annotated[
        int,
        key(
            "وقت انتهاء رمز الوصول، بثواني UTC منذ 1970.",
            "When the access token expires: UTC epoch seconds.",
        ),
    ]
    expires_in: Annotated[int, key("مدة صلاحيته بالثواني.", "Its lifetime in seconds.", ge=1)]
    refresh_token: Annotated[
        str | UnsetType,
        key(
            "رمز التجديد، ويُستخدم مرة واحدة. لا يوجد إلا إن مُنحت الصلاحية `offline_access`.",
            "The refresh token, for one use. Only present if `offline_access` was granted.",
        ),
    ] = UNSET
    scope: Annotated[
        str,
        key(
            "صلاحيات رمز الوصول، تفصل بينها مسافات.",
            "The access token's scopes, separated by spaces.",
        ),
    ]
    token_type: Annotated[Literal["bearer"], key("نوعه.", "Its type.")]


class OAuthError(Struct):
    """An error of the token endpoint. Source: RFC 6749 §5.2."""

    component = "OAuthError"
    words = Localized(
        "خطأ بصيغة OAuth لا بصيغة سلة: ليس فيه `status` ولا `success`.",
        "An error in the form of OAuth, not of Salla: without `status` and `success`.",
    )

    error: Annotated[str, key("رمز الخطأ، تقرؤه البرامج.", "The code of the error, for programs.")]
    error_description: Annotated[str, key("رسالة للمطوّر.", "A sentence for the developer.")]


def token_body(issued: IssuedTokens) -> bytes:
    """Return a token response."""
    pair, refresh = issued.pair, issued.refresh
    return encode(
        TokenAnswer(
            access_token=pair.access,
            expires=int(pair.access_until.timestamp()),
            expires_in=int((pair.access_until - pair.at).total_seconds()),
            refresh_token=UNSET if refresh is None else refresh,
            scope=scope_text(issued.scopes),
            token_type="bearer",  # noqa: S106 - the type, and no secret
        )
    )


def error_body(fault: OAuthRefused) -> bytes:
    """Return the body of an error."""
    return encode(OAuthError(fault.error, fault.description))


def oauth_refused(request: Request, fault: Fault) -> Response:
    """Return the answer of the token endpoint to a fault. Source: RFC 6749 §5.2."""
    error = as_oauth(fault)
    headers: Headers = [(b"content-type", JSON), *NO_STORE, *waiting(fault)]
    if error.error == "invalid_client" and request.header(b"authorization") is not None:
        headers.append((b"www-authenticate", b'Basic realm="oauth2"'))
    return Response(error.status, error_body(error), headers)


def with_parameters(redirect_uri: str, parameters: Iterable[tuple[str, str | None]]) -> str:
    """Return a redirect URI with parameters added to its query, those of None left out."""
    added = urlencode([(name, value) for name, value in parameters if value is not None])
    return f"{redirect_uri}{'&' if '?' in redirect_uri else '?'}{added}"
