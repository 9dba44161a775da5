"""The routes of the authorization endpoint: an app asks, and an owner answers."""

from typing import Any

from sijill.http.router import Handler, Route
from sijill.localized import Localized
from sijill.oauth.route_parts import (
    AUTHORIZATION,
    FAILING,
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


def authorization_routes(handlers: Any) -> tuple[Route, ...]:
    """Return the routes of the authorization endpoint; `handlers` has one for each."""
    return (_ask(handlers.ask), _answer(handlers.answer))


def _ask(handler: Handler) -> Route:
    return page_route(
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
                "لا يُعاد توجيه المتصفح إلا إلى رابط مسجّل للتطبيق، ويتلقى التطبيق فيه أي خطأ "
                "آخر: `error` (\u200f`invalid_request` أو `unsupported_response_type` أو "
                "`invalid_scope`) و `error_description` و `state`. تكرار المعامل خطأ، والمعامل "
                "الفارغ أو المجهول يُهمل.",
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
                "التطبيق مجهول، أو رابط إعادة التوجيه غير مسجل له، أو تكرر أحدهما: لا يُعاد "
                "توجيه المتصفح.",
                "The app is unknown, the redirect URI is not registered for it, or either is "
                "repeated: the browser is not redirected.",
            ),
            **FAILING,
        },
    )


def _answer(handler: Handler) -> Route:
    sent = {"request": f"{REQUEST}&state=f00dcafe", "answer": "allow", "store": "1305146709"}
    example = form_example("إذن", "An owner allows access", sent, "allowed")
    fields = {
        "request": text("طلب التطبيق كما وصل.", "The app's request, as it came."),
        "answer": text("`allow` يأذن، وغيره يرفض.", "`allow` allows access, all else denies it."),
        "store": text("رقم متجر من متاجر المالك.", "The id of one of the owner's stores."),
    }
    return page_route(
        *("POST", "/oauth2/auth", handler),
        id="answerConsent",
        tag="oauth",
        summary=Localized("قرار المالك", "The owner's answer"),
        description=Localized(
            "نموذج تلك الصفحة: يسمح المالك أو يرفض، ويعود المتصفح إلى التطبيق؛ مع السماح "
            "`code` و `scope` و `state`، ومع الرفض `error=access_denied`. و `code` صالح مرة "
            "واحدة خلال 60 ثانية، ما لم تُضبط مدة أخرى.",
            "The form of that page: the owner allows or denies access, and the browser returns to "
            "the app with `code`, `scope` and `state`, or with `error=access_denied`. A `code` "
            "works once within 60 seconds, unless a setting says otherwise.",
        ),
        body=form("Consent", example, TOKEN | fields, "store"),
        answers=POSTED
        | {
            303: redirect(
                "إلى التطبيق بالقرار، أو إلى صفحة تسجيل الدخول إن انتهت الجلسة.",
                "Back to the app with the answer, or to the login page if the session has ended.",
            ),
            400: page(
                "جسم الطلب ليس نموذجًا، أو فيه طلب إذن لا يصح من أي تطبيق.",
                "The body is no form, or holds a request that no app may send.",
            ),
        },
    )
