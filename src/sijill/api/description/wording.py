"""A sentence in Arabic and English, and how a structure that holds such sentences is spoken."""

from dataclasses import dataclass
from typing import Any

from sijill.http.languages import Language

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Text:
    """One text in both languages. Shape: CommonMark: **strong**, `code`, paragraphs."""

    ar: str
    en: str

    def then(self, *others: "Text") -> "Text":
        """Return this text with others behind it, each a paragraph of its own."""
        texts = (self, *others)
        return Text("\n\n".join(t.ar for t in texts), "\n\n".join(t.en for t in texts))


def spoken(value: Any, language: Language) -> Any:
    """Return a JSON structure with every Text in it replaced by its words in one language."""
    if isinstance(value, Text):
        return getattr(value, language)
    if isinstance(value, dict):
        return {key: spoken(inner, language) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [spoken(inner, language) for inner in value]
    return value
