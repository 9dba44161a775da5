"""The pages of sign-in, consent and set-up."""

from typing import Any

from sijill.localized import Language
from sijill.oauth.scopes import permissions
from sijill.oauth.wording import words
from sijill.pages import page as pages
from sijill.pages.html import SELF, language_query, source
from sijill.pages.page import RenderedPage
from sijill.values.urls import origin_of

LOGIN, LOGOUT = "/_/login", "/_/logout"
"""The paths of the form to sign in, and of the form to sign out."""


def page(
    template: str, language: Language, here: str, *, form_action: str = SELF, **values: Any
) -> RenderedPage:
    """Return a page of sign-in, consent or set-up, with its words; see `pages.page.page`."""
    values |= {"login": LOGIN, "logout": f"{LOGOUT}{language_query(here)}"}
    return pages.page(template, language, here, words(language), form_action=form_action, **values)


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
