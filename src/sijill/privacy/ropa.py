"""
The records of processing activities, as sections of rows, and as Markdown.

Source: the Implementing Regulation of the Saudi Personal Data Protection Law, article 33.
"""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import NamedTuple

from sijill.localized import Language
from sijill.oauth.apps import App
from sijill.privacy import ropa_words as words
from sijill.privacy.inventory import ERASERS, INVENTORY
from sijill.stores.model import Store

Row = dict[str, str]
Sections = dict[str, list[Row]]
"""The rows of each section of `ropa_words.HEADINGS`, by the names of `ropa_words.COLUMNS`."""

NOT_PERSONAL = "nothing"
"""The eraser of columns without personal data."""


class Kept(NamedTuple):
    """A class of data, by its name in `retention`, and how long it is kept."""

    name: str
    lifetime: timedelta


def records(
    stores: Iterable[Store], apps: Iterable[App], kept: Iterable[Kept], language: Language
) -> Sections:
    """Return the records in a language."""
    blank = words.BLANK.render(language)
    return {
        "controller": [
            {"store": store.name, "contact": blank, "officer": blank} for store in stores
        ],
        "activities": [_activity(one, language) for one in words.ACTIVITIES],
        "recipients": [
            {"app": app.name, "scopes": " ".join(sorted(app.scopes)), "abroad": blank}
            for app in apps
        ],
        "retention": [
            *({"class": _class(one, language), "kept": _time(one, language)} for one in kept),
            {"class": words.REST.render(language), "kept": ""},
        ],
        "measures": [{"measure": one.render(language)} for one in words.MEASURES],
    }


def _activity(activity: words.Activity, language: Language) -> Row:
    places = [place for place in INVENTORY if place.table in activity.tables]
    personal = [place for place in places if place.eraser != NOT_PERSONAL]
    data = [f"{place.table} ({', '.join(place.columns)})" for place in personal]
    erased = dict.fromkeys(ERASERS[place.eraser].render(language) for place in personal)
    return {
        "activity": activity.name.render(language),
        "purpose": activity.purpose.render(language),
        "basis": words.BLANK.render(language),
        "data": "; ".join(data),
        "erasure": " ".join(erased),
    }


def _class(kept: Kept, language: Language) -> str:
    return words.CLASSES[kept.name] if language == "ar" else kept.name


def _time(kept: Kept, language: Language) -> str:
    """Return a time in hours, or in days from two days on."""
    hours = int(kept.lifetime.total_seconds()) // 3600
    number, unit = (hours, "hours") if hours < 48 else (hours // 24, "days")
    if not number:
        return words.NO_LONGER.render(language)
    return _in_arabic(number, words.COUNTED[unit]) if language == "ar" else f"{number} {unit}"


def _in_arabic(number: int, noun: words.Counted) -> str:
    """Return a number with its noun: the noun alone for one and two, plural up to ten."""
    if number <= 2:
        return noun.one if number == 1 else noun.two
    return f"{number} {noun.few if number <= 10 else noun.many}"


def markdown(sections: Sections, language: Language) -> str:
    """Return the records as a page of Markdown: a table for each section."""
    parts = [f"# {words.TITLE.render(language)}\n", f"{words.INTRODUCTION.render(language)}\n"]
    for name, heading in words.HEADINGS.items():
        parts.append(f"## {heading.render(language)}\n")
        parts.append(_table(sections[name], language))
    return "\n".join(parts)


def _table(rows: Sequence[Row], language: Language) -> str:
    if not rows:
        return f"{words.BLANK.render(language)}\n"
    names = [words.COLUMNS[name].render(language) for name in rows[0]]
    lines = [names, ["---"] * len(names), *([*row.values()] for row in rows)]
    return "".join(f"| {' | '.join(map(_escaped, line))} |\n" for line in lines)


def _escaped(cell: str) -> str:
    """Return a cell that ends neither the cell nor the line, and holds no HTML."""
    flat = " ".join(cell.split())
    for letter, written in (("\\", "\\\\"), ("|", "\\|"), ("<", "&lt;")):
        flat = flat.replace(letter, written)
    return flat
