"""The page of everything that is kept of a person, for the person: in Arabic, then in English."""

from datetime import date, datetime
from typing import Any

import msgspec
from markupsafe import Markup

from sijill.localized import Language
from sijill.pages.assets import tokens
from sijill.pages.html import TEMPLATES, rendered
from sijill.privacy import wording
from sijill.privacy.gathering import Sections
from sijill.stores.model import Store

_LANGUAGES: tuple[tuple[Language, str], ...] = (("ar", "rtl"), ("en", "ltr"))


def page(store: Store, customer_id: int, sections: Sections, now: datetime) -> str:
    """Return the page as HTML, whole: it needs no other file and no network."""
    parts = [
        {
            "language": language,
            "direction": direction,
            "title": wording.TITLE.render(language),
            "introduction": wording.INTRODUCTION.render(language),
            "facts": [
                (wording.STORE.render(language), store.name),
                (wording.PERSON.render(language), str(customer_id)),
                (wording.MADE_AT.render(language), _cell(now)),
            ],
            "sections": [_section(name, sections[name], language) for name in wording.SECTIONS],
            "nothing": wording.NOTHING.render(language),
        }
        for language, direction in _LANGUAGES
    ]
    style = (TEMPLATES / "person.css").read_text("utf-8")
    return rendered(
        "person.html",
        parts=parts,
        title=wording.TITLE.ar,
        tokens=Markup(tokens()),  # noqa: S704 - a file of ours
        style=Markup(style),  # noqa: S704 - a file of ours
    )


def _section(name: str, rows: list[dict[str, Any]], language: Language) -> dict[str, Any]:
    heading = wording.SECTIONS[name].render(language)
    told = [
        [(wording.label(column, language), _cell(value)) for column, value in row.items()]
        for row in rows
    ]
    return {"heading": heading, "rows": [[pair for pair in row if pair[1]] for row in told]}


def _cell(value: Any) -> str:
    """Return a value as a reader takes it; "" for an absent one."""
    match value:
        case None | "" | () | []:
            return ""
        case datetime():
            return value.isoformat(" ", "seconds")
        case date():
            return value.isoformat()
        case str() | int() | float():
            return str(value)
    return msgspec.json.encode(value).decode()
