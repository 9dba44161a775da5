"""The routes of signing in and out, of the first owner, and of links to sign in."""

from typing import Any

from sijill.http.router import Handler, Route
from sijill.localized import Localized
from sijill.oauth.route_parts import (
    ENTRY_LINK,
    FAILING,
    LINK,
    LINK_TEXT,
    ONWARD,
    ONWARD_TEXT,
    POSTED,
    REQUEST,
    TOKEN,
    form,
    form_example,
    page,
    page_route,
    redirect,
    text,
)
from sijill.openapi.parameters import SHOWN

_ONWARD = {"onward": text(*ONWARD_TEXT)}
_ACCOUNT = {
    "email": text("البريد الإلكتروني.", "The e-mail."),
    "password": text("كلمة المرور.", "The password."),
}
_NOURA = {"email": "owner@example.com", "password": "…"}

_SHOWN = page("الصفحة.", "The page.", optional=("Set-Cookie",))
_USED = page(
    "الرابط مجهول أو مستخدَم أو منتهٍ أو ملغى، أو أصبح للخادم مالك.",
    "The link is unknown, used, expired or withdrawn, or an owner exists by now.",
)


def people_routes(sessions: Any, setup: Any, entry: Any) -> tuple[Route, ...]:
    """Return the routes of signing in and out, of the first owner, and of links to sign in."""
    return (
        _show_login(sessions.show_login),
        _sign_in(sessions.sign_in),
        _sign_out(sessions.sign_out),
        _show_setup(setup.show_setup),
        _set_up(setup.set_up),
        _enter(entry.enter),
    )


def _show_login(handler: Handler) -> Route:
    return page_route(
        *("GET", "/_/login", handler),
        id="getLogin",
        tag="owners",
        summary=Localized("صفحة تسجيل الدخول", "Login page"),
        description=Localized(
            "يسجّل مالك المتجر دخوله هنا، وبعد تسجيله يرى متاجره. وتُحفظ الجلسة في ملف "
            "تعريف الارتباط `__Host-sijill`، أو `sijill` عبر HTTP على هذا الجهاز نفسه.",
            "An owner signs in here, and then sees their stores. The session is in the "
            "cookie `__Host-sijill`, or `sijill` over HTTP on this machine itself.",
        ),
        parameters=(ONWARD, *SHOWN),
        answers={
            200: _SHOWN,
            303: redirect(
                "سجّل المالك الدخول من قبل: إلى `onward`.", "The owner is signed in: to `onward`."
            ),
            **FAILING,
        },
    )


def _sign_in(handler: Handler) -> Route:
    sent = _NOURA | {"onward": f"/oauth2/auth?{REQUEST}"}
    example = form_example("تسجيل الدخول", "Signing in", sent)
    return page_route(
        *("POST", "/_/login", handler),
        id="signIn",
        tag="owners",
        summary=Localized("تسجيل الدخول", "Sign in"),
        description=Localized(
            "نموذج صفحة تسجيل الدخول. عدد المحاولات الفاشلة محدود: 10 كل 15 دقيقة لكل "
            "عنوان، وعشرة أمثالها لكل حساب، ما لم يُضبط حد آخر.",
            "The form of the login page. Attempts that fail are limited: 10 in 15 minutes for each "
            "address, ten times as many for each account, unless a setting says otherwise.",
        ),
        body=form("SignIn", example, TOKEN | _ONWARD | _ACCOUNT, "onward"),
        answers=POSTED
        | {
            303: redirect(
                "نجح الدخول: إلى `onward`، أو إلى صفحة تسجيل الدخول.",
                "Signed in: to `onward`, or to the login page.",
                "Set-Cookie",
            ),
            403: page(
                "لا حساب بهذا البريد وكلمة المرور، أو لم يأتِ النموذج من صفحة عُرضت لهذا المتصفح.",
                "No account has this e-mail and password, or the form comes from no page that was "
                "shown to this browser.",
            ),
            429: page("محاولات كثيرة.", "Too many attempts.", "Retry-After"),
        },
    )


