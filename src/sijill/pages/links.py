"""The link from a page to itself in the other language."""

from urllib.parse import quote, unquote_plus

from sijill.http.languages import Language

_VISIBLE = "".join(map(chr, range(0x21, 0x7F))).replace("#", "")
"""What stands in a query as it is; whatever else a client sent there is percent-encoded."""


def in_language(here: str, language: Language) -> str:
    """
    Return the relative address of `here` (a path and query as sent) in a language.

    It is the query alone, which every parameter but an earlier `lang` leaves as it was, byte for
    byte: a path such as `//example.com/` would lead to another site.
    """
    query = here.partition("?")[2]
    kept = [part for part in query.split("&") if not _is_language(part)] if query else []
    asked = "&".join([*kept, f"lang={language}"])
    # The bytes of a request are read as Latin-1; what is not cannot come from one.
    return "?" + quote(asked, safe=_VISIBLE, encoding="latin-1", errors="replace")


def _is_language(part: str) -> bool:
    return unquote_plus(part.partition("=")[0]) == "lang"
