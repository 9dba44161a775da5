"""
The small elements of pages: filters of templates, of which a full list needs hundreds.

In a template `one.email | latin | cell(word.email)` makes a cell of an address. Texts are escaped
here; what is HTML already (`Markup`) stays as it is. Macros would cost several times as much.
"""

import re
from collections.abc import Callable

from markupsafe import Markup, escape

from sijill.pages.visible import visible_html

_LONG = 24
"""Characters beyond which a text of machines may need a second line on a telephone."""

_COMMAND = re.compile(r"`([^`]+)`")

_JOINTS = re.compile(r"(?<=//)|(?<=[/.@,?=])(?=[^\W\d])")


def name(text: str) -> Markup:
    """Return a text that people wrote, in its own direction; no text is no element."""
    return _html(f"<bdi>{visible_html(text)}</bdi>" if text else "")


def code(text: str) -> Markup:
    """Return an id, an address or other text of machines, left to right."""
    return _html(f'<bdi dir="ltr" class="code">{_breakable(text)}</bdi>' if text else "")


def explained(text: str, told: str) -> Markup:
    """Return a text of machines after what it tells people, if that is known."""
    return _html(f"{name(told)} {code(text)}" if told else code(text))


def latin(text: str) -> Markup:
    """Return a number, a day, a phone or an e-mail, left to right, in the font of the page."""
    return _html(f'<bdi dir="ltr">{_breakable(text)}</bdi>' if text else "")


def prose(text: str) -> Markup:
    """Return a sentence of ours, in which `` `…` `` marks a command: left to right, on one line."""
    return _html(_COMMAND.sub(r'<code dir="ltr">\1</code>', str(_text(text))))


def styled(text: str, style: str) -> Markup:
    """Return a text as the element that `style` names: `name`, `code` or `latin`."""
    return ELEMENTS[style](text)


def time(moment: tuple[str, str]) -> Markup:
    """Return a moment of two texts: for people, and in the form that programs read."""
    text, iso = moment
    return _html(f'<time dir="ltr" datetime="{_text(iso)}">{_text(text)}</time>')


def badge(word: str, kind: str = "off") -> Markup:
    """Return a word with a shape before it; `kind` is ok, warn, fault, info or off."""
    return _html(f'<span class="badge {_text(kind)}">{_text(word)}</span>')


def row_link(text: str, address: str) -> Markup:
    """Return the link that makes a whole row lead somewhere."""
    return _html(f'<a class="row-link" href="{_text(address)}">{_text(text)}</a>')


def cell(value: str, heading: str = "", kind: str = "") -> Markup:
    """
    Return a cell of a row.

    Its heading stands beside the value on a telephone, unless it is "". `kind` is end for numbers,
    brief for a few words on one line, or lead-cell for the cell that names the row.
    """
    classes = f' class="{_text(kind)}"' if kind else ""
    if not heading or not value or kind == "lead-cell":
        return _html(f'<td role="cell"{classes}>{_text(value)}</td>')
    label = f' data-label="{_text(heading)}"'
    return _html(f'<td role="cell"{label}{classes}><span>{_text(value)}</span></td>')


def _breakable(text: str) -> str:
    """Return a text as HTML: a long word may be broken after its dots and slashes alone."""
    html = visible_html(text)
    if len(html) <= _LONG or " " in html or "<" in html:
        return html
    return _JOINTS.sub("<wbr>", html)


def _text(value: str) -> Markup:
    """Return a text escaped, and HTML as it is: `escape` would take its time over each."""
    return value if isinstance(value, Markup) else escape(value)


def _html(text: str) -> Markup:
    return Markup(text)  # noqa: S704 - each function above escapes what it is given


ELEMENTS: dict[str, Callable[..., Markup]] = {
    each.__name__: each
    for each in (name, code, explained, latin, prose, styled, time, badge, row_link, cell)
}
"""The elements by their names in templates."""
