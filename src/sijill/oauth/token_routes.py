"""The route of tokens, and what it is in words."""

from collections.abc import Iterable
from typing import Any

from msgspec import json

from sijill.errors import Unavailable
from sijill.http.router import Handler, Route
from sijill.localized import Localized
from sijill.oauth.parameters import OAUTH_REQUESTS
from sijill.oauth.refusals import OAuthRefused, invalid_grant
from sijill.oauth.wire import OAuthError, TokenAnswer, error_body, oauth_refused, token_body
from sijill.openapi.examples import refusal_examples
from sijill.openapi.keys import Json
from sijill.openapi.operation import FORM, JSON, Answer, Body, Request
from sijill.openapi.parameters import REQUEST_ID

_DAYS = 14 * 86_400
_FULL = Unavailable()
_PLAIN = ("Cache-Control", "Pragma", "X-Request-Id")
"""On every answer of the token endpoint."""

_REFUSED = (
    OAuthRefused("invalid_request", "grant_type is missing"),
    invalid_grant(),
    OAuthRefused("unsupported_grant_type", "grant_type is authorization_code or refresh_token"),
    OAuthRefused("invalid_scope", "the scope may only be narrowed"),
)
_UNPROVEN = (
    OAuthRefused("invalid_client", "the client is unknown or its secret is wrong"),
    invalid_grant(reused=True),
)
_BUSY = OAuthRefused("temporarily_unavailable", "too many requests")
_BROKEN = OAuthRefused("server_error", "the server met an error")
_AWAY = OAuthRefused("temporarily_unavailable", "try again shortly")


def _kind(refusals: Iterable[OAuthRefused]) -> Json:
    errors = [fault.error for fault in refusals]
    return {"allOf": [OAuthError, {"properties": {"error": {"enum": errors}}}]}


def _examples(refusals: Iterable[OAuthRefused]) -> Json:
    return {
        fault.error: {"value": json.decode(error_body(fault.error, fault.description))}
        for fault in refusals
    }


def _refused(text: Localized, *refusals: OAuthRefused, more: tuple[str, ...] = ()) -> Answer:
    body = Body(_kind(refusals), lambda _: _examples(refusals))
    return Answer(text, {JSON: body}, (*more, *_PLAIN))


def _pair(refresh: str | None, scope: str, summary: Localized) -> Json:
    raw = token_body(
        access="sjl_at_…", refresh=refresh, scope=scope, seconds=_DAYS, until=1_796_767_200
    )
    return {"summary": summary, "value": json.decode(raw)}


def _pairs() -> Json:
    return {
        "renewable": _pair(
            "sjl_rt_…",
            "customers.read_write settings.read offline_access",
            Localized("رمزان", "Two tokens"),
        ),
        "alone": _pair(
            None, "customers.read", Localized("بلا `offline_access`", "Without `offline_access`")
        ),
    }


def _full(_: str) -> Json:
    return _examples([_AWAY]) | refusal_examples([_FULL])


_SENT = {
    "code": {
        "summary": Localized("رمز إذن", "A code"),
        "value": {
            "grant_type": "authorization_code",
            "client_id": "crm",
            "client_secret": "sjl_cs_…",
            "code": "sjl_ac_…",
            "redirect_uri": "https://app.example.com/callback",
        },
    },
    "refresh": {
        "summary": Localized("رمز تجديد", "A refresh token"),
        "value": {
            "grant_type": "refresh_token",
            "client_id": "crm",
            "client_secret": "sjl_cs_…",
            "refresh_token": "sjl_rt_…",
        },
    },
}
_ANSWERS = {
    200: Answer(
        Localized("الرمزان.", "The tokens."),
        {JSON: Body(TokenAnswer, lambda _: _pairs())},
        _PLAIN,
    ),
    400: _refused(
        Localized(
            "ينقص الطلب شيء، أو ليس نموذجًا؛ أو الرمز المقدَّم لا يصلح، ولا يُقال لماذا؛ "
            "أو طُلبت صلاحيات أكثر.",
            "Something is missing, or it is no form; or what was shown is not good, and "
            "why is not told; or more scopes were asked for.",
        ),
        *_REFUSED,
    ),
    401: _refused(
        Localized(
            "التطبيق مجهول أو سره خاطئ؛ أو استُعمل الرمز المقدَّم من قبل.",
            "The app is unknown or its secret is wrong; or what was shown was used before.",
        ),
        *_UNPROVEN,
    )._replace(optional=("WWW-Authenticate",)),
    429: _refused(
        Localized(
            "كثرت الأسرار الخاطئة من عنوان واحد.",
            "Too many wrong secrets from one address.",
        ),
        _BUSY,
        more=("Retry-After",),
    ),
    500: _refused(
        Localized(
            "خطأ عندنا؛ تفاصيله في السجل تحت `X-Request-Id`.",
            "Our own fault; the log has the rest under `X-Request-Id`.",
        ),
        _BROKEN,
    ),
    503: Answer(
        Localized(
            "قاعدة البيانات غائبة، أو الخادم ممتلئ (وحدها بصيغة أخطاء سلة).",
            "The database is away, or the server is full (this alone in Salla's form).",
        ),
        {JSON: Body({"anyOf": [_kind([_AWAY]), _FULL]}, _full)},
        ("Retry-After", "Cache-Control", "X-Request-Id"),
        ("Pragma", "Content-Language", "Vary"),
    ),
}


def token_routes(handlers: Any) -> tuple[Route, ...]:
    """Return the route of tokens; `handlers` has `token`."""
    return (_token(handlers.token),)


def _token(handler: Handler) -> Route:
    return Route(
        *("POST", "/oauth2/token", handler),
        public=True,
        refuse=oauth_refused,
        id="getTokens",
        tag="oauth",
        summary=Localized("الرموز", "Tokens"),
        description=Localized(
            "يقدّم التطبيق رمز إذن أو رمز تجديد، ويأخذ رمزي الوصول والتجديد. يعرّف نفسه في "
            "المحتوى أو بترويسة `Authorization: Basic`، لا بكليهما؛ وما لا سر له يكتفي بـ "
            "`client_id`.",
            "An app shows a code or a refresh token, and gets an access token and a refresh token. "
            "It names itself in the body or by `Authorization: Basic`, not by both; one without a "
            "secret sends its `client_id` alone.",
        ).then(
            Localized(
                "كل رمز إذن وكل رمز تجديد يُستعمل مرة واحدة. والتجديد ينهي رمز الوصول السابق؛ "
                "واستعمال أحدهما مرة ثانية ينهي كل رموز ذلك الإذن، فيُطلب الإذن من جديد.",
                "A code and a refresh token work once each. A refresh ends the access token before "
                "it; a second use of either ends every token of that consent, and the owner has to "
                "be asked anew.",
            ),
            Localized(
                "الأخطاء هنا بصيغة OAuth. يعيش رمز الوصول 14 يومًا ورمز التجديد 30، ما لم تقل "
                "الإعدادات غير ذلك.",
                "Errors are in OAuth's own form here. An access token lives 14 days and a refresh "
                "token 30, unless settings say otherwise.",
            ),
        ),
        answers=_ANSWERS,
        parameters=(REQUEST_ID,),
        body=Request("TokenRequest", OAUTH_REQUESTS["TokenRequest"], _SENT, media_types=(FORM,)),
    )
