"""HTML for people: templates, the policy of a page, and its link to the other language."""

from base64 import b64encode
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote_plus

from sijill.localized import Language
from sijill.pages.assets import address

if TYPE_CHECKING:
    from jinja2 import Environment

NOWHERE, SELF = "'none'", "'self'"
"""The sources of a policy that the forms of a page may lead to."""

TEMPLATES = Path(__file__).parent / "templates"
"""The templates of every page."""

_VISIBLE = "".join(map(chr, range(0x21, 0x7F))).replace("#", "")
"""The characters that a query holds as they are; `in_language` percent-encodes all others."""


def rendered(template: str, *folders: Path, **values: Any) -> str:
    """
    Return a template filled in: each value is escaped, and a missing one is an error.

    The first of `folders` that has it gives the template; those of every page are found last.
    """
    return _environment(folders).get_template(template).render(values)


def files_policy(form_action: str = SELF, *, scripted: bool = False) -> str:
    """
    Return a Content-Security-Policy for a page whose style, script and fonts are files of ours.

    A page that is `scripted` turns text into HTML through one named policy alone.
    Source: CSP Level 3; Trusted Types.
    """
    more = _SCRIPTED if scripted else ""
    return (
        f"default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; {more}"
        f"base-uri 'none'; form-action {form_action}; frame-ancestors 'none'"
    )


_SCRIPTED = (
    "script-src 'self'; connect-src 'self'; require-trusted-types-for 'script'; "
    "trusted-types sijill; "
)


def policy(style: str, form_action: str = NOWHERE, script: str = "") -> str:
    """
    Return a Content-Security-Policy that allows this one style, this one script and no request.

    With an empty `script` no script may run.
    """
    allowed = f"script-src {_digest(script)}; " if script else ""
    return (
        f"default-src 'none'; style-src {_digest(style)}; {allowed}"
        f"base-uri 'none'; form-action {form_action}; frame-ancestors 'none'"
    )


def _digest(text: str) -> str:
    """Return the source of a policy that allows one inline text."""
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode('ascii')}'"


def source(origin: str) -> str:
    """
    Return the name of an origin in a policy.

    The grammar of a policy has no IPv6 address: the scheme stands for such an origin, because
    browsers would refuse the address. Source: CSP Level 3 §2.3.1, `host-source`.
    """
    scheme, _, authority = origin.partition("://")
    return f"{scheme}:" if authority.startswith("[") else origin


def in_language(target: str, language: Language) -> str:
    """
    Return the relative address of `target` (a path and query as sent) in a language.

    The address is the query alone: a path such as `//example.com/` would lead to another site.
    Every parameter but an earlier `lang` stays as it was, byte for byte.
    """
    text = "&".join([*_others(target), f"lang={language}"])
    # A request is read as Latin-1: a character beyond it cannot come from a request.
    return "?" + quote(text, safe=_VISIBLE, encoding="latin-1", errors="replace")


def language_query(target: str) -> str:
    """Return the query `?lang=…` of a path and query that chooses a language, else nothing."""
    parts = target.partition("?")[2].split("&")
    return next((f"?{part}" for part in parts if part in ("lang=ar", "lang=en")), "")


def without_language(target: str) -> str:
    """Return a path and query without the parameter `lang`; the rest stays, byte for byte."""
    path, others = target.partition("?")[0], _others(target)
    return f"{path}?{'&'.join(others)}" if others else path


def _others(target: str) -> list[str]:
    query = target.partition("?")[2]
    return [part for part in query.split("&") if not _is_language(part)] if query else []


def _is_language(part: str) -> bool:
    return unquote_plus(part.partition("=")[0]) == "lang"


@cache
def _environment(folders: tuple[Path, ...]) -> "Environment":
    # Imported here: a server without owners shows no page.
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    from sijill.pages.elements import ELEMENTS
    from sijill.pages.visible import plain, visible, visible_lines

    environment = Environment(
        autoescape=True,
        loader=FileSystemLoader([*folders, TEMPLATES]),
        undefined=StrictUndefined,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["asset"] = address
    environment.filters |= {"visible": visible, "visible_lines": visible_lines, "plain": plain}
    environment.filters |= {"number": "{:,}".format} | ELEMENTS
    return environment
