"""What the description says of the parameters of authorization and of the owners' pages."""

from sijill.api.description.wording import Json, Text


def _query(name: str, example: str, text: Text, schema: Json | None = None) -> Json:
    return {
        "name": name,
        "in": "query",
        "description": text,
        "schema": schema or {"type": "string"},
        "example": example,
    }


OAUTH_PARAMETERS: Json = {
    "client_id": _query(
        "client_id",
        "crm",
        Text(
            "معرّف التطبيق. المجهول جوابه صفحة، 400.",
            "What the app calls itself. An unknown one is answered with a page, 400.",
        ),
    )
    | {"required": True},
    "response_type": _query(
        "response_type", "code", Text("`code` وحده.", "Only `code`."), {"const": "code"}
    )
    | {"required": True},
    "redirect_uri": _query(
        "redirect_uri",
        "https://app.example.com/callback",
        Text(
            "عنوان العودة، مطابقًا حرفًا بحرف لأحد العناوين المسجلة للتطبيق؛ وفي `127.0.0.1` و "
            "`[::1]` و `localhost` قد يختلف المنفذ. يُترك إن لم يكن للتطبيق إلا عنوان واحد.",
            "Where the browser is sent back to, byte for byte one of those registered for the app; "
            "for `127.0.0.1`, `[::1]` and `localhost` the port may differ. It may be left out if "
            "the app has only one.",
        ),
    ),
    "scope": _query(
        "scope",
        "customers.read offline_access",
        Text(
            "الصلاحيات المطلوبة، بينها مسافة أو فاصلة. بلا صلاحية لمورد يُطلب كل ما للتطبيق؛ و "
            "`offline_access` يطلب رمز التجديد.",
            "The scopes asked for, separated by space or comma. Without one of a resource, all the "
            "app may have are; `offline_access` asks for a refresh token.",
        ),
    ),
    "state": _query(
        "state",
        "f00dcafe",
        Text(
            "نص من عند التطبيق يعود إليه كما هو.",
            "The app's own text, which comes back as it is.",
        ),
    ),
    "code_challenge": _query(
        "code_challenge",
        "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
        Text(
            "بصمة SHA-256 لـ `code_verifier` بترميز base64url (‏PKCE). تلزم تطبيقًا لا سر له.",
            "The SHA-256 of a `code_verifier` in base64url (PKCE). An app without a secret must "
            "send one.",
        ),
    ),
    "code_challenge_method": _query(
        "code_challenge_method",
        "S256",
        Text("`S256` وحده، مع `code_challenge`.", "Only `S256`, together with `code_challenge`."),
        {"const": "S256"},
    ),
    "onward": _query(
        "onward",
        "/oauth2/auth?client_id=crm&response_type=code",
        Text(
            "إلى أين بعد الدخول: طلب إذن في هذا الخادم؛ غيره كأنه لم يُرسل.",
            "Where to go on after signing in: a request for consent on this server; anything else "
            "is as if it were not sent.",
        ),
    ),
    "link": _query(
        "link",
        "sjl_su_…",
        Text("ما في الرابط الصالح مرة واحدة.", "What the one-time link holds."),
    ),
}
"""By name among the description's components."""
