"""The inputs of OAuth and of the owners' pages: parameters of a query, fields of a form."""

from sijill.localized import Localized
from sijill.openapi.keys import Json, shape
from sijill.openapi.parameters import TEXT, in_query

CLIENT_ID = in_query(
    "client_id",
    TEXT,
    Localized(
        "معرّف التطبيق. المجهول جوابه صفحة، 400.",
        "What the app calls itself. An unknown one is answered with a page, 400.",
    ),
    "crm",
    required=True,
)
RESPONSE_TYPE = in_query(
    "response_type",
    {"const": "code"},
    Localized("`code` وحده.", "Only `code`."),
    "code",
    required=True,
)
REDIRECT_URI = in_query(
    "redirect_uri",
    TEXT,
    Localized(
        "عنوان العودة، مطابقًا حرفًا بحرف لأحد العناوين المسجلة للتطبيق؛ وفي `127.0.0.1` و "
        "`[::1]` و `localhost` قد يختلف المنفذ. يُترك إن لم يكن للتطبيق إلا عنوان واحد.",
        "Where the browser is sent back to, byte for byte one of those registered for the app; "
        "for `127.0.0.1`, `[::1]` and `localhost` the port may differ. It may be left out if "
        "the app has only one.",
    ),
    "https://app.example.com/callback",
)
SCOPE = in_query(
    "scope",
    TEXT,
    Localized(
        "الصلاحيات المطلوبة، بينها مسافة أو فاصلة. بلا صلاحية لمورد يُطلب كل ما للتطبيق؛ و "
        "`offline_access` يطلب رمز التجديد.",
        "The scopes asked for, separated by space or comma. Without one of a resource, all the "
        "app may have are; `offline_access` asks for a refresh token.",
    ),
    "customers.read offline_access",
)
STATE = in_query(
    "state",
    TEXT,
    Localized(
        "نص من عند التطبيق يعود إليه كما هو.",
        "The app's own text, which comes back as it is.",
    ),
    "f00dcafe",
)
CODE_CHALLENGE = in_query(
    "code_challenge",
    TEXT,
    Localized(
        "بصمة SHA-256 لـ `code_verifier` بترميز base64url (‏PKCE). تلزم تطبيقًا لا سر له.",
        "The SHA-256 of a `code_verifier` in base64url (PKCE). An app without a secret must "
        "send one.",
    ),
    "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
)
CODE_CHALLENGE_METHOD = in_query(
    "code_challenge_method",
    {"const": "S256"},
    Localized("`S256` وحده، مع `code_challenge`.", "Only `S256`, together with `code_challenge`."),
    "S256",
)
ONWARD = in_query(
    "onward",
    TEXT,
    Localized(
        "إلى أين بعد الدخول: طلب إذن في هذا الخادم؛ غيره كأنه لم يُرسل.",
        "Where to go on after signing in: a request for consent on this server; anything else "
        "is as if it were not sent.",
    ),
    "/oauth2/auth?client_id=crm&response_type=code",
)
LINK = in_query(
    "link",
    TEXT,
    Localized("ما في الرابط الصالح مرة واحدة.", "What the one-time link holds."),
    "sjl_su_…",
)

AUTHORIZATION = (
    *(CLIENT_ID, RESPONSE_TYPE, REDIRECT_URI, SCOPE, STATE),
    *(CODE_CHALLENGE, CODE_CHALLENGE_METHOD),
)
"""What a request for consent may hold."""


GRANT_TYPES = ("authorization_code", "refresh_token")


def _text(ar: str, en: str) -> Json:
    return {"type": "string", "description": Localized(ar, en)}


_TOKEN = _text(
    "رمز النموذج المخفي، من الصفحة التي عُرضت.", "The form's hidden token, from the page shown."
)
_ONWARD = _text(
    "إلى أين بعد ذلك: طلب إذن في هذا الخادم، وغيره لا يُقبل.",
    "Where to go on: a request for consent on this server; anything else does not count.",
)
_EMAIL = _text("البريد الإلكتروني.", "The e-mail.")
_PASSWORD = _text("كلمة المرور.", "The password.")
_CONSENT = {
    "token": _TOKEN,
    "request": _text("طلب التطبيق كما وصل.", "The app's request, as it came."),
    "answer": _text("`allow` يأذن، وغيره يرفض.", "`allow` agrees; anything else does not."),
    "store": _text("رقم متجر من متاجر المالك.", "The id of a store of the owner's."),
}
_SIGN_IN = {"token": _TOKEN, "onward": _ONWARD, "email": _EMAIL, "password": _PASSWORD}
_SET_UP = {
    "token": _TOKEN,
    "link": _text("الرابط الصالح مرة واحدة.", "What the one-time link holds."),
    "name": _text("اسم المالك.", "The owner's name."),
    "email": _EMAIL,
    "password": _PASSWORD,
    "store": _text(
        "اسم المتجر الأول، إن لم يكن في الخادم متجر.",
        "The name of the first store, where the server has none.",
    ),
}
_TOKEN_REQUEST: Json = {
    "grant_type": {
        "enum": [*GRANT_TYPES],
        "description": Localized("ما يُقدَّم: رمز إذن أو رمز تجديد.", "What is shown for the tokens."),
    },
    "client_id": _text("معرّف التطبيق.", "What the app calls itself."),
    "client_secret": _text("سر التطبيق، إن كان له سر.", "The app's secret, if it has one."),
    "code": _text("رمز الإذن، مع `authorization_code`.", "The code, with `authorization_code`."),
    "redirect_uri": _text(
        "عنوان العودة كما ورد في طلب الإذن، إن ورد فيه.",
        "The redirect URI as the authorization request had it, if it did.",
    ),
    "code_verifier": _text(
        "أصل `code_challenge`، إن ورد في طلب الإذن.",
        "What `code_challenge` was made of, if the authorization request had one.",
    ),
    "refresh_token": _text(
        "رمز التجديد، مع `refresh_token`.", "The refresh token, with `refresh_token`."
    ),
    "scope": _text(
        "صلاحيات أقل لرمز الوصول الجديد، مع `refresh_token` وحده.",
        "Fewer scopes for the new access token, with `refresh_token` alone.",
    ),
}

OAUTH_REQUESTS: Json = {
    "TokenRequest": shape(
        _TOKEN_REQUEST, *(name for name in _TOKEN_REQUEST if name != "grant_type")
    ),
    "Consent": shape(_CONSENT, "store"),
    "SignIn": shape(_SIGN_IN, "onward"),
    "SignOut": shape({"token": _TOKEN, "onward": _ONWARD}, "onward"),
    "SetUp": shape(_SET_UP, "store"),
}
"""Every form, by its name. Shape: name to JSON Schema 2020-12, descriptions as Localized."""
