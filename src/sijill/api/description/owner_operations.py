"""Signing in, signing out and setting up in words: the pages for owners."""

from sijill.api.description.browser_answers import FAILING, FORGED, NO_FORM, away, page
from sijill.api.description.operation import Operation, Sent
from sijill.api.description.wording import Json, Text
from sijill.http.bodies import FORM

_SPOKEN = ("lang", "accept_language", "request_id")
_USED = page(
    Text(
        "الرابط مجهول أو مستعمل أو منتهٍ، أو في الخادم مالك.",
        "The link is unknown, used or over, or there is an owner by now.",
    )
)
_IN = {
    "email": "owner@example.com",
    "password": "…",
    "onward": "/oauth2/auth?client_id=crm&response_type=code",
}
_FIRST = {"link": "sjl_su_…", "name": "Noura", "email": "owner@example.com", "password": "…"}


def _sent(schema: str, summary: Text, fields: Json) -> Sent:
    example = {"summary": summary, "value": {"token": "5f2d9c01…", **fields}}
    return Sent(schema, {"form": example}, media_types=(FORM,))


OWNER_OPERATIONS = {
    ("GET", "/_/login"): Operation(
        id="getLogin",
        tag="owners",
        summary=Text("صفحة الدخول", "Login page"),
        description=Text(
            "يدخل منها مالك المتجر؛ ومن دخل يرى فيها متاجره. والجلسة في ملف تعريف الارتباط "
            "`__Host-sijill`.",
            "Where a store's owner signs in; whoever is signed in sees their stores. The session "
            "is in the cookie `__Host-sijill`.",
        ),
        answers={
            200: page(Text("الصفحة.", "The page."), optional=("Set-Cookie",)),
            303: away(
                Text("دخل المالك من قبل: إلى `onward`.", "The owner is signed in: on to `onward`.")
            ),
            **FAILING,
        },
        parameters=("onward", *_SPOKEN),
    ),
    ("POST", "/_/login"): Operation(
        id="signIn",
        tag="owners",
        summary=Text("الدخول", "Sign in"),
        description=Text(
            "نموذج صفحة الدخول. تُعدّ المحاولات قبل النظر في كلمة المرور، لكل حساب ولكل عنوان: 10 "
            "كل 15 دقيقة، ما لم يقل إعداد غير ذلك.",
            "The form of the login page. Attempts are counted before the password is looked at, "
            "for each account and each address: 10 in 15 minutes, unless a setting says otherwise.",
        ),
        answers={
            303: away(
                Text(
                    "دخل: إلى `onward`، أو إلى صفحة الدخول.",
                    "Signed in: on to `onward`, or to the login page.",
                ),
                "Set-Cookie",
            ),
            400: NO_FORM,
            403: page(
                Text(
                    "لا حساب بهذا البريد وكلمة المرور، أو ليس النموذج من صفحة عُرضت لهذا المتصفح.",
                    "There is no account with this e-mail and password, or the form is from no "
                    "page that was shown to this browser.",
                )
            ),
            429: page(Text("محاولات كثيرة.", "Too many attempts."), "Retry-After"),
            **FAILING,
        },
        parameters=_SPOKEN,
        body=_sent("SignIn", Text("دخول", "Signing in"), _IN),
    ),
    ("POST", "/_/logout"): Operation(
        id="signOut",
        tag="owners",
        summary=Text("الخروج", "Sign out"),
        description=Text(
            "تنتهي الجلسة هنا وفي الخادم.", "The session ends, here and on the server."
        ),
        answers={
            303: away(Text("إلى صفحة الدخول.", "To the login page."), "Set-Cookie"),
            400: NO_FORM,
            403: FORGED,
            **FAILING,
        },
        parameters=_SPOKEN,
        body=_sent("SignOut", Text("خروج", "Signing out"), {}),
    ),
    ("GET", "/_/setup"): Operation(
        id="getSetUp",
        tag="owners",
        summary=Text("صفحة الإعداد الأول", "Set-up page"),
        description=Text(
            "يصير بها حامل الرابط الصالح مرة واحدة أول مالك. يطبع الخادم الرابط ما دام بلا مالك.",
            "Where whoever holds the one-time link becomes the first owner. The server prints the "
            "link as long as there is no owner.",
        ),
        answers={
            200: page(Text("الصفحة.", "The page."), optional=("Set-Cookie",)),
            404: _USED,
            **FAILING,
        },
        parameters=("link", *_SPOKEN),
    ),
    ("POST", "/_/setup"): Operation(
        id="setUp",
        tag="owners",
        summary=Text("الإعداد الأول", "Set up"),
        description=Text(
            "نموذج صفحة الإعداد: أول مالك، لكل المتاجر التي في الخادم، أو لأول متجر إن لم يكن فيه "
            "متجر. ويدخل به المتصفح.",
            "The form of the set-up page: the first owner, of every store there is, or of a first "
            "one where there is none. The browser is signed in.",
        ),
        answers={
            303: away(Text("صار مالكًا ودخل.", "There is an owner now, signed in."), "Set-Cookie"),
            400: NO_FORM,
            403: FORGED,
            404: _USED,
            422: page(
                Text(
                    "في النموذج حقل خاطئ: تعود الصفحة وفيها ما كُتب، إلا كلمة المرور.",
                    "A field is faulty: the page comes back with what was written, but the "
                    "password.",
                )
            ),
            **FAILING,
        },
        parameters=_SPOKEN,
        body=_sent("SetUp", Text("أول مالك", "The first owner"), _FIRST),
    ),
}
"""By method and path, as in the table of routes."""
