"""The parameters, forms and answers that several routes of OAuth share in their descriptions."""

from functools import partial
from typing import Any

from sijill.errors import Unavailable
from sijill.http.router import Route
from sijill.localized import Localized
from sijill.oauth.browser import page_refused
from sijill.openapi.examples import refusal_examples
from sijill.openapi.keys import Json, shape
from sijill.openapi.operation import FORM, HTML, JSON, Answer, Body, Parameter, Request
from sijill.openapi.parameters import SHOWN, TEXT, in_query


def _query(
    name: str, example: str, ar: str, en: str, schema: Json = TEXT, **more: Any
) -> Parameter:
    return in_query(name, schema, Localized(ar, en), example, **more)


AUTHORIZATION = (
    _query(
        *("client_id", "crm"),
        "معرّف التطبيق. والمعرّف المجهول يُرد عليه بصفحة حالتها 400.",
        "The app's client identifier. The answer to an unknown one is a page with status 400.",
        required=True,
    ),
    _query(
        *("response_type", "code"),
        *("`code` فقط.", "Only `code`."),
        schema={"const": "code"},
        required=True,
    ),
    _query(
        *("redirect_uri", "https://app.example.com/callback"),
        "رابط إعادة التوجيه (Redirect URI)، مطابقًا حرفًا بحرف لأحد الروابط المسجلة للتطبيق؛ وفي "
        "`127.0.0.1` و `[::1]` و `localhost` قد يختلف المنفذ. يُترك إن لم يكن للتطبيق إلا رابط "
        "واحد.",
        "The redirect URI, byte for byte one of those registered for the app; for `127.0.0.1`, "
        "`[::1]` and `localhost` the port may differ. An app with only one may leave it out.",
    ),
    _query(
        *("scope", "customers.read offline_access"),
        "الصلاحيات المطلوبة، بينها مسافة أو فاصلة. إن لم تُذكر صلاحية لأي مورد طُلب كل ما سُجّل "
        "للتطبيق؛ و `offline_access` يطلب رمز التجديد.",
        "The scopes that the app asks for, separated by space or comma. A request without a scope "
        "of a resource asks for every scope of the app; `offline_access` asks for a refresh token.",
    ),
    _query(
        *("state", "f00dcafe"),
        *(
            "نص يختاره التطبيق ويعود إليه كما هو.",
            "An opaque text that the app gets back unchanged.",
        ),
    ),
    _query(
        *("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"),
        "بصمة SHA-256 لـ `code_verifier` بترميز base64url (‏PKCE). تلزم تطبيقًا لا سر له.",
        "The SHA-256 of a `code_verifier` in base64url (PKCE). An app without a secret must "
        "send one.",
    ),
    _query(
        *("code_challenge_method", "S256"),
        *("`S256` فقط، مع `code_challenge`.", "Only `S256`, together with `code_challenge`."),
        schema={"const": "S256"},
    ),
)
"""The parameters of an authorization request."""

ONWARD_TEXT = (
    "العنوان بعد تسجيل الدخول: طلب إذن في هذا الخادم؛ وأي عنوان آخر يُهمل.",
    "The address after signing in: an authorization request on this server; any other is ignored.",
)
ONWARD = _query("onward", "/oauth2/auth?client_id=crm&response_type=code", *ONWARD_TEXT)

LINK_TEXT = "رمز رابط الإعداد أو الدعوة.", "The token of the link to set up, or to join."
LINK = _query("link", "sjl_su_…", *LINK_TEXT)
ENTRY_LINK = _query(
    *("link", "sjl_se_…"),
    *("رمز رابط الدخول.", "The token of the link."),
    component="link-to-enter",
)


def text(ar: str, en: str) -> Json:
    """Return the schema of a field of a form."""
    return {"type": "string", "description": Localized(ar, en)}


def form(
    component: str,
    examples: Json,
    fields: Json,
    *optional: str,
    media_types: tuple[str, ...] = (FORM,),
) -> Request:
    """Return the description of a form, each of whose fields is required but the optional ones."""
    return Request(component, shape(fields, *optional), examples, media_types=media_types)


_HTML = {HTML: Body(str)}
_LANGUAGE = ("Content-Language", "Cache-Control", "Vary", "X-Request-Id")
_GUARDS = (
    *("Content-Security-Policy", "X-Content-Type-Options", "X-Frame-Options", "Referrer-Policy"),
)
_FULL = Unavailable()


def page(ar: str, en: str, *headers: str, optional: tuple[str, ...] = ()) -> Answer:
    """Return an answer that is a page, with `headers` beside those of every page."""
    return Answer(Localized(ar, en), _HTML, (*headers, *_LANGUAGE, *_GUARDS), optional)


def redirect(ar: str, en: str, *headers: str) -> Answer:
    """Return an answer that redirects the browser, with `headers` beside the usual ones."""
    all_headers = (*headers, "Location", "Cache-Control", "Referrer-Policy", "X-Request-Id")
    return Answer(Localized(ar, en), {}, all_headers)


FAILED = (
    "خطأ في الخادم؛ تفاصيله في السجل تحت `X-Request-Id`.",
    "The server failed; its log has the details under `X-Request-Id`.",
)
FAILING = {
    500: page(*FAILED),
    503: Answer(
        Localized(
            "قاعدة البيانات لا تستجيب، أو الخادم مشغول بالكامل (وهذا الأخير فقط بصيغة "
            "`application/json`).",
            "The database does not answer, or the server is at capacity (this alone in "
            "`application/json`).",
        ),
        _HTML | {JSON: Body(_FULL, lambda _: refusal_examples([_FULL]))},
        ("Retry-After", *_LANGUAGE),
        _GUARDS,
    ),
}
"""The answers of every page to a failure of the server."""

page_route = partial(Route, public=True, refuse=page_refused, parameters=SHOWN)
"""A route of a page for people, which everybody may open."""

REQUEST = "client_id=crm&response_type=code"
TOKEN = {
    "token": text("رمز النموذج المخفي في صفحته.", "The hidden token of the form, from its page.")
}
POSTED = FAILING | {
    400: page("جسم الطلب ليس نموذجًا، أو تكرر فيه حقل.", "The body is no form, or repeats a field."),
    403: page(
        "لم يأتِ النموذج من صفحة عُرضت لهذا المتصفح.",
        "The form comes from no page that was shown to this browser.",
    ),
}
"""The refusals of every form."""


def form_example(ar: str, en: str, sent: Json, label: str = "form") -> Json:
    """Return the example of a form with its hidden token."""
    return {label: {"summary": Localized(ar, en), "value": {"token": "5f2d9c01…"} | sent}}
