"""What the description says of the answers a browser gets: pages, and being sent elsewhere."""

from sijill.errors import Unavailable
from sijill.localized import Localized
from sijill.openapi.examples import refusal_examples
from sijill.openapi.operation import HTML, JSON, Answer, Body

_HTML = {HTML: Body(str)}
_TOLD = ("Content-Language", "Cache-Control", "Vary", "X-Request-Id")
_GUARDED = (
    "Content-Security-Policy",
    "X-Content-Type-Options",
    "X-Frame-Options",
    "Referrer-Policy",
)
_FULL = Unavailable()


def page(text: Localized, *more: str, optional: tuple[str, ...] = ()) -> Answer:
    """Return an answer that is a page; `more` are the headers it has beside those of all pages."""
    return Answer(text, _HTML, (*more, *_TOLD, *_GUARDED), optional)


def away(text: Localized, *more: str) -> Answer:
    """Return an answer that sends the browser elsewhere, by GET; `more` as of `page`."""
    headers = ("Location", "Cache-Control", "Referrer-Policy", "X-Request-Id")
    return Answer(text, {}, (*more, *headers))


FORGED = page(
    Localized(
        "ليس النموذج من صفحة عُرضت لهذا المتصفح.",
        "The form is from no page that was shown to this browser.",
    )
)
NO_FORM = page(
    Localized(
        "المحتوى ليس نموذجًا، أو تكرر فيه حقل.",
        "The body is no form, or has a field twice.",
    )
)

FAILING = {
    500: page(
        Localized(
            "خطأ عندنا؛ تفاصيله في السجل تحت `X-Request-Id`.",
            "Our own fault; the log has the rest under `X-Request-Id`.",
        )
    ),
    503: Answer(
        Localized(
            "قاعدة البيانات غائبة، أو الخادم ممتلئ (وحدها بصيغة `application/json`).",
            "The database is away, or the server is full (this alone in `application/json`).",
        ),
        _HTML | {JSON: Body(_FULL, lambda _: refusal_examples([_FULL]))},
        ("Retry-After", *_TOLD),
        _GUARDED,
    ),
}
"""What every page may be answered with."""
