"""The description of the control API, read off its routes: a part of the server's own."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import reduce
from operator import or_
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from msgspec.structs import fields

from sijill.description.operations import Operations
from sijill.errors import Fault, Unavailable
from sijill.localized import Localized
from sijill.openapi.faults import CAPPED
from sijill.openapi.headers import headers
from sijill.openapi.keys import Json
from sijill.openapi.operation import BINARY, JSON, Parameter
from sijill.openapi.parameters import ID, TEXT
from sijill.sandbox.control.api import ROUTES
from sijill.sandbox.control.problems import (
    BAD_BODY,
    NO_METHOD,
    NO_NAMESPACE,
    NO_TOKEN,
    NOT_JSON,
    OTHER_HOST,
    OTHER_ORIGIN,
    PROBLEM,
    ProblemAnswer,
    Refusal,
    refusal_of,
)
from sijill.sandbox.control.route import PREFIX, ControlRoute

TAG = {
    "name": "sandbox",
    "x-displayName": Localized("التحكم في البيئة التجريبية", "Control of the sandbox"),
    "description": Localized(
        "مساحات الاختبار وساعاتها وأخطاؤها وسجلاتها. لا توجد هذه العناوين إلا في البيئة التجريبية.",
        "Namespaces, their clocks, faults and journals. Only a sandbox has these addresses.",
    ),
}
ADMIN, CONTROL = "admin", "control"
SCHEMES = {
    ADMIN: Localized(
        "رمز مدير البيئة التجريبية: `Authorization: Bearer …`.",
        "The admin token of the sandbox: `Authorization: Bearer …`.",
    ),
    CONTROL: Localized(
        "رمز التحكم `control_token` لهذه المساحة فقط.",
        "The `control_token` of the namespace, for calls about it.",
    ),
}
_PATH = {
    "ns": Parameter(
        *("ns", "path", "ns", TEXT, Localized("اسم المساحة.", "The name of the namespace.")),
        example="t1",
        required=True,
    ),
    "name": Parameter(
        *("snapshot", "path", "name", TEXT, Localized("اسم اللقطة.", "The name of the snapshot.")),
        example="before",
        required=True,
    ),
    "id": Parameter(
        *("token_id", "path", "id", ID, Localized("رقم الرمز.", "The id of the token.")),
        example=1,
        required=True,
    ),
}
_FILE_SCHEMA: Json = {"type": "string", "contentMediaType": BINARY}
_FILE_WORDS = Localized("الحالة.", "The state.")
_DONE = Localized("تم. الرد دون جسم.", "Done. The answer has no body.")
_HEAD = Localized("الرد نفسه دون جسم.", "The same answer without its body.")
_HEADERS = headers(("Cache-Control", "X-Request-Id"))

_ALWAYS = (
    *(NO_TOKEN, OTHER_HOST, OTHER_ORIGIN, NO_METHOD),
    *(refusal_of(fault()) for fault in (*CAPPED, Fault, Unavailable)),
)
"""The refusals that every control call can get."""


class ControlDescription:
    """Adds the control API to the description of a namespace's server."""

    def __init__(self, base: Callable[[], str]) -> None:
        """`base` returns the base of the sandbox's URLs, without a last slash."""
        self._base = base

    def __call__(self, described: Json, operations: Operations) -> None:
        """Add tag, security, answers and paths to a document whose routes `operations` wrote."""
        parts = described["components"]
        described["tags"].append(TAG)
        for name, text in SCHEMES.items():
            scheme = {"type": "http", "scheme": "bearer", "description": text}
            parts["securitySchemes"][name] = scheme
        for route in ROUTES:
            item = described["paths"].setdefault(
                PREFIX + route.path, {"servers": [{"url": self._base()}]}
            )
            item |= _by_method(route, _operation(route, operations, parts["responses"]))


