"""The routes of the pages for owners: consent, signing in and out, the first owner."""

from functools import partial
from typing import Any

from sijill.http.router import Handler, Route
from sijill.localized import Localized
from sijill.oauth.browser import page_refused
from sijill.oauth.route_parts import (
    AUTHORIZATION,
    ENTRY_LINK,
    FAILING,
    LINK,
    LINK_TEXT,
    ONWARD,
    ONWARD_TEXT,
    form,
    page,
    redirect,
    text,
)
from sijill.openapi.keys import Json
from sijill.openapi.parameters import SHOWN

_page = partial(Route, public=True, refuse=page_refused, parameters=SHOWN)

_REQUEST = "client_id=crm&response_type=code"
_TOKEN = {
    "token": text("رمز النموذج المخفي في صفحته.", "The hidden token of the form, from its page.")
}
_ONWARD = {"onward": text(*ONWARD_TEXT)}
_ACCOUNT = {
    "email": text("البريد الإلكتروني.", "The e-mail."),
    "password": text("كلمة المرور.", "The password."),
}
_NOURA = {"email": "owner@example.com", "password": "…"}
_POSTED = FAILING | {
    400: page("المحتوى ليس نموذجًا، أو تكرر فيه حقل.", "The body is no form, or repeats a field."),
    403: page(
        "لم يأتِ النموذج من صفحة عُرضت لهذا المتصفح.",
        "The form comes from no page that was shown to this browser.",
    ),
}
"""The refusals of every form."""

_SHOWN = page("الصفحة.", "The page.", optional=("Set-Cookie",))
_USED = page(
    "الرابط مجهول أو مستعمل أو منتهٍ أو ملغى، أو صار في الخادم مالك.",
    "The link is unknown, used, expired or withdrawn, or an owner exists by now.",
)


def _example(ar: str, en: str, sent: Json, label: str = "form") -> Json:
    return {label: {"summary": Localized(ar, en), "value": {"token": "5f2d9c01…"} | sent}}


def authorization_routes(handlers: Any) -> tuple[Route, ...]:
    """Return the routes of the authorization endpoint; `handlers` has one for each."""
    return (_ask(handlers.ask), _answer(handlers.answer))


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


def _ask(handler: Handler) -> Route:
    return _page(
        *("GET", "/oauth2/auth", handler),
        id="authorize",
        tag="oauth",
        summary=Localized("طلب الإذن", "Ask for consent"),
        description=Localized(
            "يوجّه التطبيق متصفح المالك إلى هنا، فتسأله الصفحة هل يسمح للتطبيق بالوصول إلى "
            "أحد متاجره. وإن لم يكن مسجّلًا دخوله سجّله أولًا ثم عاد إلى هذه الصفحة.",
            "An app sends the owner's browser here, and the page asks whether the app may "
            "access one of the owner's stores. An owner who is not signed in signs in "
            "first, and then returns here.",
        ).then(
            Localized(
                "لا يُعاد توجيه المتصفح إلا إلى عنوان مسجّل للتطبيق، ويتلقى التطبيق فيه أي "
                "خطأ آخر: `error` (‏`invalid_request` أو `unsupported_response_type` أو "
                "`invalid_scope`) و `error_description` و `state`. تكرار المعامل خطأ، "
                "والمعامل الفارغ أو المجهول يُهمل.",
                "The browser is redirected only to a URL that is registered for the app. "
                "Other errors reach the app there, as `error` (`invalid_request`, "
                "`unsupported_response_type` or `invalid_scope`), `error_description` and "
                "`state`. A repeated parameter is an error; an empty or unknown one is "
                "ignored.",
            )
        ),
        parameters=(*AUTHORIZATION, *SHOWN),
        answers={
            200: page("صفحة تطلب إذن المالك.", "The page that asks the owner for consent."),
            303: redirect(
                "إلى صفحة تسجيل الدخول، أو إلى التطبيق بخطأ.",
                "To the login page, or back to the app with an error.",
            ),
            400: page(
                "التطبيق مجهول، أو عنوان العودة غير مسجل له، أو تكرر أحدهما: لا يُعاد توجيه "
                "المتصفح.",
                "The app is unknown, the redirect URI is not registered for it, or either is "
                "repeated: the browser is not redirected.",
            ),
            **FAILING,
        },
    )