def _sign_out(handler: Handler) -> Route:
    example = form_example("تسجيل الخروج", "Signing out", {})
    return page_route(
        *("POST", "/_/logout", handler),
        id="signOut",
        tag="owners",
        summary=Localized("تسجيل الخروج", "Sign out"),
        description=Localized(
            "تنتهي الجلسة في المتصفح وفي الخادم.",
            "The session ends, in the browser and on the server.",
        ),
        body=form("SignOut", example, TOKEN | _ONWARD, "onward"),
        answers=POSTED
        | {303: redirect("إلى صفحة تسجيل الدخول.", "To the login page.", "Set-Cookie")},
    )


def _show_setup(handler: Handler) -> Route:
    return page_route(
        *("GET", "/_/setup", handler),
        id="getSetUp",
        tag="owners",
        summary=Localized("صفحة الإعداد الأول", "Set-up page"),
        description=Localized(
            "يصبح فاتح رابط الإعداد أول مالك، وفاتح رابط الدعوة من أصحاب حسابات المتجر. يطبع "
            "الخادم رابط الإعداد كلما بدأ ولا مالك فيه، ويُنشئ المالك رابط الدعوة في لوحة "
            "التحكم. والرابط صالح مرة واحدة.",
            "The person with the set-up link becomes the first owner here, and the person with "
            "the link of an invitation gets an account of the store. The server prints the former "
            "when it starts without an owner; an owner makes the latter in the console. A link "
            "works once.",
        ),
        parameters=(LINK, *SHOWN),
        answers={200: _SHOWN, 404: _USED, **FAILING},
    )


def _set_up(handler: Handler) -> Route:
    sent = {"link": "sjl_su_…", "name": "Noura"} | _NOURA
    example = form_example("أول مالك", "The first owner", sent)
    fields = {
        "link": text(*LINK_TEXT),
        "name": text("اسم المالك.", "The owner's name."),
        **_ACCOUNT,
        "store": text(
            "اسم المتجر الأول، إن لم يكن في الخادم متجر.",
            "The name of the first store, on a server without a store.",
        ),
    }
    return page_route(
        *("POST", "/_/setup", handler),
        id="setUp",
        tag="owners",
        summary=Localized("الإعداد الأول", "Set up"),
        description=Localized(
            "نموذج صفحة الإعداد: ينشئ أول مالك ويسجّل دخوله في هذا المتصفح. يملك كل متاجر "
            "الخادم، أو أول متجر يُنشأ معه إن لم يكن في الخادم متجر. ومن دُعي إلى متجر يرسل كلمة "
            "المرور والرابط فقط.",
            "The form of the set-up page: it creates the first owner and signs them in. "
            "They own every store on the server or, if there is no store, a new first "
            "store. A person who was invited to a store sends the link and the password alone.",
        ),
        body=form("SetUp", example, TOKEN | fields, "name", "email", "store"),
        answers=POSTED
        | {
            303: redirect(
                "أُنشئ المالك وسُجّل دخوله.", "The owner exists and is signed in.", "Set-Cookie"
            ),
            404: _USED,
            422: page(
                "في النموذج حقل خاطئ: تعود الصفحة وفيها ما كُتب، إلا كلمة المرور.",
                "A field is faulty: the page shows the form again, without the password.",
            ),
        },
    )


def _enter(handler: Handler) -> Route:
    return page_route(
        *("GET", "/_/enter", handler),
        id="enter",
        tag="owners",
        summary=Localized("الدخول برابط", "Sign in by a link"),
        description=Localized(
            "يفتح الرابط الذي تطبعه البيئة التجريبية عند بدئها لوحة التحكم مرة واحدة، "
            "بلا كلمة مرور.",
            "The link that a sandbox prints when it starts opens the console once, without a "
            "password.",
        ),
        parameters=(ENTRY_LINK, *SHOWN),
        answers={
            303: redirect("إلى لوحة التحكم.", "To the console."),
            404: page("الرابط مجهول أو مستخدَم.", "The link is unknown or used."),
            **FAILING,
        },
    )