def _by_method(route: ControlRoute, operation: Json) -> Json:
    if route.method != "GET":
        return {route.method.lower(): operation}
    head = operation | {"operationId": f"{route.id}Head", "description": _HEAD}
    return {"get": operation, "head": head}


def _operation(route: ControlRoute, operations: Operations, shared: Json) -> Json:
    return {
        "operationId": route.id,
        "tags": [TAG["name"]],
        "summary": route.summary,
        **({"description": route.description} if route.description else {}),
        "security": [{ADMIN: []}, *([{CONTROL: []}] if route.is_about_one else [])],
        "parameters": [operations.parameter(one) for one in _parameters(route, operations)],
        **({} if route.body is None else {"requestBody": _sent(route, operations)}),
        "responses": {
            **_success(route, operations),
            **_refusals(route, operations, shared),
        },
    }


def _parameters(route: ControlRoute, operations: Operations) -> Iterator[Parameter]:
    for segment in route.segments:
        if segment.startswith("{"):
            yield _PATH[segment.strip("{}")]
    for field in () if route.query is None else fields(route.query):
        schema = dict(operations.schemas.of(_without_none(field.type)))
        text = schema.pop("description")
        component = f"{route.id}_{field.name}"
        yield Parameter(component, "query", field.name, schema, text)


def _without_none(kind: Any) -> Any:
    """Return the type of a parameter: what is not there is None, which no query can write."""
    if get_origin(kind) is Annotated:
        inner, *added = get_args(kind)
        return Annotated[_without_none(inner), *added]
    if get_origin(kind) in (Union, UnionType):
        return reduce(or_, (one for one in get_args(kind) if one is not NoneType))
    return kind


def _sent(route: ControlRoute, operations: Operations) -> Json:
    if route.body is bytes:
        return {"required": True, "content": {BINARY: {"schema": _FILE_SCHEMA}}}
    examples = {"documented": {"summary": route.summary, "value": route.example}}
    content = {"schema": operations.schemas.of(route.body), "examples": examples}
    return {"content": {JSON: content}}


def _success(route: ControlRoute, operations: Operations) -> Json:
    if route.answer is None:
        return {"204": {"description": _DONE, "headers": _HEADERS}}
    if route.answer is bytes:
        words, content = _FILE_WORDS, {BINARY: {"schema": _FILE_SCHEMA}}
    else:
        words = (get_origin(route.answer) or route.answer).words
        content = {JSON: {"schema": operations.schemas.of(route.answer)}}
    return {str(route.status): {"description": words, "headers": _HEADERS, "content": content}}


def _refusals(route: ControlRoute, operations: Operations, shared: Json) -> Json:
    """Return the refusals of a route by status; those that others share go into `shared`."""
    common = [*_ALWAYS]
    if route.is_about_one:
        common.append(NO_NAMESPACE)
    if route.body not in (None, bytes):
        common += (NOT_JSON, BAD_BODY)
    by_status: dict[int, list[Refusal]] = defaultdict(list)
    for refusal in (*route.refusals, *common):
        by_status[refusal.status].append(refusal)
    own = {refusal.status for refusal in route.refusals}
    answers = {}
    for status, refusals in sorted(by_status.items()):
        answer = _refusal(refusals, operations)
        if status not in own:
            name = f"Control{status}"
            shared[name], answer = answer, {"$ref": f"#/components/responses/{name}"}
        answers[str(status)] = answer
    return answers


def _refusal(refusals: list[Refusal], operations: Operations) -> Json:
    first, *others = (_sentence(refusal.text) for refusal in refusals)
    return {
        "description": first.then(*others),
        "headers": _HEADERS,
        "content": {PROBLEM: {"schema": operations.schemas.of(ProblemAnswer)}},
    }


def _sentence(text: Localized) -> Localized:
    """Return the text of a refusal as a sentence."""
    return Localized(f"{text.ar.removesuffix('.')}.", f"{text.en[0].upper()}{text.en[1:]}.")
