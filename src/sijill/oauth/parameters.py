"""The parameters of authorization and of the owners' pages."""

from sijill.localized import Localized
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
