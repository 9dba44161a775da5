"""
The description as a page, from the OpenAPI document.

Everything on the page but its headings and labels comes from the document.
"""

import re
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup, escape
from msgspec import json

from sijill.description import shown
from sijill.description.document import More, document
from sijill.description.labels import LABELS
from sijill.http.router import Router
from sijill.localized import Language, render
from sijill.openapi.keys import PRESENT, Json
from sijill.openapi.operation import FORM, MULTIPART
from sijill.pages.assets import tokens
from sijill.pages.html import policy

_TEMPLATES = Path(__file__).parent / "templates"
_CODE, _STRONG = re.compile(r"`([^`]+)`"), re.compile(r"\*\*([^*]+)\*\*")
_TRY = """\
export SALLA_URL={base}/admin/v2
export SALLA_TOKEN=…
curl -H "Authorization: Bearer $SALLA_TOKEN" $SALLA_URL/customers/{customer}
curl -H "Authorization: Bearer $SALLA_TOKEN" "$SALLA_URL/customers?per_page=5"
curl -gH "Authorization: Bearer $SALLA_TOKEN" "$SALLA_URL/customers/{customer}?fields[]=is_blocked"
"""
_DIRECTIONS = {"ar": "rtl", "en": "ltr"}


@lru_cache(maxsize=2)
def page(
    router: Router, base: str, sample: int, language: Language, more: More | None = None
) -> tuple[bytes, str]:
    """
    Return the page in one language, and its Content-Security-Policy.

    `base` is the server's address, `sample` the id of a customer for the examples.
    """
    style, script = (
        (_TEMPLATES / name).read_text(encoding="utf-8") for name in ("docs.css", "docs.js")
    )
    style = tokens() + style
    described = document(router, base, language, more)
    html = (
        _environment()
        .get_template("docs.html")
        .render(
            language=language,
            direction=_DIRECTIONS[language],
            label=render(LABELS, language),
            style=Markup(style),  # noqa: S704 - our own file, and a style element is not escaped in HTML
            script=Markup(script),  # noqa: S704 - our own file, and a script is not escaped in HTML
            about=described["info"],
            lines=_TRY.format(base=base, customer=sample),
            schemes=described["components"]["securitySchemes"],
            groups=shown.groups(described),
            common=shown.common(described),
            parameters=shown.shared_parameters(described),
            answers=shown.shared_answers(described),
            headers=shown.shared_headers(described),
            schemas=sorted(described["components"]["schemas"].items()),
        )
    )
    return html.encode(), policy(style, script=script)


def prose(text: str) -> Markup:
    """Return text as HTML: paragraphs, **strong**, and `code`, left to right even in Arabic."""
    html = _STRONG.sub(r"<strong>\1</strong>", str(escape(text)))
    html = _CODE.sub(r'<code dir="ltr">\1</code>', html)
    return Markup(html.replace("\n\n", "</p><p>"))  # noqa: S704 - escaped two lines above


def code(text: str) -> Markup:
    """Return the text of an element; quotes stay as they are, for half of JSON is quotes."""
    return Markup(text.replace("&", "&amp;").replace("<", "&lt;"))  # noqa: S704 - escaped here


def example(value: Any, media_type: str) -> str:
    """Return a body as it is sent: the fields of a form, the file of an upload, a text, or JSON."""
    if media_type == FORM:
        return "\n".join(f"{name}={field}" for name, field in value.items())
    if media_type == MULTIPART:
        return "\n".join(value.values())
    return value if isinstance(value, str) else pretty(value)


def pretty(value: Any) -> str:
    """Return a value as indented JSON."""
    return json.format(json.encode(value), indent=2).decode()


def error_code(body: Json) -> str:
    """Return the code in the body of an error, Salla's or OAuth's, as JSON."""
    error = body["error"]
    return pretty(error if isinstance(error, str) else error["code"])


def object_name(schema: Json) -> str | None:
    """Return the name of the schema that a schema refers to, or None."""
    target = schema.get("$ref")
    return target.rpartition("/")[2] if isinstance(target, str) else None


def rows(schema: Json, before: str = "") -> list[Json]:
    """
    Return a row for each key of an object, and of its unnamed inner objects.

    `status` and `success` are left out beside `data`: the description of the API explains them.
    """
    found = []
    properties = schema.get("properties", {})
    for name, inner in properties.items():
        if "data" in properties and name in ("status", "success"):
            continue
        path = f"{before}{name}"
        found.append({"key": path, "schema": inner, "present": inner.get(PRESENT)})
        found += rows(inner, f"{path}.") + rows(inner.get("items", {}), f"{path}[].")
    return found


def types(schema: Json) -> list[tuple[str, str | None]]:
    """Return the types of a value: the text of each, and the object to link to."""
    name = object_name(schema)
    if name is not None:
        return [(name, name)]
    if "anyOf" in schema:
        return [kind for inner in schema["anyOf"] for kind in types(inner)]
    if "const" in schema:
        return [(pretty(schema["const"]), None)]
    if "enum" in schema:
        return [(pretty(value), None) for value in schema["enum"]]
    if schema.get("type") == "array":
        inner = types(schema.get("items", {}))
        return [(f"{text}[]", link) for text, link in inner] or [("[]", None)]
    kinds = schema.get("type", "any")
    return [(kind, None) for kind in ([kinds] if isinstance(kinds, str) else kinds)]


def _environment() -> Environment:
    environment = Environment(
        autoescape=True, loader=FileSystemLoader(_TEMPLATES), trim_blocks=True, lstrip_blocks=True
    )
    for read in (prose, code, example, error_code, rows, types):
        environment.filters[read.__name__] = read
    return environment
