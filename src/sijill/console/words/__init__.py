"""The words of the console in Arabic and English, by their keys; each part has its own."""

from functools import cache

from sijill.console.words import (
    apps,
    audit,
    common,
    customers,
    groups,
    health,
    imports,
    limits,
    mirror,
    overview,
    people,
    webhooks,
)
from sijill.localized import Language, Localized

PARTS = tuple(
    part.WORDS
    for part in (
        *(apps, audit, common, customers, groups, health, imports, limits, mirror),
        *(overview, people, webhooks),
    )
)

WORDS: dict[str, Localized] = {key: text for part in PARTS for key, text in part.items()}
"""Key to text. Templates name keys; a missing key stops the page."""


@cache
def words(language: Language) -> dict[str, str]:
    """Return every word in one language."""
    return {key: text.render(language) for key, text in WORDS.items()}
