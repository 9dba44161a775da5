"""A text in Arabic and in English, and a structure that holds such texts in one of the two."""

from dataclasses import dataclass
from typing import Any, Literal

Language = Literal["ar", "en"]


@dataclass(frozen=True, slots=True)
class Localized:
    """One text in both languages. Shape: CommonMark: **strong**, `code`, paragraphs."""

    ar: str
    en: str

    def render(self, language: Language) -> str:
        """Return the text in one language."""
        return self.ar if language == "ar" else self.en

    def then(self, *others: "Localized") -> "Localized":
        """Return this text with others behind it, each a paragraph of its own."""
        texts = (self, *others)
        return Localized("\n\n".join(t.ar for t in texts), "\n\n".join(t.en for t in texts))


def render(value: Any, language: Language) -> Any:
    """Return a JSON structure with every Localized in it replaced by its text in one language."""
    if isinstance(value, Localized):
        return value.render(language)
    if isinstance(value, dict):
        return {key: render(inner, language) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [render(inner, language) for inner in value]
    return value
