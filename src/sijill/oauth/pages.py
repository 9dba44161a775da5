"""The pages: a template and its values become HTML, and the policy that it is served with."""

from typing import Any, NamedTuple

from sijill.http.sentences import Language
from sijill.oauth.scopes import permissions
from sijill.oauth.wording import words
from sijill.pages.html import SELF, in_language, policy, rendered, source, style
from sijill.values.urls import origin_of

_OTHER: dict[Language, Language] = {"ar": "en", "en": "ar"}
_DIRECTIONS: dict[Language, str] = {"ar": "rtl", "en": "ltr"}

LOGIN, LOGOUT = "/_/login", "/_/logout"
"""The paths of the form to sign in, and of the form to sign out."""


class RenderedPage(NamedTuple):
    """A page: its HTML in UTF-8, and its Content-Security-Policy."""

    body: bytes
    policy: str


def page(
    template: str, language: Language, here: str, *, form_action: str = SELF, **values: Any
) -> RenderedPage:
    """
    Return a template filled in with `values`; the template says which values it needs.

    `here` is the address of the page, to which its links and forms lead back. `form_action` are
    the sources of the policy that the page's forms may lead to.
    Raises: jinja2.UndefinedError for a missing value.
    """
    other = _OTHER[language]
    html = rendered(
        template,
        language=language,
        direction=_DIRECTIONS[language],
        other=other,
        other_direction=_DIRECTIONS[other],
        other_link=in_language(here, other),
        here=here,
        login=LOGIN,
        logout=LOGOUT,
        word=words(language),
        **values,
    )
    return RenderedPage(html.encode(), policy(style(), form_action))


def consent(
    language: Language, here: str, *, scopes: frozenset[str], redirect_uri: str, **values: Any
) -> RenderedPage:
    """
    Return the page that asks an owner for consent; see `consent.html` for its other `values`.

    `redirect_uri` is a registered one, because its origin becomes a part of the policy.
    Raises: KeyError for an unknown scope.
    """
    origin = origin_of(redirect_uri)
    # Chromium applies the policy of a form to the redirect that answers it, too.
    action = f"{SELF} {source(origin)}"
    values |= {"permissions": permissions(scopes, language), "origin": origin}
    return page("consent.html", language, here, form_action=action, **values)
