"""The description: valid, complete, and true of what is served."""

import json
import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import msgspec
import pytest
from fixtures.routes import ROUTER, ROUTES
from jsonschema_rs import Draft202012Validator
from schemathesis.specs.openapi.definitions import OPENAPI_31_VALIDATOR

from sijill.customers.examples import AHMED
from sijill.customers.model import Customer, Extras
from sijill.customers.reading import read_customer
from sijill.customers.wire import EXTRAS, LIST_EXTRAS, body
from sijill.demo import demo_store
from sijill.description.about import LIMITED
from sijill.description.document import document, document_bytes
from sijill.http.errors import KINDS
from sijill.http.router import Route, Router
from sijill.http.sentences import SENTENCES
from sijill.limits.policy import PLAN_LIMITS, parse_quota
from sijill.localized import Language, Localized, render
from sijill.oauth.scopes import OFFLINE, SCOPES, satisfies
from sijill.openapi.examples import refusal_examples
from sijill.openapi.faults import REFUSED, status_of
from sijill.openapi.keys import PRESENT
from sijill.openapi.operation import FORM, JSON, MULTIPART
from sijill.routes import PREFIXES
from sijill.settings import SETTINGS

BASE = "http://register.test"
DOCUMENT = document(ROUTER, BASE, "en")
PAYLOADS = Path(__file__).parents[1] / "payloads"
LANGUAGES: tuple[Language, ...] = ("ar", "en")


def operations() -> Iterator[tuple[str, str, Any]]:
    for path, item in DOCUMENT["paths"].items():
        for method in item.keys() - {"servers"}:
            yield path, method, item[method]


def found(value: Any) -> Any:
    """Return what a reference stands for."""
    if "$ref" not in value:
        return value
    inner: Any = DOCUMENT
    for part in value["$ref"].removeprefix("#/").split("/"):
        inner = inner[part]
    return inner


def responses() -> Iterator[tuple[str, str, str, Any]]:
    for path, method, operation in operations():
        for status, response in operation["responses"].items():
            yield path, method, status, found(response)


def validator(schema: Any) -> Draft202012Validator:
    return _validator(json.dumps(schema))


@cache
def _validator(schema: str) -> Draft202012Validator:
    return Draft202012Validator(json.loads(schema) | {"components": DOCUMENT["components"]})


def sent(answer: Any) -> Any:
    """Return what a client reads of an answer."""
    return json.loads(msgspec.json.encode(answer))


def with_extras(**changes: Any) -> Customer:
    return msgspec.structs.replace(AHMED, extras=Extras(**changes))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_description_is_valid_openapi_3_1(language: Language) -> None:
    described = document(ROUTER, BASE, language)
    assert [str(error) for error in OPENAPI_31_VALIDATOR.iter_errors(described)] == []
    assert described["openapi"].startswith("3.1.")


def test_every_schema_is_a_valid_json_schema() -> None:
    for schema in DOCUMENT["components"]["schemas"].values():
        validator(schema)  # raises on a schema that is none, or on a reference to nothing


def test_every_route_is_described_and_nothing_else() -> None:
    routes = {(route.method, route.path) for route in ROUTES}
    described = {(method.upper(), path) for path, method, _ in operations()}
    assert described == routes | {("HEAD", path) for method, path in routes if method == "GET"}


def test_a_route_without_a_description_is_refused() -> None:
    async def handler(request: Any, parts: Any) -> Any: ...

    more = Router((*ROUTES, Route("GET", "/undescribed", handler, public=True)), PREFIXES)
    with pytest.raises(KeyError, match="/undescribed"):
        document(more, BASE, "en")


def test_every_address_that_is_described_is_served_and_every_served_one_described() -> None:
    described = set()
    for path, method, _ in operations():
        for server in DOCUMENT["paths"][path].get("servers", DOCUMENT["servers"]):
            address = server["url"].removeprefix(BASE) + path
            described.add((method.upper(), address))
            one = re.sub(r"\{\w+\}", "1", address)
            route, _ = ROUTER.find(method.upper(), one.encode())
            assert route.path == path
    served = {
        (method, prefix + route.path)
        for route in ROUTES
        for prefix in ([""] if route.public else PREFIXES)
        for method in ([route.method, "HEAD"] if route.method == "GET" else [route.method])
    }
    assert described == served


