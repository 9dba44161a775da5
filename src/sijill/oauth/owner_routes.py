"""The routes of signing in, signing out and setting up, and what each is in words."""

from typing import Any

from sijill.http.router import Handler, Route
from sijill.localized import Localized
from sijill.oauth.browser import page_refused
from sijill.oauth.browser_answers import FAILING, FORGED, NO_FORM, away, page
from sijill.oauth.parameters import LINK, OAUTH_REQUESTS, ONWARD
from sijill.openapi.keys import Json
from sijill.openapi.operation import FORM, Request
from sijill.openapi.parameters import SHOWN

_USED = page(
    Localized(
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


def _sent(component: str, summary: Localized, fields: Json) -> Request:
    example = {"summary": summary, "value": {"token": "5f2d9c01…", **fields}}
    return Request(component, OAUTH_REQUESTS[component], {"form": example}, media_types=(FORM,))


def owner_routes(signing: Any, first: Any) -> tuple[Route, ...]:
    """Return the routes of the owners' pages: `signing` in and out, and the `first` owner's."""
    return (
        _show_login(signing.show_login),
        _sign_in(signing.sign_in),
        _sign_out(signing.sign_out),
        _show_setup(first.show_setup),
        _set_up(first.set_up),
    )


def _show_login(handler: Handler) -> Route:
    return Route(
        *("GET", "/_/login", handler),
        public=True,
        refuse=page_refused,
        id="getLogin",
        tag="owners",
        summary=Localized("صفحة الدخول", "Login page"),
        description=Localized(
            "يدخل منها مالك المتجر؛ ومن دخل يرى فيها متاجره. والجلسة في ملف تعريف الارتباط "
            "`__Host-sijill`.",
            "Where a store's owner signs in; whoever is signed in sees their stores. The session "
            "is in the cookie `__Host-sijill`.",
        ),
        answers={
            200: page(Localized("الصفحة.", "The page."), optional=("Set-Cookie",)),
            303: away(
                Localized(
                    "دخل المالك من قبل: إلى `onward`.", "The owner is signed in: on to `onward`."
                )
            ),
            **FAILING,
        },
        parameters=(ONWARD, *SHOWN),
    )


def _sign_in(handler: Handler) -> Route:
    return Route(
        *("POST", "/_/login", handler),
        public=True,
        refuse=page_refused,
        id="signIn",
        tag="owners",
        summary=Localized("الدخول", "Sign in"),
        description=Localized(
            "نموذج صفحة الدخول. تُعدّ المحاولات قبل النظر في كلمة المرور، لكل حساب ولكل عنوان: 10 "
            "كل 15 دقيقة، ما لم يقل إعداد غير ذلك.",
            "The form of the login page. Attempts are counted before the password is looked at, "
            "for each account and each address: 10 in 15 minutes, unless a setting says otherwise.",
        ),
        answers={
            303: away(
                Localized(
                    "دخل: إلى `onward`، أو إلى صفحة الدخول.",
                    "Signed in: on to `onward`, or to the login page.",
                ),
                "Set-Cookie",
            ),
            400: NO_FORM,
            403: page(
                Localized(
                    "لا حساب بهذا البريد وكلمة المرور، أو ليس النموذج من صفحة عُرضت لهذا المتصفح.",
                    "There is no account with this e-mail and password, or the form is from no "
                    "page that was shown to this browser.",
                )
            ),
            429: page(Localized("محاولات كثيرة.", "Too many attempts."), "Retry-After"),
            **FAILING,
        },
        parameters=SHOWN,
        body=_sent("SignIn", Localized("دخول", "Signing in"), _IN),
    )


def _sign_out(handler: Handler) -> Route:
    return Route(
        *("POST", "/_/logout", handler),
        public=True,
        refuse=page_refused,
        id="signOut",
        tag="owners",
        summary=Localized("الخروج", "Sign out"),
        description=Localized(
            "تنتهي الجلسة هنا وفي الخادم.", "The session ends, here and on the server."
        ),
        answers={
            303: away(Localized("إلى صفحة الدخول.", "To the login page."), "Set-Cookie"),
            400: NO_FORM,
            403: FORGED,
            **FAILING,
        },
        parameters=SHOWN,
        body=_sent("SignOut", Localized("خروج", "Signing out"), {}),
    )


def _show_setup(handler: Handler) -> Route:
    return Route(
        *("GET", "/_/setup", handler),
        public=True,
        refuse=page_refused,
        id="getSetUp",
        tag="owners",
        summary=Localized("صفحة الإعداد الأول", "Set-up page"),
        description=Localized(
            "يصير بها حامل الرابط الصالح مرة واحدة أول مالك. يطبع الخادم الرابط ما دام بلا مالك.",
            "Where whoever holds the one-time link becomes the first owner. The server prints the "
            "link as long as there is no owner.",
        ),
        answers={
            200: page(Localized("الصفحة.", "The page."), optional=("Set-Cookie",)),
            404: _USED,
            **FAILING,
        },
        parameters=(LINK, *SHOWN),
    )


def _set_up(handler: Handler) -> Route:
    return Route(
        *("POST", "/_/setup", handler),
        public=True,
        refuse=page_refused,
        id="setUp",
        tag="owners",
        summary=Localized("الإعداد الأول", "Set up"),
        description=Localized(
            "نموذج صفحة الإعداد: أول مالك، لكل المتاجر التي في الخادم، أو لأول متجر إن لم يكن فيه "
            "متجر. ويدخل به المتصفح.",
            "The form of the set-up page: the first owner, of every store there is, or of a first "
            "one where there is none. The browser is signed in.",
        ),
        answers={
            303: away(
                Localized("صار مالكًا ودخل.", "There is an owner now, signed in."), "Set-Cookie"
            ),
            400: NO_FORM,
            403: FORGED,
            404: _USED,
            422: page(
                Localized(
                    "في النموذج حقل خاطئ: تعود الصفحة وفيها ما كُتب، إلا كلمة المرور.",
                    "A field is faulty: the page comes back with what was written, but the "
                    "password.",
                )
            ),
            **FAILING,
        },
        parameters=SHOWN,
        body=_sent("SetUp", Localized("أول مالك", "The first owner"), _FIRST),
    )
