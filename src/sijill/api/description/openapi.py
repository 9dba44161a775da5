"""
The description of the API: OpenAPI 3.1, put together from the table of routes.

A route without a row in `described` is a KeyError here, and so a red test. Loaded when the
description is first asked for: a server that nobody asks holds none of it.
"""

from functools import lru_cache

from msgspec import json

from sijill import __version__
from sijill.api.description.headers import HEADERS, headers
from sijill.api.description.oauth_shapes import OAUTH_SCHEMAS
from sijill.api.description.operation import JSON, Answer, Operation, Sent
from sijill.api.description.operations import LIMITED, OPERATIONS, TAGS
from sijill.api.description.parameters import PARAMETERS
from sijill.api.description.requests import REQUESTS
from sijill.api.description.responses import ADMITTED, ANYWHERE, responses, status_of
from sijill.api.description.schemas import schemas
from sijill.api.description.security import security_schemes
from sijill.api.description.wording import Json, Text, spoken
from sijill.http.bodies import FORM
from sijill.http.languages import Language
from sijill.http.router import Route
from sijill.oauth.scopes import SCOPES, satisfies
from sijill.routes import PREFIXES

_ABOUT = Text(
    "سجل (Sijill) سجل عملاء تستضيفه بنفسك، متوافق مع واجهة العملاء (Customers API) في سلة وغير "
    "تابع لها: يغيّر التطبيق عنوان الخادم ولا شيء غيره.",
    "Sijill is a self-hosted customer register, compatible with Salla's Customers API; not "
    "affiliated with Salla. A client changes its base URL and nothing else.",
).then(
    Text(
        "يتكلم كل متجر إحدى صيغتين: `documented`، وهي الأصل، أو `observed`. وحيث تختلفان يذكر "
        "المفتاح ذلك.",
        "A store speaks one of two profiles: `documented`, the default, or `observed`. Where they "
        "differ, the key says so.",
    ),
    Text(
        "تُفحص الطلبات بهذا الترتيب: الحجم والوقت (408، 413، 414، 431)، المسار (404، 405)، رمز "
        "الوصول (401)، الحدود (429)، الصلاحية (401)، العميل (404)، `If-Match` (412)، المحتوى "
        "(400)، الحقول والمعاملات (422).",
        "A request is checked in this order: size and time (408, 413, 414, 431), path (404, 405), "
        "token (401), limits (429), scope (401), customer (404), `If-Match` (412), body (400), "
        "fields and parameters (422).",
    ),
)
_JSON_OR_FORM = Text(
    "JSON، أو نموذج تُكتب قوائمه `name[]`، مرة لكل عنصر.",
    "JSON, or a form in which a list is written `name[]`, once for each member.",
)
_HEAD = Text("الجواب نفسه بلا محتوى.", "The same answer without its body.")


@lru_cache(maxsize=1)
def document_bytes(routes: tuple[Route, ...], base: str) -> bytes:
    """Return the description in English as JSON; `base` is the server's address."""
    return json.encode(document(routes, base, "en"))


def document(routes: tuple[Route, ...], base: str, language: Language) -> Json:
    """
    Return the description, its sentences in one language.

    Shape: an OpenAPI 3.1 document; paths in the order of `described.OPERATIONS`.
    Raises: KeyError naming the method and path of a route that nobody described.
    """
    order = {key: number for number, key in enumerate(OPERATIONS)}
    described: Json = {
        "openapi": "3.1.0",
        "info": {
            "title": "Sijill",
            "version": __version__,
            "description": _ABOUT,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": base}],
        "tags": [{"name": name, "description": text} for name, text in TAGS.items()],
        "paths": {},
        "components": _components(base),
    }
    for route in sorted(routes, key=lambda route: order[route.method, route.path]):
        item = described["paths"].setdefault(route.path, _item(route, base))
        item |= _operations(route, base)
    spoken_document: Json = spoken(described, language)
    return spoken_document


def _components(base: str) -> Json:
    return {
        "securitySchemes": security_schemes(base),
        "parameters": PARAMETERS,
        "headers": HEADERS,
        "responses": responses(),
        "schemas": schemas() | OAUTH_SCHEMAS | REQUESTS,
    }


def _item(route: Route, base: str) -> Json:
    """Routes of the API answer under every prefix, the origin's first."""
    if route.public:
        return {}
    return {"servers": [{"url": base + prefix} for prefix in reversed(PREFIXES)]}


def _operations(route: Route, base: str) -> Json:
    row = OPERATIONS[route.method, route.path]
    operation = _operation(route, row, base)
    if route.method != "GET":
        return {route.method.lower(): operation}
    head = operation | {"operationId": f"{row.id}Head", "description": _HEAD}
    return {"get": operation, "head": head}


def _operation(route: Route, row: Operation, base: str) -> Json:
    refusals = (*row.refusals, *(ANYWHERE if route.public else ADMITTED))
    answers = {str(code): _answer(answer, base) for code, answer in row.answers.items()}
    if row.cached:
        answers["304"] = {"$ref": "#/components/responses/NotModified"}
    for name in sorted(refusals, key=status_of):
        answers.setdefault(str(status_of(name)), {"$ref": f"#/components/responses/{name}"})
    return {
        "operationId": row.id,
        "tags": [row.tag],
        "summary": row.summary,
        "description": row.description.then(LIMITED) if route.customers else row.description,
        "security": [
            {scheme: [name]}
            for scheme in ("bearer", "oauth")
            for name in SCOPES
            if _opens(name, route)
        ],
        "parameters": [{"$ref": f"#/components/parameters/{name}"} for name in row.parameters],
        **({"requestBody": _sent(row.body)} if row.body else {}),
        "responses": dict(sorted(answers.items())),
    }


def _sent(body: Sent) -> Json:
    schema: Json = {"$ref": f"#/components/schemas/{body.schema}"}
    content = {name: {"schema": schema, "examples": body.examples} for name in body.media_types}
    if not content.keys() >= {JSON, FORM}:
        return {"required": body.required, "content": content}
    content[FORM] = _form(REQUESTS[body.schema], body.examples)
    return {"description": _JSON_OR_FORM, "required": body.required, "content": content}


def _form(schema: Json, examples: Json) -> Json:
    """Return what a form holds: OpenAPI repeats the name of a list, so it is named with `[]`."""
    lists = {name for name, inner in schema["properties"].items() if inner.get("type") == "array"}

    def named(fields: Json) -> Json:
        return {f"{name}[]" if name in lists else name: inner for name, inner in fields.items()}

    required = [*named(dict.fromkeys(schema["required"]))]
    return {
        "schema": schema | {"required": required, "properties": named(schema["properties"])},
        "examples": {
            name: example | {"value": named(example["value"])} for name, example in examples.items()
        },
    }


def _opens(scope: str, route: Route) -> bool:
    return route.scope is not None and satisfies([scope], route.scope)


def _answer(answer: Answer, base: str) -> Json:
    content = {}
    for media_type, body in answer.content.items():
        examples = body.examples(base)
        content[media_type] = {"schema": body.schema} | (examples and {"examples": examples})
    return {
        "description": answer.text,
        "headers": headers(answer.headers, answer.optional),
        "content": content,
    }
