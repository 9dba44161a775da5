"""Authorization and tokens of OAuth 2.0 in words."""

from collections.abc import Iterable

from msgspec import json

from sijill.api.description.browser_answers import FAILING, FORGED, away, page
from sijill.api.description.examples import refusal_examples
from sijill.api.description.operation import JSON, Answer, Body, Operation, Sent
from sijill.api.description.schemas import fault_schema, ref
from sijill.api.description.wording import Json, Text
from sijill.errors import Unavailable
from sijill.http.bodies import FORM
from sijill.oauth.refusals import OAuthRefused, invalid_grant
from sijill.oauth.wire import error_body, token_body

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


def _schema(refusals: Iterable[OAuthRefused]) -> Json:
    errors = [fault.error for fault in refusals]
    return {"allOf": [ref("OAuthError"), {"properties": {"error": {"enum": errors}}}]}


def _examples(refusals: Iterable[OAuthRefused]) -> Json:
    return {
        fault.error: {"value": json.decode(error_body(fault.error, fault.description))}
        for fault in refusals
    }


def _refused(text: Text, *refusals: OAuthRefused, more: tuple[str, ...] = ()) -> Answer:
    body = Body(_schema(refusals), lambda _: _examples(refusals))
    return Answer(text, {JSON: body}, (*more, *_PLAIN))


def _pair(refresh: str | None, scope: str, summary: Text) -> Json:
    raw = token_body(
        access="sjl_at_…", refresh=refresh, scope=scope, seconds=_DAYS, until=1_796_767_200
    )
    return {"summary": summary, "value": json.decode(raw)}


def _pairs() -> Json:
    return {
        "renewable": _pair(
            "sjl_rt_…",
            "customers.read_write settings.read offline_access",
            Text("رمزان", "Two tokens"),
        ),
        "alone": _pair(
            None, "customers.read", Text("بلا `offline_access`", "Without `offline_access`")
        ),
    }


def _full(_: str) -> Json:
    return _examples([_AWAY]) | refusal_examples([_FULL])


_SENT = {
    "code": {
        "summary": Text("رمز إذن", "A code"),
        "value": {
            "grant_type": "authorization_code",
            "client_id": "crm",
            "client_secret": "sjl_cs_…",
            "code": "sjl_ac_…",
            "redirect_uri": "https://app.example.com/callback",
        },
    },
    "refresh": {
        "summary": Text("رمز تجديد", "A refresh token"),
        "value": {
            "grant_type": "refresh_token",
            "client_id": "crm",
            "client_secret": "sjl_cs_…",
            "refresh_token": "sjl_rt_…",
        },
    },
}
_AGREED = {
    "allowed": {
        "summary": Text("إذن", "An owner agrees"),
        "value": {
            "token": "5f2d9c01…",
            "request": "client_id=crm&response_type=code&state=f00dcafe",
            "answer": "allow",
            "store": "1305146709",
        },
    }
}