def test_every_reference_leads_somewhere() -> None:
    text = document_bytes(ROUTER, BASE).decode()
    for name in set(re.findall(r'"\$ref":"([^"]+)"', text)):
        assert found({"$ref": name})


@pytest.mark.parametrize("language", LANGUAGES)
def test_examples_are_valid_by_their_schemas(language: Language) -> None:
    described = document(ROUTER, BASE, language)
    seen = 0
    for item in described["paths"].values():
        for method in item.keys() - {"servers"}:
            sent = item[method].get("requestBody", {})
            for part in [sent, *item[method]["responses"].values()]:
                for content in found(part).get("content", {}).values():
                    for example in content.get("examples", {}).values():
                        validator(content["schema"]).validate(example["value"])
                        seen += 1
    assert seen > 50


def test_header_examples_are_valid_by_their_schemas() -> None:
    for header in DOCUMENT["components"]["headers"].values():
        validator(header["schema"]).validate(header["example"])


def test_a_wrong_body_is_not_valid_by_the_schema_of_its_error() -> None:
    """The schemas can fail: each kind of error has its own status and code."""
    for name, row in REFUSED.items():
        shared = DOCUMENT["components"]["responses"][name]
        schema = validator(shared["content"]["application/json"]["schema"])
        (good, *_) = refusal_examples(row.faults).values()
        value = good["value"]
        assert schema.is_valid(value)
        assert not schema.is_valid(value | {"status": 499})
        assert not schema.is_valid(value | {"error": value["error"] | {"code": "other"}})
        assert not schema.is_valid(value | {"success": True})


def test_the_details_example_is_what_the_demo_answers() -> None:
    operation = DOCUMENT["paths"]["/customers/{customer}"]["get"]
    examples = operation["responses"]["200"]["content"]["application/json"]["examples"]
    ours = sent(body(AHMED, demo_store("documented")))
    assert examples["documented"]["value"]["data"] == ours
    assert list(examples["documented"]["value"]["data"]) == list(ours)


@pytest.mark.parametrize("profile", ["documented", "observed"])
def test_the_customer_schema_has_the_keys_of_the_wire_in_their_order(profile: Any) -> None:
    here = {None, "fields[]"} | ({"observed"} if profile == "observed" else set())
    keys = DOCUMENT["components"]["schemas"]["Customer"]["properties"]
    described = [name for name, schema in keys.items() if schema.get(PRESENT) in here]
    assert list(sent(body(with_extras(), demo_store(profile), set(EXTRAS)))) == described


def test_base_keys_are_required_and_the_rest_is_not() -> None:
    base = list(sent(body(AHMED, demo_store("documented"))))
    assert DOCUMENT["components"]["schemas"]["Customer"]["required"] == base


@pytest.mark.parametrize("profile", ["documented", "observed"])
@pytest.mark.parametrize(
    "customer",
    [
        AHMED,
        with_extras(),
        with_extras(block_reason="late", country_id=1, latest_purchase=AHMED.created_at),
        with_extras(orders_amount=1.5, custom_fields=[{"id": 1}], current_store_customer={"id": 1}),
    ],
)
def test_answers_of_customers_are_valid_by_the_customer_schema(
    customer: Customer, profile: Any
) -> None:
    written = sent(body(customer, demo_store(profile), set(EXTRAS)))
    validator(DOCUMENT["components"]["schemas"]["Customer"]).validate(written)


@pytest.mark.parametrize(("name", "known"), [("fields", EXTRAS), ("list_fields", LIST_EXTRAS)])
def test_the_fields_parameter_names_what_its_operation_knows(name: str, known: Any) -> None:
    (enum, _) = DOCUMENT["components"]["parameters"][name]["schema"]["items"]["anyOf"]
    assert sorted(enum["enum"]) == sorted(known)


