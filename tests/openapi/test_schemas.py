"""The JSON Schema of an answer is read off its type, and what a route is decides the rest."""

from datetime import datetime
from typing import Annotated, Any, Literal

import pytest
from msgspec import UNSET, Struct, UnsetType

from sijill.description.document import document
from sijill.http.router import Route, Router
from sijill.localized import Localized
from sijill.openapi.keys import PRESENT, key
from sijill.openapi.operation import Answer, Envelope
from sijill.openapi.parameters import TEXT, in_path, in_query
from sijill.openapi.schemas import Schemas

YES = Localized("نعم", "yes")


class Inner(Struct):
    component = "Inner"
    words = YES

    at: datetime


class Outer(Struct, kw_only=True):
    id: Annotated[int, key("نعم", "yes", ge=1, le=9)]
    fixed: str = "always sent"
    asked: Annotated[bool | UnsetType, key(present="fields[]")] = UNSET
    inner: Annotated[Inner | None, key("نعم", "yes")]


def test_keys_stand_in_order_and_what_may_be_left_out_is_not_required() -> None:
    schema = Schemas().of(Outer)
    assert list(schema["properties"]) == ["id", "fixed", "asked", "inner"]
    assert schema["required"] == ["id", "fixed", "inner"]
    assert schema["properties"]["asked"] == {"type": "boolean", PRESENT: "fields[]"}
    assert schema["properties"]["id"] == {
        "type": "integer",
        "minimum": 1,
        "maximum": 9,
        "description": YES,
    }


def test_a_struct_with_a_name_is_gathered_and_referred_to() -> None:
    schemas = Schemas()
    reference = {"$ref": "#/components/schemas/Inner"}
    assert schemas.of(Outer)["properties"]["inner"]["anyOf"] == [reference, {"type": "null"}]
    assert schemas.of(list[Inner]) == {"type": "array", "items": reference}
    assert schemas.named == {
        "Inner": {
            "type": "object",
            "description": YES,
            "required": ["at"],
            "properties": {"at": {"type": "string", "format": "date-time"}},
        }
    }


@pytest.mark.parametrize(
    ("kind", "schema"),
    [
        (Any, {}),
        (str | None, {"type": ["string", "null"]}),
        (Literal[3], {"const": 3}),
        (Literal["a", "b"], {"enum": ["a", "b"]}),
        (tuple[int, ...], {"type": "array", "items": {"type": "integer"}}),
        (dict[str, float], {"type": "object", "additionalProperties": {"type": "number"}}),
        ({"anyOf": [str, {"const": 1}]}, {"anyOf": [{"type": "string"}, {"const": 1}]}),
    ],
)
def test_types_become_their_schemas(kind: Any, schema: Any) -> None:
    assert Schemas().of(kind) == schema


def test_a_type_that_no_answer_has_is_an_error() -> None:
    with pytest.raises(KeyError):
        Schemas().of(set)


def test_a_page_of_a_list_says_where_it_stands() -> None:
    schema = Schemas().of(Envelope(list[int], paged=True, beside={"more": bool}))
    assert schema["required"] == ["status", "success", "data", "more", "pagination"]
    assert schema["properties"]["data"]["maxItems"] == 60


async def handler(request: Any, parts: Any) -> Any: ...


def described(*routes: Route) -> Any:
    return document(Router(routes, [""]), "http://register.test", "en")


def route(path: str = "/x", **said: Any) -> Route:
    answers = {200: Answer(YES)}
    return Route("GET", path, handler, scopes=("customers.read",), id=path, answers=answers, **said)


def test_the_headers_a_route_heeds_decide_its_parameters_and_statuses() -> None:
    plain = described(route())["paths"]["/x"]["get"]
    full = described(route(cached=True, conditional=True, idempotent=YES))["paths"]["/x"]["get"]
    added = [row["$ref"].rpartition("/")[2] for row in full["parameters"]]
    assert added == [
        *("if_none_match", "if_match", "idempotency_key"),
        *("accept_language", "request_id"),
    ]
    assert full["responses"].keys() - plain["responses"].keys() == {"304", "412"}
    headers = full["responses"]["200"]["headers"]
    assert headers.keys() - plain["responses"]["200"]["headers"].keys() == {
        *("ETag", "Idempotent-Replayed")
    }


def test_an_id_in_a_path_must_be_described_and_brings_its_404() -> None:
    with pytest.raises(KeyError, match=r"/x/\{thing\}"):
        described(route("/x/{thing}"))
    thing = in_path("thing", YES, 1)
    responses = described(route("/x/{thing}", parameters=(thing,)))["paths"]["/x/{thing}"]["get"]
    assert responses["responses"]["404"] == {"$ref": "#/components/responses/NotFound"}


def test_two_parameters_of_one_name_are_refused() -> None:
    one, other = in_query("a", TEXT, YES), in_query("a", TEXT | {"maxLength": 1}, YES)
    with pytest.raises(ValueError, match="two parameters have the name a"):
        described(route(parameters=(one,)), route("/y", parameters=(other,)))
