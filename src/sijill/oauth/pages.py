"""The pages: values in, HTML and the policy it is served with out; nothing is read or kept."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sijill.http.sentences import Language
from sijill.oauth.apps import App
from sijill.oauth.owners import Owner
from sijill.oauth.passwords import MIN_LENGTH
from sijill.oauth.problems import PROBLEMS
from sijill.oauth.wording import permissions, words
from sijill.pages.html import NOWHERE, SELF, in_language, policy, rendered, source, style
from sijill.stores.model import Store
from sijill.values.urls import origin_of

_OTHER: dict[Language, Language] = {"ar": "en", "en": "ar"}
_DIRECTIONS: dict[Language, str] = {"ar": "rtl", "en": "ltr"}

LOGIN, LOGOUT = "/_/login", "/_/logout"
"""Where the link to sign in leads, and where the form that signs out goes."""

_SETUP_FIELDS = ("name", "email", "password", "store")


class Page(NamedTuple):
    """A page: its HTML in UTF-8, and its Content-Security-Policy."""

    body: bytes
    policy: str


def login(
    language: Language,
    *,
    here: str,
    action: str,
    token: str,
    onward: str,
    email: str = "",
    fault: str | None = None,
    client: str | None = None,
) -> Page:
    """
    Return the form to sign in: `token`, `onward`, `email` and `password` go to `action`.

    `fault` is None, `wrong` (which does not say what is) or `too_many`; `client` is the name of the
    app that waits for an answer.
    """
    told = words(language)[f"login_{fault}"] if fault else None
    return _page(
        "login.html",
        language,
        here,
        SELF,
        action=action,
        token=token,
        onward=onward,
        email=email,
        fault=told,
        wrong=fault == "wrong",
        client=client,
    )


def consent(
    language: Language,
    *,
    here: str,
    action: str,
    token: str,
    request: str,
    app: App,
    scopes: frozenset[str],
    owner: Owner,
    stores: Sequence[Store],
    redirect_uri: str,
) -> Page:
    """
    Return the question to an owner: `token`, `request` (as it came), `store` and `answer` (`allow`
    or `deny`) go to `action`, and from there the browser to the origin of `redirect_uri`.

    Without a store there is nothing to allow, and only `deny` is offered. `redirect_uri` is one
    that is registered: it ends up in the policy. Raises: KeyError for a scope nobody knows.
    """
    onward = origin_of(redirect_uri)
    return _page(
        "consent.html",
        language,
        here,
        # Chromium holds a form to its policy through the redirect that answers it.
        f"{SELF} {source(onward)}",
        action=action,
        token=token,
        request=request,
        app=app,
        permissions=permissions(scopes, language),
        owner=owner,
        stores=stores,
        onward=onward,
    )


def setup(
    language: Language,
    *,
    here: str,
    action: str,
    token: str,
    link: str,
    asks_store: bool,
    values: Mapping[str, str],
    faults: Mapping[str, str],
) -> Page:
    """
    Return the form of the first owner: `token`, `link`, `name`, `email`, `password`, and `store` if
    it is asked for, go to `action`.

    `values` are what was written, but for the password; `faults` say of a field what is wrong with
    it: `required`, `email`, `short`, `long`, `characters` or `taken`.
    """
    return _page(
        "setup.html",
        language,
        here,
        SELF,
        action=action,
        token=token,
        link=link,
        asks_store=asks_store,
        values={field: values.get(field, "") for field in _SETUP_FIELDS},
        faults={field: words(language)[f"fault_{fault}"] for field, fault in faults.items()},
        first_fault=next((field for field in _SETUP_FIELDS if field in faults), None),
        min_length=MIN_LENGTH,
    )


def ready(
    language: Language, *, here: str, owner: Owner, stores: Sequence[Store], token: str
) -> Page:
    """Return what who is signed in sees: their stores, what comes next, and the way out."""
    return _page("ready.html", language, here, SELF, owner=owner, stores=stores, token=token)


def problem(language: Language, *, here: str, kind: str) -> Page:
    """Return what happened and what to do; `kind` is one of `problems.PROBLEMS`."""
    told = PROBLEMS[kind]
    return _page(
        "problem.html",
        language,
        here,
        NOWHERE,
        heading=told.heading.render(language),
        happened=told.happened.render(language),
        remedy=told.remedy.render(language),
        login=LOGIN if told.signs_in else None,
    )


def _page(template: str, language: Language, here: str, form_action: str, **values: Any) -> Page:
    html = rendered(
        template,
        language=language,
        direction=_DIRECTIONS[language],
        other=_OTHER[language],
        other_direction=_DIRECTIONS[_OTHER[language]],
        other_link=in_language(here, _OTHER[language]),
        here=here,
        logout=LOGOUT,
        word=words(language),
        **values,
    )
    return Page(html.encode(), policy(style(), form_action))
