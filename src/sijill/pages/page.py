"""A page: a template and its values become HTML, and the policy that it is served with."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from sijill.http.request import HTML, Headers, Request, Response, chosen_language
from sijill.localized import Language
from sijill.pages.html import SELF, files_policy, in_language, rendered
from sijill.pages.look import Theme

OTHER: dict[Language, Language] = {"ar": "en", "en": "ar"}
DIRECTIONS: dict[Language, str] = {"ar": "rtl", "en": "ltr"}


class RenderedPage(NamedTuple):
    """A page: its HTML in UTF-8, and its Content-Security-Policy."""

    body: bytes
    policy: str


def page(
    template: str,
    language: Language,
    here: str,
    word: Mapping[str, str],
    *,
    form_action: str = SELF,
    theme: Theme = "auto",
    **values: Any,
) -> RenderedPage:
    """
    Return a template filled in with `values`; the template says which values it needs.

    `here` is the address of the page, to which its links lead back; `word` holds the words of the
    page in `language`. `form_action` are the sources of the policy that its forms may lead to.
    Raises: jinja2.UndefinedError for a missing value.
    """
    other = OTHER[language]
    html = rendered(
        template,
        language=language,
        direction=DIRECTIONS[language],
        other=other,
        other_direction=DIRECTIONS[other],
        other_link=in_language(here, other),
        here=here,
        word=word,
        theme=theme,
        **values,
    )
    return RenderedPage(html.encode(), files_policy(form_action))


def page_response(
    request: Request,
    page: RenderedPage,
    status: int = 200,
    *more: tuple[bytes, bytes],
    vary: bytes = b"Accept-Language, Cookie",
) -> Response:
    """Return a page as an answer that no cache stores and no other page frames."""
    headers: Headers = [
        (b"content-type", HTML),
        (b"content-language", chosen_language(request).encode("ascii")),
        (b"content-security-policy", page.policy.encode("ascii")),
        (b"cache-control", b"no-store"),
        (b"vary", vary),
        (b"x-content-type-options", b"nosniff"),
        (b"x-frame-options", b"DENY"),
        (b"referrer-policy", b"same-origin"),
        *more,
    ]
    return Response(status, page.body, headers)
