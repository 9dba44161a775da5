"""
The description as a page: the template's variables, from the OpenAPI document.

Everything on the page but its headings and labels comes from the document.
"""

import re
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup, escape
from msgspec import json

from sijill.description.document import document
from sijill.description.labels import LABELS
from sijill.http.router import Router
from sijill.localized import Language, render
from sijill.openapi.keys import PRESENT, Json
from sijill.pages.html import policy

_TEMPLATES = Path(__file__).parent / "templates"
_CODE, _STRONG = re.compile(r"`([^`]+)`"), re.compile(r"\*\*([^*]+)\*\*")
_DIRECTIONS = {"ar": "rtl", "en": "ltr"}


@lru_cache(maxsize=2)
def page(router: Router, base: str, sample: int, language: Language) -> tuple[bytes, str]:
    """
    Return the page in one language, and its Content-Security-Policy.

    `base` is the server's address, `sample` the id of a customer for the examples.
    """
    style = (_TEMPLATES / "docs.css").read_text(encoding="utf-8")
    shown = document(router, base, language)
    html = (
        _environment()
        .get_template("docs.html")
        .render(
            language=language,
            direction=_DIRECTIONS[language],
            label=render(LABELS, language),
            style=Markup(style),  # noqa: S704 - our own file, and a style element is not escaped in HTML
            about=shown["info"],
            base=base,
            customer=sample,
            schemes=shown["components"]["securitySchemes"],
            tags=shown["tags"],
            operations=operations(shown),
        )
    )
    return html.encode(), policy(style)


def prose(text: str) -> Markup:
    """Return text as HTML: paragraphs, **strong**, and `code`, left to right even in Arabic."""
    html = _STRONG.sub(r"<strong>\1</strong>", str(escape(text)))
    html = _CODE.sub(r'<code dir="ltr">\1</code>', html)
    return Markup(html.replace("\n\n", "</p><p>"))  # noqa: S704 - escaped two lines above


def pretty(value: Any) -> str:
    """Return a value as indented JSON."""
    return json.format(json.encode(value), indent=2).decode()


def form(fields: Json) -> str:
    """Return the fields of a form, one a line."""
    return "\n".join(f"{name}={value}" for name, value in fields.items())


def error_code(body: Json) -> str:
    """Return the code in the body of an error, Salla's or OAuth's, as JSON."""
    error = body["error"]
    return pretty(error if isinstance(error, str) else error["code"])


def operations(described: Json) -> list[Json]:
    """
    Return the page's variables for each operation; a GET includes its HEAD.

    The first operation that uses an object explains it, in `objects`.
    """
    met: set[str] = set()
    return [
        _operation(path, method, item, described, met)
        for path, item in described["paths"].items()
        for method, operation in item.items()
        if method not in ("servers", "head")
    ]


def _operation(path: str, method: str, item: Json, described: Json, met: set[str]) -> Json:
    operation: Json = item[method]
    answers = {code: _found(answer, described) for code, answer in operation["responses"].items()}
    servers: list[Json] = item["servers"] if "servers" in item else described["servers"]
    sent = operation.get("requestBody", {}).get("content", {})
    sent_schemas = [body["schema"] for body in sent.values()]
    bodies = [body for answer in answers.values() for body in answer.get("content", {}).values()]
    success, *_ = answers
    return operation | {
        "success": success,
        "sent": sent,
        "method": method.upper(),
        "path": path,
        "head": method == "get" and "head" in item,
        "addresses": [server["url"] + path for server in servers],
        "scopes": [need["bearer"] for need in operation["security"] if need.get("bearer")],
        "parameters": [_found(parameter, described) for parameter in operation["parameters"]],
        "sent_objects": _objects(sent_schemas, described, met),
        "objects": _objects([body["schema"] for body in bodies], described, met),
        "answers": answers,
        "headers": _headers(answers, described),
    }


def _objects(schemas: list[Json], described: Json, met: set[str]) -> list[tuple[str, Json]]:
    """Return the named schemas within `schemas` that the page has not explained yet."""
    return [
        (name, described["components"]["schemas"][name]) for name in _unmet(schemas, described, met)
    ]


def _found(value: Json, described: Json) -> Json:
    """Return the target of a reference, or the value itself."""
    if "$ref" not in value:
        return value
    found: Any = described
    for part in value["$ref"].removeprefix("#/").split("/"):
        found = found[part]
    resolved: Json = found
    return resolved


def _unmet(schema: Any, described: Json, met: set[str]) -> list[str]:
    """Return the names of unexplained schemas within a schema, nearest first."""
    if isinstance(schema, list):
        return [name for inner in schema for name in _unmet(inner, described, met)]
    if not isinstance(schema, dict):
        return []
    names = [name for inner in schema.values() for name in _unmet(inner, described, met)]
    name = object_name(schema)
    if name is None or name in met:
        return names
    met.add(name)
    return [name, *_unmet(_found(schema, described), described, met), *names]


def _headers(answers: Json, described: Json) -> list[Json]:
    """Return each header once, with the statuses of its answers."""
    rows: dict[str, Json] = {}
    for code, answer in answers.items():
        for name, header in answer["headers"].items():
            row = rows.setdefault(name, _found(header, described) | {"name": name, "on": []})
            row["on"].append(code)
    return list(rows.values())


def object_name(schema: Json) -> str | None:
    """Return the name of the schema that a schema refers to, or None."""
    target = schema.get("$ref")
    return target.rpartition("/")[2] if isinstance(target, str) else None


def rows(schema: Json, before: str = "") -> list[Json]:
    """Return a row for each key of an object, and of its unnamed inner objects."""
    found = []
    for name, inner in schema.get("properties", {}).items():
        path = f"{before}{name}"
        found.append({"key": path, "schema": inner, "present": inner.get(PRESENT)})
        found += rows(inner, f"{path}.")
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
        return [(f"{shown}[]", link) for shown, link in inner] or [("[]", None)]
    kinds = schema.get("type", "any")
    return [(kind, None) for kind in ([kinds] if isinstance(kinds, str) else kinds)]


def _environment() -> Environment:
    environment = Environment(
        autoescape=True, loader=FileSystemLoader(_TEMPLATES), trim_blocks=True, lstrip_blocks=True
    )
    for read in (prose, pretty, form, error_code, rows, types):
        environment.filters[read.__name__] = read
    return environment
