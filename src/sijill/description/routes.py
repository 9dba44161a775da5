"""The routes of the description itself."""

from sijill.description.handlers import DescriptionHandlers
from sijill.http.router import Route
from sijill.localized import Localized
from sijill.openapi.operation import HTML, JSON, Answer, Body
from sijill.openapi.parameters import ACCEPT_LANGUAGE, LANG

_HEADERS = ("Cache-Control", "Vary", "Content-Encoding", "X-Content-Type-Options", "X-Request-Id")
"""The headers of both."""


def description_routes(handlers: DescriptionHandlers) -> tuple[Route, ...]:
    """Return the routes of the description, for programs and for people."""
    return (
        Route(
            *("GET", "/_/openapi.json", handlers.document),
            public=True,
            id="getDescription",
            tag="description",
            summary=Localized("وصف OpenAPI", "OpenAPI description"),
            description=Localized(
                "وصف الواجهة بصيغة تقرؤها البرامج.", "The description of the API, for programs."
            ),
            answers={
                200: Answer(
                    Localized("وثيقة OpenAPI 3.1.", "An OpenAPI 3.1 document."),
                    {JSON: Body({"type": "object"})},
                    _HEADERS,
                )
            },
            cached=True,
        ),
        Route(
            *("GET", "/_/docs", handlers.docs),
            public=True,
            id="getDocs",
            tag="description",
            summary=Localized("صفحة التوثيق", "Documentation page"),
            description=Localized(
                "هذه الصفحة، بالعربية أو الإنجليزية.",
                "This page, in Arabic or English.",
            ),
            parameters=(LANG, ACCEPT_LANGUAGE),
            answers={
                200: Answer(
                    Localized("صفحة كاملة في ملف واحد.", "The page, complete in one file."),
                    {HTML: Body(str)},
                    (*_HEADERS, "Content-Language", "Content-Security-Policy", "Referrer-Policy"),
                )
            },
            cached=True,
        ),
    )