def _answer(handler: Handler) -> Route:
    sent = {"request": f"{_REQUEST}&state=f00dcafe", "answer": "allow", "store": "1305146709"}
    example = _example("إذن", "An owner allows access", sent, "allowed")
    fields = {
        "request": text("طلب التطبيق كما وصل.", "The app's request, as it came."),
        "answer": text("`allow` يأذن، وغيره يرفض.", "`allow` allows access, all else denies it."),
        "store": text("رقم متجر من متاجر المالك.", "The id of one of the owner's stores."),
    }
    return _page(
        *("POST", "/oauth2/auth", handler),
        id="answerConsent",
        tag="oauth",
        summary=Localized("جواب المالك", "The owner's answer"),
        description=Localized(
            "نموذج تلك الصفحة: يسمح المالك أو يرفض، ويعود المتصفح إلى التطبيق؛ مع السماح "
            "`code` و `scope` و `state`، ومع الرفض `error=access_denied`. و `code` صالح مرة "
            "واحدة خلال 60 ثانية، ما لم تُضبط مدة أخرى.",
            "The form of that page: the owner allows or denies access, and the browser returns to "
            "the app with `code`, `scope` and `state`, or with `error=access_denied`. A `code` "
            "works once within 60 seconds, unless a setting says otherwise.",
        ),
        body=form("Consent", example, _TOKEN | fields, "store"),
        answers=_POSTED
        | {
            303: redirect(
                "إلى التطبيق بالجواب، أو إلى صفحة تسجيل الدخول إن انتهت الجلسة.",
                "Back to the app with the answer, or to the login page if the session has ended.",
            ),
            400: page(
                "المحتوى ليس نموذجًا، أو فيه طلب لا يصح من أي تطبيق.",
                "The body is no form, or holds a request that no app may send.",
            ),
        },
    )


def _show_login(handler: Handler) -> Route:
    return _page(
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
    sent = _NOURA | {"onward": f"/oauth2/auth?{_REQUEST}"}
    example = _example("تسجيل الدخول", "Signing in", sent)
    return _page(
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
        body=form("SignIn", example, _TOKEN | _ONWARD | _ACCOUNT, "onward"),
        answers=_POSTED
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
    example = _example("تسجيل الخروج", "Signing out", {})
    return _page(
        *("POST", "/_/logout", handler),
        id="signOut",
        tag="owners",
        summary=Localized("تسجيل الخروج", "Sign out"),
        description=Localized(
            "تنتهي الجلسة في المتصفح وفي الخادم.",
            "The session ends, in the browser and on the server.",
        ),
        body=form("SignOut", example, _TOKEN | _ONWARD, "onward"),
        answers=_POSTED
        | {303: redirect("إلى صفحة تسجيل الدخول.", "To the login page.", "Set-Cookie")},
    )


def _show_setup(handler: Handler) -> Route:
    return _page(
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
    example = _example("أول مالك", "The first owner", sent)
    fields = {
        "link": text(*LINK_TEXT),
        "name": text("اسم المالك.", "The owner's name."),
        **_ACCOUNT,
        "store": text(
            "اسم المتجر الأول، إن لم يكن في الخادم متجر.",
            "The name of the first store, on a server without a store.",
        ),
    }
    return _page(
        *("POST", "/_/setup", handler),
        id="setUp",
        tag="owners",
        summary=Localized("الإعداد الأول", "Set up"),
        description=Localized(
            "نموذج صفحة الإعداد: ينشئ أول مالك ويسجّل دخوله في هذا المتصفح. يملك كل متاجر "
            "الخادم، أو أول متجر يُنشأ معه إن لم يكن في الخادم متجر. ومن دُعي إلى متجر يرسل كلمة "
            "المرور والرابط وحدهما.",
            "The form of the set-up page: it creates the first owner and signs them in. "
            "They own every store on the server or, if there is no store, a new first "
            "store. A person who was invited to a store sends the link and the password alone.",
        ),
        body=form("SetUp", example, _TOKEN | fields, "name", "email", "store"),
        answers=_POSTED
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
    return _page(
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
            404: page("الرابط مجهول أو مستعمل.", "The link is unknown or used."),
            **FAILING,
        },
    )
