"""The route of the token endpoint."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from msgspec import json

from sijill.errors import Fault, TooManyRequests, Unavailable
from sijill.http.router import Route
from sijill.localized import Localized
from sijill.oauth.grants import IssuedTokens, Lifetimes, TokenPair
from sijill.oauth.refusals import (
    OAuthRefused,
    as_oauth,
    invalid_client,
    invalid_grant,
    missing,
    too_wide,
    unsupported_grant_type,
)
from sijill.oauth.route_parts import FAILED, form, text
from sijill.oauth.scopes import OFFLINE
from sijill.oauth.wire import OAuthError, TokenAnswer, error_body, oauth_refused, token_body
from sijill.openapi.examples import refusal_examples
from sijill.openapi.keys import Json
from sijill.openapi.operation import FORM, JSON, MULTIPART, Answer, Body
from sijill.openapi.parameters import REQUEST_ID

_FULL = Unavailable()
_AWAY = as_oauth(_FULL)
_HEADERS = ("Cache-Control", "Pragma", "X-Request-Id")
"""On every answer of the token endpoint."""


def _kind(errors: Iterable[OAuthRefused]) -> Json:
    names = [error.error for error in errors]
    return {"allOf": [OAuthError, {"properties": {"error": {"enum": names}}}]}


def _examples(errors: Iterable[OAuthRefused]) -> Json:
    return {error.error: {"value": json.decode(error_body(error))} for error in errors}


def _refused(ar: str, en: str, *errors: OAuthRefused) -> Answer:
    body = Body(_kind(errors), lambda _: _examples(errors))
    return Answer(Localized(ar, en), {JSON: body}, _HEADERS)


def _issued(ar: str, en: str, *scopes: str) -> Json:
    until = datetime.fromtimestamp(1_796_767_200, UTC)
    pair = TokenPair(1, "sjl_at_…", "sjl_rt_…", until - Lifetimes().access, until, until)
    issued = IssuedTokens(pair, frozenset(scopes), frozenset(scopes))
    return {"summary": Localized(ar, en), "value": json.decode(token_body(issued))}


_CLIENT = {"client_id": "crm", "client_secret": "sjl_cs_…"}
_SENT = {
    "code": {
        "summary": Localized("رمز تفويض", "A code"),
        "value": {"grant_type": "authorization_code"}
        | _CLIENT
        | {"code": "sjl_ac_…", "redirect_uri": "https://app.example.com/callback"},
    },
    "refresh": {
        "summary": Localized("رمز تجديد", "A refresh token"),
        "value": {"grant_type": "refresh_token"} | _CLIENT | {"refresh_token": "sjl_rt_…"},
    },
}
_FIELDS = {
    "grant_type": {
        "enum": ["authorization_code", "refresh_token"],
        "description": Localized("رمز تفويض أو رمز تجديد.", "A code or a refresh token."),
    },
    "client_id": text("معرّف التطبيق.", "The app's client identifier."),
    "client_secret": text("سر التطبيق، إن كان له سر.", "The app's secret, if it has one."),
    "code": text("رمز التفويض، مع `authorization_code`.", "The code, with `authorization_code`."),
    "redirect_uri": text(
        "رابط إعادة التوجيه كما ورد في طلب الإذن، إن ورد فيه.",
        "The redirect URI of the authorization request, if that named one.",
    ),
    "code_verifier": text(
        "أصل `code_challenge`، إن ورد في طلب الإذن.",
        "The text behind `code_challenge`, if the authorization request had one.",
    ),
    "refresh_token": text(
        "رمز التجديد، مع `refresh_token`.", "The refresh token, with `refresh_token`."
    ),
    "scope": text(
        "صلاحيات أقل لرمز الوصول الجديد، مع `refresh_token` فقط.",
        "Fewer scopes for the new access token, with `refresh_token` alone.",
    ),
}
_WIDE = ("customers.read_write", "settings.read", OFFLINE)
_PAIRS = {
    "renewable": _issued("رمزان", "Two tokens", *_WIDE),
    "alone": _issued("بلا `offline_access`", "Without `offline_access`", "customers.read"),
}
_TOKENS = Body(TokenAnswer, lambda _: _PAIRS)
_ANSWERS = {
    200: Answer(
        Localized("رمز الوصول ورمز التجديد.", "The access token and the refresh token."),
        {JSON: _TOKENS},
        _HEADERS,
    ),
    400: _refused(
        "ينقص الطلب شيء، أو لا يُقرأ جسمه؛ أو الرمز المقدَّم غير صالح، ولا يُذكر السبب؛ أو طُلبت "
        "صلاحيات أكثر مما مُنح.",
        "The body is malformed or lacks a parameter; or its code or refresh token is not valid "
        "(the answer does not say why); or it asks for more scopes than were granted.",
        *(
            missing("grant_type"),
            invalid_grant(),
            unsupported_grant_type(),
            too_wide(["orders.read"]),
        ),
    ),
    401: _refused(
        "التطبيق مجهول أو سره خاطئ؛ أو استُخدم الرمز المقدَّم من قبل.",
        "The app is unknown or its secret is wrong; or the code or refresh token was used before.",
        *(invalid_client(), invalid_grant(reused=True)),
    )._replace(optional=("WWW-Authenticate",)),
    429: _refused(
        "كثرت الأسرار الخاطئة من عنوان واحد.",
        "Too many wrong secrets from one address.",
        as_oauth(TooManyRequests(1)),
    )._replace(headers=("Retry-After", *_HEADERS)),
    500: _refused(*FAILED, as_oauth(Fault())),
    503: Answer(
        Localized(
            "قاعدة البيانات لا تستجيب، أو الخادم مشغول بالكامل (وهذا الأخير فقط بصيغة أخطاء سلة).",
            "The database does not answer, or the server is at capacity (this alone in "
            "Salla's form).",
        ),
        {
            JSON: Body(
                {"anyOf": [_kind([_AWAY]), _FULL]},
                lambda _: _examples([_AWAY]) | refusal_examples([_FULL]),
            )
        },
        ("Retry-After", "Cache-Control", "X-Request-Id"),
        ("Pragma", "Content-Language", "Vary"),
    ),
}


def token_routes(handlers: Any) -> tuple[Route, ...]:
    """Return the route of the token endpoint; `handlers` has `token`."""
    description = Localized(
        "يرسل التطبيق رمز تفويض أو رمز تجديد، فيحصل على رمز وصول ورمز تجديد. ويعرّف بنفسه في جسم "
        "الطلب أو في الترويسة `Authorization: Basic`، لا في كليهما. والتطبيق الذي لا سر له يرسل "
        "`client_id` فقط.",
        "An app sends a code or a refresh token, and gets an access token and a refresh "
        "token. It identifies itself in the body or with `Authorization: Basic`, not with "
        "both. An app without a secret sends its `client_id` alone.",
    ).then(
        Localized(
            "يُستخدم كل رمز تفويض وكل رمز تجديد مرة واحدة. والتجديد يلغي رمز الوصول السابق. وإذا "
            "استُخدم أحدهما مرة ثانية أُلغيت كل الرموز الصادرة عن ذلك الإذن، ولزم طلب الإذن من "
            "المالك مرة أخرى.",
            "Each code and each refresh token works once. A refresh revokes the previous "
            "access token. If a code or a refresh token is used twice, every token issued "
            "from that consent is revoked, and the app has to ask the owner again.",
        ),
        Localized(
            "الأخطاء هنا بصيغة OAuth. ومدة رمز الوصول 14 يومًا ورمز التجديد 30، ما لم تُضبط "
            "مدة أخرى.",
            "Errors here have the form of OAuth. An access token is valid for 14 days and a "
            "refresh token for 30, unless settings say otherwise.",
        ),
    )
    return (
        Route(
            *("POST", "/oauth2/token", handlers.token),
            public=True,
            refuse=oauth_refused,
            id="getTokens",
            tag="oauth",
            summary=Localized("الرموز", "Tokens"),
            description=description,
            answers=_ANSWERS,
            parameters=(REQUEST_ID,),
            body=form(
                "TokenRequest",
                _SENT,
                _FIELDS,
                *(n for n in _FIELDS if n != "grant_type"),
                media_types=(FORM, MULTIPART, JSON),
            ),
        ),
    )
