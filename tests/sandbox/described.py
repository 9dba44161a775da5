"""The description of the control API, and a check of every answer that a test gets."""

import json
import re
from functools import cache
from typing import Any

from fixtures.routes import ROUTER
from fixtures.world import Answer
from jsonschema_rs import Draft202012Validator

from sijill.description.document import document
from sijill.localized import Language
from sijill.sandbox.control.description import ControlDescription

BASE = "http://sandbox.test"
CONTROL = re.compile(r"/_/(operations|ns($|/))")


@cache
def description(language: Language = "en") -> Any:
    """Return the description of a sandbox."""
    return document(ROUTER, BASE, language, ControlDescription(lambda: BASE))


def calls() -> dict[tuple[str, str], Any]:
    """Return each operation of the control API by method and path."""
    return {
        (method.upper(), path): operation
        for path, item in description()["paths"].items()
        if CONTROL.match(path)
        for method, operation in item.items()
        if method != "servers"
    }


def template(path: str) -> str | None:
    """Return the path of the description that an address has, or None."""
    for known in {path for _, path in calls()}:
        if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", known), path.partition("?")[0]):
            return known
    return None


def found(value: Any) -> Any:
    """Return what a reference stands for."""
    if "$ref" not in value:
        return value
    inner = description()
    for part in value["$ref"].removeprefix("#/").split("/"):
        inner = inner[part]
    return inner


@cache
def validator(schema: str) -> Draft202012Validator:
    """Return the validator of a schema in JSON."""
    return Draft202012Validator(json.loads(schema) | {"components": description()["components"]})


def valid(value: Any, schema: Any) -> None:
    """Raise unless a value is as a schema says."""
    validator(json.dumps(schema)).validate(value)


def check(method: str, path: str, answer: Answer) -> None:
    """Hold an answer of the control API against its description; others pass."""
    known = template(path)
    if known is None:
        return
    operation = calls().get((method, known))
    if operation is None:
        assert answer.status in (401, 403, 404, 405), (method, path, answer.status)
        return
    assert str(answer.status) in operation["responses"], (method, path, answer.status)
    response = found(operation["responses"][str(answer.status)])
    content = response.get("content")
    if content is None:
        assert answer.body == b""
        return
    ((media_type, one),) = content.items()
    assert answer.headers["content-type"] == media_type
    if media_type.endswith("json"):
        valid(json.loads(answer.body), one["schema"])
