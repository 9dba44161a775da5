"""The language and the theme that a person chose, kept in a cookie of the browser."""

from typing import Literal, NamedTuple, TypeVar, get_args

from sijill.http.cookies import Header, cookie, set_cookie
from sijill.http.query import parse_query
from sijill.http.request import Request
from sijill.localized import Language

T = TypeVar("T", bound=str)

LOOK = "__Host-sijill-look"
"""The cookie. It says nothing of the person: `ar-dark`."""

LIFE = 365 * 86_400
"""Seconds for which the choice is kept."""

Theme = Literal["auto", "light", "dark"]
THEMES: tuple[Theme, ...] = get_args(Theme)
LANGUAGES: tuple[Language, ...] = get_args(Language)


class Look(NamedTuple):
    """A language, or None for that of the browser; and a theme, `auto` for that of the system."""

    language: Language | None = None
    theme: Theme = "auto"


def look_of(request: Request) -> Look:
    """Return the kept choice; a cookie with any other value counts as no choice."""
    language, _, theme = (cookie(request, LOOK) or "").partition("-")
    return Look(_one(language, LANGUAGES), _one(theme, THEMES) or "auto")


def keep_look(request: Request, look: Look) -> Header:
    """Return the header that keeps a choice."""
    return set_cookie(request, LOOK, f"{look.language or ''}-{look.theme}", LIFE)


def keep_language(request: Request) -> tuple[Header, ...]:
    """Return the header that keeps the language that `?lang=` chose, or none if it chose none."""
    before = look_of(request)
    after = chosen_look(before, dict(parse_query(request.query)).get("lang", ""), "")
    return () if after == before else (keep_look(request, after),)


def chosen_look(before: Look, language: str, theme: str) -> Look:
    """Return the choice of a form, where a field that names no choice changes nothing."""
    return Look(_one(language, LANGUAGES) or before.language, _one(theme, THEMES) or before.theme)


def _one(text: str, known: tuple[T, ...]) -> T | None:
    return next((one for one in known if one == text), None)
