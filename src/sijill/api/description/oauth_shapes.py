"""The shapes of OAuth: what a client sends for tokens, what it gets, and the forms of the pages."""

from sijill.api.description.schemas import shape
from sijill.api.description.wording import Json, Text

GRANT_TYPES = ("authorization_code", "refresh_token")


def _text(ar: str, en: str) -> Json:
    return {"type": "string", "description": Text(ar, en)}


OAUTH_SCHEMAS: Json = {
    "TokenPair": shape(
        {
            "access_token": _text("رمز الوصول.", "The access token."),
            "expires": {
                "type": "integer",
                "description": Text(
                    "نهاية رمز الوصول، بثواني UTC منذ 1970.",
                    "When the access token ends: UTC epoch seconds.",
                ),
            },
            "expires_in": {
                "type": "integer",
                "minimum": 1,
                "description": Text("ثواني عمره.", "The seconds it lives."),
            },
            "refresh_token": _text(
                "رمز التجديد، يُستعمل مرة واحدة؛ لا يأتي إلا إن أُذن بـ `offline_access`.",
                "The refresh token, good for one use; only there if `offline_access` was granted.",
            ),
            "scope": _text(
                "صلاحيات رمز الوصول، بينها مسافة.", "The access token's scopes, separated by space."
            ),
            "token_type": {"const": "bearer", "description": Text("نوعه.", "Its type.")},
        },
        "refresh_token",
        description=Text("رمزا الوصول والتجديد.", "An access token and a refresh token."),
    ),
    "OAuthError": shape(
        {
            "error": _text("رمز الخطأ، للبرامج.", "What went wrong, for programs."),
            "error_description": _text("جملة للمطوّر.", "A sentence for the developer."),
        },
        description=Text(
            "خطأ بصيغة OAuth، لا بصيغة سلة: بلا `status` ولا `success`.",
            "An error as OAuth has it, not as Salla does: no `status`, no `success`.",
        ),
    ),
}
"""Every named answer of OAuth. Shape: name to JSON Schema 2020-12, descriptions as Text."""

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
        "description": Text("ما يُقدَّم: رمز إذن أو رمز تجديد.", "What is shown for the tokens."),
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
"""Every named form of OAuth. Shape: as OAUTH_SCHEMAS."""
