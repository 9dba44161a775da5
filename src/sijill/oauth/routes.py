"""The routes of authorization, and what each is in words."""

from typing import Any

from sijill.http.router import Handler, Route
from sijill.localized import Localized
from sijill.oauth.browser import page_refused
from sijill.oauth.browser_answers import FAILING, FORGED, away, page
from sijill.oauth.parameters import AUTHORIZATION, OAUTH_REQUESTS
from sijill.openapi.operation import FORM, Request
from sijill.openapi.parameters import SHOWN

_AGREED = {
    "allowed": {
        "summary": Localized("إذن", "An owner agrees"),
        "value": {
            "token": "5f2d9c01…",
            "request": "client_id=crm&response_type=code&state=f00dcafe",
            "answer": "allow",
            "store": "1305146709",
        },
    }
}


def authorization_routes(handlers: Any) -> tuple[Route, ...]:
    """Return the routes on which an owner is asked; `handlers` has one for each."""
    return (_ask(handlers.ask), _answer(handlers.answer))


def _ask(handler: Handler) -> Route:
    return Route(
        *("GET", "/oauth2/auth", handler),
        public=True,
        refuse=page_refused,
        id="authorize",
        tag="oauth",
        summary=Localized("طلب الإذن", "Ask for consent"),
        description=Localized(
            "يوجّه التطبيق متصفح المالك إلى هنا، فيُسأل: أيأذن للتطبيق في متجر من متاجره؟ ومن لم "
            "يدخل يُرسل إلى صفحة الدخول أولًا ثم يعود.",
            "An app sends an owner's browser here, and the owner is asked whether the app may act "
            "in one of their stores. Whoever is not signed in does so first, and is led back.",
        ).then(
            Localized(
                "لا يُرسل المتصفح إلا إلى عنوان مسجل للتطبيق. وما عدا ذلك من خطأ يعود إلى التطبيق "
                "في عنوانه: `error` (‏`invalid_request` أو `unsupported_response_type` أو "
                "`invalid_scope`) و `error_description` و `state`. والمعامل المكرر خطأ، والفارغ "
                "كأنه لم يُرسل، والمجهول يُهمل.",
                "The browser is sent to none but an address that is registered for the app. "
                "Whatever else is wrong is told to the app there: `error` (`invalid_request`, "
                "`unsupported_response_type` or `invalid_scope`), `error_description` and "
                "`state`. A parameter that stands there twice is wrong, an empty one is as if it "
                "were not sent, an unknown one is ignored.",
            )
        ),
        answers={
            200: page(Localized("صفحة يُسأل فيها المالك.", "The page on which the owner is asked.")),
            303: away(
                Localized(
                    "إلى صفحة الدخول، أو إلى التطبيق بخطأ.",
                    "To the login page, or back to the app with an error.",
                )
            ),
            400: page(
                Localized(
                    "التطبيق مجهول، أو عنوان العودة ليس له، أو تكرر أحدهما: لا يُرسل المتصفح إلى "
                    "أي مكان.",
                    "The app is unknown, the redirect URI is not its own, or either stands there "
                    "twice: the browser is sent nowhere.",
                )
            ),
            **FAILING,
        },
        parameters=(*AUTHORIZATION, *SHOWN),
    )


def _answer(handler: Handler) -> Route:
    return Route(
        *("POST", "/oauth2/auth", handler),
        public=True,
        refuse=page_refused,
        id="answerConsent",
        tag="oauth",
        summary=Localized("جواب المالك", "The owner's answer"),
        description=Localized(
            "نموذج الصفحة: يأذن المالك أو يرفض، ويعود المتصفح إلى التطبيق. مع الإذن `code` و "
            "`scope` و `state`، ومع الرفض `error=access_denied`. والرمز `code` صالح 60 ثانية ومرة "
            "واحدة، ما لم يقل إعداد غير ذلك.",
            "The form of that page: the owner agrees or not, and the browser is sent back to the "
            "app, with `code`, `scope` and `state`, or with `error=access_denied`. A `code` is "
            "good for 60 seconds, unless a setting says otherwise, and once.",
        ),
        answers={
            303: away(
                Localized(
                    "إلى التطبيق بالجواب، أو إلى صفحة الدخول إن انتهت الجلسة.",
                    "Back to the app with the answer, or to the login page if the session is over.",
                )
            ),
            400: page(
                Localized(
                    "المحتوى ليس نموذجًا، أو فيه طلب لا يصح من أي تطبيق.",
                    "The body is no form, or no app may send the request in it.",
                )
            ),
            403: FORGED,
            **FAILING,
        },
        parameters=SHOWN,
        body=Request("Consent", OAUTH_REQUESTS["Consent"], _AGREED, media_types=(FORM,)),
    )