def test_every_kind_of_fault_is_described_with_its_status() -> None:
    shown = {
        name
        for _, _, _, response in responses()
        for content in response.get("content", {}).values()
        for name in content.get("examples", {})
    }
    assert [c for c in KINDS if not any(f"{name}_".startswith(f"{c}_") for name in shown)] == []
    for name, row in REFUSED.items():
        assert {KINDS[fault.code].status for fault in row.faults} == {status_of(name)}


def test_error_examples_come_in_both_languages() -> None:
    text = json.dumps(DOCUMENT, ensure_ascii=False)
    for code in SENTENCES:
        for sentence in SENTENCES[code].values():
            assert sentence in text


@pytest.mark.parametrize(
    ("methods", "path", "statuses"),
    [
        (
            "get head",
            "/customers/{customer}",
            "200 304 401 404 405 408 413 414 429 431 500 503 504",
        ),
        ("get head", "/customers", "200 304 401 405 408 413 414 422 429 431 500 503 504"),
        ("post", "/customers", "200 400 401 405 408 413 414 422 429 431 500 503"),
        ("put", "/customers/{customer}", "200 400 401 404 405 408 412 413 414 422 429 431 500 503"),
        ("delete", "/customers/{customer}", "200 401 404 405 408 409 412 413 414 429 431 500 503"),
        (
            "put",
            "/customers/blacklist/{customer}",
            "201 400 401 404 405 408 412 413 414 422 429 431 500 503",
        ),
        (
            "delete",
            "/customers/blacklist/{customer}",
            "202 401 404 405 408 412 413 414 429 431 500 503",
        ),
        ("get head", "/healthz", "200 405 408 413 414 431 500 503"),
        ("get head", "/readyz", "200 405 408 413 414 431 500 503"),
        ("get head", "/metrics", "200 405 408 413 414 431 500 503"),
        ("get head", "/_/openapi.json", "200 304 405 408 413 414 431 500 503"),
        ("get head", "/_/docs", "200 304 405 408 413 414 431 500 503"),
        ("get head", "/oauth2/auth", "200 303 400 405 408 413 414 431 500 503"),
        ("post", "/oauth2/auth", "303 400 403 405 408 413 414 431 500 503"),
        ("post", "/oauth2/token", "200 400 401 405 408 413 414 429 431 500 503"),
        ("get head", "/_/login", "200 303 405 408 413 414 431 500 503"),
        ("post", "/_/login", "303 400 403 405 408 413 414 429 431 500 503"),
        ("post", "/_/logout", "303 400 403 405 408 413 414 431 500 503"),
        ("get head", "/_/setup", "200 404 405 408 413 414 431 500 503"),
        ("post", "/_/setup", "303 400 403 404 405 408 413 414 422 431 500 503"),
    ],
)
def test_every_status_an_operation_can_give_is_described(
    methods: str, path: str, statuses: str
) -> None:
    for method in methods.split():
        assert list(DOCUMENT["paths"][path][method]["responses"]) == statuses.split()


def test_bodies_are_described_with_examples_and_reads_have_none() -> None:
    for _, method, operation in operations():
        if method in ("get", "head"):
            assert "requestBody" not in operation
            continue
        assert "304" not in operation["responses"]
        for content in operation.get("requestBody", {}).get("content", {}).values():
            assert content["examples"]
    sent = DOCUMENT["paths"]["/customers"]["post"]["requestBody"]["content"]
    assert list(sent) == [JSON, FORM, MULTIPART]
    fields = DOCUMENT["components"]["schemas"]["CustomerFields"]["properties"]
    form = sent["application/x-www-form-urlencoded"]["schema"]["properties"]
    assert [name.removesuffix("[]") for name in form] == list(fields)
    assert form["groups[]"] == fields["groups"]


