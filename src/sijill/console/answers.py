"""Answers of the console: a page, a redirect after a form, and the page of a fault."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from sijill.console.navigation import links
from sijill.console.words import words
from sijill.errors import Fault
from sijill.http.cookies import Header, cookie, set_cookie
from sijill.http.request import Request, Response, chosen_language
from sijill.localized import Language
from sijill.oauth.browser import lead, page_refused, path_and_query
from sijill.oauth.pages import LOGIN, LOGOUT
from sijill.oauth.session_handlers import CONSOLE, login_at, onward_of
from sijill.oauth.visits import NoStore, NotSignedIn, Visit
from sijill.pages.html import SELF, files_policy, in_language, rendered
from sijill.pages.page import DIRECTIONS, OTHER, RenderedPage, page_response

FOLDER = Path(__file__).parent / "templates"

TOLD = "__Host-sijill-told"
"""The cookie of what the next page tells: the key of a word, and numbers for its places."""

_TOLD = re.compile(r"((?:done|refused)_[a-z_]{1,60})((?:\.[0-9]{1,19})*)", re.ASCII)
_SOON = 60
"""Seconds after which it is too late to tell."""


class Part(NamedTuple):
    """The templates and the words of pages that a face adds to the console."""

    folders: tuple[Path, ...] = ()
    words: Callable[[Language], Mapping[str, str]] = lambda language: {}


OWN = Part()
"""The pages of the console itself."""


def show(
    visit: Visit,
    template: str,
    current: str,
    *more: Header,
    status: int = 200,
    part: Part = OWN,
    **values: Any,
) -> Response:
    """
    Return a page of the console.

    `current` is the word of its entry in the navigation; the template says which values it needs.
    """
    request = visit.request
    language = chosen_language(request)
    word, here = {**words(language), **part.words(language)}, path_and_query(request)
    told = told_by(request, word)
    html = rendered(
        template,
        *part.folders,
        FOLDER,
        visit=visit,
        language=language,
        direction=DIRECTIONS[language],
        other=OTHER[language],
        other_direction=DIRECTIONS[OTHER[language]],
        other_link=in_language(here, OTHER[language]),
        here=here,
        word=word,
        links=links(visit, word),
        current=current,
        told=None if told is None else word[told[0]].format(*told[1]),
        told_kind="ok" if told is not None and told[0].startswith("done_") else "warn",
        login=LOGIN,
        logout=LOGOUT,
        console=CONSOLE,
        **values,
    )
    page = RenderedPage(html.encode(), files_policy(SELF, scripted=True))
    forget = () if told is None else (set_cookie(request, TOLD, ""),)
    return page_response(request, page, status, *forget, *more)


def go(visit: Visit, path: str, told: str = "", *numbers: int) -> Response:
    """
    Return the answer to a form: a redirect to a page of the store.

    That page tells the word `told`, with numbers in its places `{}`: `done_…` for what was carried
    out, `refused_…` for what was not.
    """
    if not told:
        return lead(visit.request, visit.at(path))
    value = ".".join((told, *map(str, numbers)))
    return lead(visit.request, visit.at(path), set_cookie(visit.request, TOLD, value, _SOON))


def told_by(request: Request, word: Mapping[str, str]) -> tuple[str, list[str]] | None:
    """
    Return the word that the last form left to tell, and the numbers for its places, or None.

    `word` has the words of the page that tells it.
    """
    match = _TOLD.fullmatch(cookie(request, TOLD) or "")
    if match is None or match[1] not in word:
        return None
    numbers = [f"{int(number):,}" for number in match[2].split(".")[1:]]
    return (match[1], numbers) if word[match[1]].count("{}") == len(numbers) else None


def back(visit: Visit, wanted: str) -> str:
    """Return the path and query of a page of this store, or its first page for any other text."""
    parts = urlsplit(wanted)
    home = visit.at()
    is_ours = onward_of(wanted) and (parts.path == home or parts.path.startswith(f"{home}/"))
    return wanted if is_ours else home


def refused_page(request: Request, fault: Fault) -> Response:
    """Return the page of a fault; a person who is not signed in signs in, and then returns."""
    if isinstance(fault, NotSignedIn):
        here = path_and_query(request) if request.method in ("GET", "HEAD") else CONSOLE
        return lead(request, login_at(onward_of(here)))
    if isinstance(fault, NoStore):
        return lead(request, LOGIN)
    return page_refused(request, fault)