OAUTH_OPERATIONS = {
    ("GET", "/oauth2/auth"): Operation(
        id="authorize",
        tag="oauth",
        summary=Text("طلب الإذن", "Ask for consent"),
        description=Text(
            "يوجّه التطبيق متصفح المالك إلى هنا، فيُسأل: أيأذن للتطبيق في متجر من متاجره؟ ومن لم "
            "يدخل يُرسل إلى صفحة الدخول أولًا ثم يعود.",
            "An app sends an owner's browser here, and the owner is asked whether the app may act "
            "in one of their stores. Whoever is not signed in does so first, and is led back.",
        ).then(
            Text(
                "لا يُرسل المتصفح إلا إلى عنوان مسجل للتطبيق. وما عدا ذلك من خطأ يعود إلى التطبيق "
                "في عنوانه: `error` (‏`invalid_request` أو `unsupported_response_type` أو "
                "`invalid_scope`) و `error_description` و `state`. والمعامل المكرر خطأ، والفارغ "
                "كأنه لم يُرسل، والمجهول يُهمل.",
                "The browser is sent to none but an address that is registered for the app. "
                "Whatever else is wrong is told to the app there: `error` (`invalid_request`, "
                "`unsupported_response_type` or `invalid_scope`), `error_description` and "
                "`state`. A parameter that stands there twice is wrong, an empty one is as if it "
                "were not sent, an unknown one is ignored.",
            )
        ),
        answers={
            200: page(Text("صفحة يُسأل فيها المالك.", "The page on which the owner is asked.")),
            303: away(
                Text(
                    "إلى صفحة الدخول، أو إلى التطبيق بخطأ.",
                    "To the login page, or back to the app with an error.",
                )
            ),
            400: page(
                Text(
                    "التطبيق مجهول، أو عنوان العودة ليس له، أو تكرر أحدهما: لا يُرسل المتصفح إلى "
                    "أي مكان.",
                    "The app is unknown, the redirect URI is not its own, or either stands there "
                    "twice: the browser is sent nowhere.",
                )
            ),
            **FAILING,
        },
        parameters=(
            *("client_id", "response_type", "redirect_uri", "scope", "state"),
            *("code_challenge", "code_challenge_method"),
            *("lang", "accept_language", "request_id"),
        ),
    ),
    ("POST", "/oauth2/auth"): Operation(
        id="answerConsent",
        tag="oauth",
        summary=Text("جواب المالك", "The owner's answer"),
        description=Text(
            "نموذج الصفحة: يأذن المالك أو يرفض، ويعود المتصفح إلى التطبيق. مع الإذن `code` و "
            "`scope` و `state`، ومع الرفض `error=access_denied`. والرمز `code` صالح 60 ثانية ومرة "
            "واحدة، ما لم يقل إعداد غير ذلك.",
            "The form of that page: the owner agrees or not, and the browser is sent back to the "
            "app, with `code`, `scope` and `state`, or with `error=access_denied`. A `code` is "
            "good for 60 seconds, unless a setting says otherwise, and once.",
        ),
        answers={
            303: away(
                Text(
                    "إلى التطبيق بالجواب، أو إلى صفحة الدخول إن انتهت الجلسة.",
                    "Back to the app with the answer, or to the login page if the session is over.",
                )
            ),
            400: page(
                Text(
                    "المحتوى ليس نموذجًا، أو فيه طلب لا يصح من أي تطبيق.",
                    "The body is no form, or no app may send the request in it.",
                )
            ),
            403: FORGED,
            **FAILING,
        },
        parameters=("lang", "accept_language", "request_id"),
        body=Sent("Consent", _AGREED, media_types=(FORM,)),
    ),
    ("POST", "/oauth2/token"): Operation(
        id="getTokens",
        tag="oauth",
        summary=Text("الرموز", "Tokens"),
        description=Text(
            "يقدّم التطبيق رمز إذن أو رمز تجديد، ويأخذ رمزي الوصول والتجديد. يعرّف نفسه في "
            "المحتوى أو بترويسة `Authorization: Basic`، لا بكليهما؛ وما لا سر له يكتفي بـ "
            "`client_id`.",
            "An app shows a code or a refresh token, and gets an access token and a refresh token. "
            "It names itself in the body or by `Authorization: Basic`, not by both; one without a "
            "secret sends its `client_id` alone.",
        ).then(
            Text(
                "كل رمز إذن وكل رمز تجديد يُستعمل مرة واحدة. والتجديد ينهي رمز الوصول السابق؛ "
                "واستعمال أحدهما مرة ثانية ينهي كل رموز ذلك الإذن، فيُطلب الإذن من جديد.",
                "A code and a refresh token work once each. A refresh ends the access token before "
                "it; a second use of either ends every token of that consent, and the owner has to "
                "be asked anew.",
            ),
            Text(
                "الأخطاء هنا بصيغة OAuth. يعيش رمز الوصول 14 يومًا ورمز التجديد 30، ما لم تقل "
                "الإعدادات غير ذلك.",
                "Errors are in OAuth's own form here. An access token lives 14 days and a refresh "
                "token 30, unless settings say otherwise.",
            ),
        ),
        answers={
            200: Answer(
                Text("الرمزان.", "The tokens."),
                {JSON: Body(ref("TokenPair"), lambda _: _pairs())},
                _PLAIN,
            ),
            400: _refused(
                Text(
                    "ينقص الطلب شيء، أو ليس نموذجًا؛ أو الرمز المقدَّم لا يصلح، ولا يُقال لماذا؛ "
                    "أو طُلبت صلاحيات أكثر.",
                    "Something is missing, or it is no form; or what was shown is not good, and "
                    "why is not told; or more scopes were asked for.",
                ),
                *_REFUSED,
            ),
            401: _refused(
                Text(
                    "التطبيق مجهول أو سره خاطئ؛ أو استُعمل الرمز المقدَّم من قبل.",
                    "The app is unknown or its secret is wrong; or what was shown was used before.",
                ),
                *_UNPROVEN,
            )._replace(optional=("WWW-Authenticate",)),
            429: _refused(
                Text(
                    "كثرت الأسرار الخاطئة من عنوان واحد.",
                    "Too many wrong secrets from one address.",
                ),
                _BUSY,
                more=("Retry-After",),
            ),
            500: _refused(
                Text(
                    "خطأ عندنا؛ تفاصيله في السجل تحت `X-Request-Id`.",
                    "Our own fault; the log has the rest under `X-Request-Id`.",
                ),
                _BROKEN,
            ),
            503: Answer(
                Text(
                    "قاعدة البيانات غائبة، أو الخادم ممتلئ (وحدها بصيغة أخطاء سلة).",
                    "The database is away, or the server is full (this alone in Salla's form).",
                ),
                {JSON: Body({"anyOf": [_schema([_AWAY]), fault_schema(_FULL)]}, _full)},
                ("Retry-After", "Cache-Control", "X-Request-Id"),
                ("Pragma", "Content-Language", "Vary"),
            ),
        },
        parameters=("request_id",),
        body=Sent("TokenRequest", _SENT, media_types=(FORM,)),
    ),
}
"""By method and path, as in the table of routes."""