def test_the_fields_that_are_described_are_the_fields_that_are_read() -> None:
    fields = DOCUMENT["components"]["schemas"]["CustomerFields"]["properties"]
    faulty: set[str] = set()
    for good in ({}, {"mobile_code_country": "966"}):  # without its code no mobile is judged
        body = {name: {"no": "value"} for name in fields} | good
        faulty |= read_customer(body, new=True, today=date(2026, 1, 1)).faults.keys()
    assert faulty == fields.keys()


@pytest.mark.parametrize(
    ("method", "path", "sample"),
    [
        ("post", "/customers", "create"),
        ("put", "/customers/{customer}", "update"),
        ("put", "/customers/blacklist/{customer}", "ban"),
    ],
)
def test_the_examples_of_what_is_sent_are_the_documented_ones(
    method: str, path: str, sample: str
) -> None:
    sent = DOCUMENT["paths"][path][method]["requestBody"]["content"]["application/json"]
    expected = json.loads((PAYLOADS / f"customer_{sample}_request.json").read_text("utf-8"))
    assert sent["examples"]["documented"]["value"] == expected


@pytest.mark.parametrize(
    ("status", "names"),
    [
        ("200", "ETag Cache-Control Vary X-Request-Id X-RateLimit-Limit"),
        ("304", "ETag Cache-Control Vary X-Request-Id X-RateLimit-Limit"),
        ("401", "Cache-Control Vary X-Request-Id X-RateLimit-Limit"),
        ("405", "Allow Content-Language X-Request-Id"),
        ("408", "Connection Content-Language X-Request-Id"),
        ("429", "Retry-After X-RateLimit-Limit X-RateLimit-Remaining X-RateLimit-Reset"),
        ("503", "Retry-After Content-Language X-Request-Id"),
    ],
)
def test_answers_name_the_headers_they_carry(status: str, names: str) -> None:
    response = found(DOCUMENT["paths"]["/customers"]["get"]["responses"][status])
    assert response["headers"].keys() >= set(names.split())


def test_each_operation_names_every_scope_that_opens_it() -> None:
    for path, method, operation in operations():
        route, _ = ROUTER.find(method.upper(), re.sub(r"\{\w+\}", "1", path).encode())
        needs = [] if route.scopes is None else route.scopes or ("",)
        choices = [*product(*([s for s in SCOPES if satisfies([s], need)] for need in needs))]
        assert operation["security"] == [
            {scheme: [*choice]}
            for scheme in ("bearer", "oauth")
            for choice in ([] if route.scopes is None else [*choices])
        ]
    reads = DOCUMENT["paths"]["/customers"]["get"]["security"]
    assert reads[:2] == [{"bearer": ["customers.read"]}, {"bearer": ["customers.read_write"]}]
    assert DOCUMENT["paths"]["/customers"]["post"]["security"] == reads[1::2]
    scheme = DOCUMENT["components"]["securitySchemes"]["bearer"]
    assert (scheme["type"], scheme["scheme"]) == ("http", "bearer")


def test_the_flow_of_oauth_has_the_addresses_that_are_served_and_every_scope() -> None:
    flow = DOCUMENT["components"]["securitySchemes"]["oauth"]["flows"]["authorizationCode"]
    addresses = [flow["authorizationUrl"], flow["tokenUrl"], flow["refreshUrl"]]
    for method, address in zip(("GET", "POST", "POST"), addresses, strict=True):
        path = address.removeprefix(BASE)
        assert ROUTER.find(method, path.encode())[0].path == path
    assert list(flow["scopes"]) == [*SCOPES, OFFLINE]
    assert all(flow["scopes"].values())


def test_the_parameters_of_authorization_are_the_ones_that_are_read() -> None:
    described = found(DOCUMENT["paths"]["/oauth2/auth"]["get"])["parameters"]
    names = {row["name"] for row in map(found, described) if row["in"] == "query"}
    pkce = {"code_challenge", "code_challenge_method"}
    assert names == {"client_id", "response_type", "redirect_uri", "scope", "state", "lang"} | pkce


