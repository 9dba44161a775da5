"""
The operation of one route: its own description, and the facts that follow from its kind.

A public route shares only the refusals that every request can get. Every other route needs a token
and counts against limits, and so has the headers, parameters and refusals of both.
"""

import re
from collections.abc import Iterator

from sijill.database.idempotency_keys import KeyReused
from sijill.description.about import COUNTED
from sijill.description.security import security
from sijill.errors import BadRequest, Fault, NotFound, PreconditionFailed
from sijill.http.router import Route
from sijill.localized import Localized
from sijill.openapi.faults import ADMITTED, ANYWHERE, content_of, name_of, status_of
from sijill.openapi.headers import API, LIMITS, SPOKEN, headers
from sijill.openapi.keys import Json
from sijill.openapi.operation import FORM, JSON, MULTIPART, Answer, Body, Parameter, Request
from sijill.openapi.parameters import (
    ACCEPT_LANGUAGE,
    CONDITIONAL,
    IDEMPOTENCY_KEY,
    IF_MATCH,
    IF_NONE_MATCH,
    PAGE,
    REQUEST_ID,
)
from sijill.openapi.schemas import Schemas, ref

_JSON_OR_FORM = Localized(
    "\u200fJSON أو نموذج (form). في النموذج تُكتب القائمة باسم `name[]` مكررًا لكل عنصر.",
    "JSON or a form. In a form, a list is written `name[]`, once for each member.",
)
_HEAD = Localized("الرد نفسه دون جسم.", "The same answer without its body.")
_NOT_MODIFIED = {"$ref": "#/components/responses/NotModified"}


KEY_REUSED = 422
"""The status of a request whose key was used for another one."""


class Operations:
    """Describes routes, and collects their parameters and schemas."""

    def __init__(self, base: str) -> None:
        self._base = base
        self.schemas = Schemas()
        self.parameters: Json = {}

    def of(self, route: Route) -> Json:
        """
        Return the operations of a route by method; GET adds HEAD.

        Raises: KeyError naming a route without an id, or without the parameter in its path.
        """
        if not route.id:
            raise KeyError(f"{route.method} {route.path} is not described")
        operation = self._operation(route)
        if route.method != "GET":
            return {route.method.lower(): operation}
        head = operation | {"operationId": f"{route.id}Head", "description": _HEAD}
        return {"get": operation, "head": head}

    def _operation(self, route: Route) -> Json:
        return {
            "operationId": route.id,
            "tags": [route.tag],
            "summary": route.summary,
            "description": route.description.then(*_notes(route)),
            "security": security(route.scopes),
            "parameters": [self.parameter(one) for one in parameters_of(route)],
            **({"requestBody": self._request(route.body)} if route.body else {}),
            "responses": self._responses(route),
        }

    def parameter(self, parameter: Parameter) -> Json:
        """Return a reference to a parameter, which is collected."""
        described = {
            "name": parameter.name,
            "in": parameter.place,
            "description": parameter.text,
            "schema": parameter.schema,
            **parameter.more,
        }
        if parameter.required:
            described["required"] = True
        if parameter.example is not None:
            described["example"] = parameter.example
        known = self.parameters.setdefault(parameter.component, described)
        if known != described:
            raise ValueError(f"two parameters have the name {parameter.component}")
        return {"$ref": f"#/components/parameters/{parameter.component}"}

    def _request(self, body: Request) -> Json:
        self.schemas.named[body.component] = body.schema
        described: Json = {"schema": ref(body.component), "examples": body.examples}
        content = dict.fromkeys(body.media_types, described)
        if not content.keys() >= {JSON, FORM}:
            return {"required": body.required, "content": content}
        content |= dict.fromkeys(
            content.keys() & {FORM, MULTIPART}, _form(body.schema, body.examples)
        )
        return {"description": _JSON_OR_FORM, "required": body.required, "content": content}

    def _responses(self, route: Route) -> Json:
        found = {
            str(status): self._answer(route, status, answer)
            for status, answer in route.answers.items()
        }
        if route.cached:
            found["304"] = _NOT_MODIFIED
        for name in map(name_of, _faults(route)):
            found.setdefault(str(status_of(name)), {"$ref": f"#/components/responses/{name}"})
        return dict(sorted(found.items()))

    def _answer(self, route: Route, status: int, answer: Answer) -> Json:
        again = () if route.idempotent is None else (KeyReused(),)
        if answer.faults:
            reused = again if status == KEY_REUSED else ()
            content = content_of((*answer.faults, *reused), self.schemas)
            return {
                "description": answer.text,
                "headers": headers((*SPOKEN, *LIMITS)),
                "content": content,
            }
        always = ("ETag",) if route.cached and status == 200 else ()
        shared = () if route.public else (*API, *LIMITS)
        optional = ("Idempotent-Replayed",) if again and status < 400 else ()
        return {
            "description": answer.text,
            "headers": headers((*always, *answer.headers, *shared), (*answer.optional, *optional)),
            "content": {
                media_type: self._body(body) for media_type, body in answer.content.items()
            },
        }

    def _body(self, body: Body) -> Json:
        examples = body.examples(self._base)
        return {"schema": self.schemas.of(body.kind)} | (examples and {"examples": examples})


def _notes(route: Route) -> Iterator[Localized]:
    """Yield the sentences that follow from the headers that a route heeds, and from limits."""
    if route.conditional:
        yield CONDITIONAL
    if route.idempotent is not None:
        yield route.idempotent
    if route.customers:
        yield COUNTED


def parameters_of(route: Route) -> Iterator[Parameter]:
    """
    Yield every parameter of a route, in the order of the description.

    Raises: KeyError for a route without the parameter in its path.
    """
    in_path = [one for one in route.parameters if one.place == "path"]
    if [one.name for one in in_path] != re.findall(r"\{(\w+)\}", route.path):
        raise KeyError(f"the parameter in {route.method} {route.path} is not described")
    yield from in_path
    if route.paginated is not None:
        yield from (PAGE, route.paginated)
    yield from (one for one in route.parameters if one.place != "path")
    if route.cached:
        yield IF_NONE_MATCH
    if route.conditional:
        yield IF_MATCH
    if route.idempotent is not None:
        yield IDEMPOTENCY_KEY
    if not route.public:
        yield from (ACCEPT_LANGUAGE, REQUEST_ID)


def _faults(route: Route) -> Iterator[type[Fault]]:
    """Yield the faults of a route; the description shows the first of each status."""
    yield from route.faults
    if "{" in route.path:
        yield NotFound
    if route.conditional:
        yield PreconditionFailed
    if route.body is not None and not route.public:
        yield BadRequest
    yield from ANYWHERE if route.public else ADMITTED


def _form(schema: Json, examples: Json) -> Json:
    """Return the content of a form: OpenAPI repeats the name of a list, so it ends in `[]`."""
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
