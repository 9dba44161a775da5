"""The page at the root of the server, for people who open its address in a browser."""

from collections.abc import Callable, Mapping
from functools import cache

from sijill import __version__
from sijill.description.labels import LABELS
from sijill.errors import NotFound
from sijill.http.preference import prefers_html
from sijill.http.request import Request, Response, chosen_language
from sijill.http.router import Route
from sijill.localized import Language, Localized
from sijill.openapi.operation import HTML, Answer, Body
from sijill.openapi.parameters import ACCEPT_LANGUAGE, LANG
from sijill.pages.html import NOWHERE
from sijill.pages.look import look_of
from sijill.pages.page import page, page_response

WORDS: Mapping[str, Localized] = {
    "brand": Localized("سجل", "Sijill"),
    "other_language": Localized("English", "العربية"),
    "heading": Localized("الخادم يعمل", "The server is running"),
    "lead": Localized(
        "هذا خادم سجل: سجل عملاء متوافق مع واجهة العملاء في سلة.",
        "This is a Sijill server: a customer register compatible with Salla's Customers API.",
    ),
    "base_url": Localized("عنوان الواجهة لتطبيقك", "Base URL for your app"),
    "first_request": Localized("أول طلب", "First request"),
    "more": Localized("روابط مفيدة", "Where to go next"),
    "console": Localized("لوحة التحكم", "Console, for the store's people"),
    "docs": Localized("توثيق الواجهة", "API documentation"),
    "openapi": Localized("وصف OpenAPI للبرامج", "OpenAPI description, for programs"),
    "health": Localized("حالة الخادم", "Health of the server"),
    "login": Localized("تسجيل دخول المالك", "Sign in as an owner"),
    "version": Localized("الإصدار", "Version"),
    "independent": LABELS["independent"],
    "folder": Localized("مجلد البيانات", "Data folder"),
    "token": Localized("رمز الوصول ينتهي بـ", "The access token ends in"),
}
"""The words of the page."""

Facts = Mapping[str, str]
"""The facts that only a sandbox on this machine shows: `folder`, and `token` (its last digits)."""


@cache
def _words(language: Language) -> dict[str, str]:
    return {name: text.render(language) for name, text in WORDS.items()}


class FrontPage:
    """Answers browsers at the root."""

    def __init__(self, public_url: Callable[[], str], facts: Facts) -> None:
        self._public_url, self._facts = public_url, facts

    async def show(self, request: Request) -> Response:
        """
        Answer with the page.

        Raises: NotFound unless `Accept` prefers HTML: for programs the address is unknown.
        """
        if not prefers_html(request.header(b"accept") or ""):
            raise NotFound
        look = look_of(request)
        request.kept_language = look.language
        shown = page(
            "front.html",
            chosen_language(request),
            "/",
            _words(chosen_language(request)),
            form_action=NOWHERE,
            theme=look.theme,
            base=self._public_url(),
            facts=list(self._facts.items()),
            version=__version__,
        )
        return page_response(request, shown, vary=b"Accept, Accept-Language")


def front_routes(front: FrontPage) -> tuple[Route, ...]:
    """Return the routes of the page: the root, and the prefix of our own paths."""
    return tuple(
        Route(
            *("GET", path, front.show),
            public=True,
            for_people=True,
            id=operation,
            tag="description",
            summary=summary,
            description=Localized(
                "صفحة للمتصفح: العنوان الأساسي لتطبيقك وروابط التوثيق. ويُرد على البرامج بالحالة "
                "404.",
                "A page for browsers: the base URL for your app, and links to the documentation. "
                "Programs get a 404.",
            ),
            parameters=(LANG, ACCEPT_LANGUAGE),
            answers={
                200: Answer(
                    Localized("صفحة كاملة في ملف واحد.", "The page, complete in one file."),
                    {HTML: Body(str)},
                    (
                        *("Cache-Control", "Vary", "Content-Language", "X-Request-Id"),
                        *("Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy"),
                        "X-Frame-Options",
                    ),
                )
            },
            faults=(NotFound,),
        )
        for path, operation, summary in (
            ("/", "getFrontPage", Localized("صفحة البداية", "Front page")),
            (
                *("/_/", "getFrontPageOfPrefix"),
                Localized("صفحة البداية، عنوان ثانٍ", "Front page, second address"),
            ),
        )
    )
