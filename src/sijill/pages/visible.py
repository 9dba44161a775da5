"""
Texts of others as pages show them: each character that nobody would see becomes a symbol.

U+2069 ends the isolation of a `bdi`, and U+202E turns what follows it around, so neither may reach
a page as it is. Joiners stay: Arabic, Persian and emoji are written with them.
Source: Unicode Standard Annex 9 §2, Unicode Standard Annex 44 (categories Cc, Cf, Zl, Zp).
"""

import re

from markupsafe import Markup, escape

_PICTURES, _DELETE = 0x2400, "␡"
"""Where the pictures of control characters begin, and that of U+007F."""

_HIDDEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\ufffb\U000e0000-\U000e007f]"
)


def visible(text: str) -> Markup:
    """Return a text as HTML in which each character that would not be seen is a symbol."""
    return Markup(visible_html(text))  # noqa: S704 - escaped there


def visible_html(text: str) -> str:
    """Return the same as text, for what puts HTML together."""
    return _HIDDEN.sub(_marked, escape(text))


def visible_lines(text: str) -> Markup:
    """Return the same of a text of several lines, whose line ends and tabs stay."""
    lines = re.split(r"([\n\t])", text)
    return Markup("").join(part if part in ("\n", "\t") else visible(part) for part in lines)


def plain(text: str) -> str:
    """Return the same without HTML, for a title or an attribute."""
    return _HIDDEN.sub(_symbol, text)


def _symbol(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code < 0x20:
        return chr(_PICTURES + code)
    return _DELETE if code == 0x7F else f"U+{code:04X}"


def _marked(match: re.Match[str]) -> str:
    return f'<span class="control" dir="ltr">{_symbol(match)}</span>'