def test_a_body_that_is_a_form_alone_is_described_by_name() -> None:
    sent = DOCUMENT["paths"]["/_/login"]["post"]["requestBody"]
    assert [*sent["content"]] == ["application/x-www-form-urlencoded"]
    (content,) = sent["content"].values()
    assert content["schema"] == {"$ref": "#/components/schemas/SignIn"}
    assert "description" not in sent


def test_a_token_request_is_described_in_every_way_of_writing() -> None:
    sent = DOCUMENT["paths"]["/oauth2/token"]["post"]["requestBody"]
    assert {*sent["content"]} == {FORM, MULTIPART, JSON}


@pytest.mark.parametrize(
    ("path", "settings"),
    [
        ("/oauth2/auth", ["code_lifetime"]),
        ("/oauth2/token", ["access_lifetime", "refresh_lifetime"]),
        ("/_/login", ["login_limit"]),
    ],
)
def test_lifetimes_and_limits_in_words_are_the_defaults(path: str, settings: list[str]) -> None:
    defaults = [re.findall("[0-9]+", SETTINGS[name].default) for name in settings]
    (told,) = [r.description for r in ROUTES if (r.method, r.path) == ("POST", path)]
    for text in (told.ar, told.en):
        assert re.findall("[0-9]+", text) == [number for row in defaults for number in row]


@pytest.mark.parametrize("status", ["400", "401", "429", "500"])
def test_an_error_of_salla_is_none_of_the_token_endpoint(status: str) -> None:
    (content,) = DOCUMENT["paths"]["/oauth2/token"]["post"]["responses"][status]["content"].values()
    schema = validator(content["schema"])
    for example in content["examples"].values():
        assert schema.is_valid(example["value"])
        assert not schema.is_valid(example["value"] | {"error": "other"})
    assert not schema.is_valid({"status": 400, "success": False, "error": {"code": 400}})


def test_the_document_says_what_sijill_is_and_is_not() -> None:
    about = DOCUMENT["info"]["description"]
    assert "compatible with Salla's Customers API" in about
    assert "not affiliated with Salla" in about


def test_the_limits_in_words_are_the_limits_in_force() -> None:
    customers = parse_quota(SETTINGS["customers_limit"].default)
    assert customers is not None
    for text in (LIMITED.ar, LIMITED.en):
        numbers = [int(number) for number in re.findall("[0-9]+", text)]
        assert numbers == [customers.limit, customers.period // 60, *PLAN_LIMITS.values()]


def test_operation_ids_differ() -> None:
    ids = [operation["operationId"] for _, _, operation in operations()]
    assert len(set(ids)) == len(ids)


def test_the_arabic_document_differs_from_the_english_one_in_words_alone() -> None:
    assert shape(document(ROUTER, BASE, "ar")) == shape(DOCUMENT)
    assert document(ROUTER, BASE, "ar") != DOCUMENT


def test_every_text_has_words_in_both_languages() -> None:
    for route in ROUTES:
        for text in (route.summary, route.description):
            assert re.search("[\u0600-\u06ff]", text.ar)
            assert not re.search("[\u0600-\u06ff]", text.en)


def test_a_text_is_spoken_wherever_it_stands() -> None:
    text = Localized("نعم", "yes")
    assert render({"a": [text, {"b": text}], "c": (1, text)}, "ar") == {
        "a": ["نعم", {"b": "نعم"}],
        "c": [1, "نعم"],
    }


def test_the_document_is_built_once() -> None:
    assert document_bytes(ROUTER, BASE) is document_bytes(ROUTER, BASE)


def shape(value: Any) -> Any:
    """Return a document without its sentences."""
    if isinstance(value, dict):
        return {
            key: [*inner] if key == "scopes" else shape(inner)
            for key, inner in value.items()
            if not (key in ("description", "summary", "x-displayName") and isinstance(inner, str))
        }
    return [shape(inner) for inner in value] if isinstance(value, list) else value
