"""The control API in the description: every call, as it is answered."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from fixtures.routes import ROUTER
from sandbox.conftest import HOST, SandboxWorld
from sandbox.described import BASE, calls, description, found, valid
from schemathesis.specs.openapi.definitions import OPENAPI_31_VALIDATOR

from sijill.description.document import document
from sijill.localized import Language, Localized, render
from sijill.sandbox.control.api import ROUTES, UPLOADS
from sijill.sandbox.control.description import SCHEMES

pytestmark = pytest.mark.proves(
    "every control call of the sandbox is described, and answered as its description says"
)

LANGUAGES: tuple[Language, ...] = ("ar", "en")
CASES = [pytest.param(route, id=route.id) for route in ROUTES]


def texts(value: Any, place: str = "") -> Iterator[tuple[str, str]]:
    """Yield the texts that a reader sees, each with its place."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if name in ("description", "summary", "x-displayName") and isinstance(inner, str):
                yield f"{place}.{name}", inner
            yield from texts(inner, f"{place}.{name}")
    if isinstance(value, list):
        for number, inner in enumerate(value):
            yield from texts(inner, f"{place}.{number}")


def control_texts(language: Language) -> dict[str, str]:
    """Return the texts that the control API adds to the description, by place."""
    plain = dict(texts(document(ROUTER, BASE, language)))
    return {p: text for p, text in texts(description(language)) if p not in plain}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_description_of_a_sandbox_is_valid_openapi_3_1(language: Language) -> None:
    assert [str(error) for error in OPENAPI_31_VALIDATOR.iter_errors(description(language))] == []


def test_every_control_route_is_described_and_nothing_else() -> None:
    routes = {(route.method, f"/_/{route.path}") for route in ROUTES}
    heads = {("HEAD", path) for method, path in routes if method == "GET"}
    assert calls().keys() == routes | heads
    assert len({operation["operationId"] for operation in calls().values()}) == len(calls())


def test_every_described_address_leads_to_its_call_alone() -> None:
    for one in ROUTES:
        segments = re.sub(r"\{\w+\}", "1", one.path).split("/")
        fits = [other.id for other in ROUTES if other.method == one.method and fit(other, segments)]
        assert fits == [one.id]


def fit(route: Any, segments: list[str]) -> bool:
    return re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", route.path), "/".join(segments)) is not None


def test_the_rest_of_the_description_is_that_of_a_server() -> None:
    own, whole = document(ROUTER, BASE, "en"), description()
    for part in ("openapi", "info", "servers"):
        assert whole[part] == own[part]
    assert own["paths"].items() <= whole["paths"].items()
    for part, known in own["components"].items():
        assert known.items() <= whole["components"][part].items()


def test_what_is_said_in_one_language_is_said_in_the_other() -> None:
    arabic, english = control_texts("ar"), control_texts("en")
    assert len(english) > 200
    assert arabic.keys() == english.keys()
    for place, text in arabic.items():
        assert re.search("[\u0621-\u064a]", text), (place, text)
        assert not re.search("[\u0621-\u064a]", english[place]), place


def test_a_call_about_one_namespace_takes_its_token_and_no_other_call_does() -> None:
    for (method, path), operation in calls().items():
        schemes = [name for need in operation["security"] for name in need]
        assert schemes == (["admin", "control"] if "{ns}" in path else ["admin"]), (method, path)
    assert set(SCHEMES) <= description()["components"]["securitySchemes"].keys()


def test_every_refusal_is_a_problem() -> None:
    for operation in calls().values():
        for status, response in operation["responses"].items():
            if int(status) >= 400:
                assert [*found(response)["content"]] == ["application/problem+json"]


def test_every_example_of_a_body_is_valid() -> None:
    seen = 0
    for operation in calls().values():
        for content in operation.get("requestBody", {}).get("content", {}).values():
            for example in content.get("examples", {}).values():
                valid(example["value"], content["schema"])
                seen += 1
    assert seen >= 10


@pytest.mark.parametrize("route", CASES)
def test_a_call_answers_as_described(sandbox: SandboxWorld, route: Any) -> None:
    """The sandbox of these tests holds every answer against the description by itself."""
    token = sandbox.create("t1")["token"]
    sandbox.control("PUT", "ns/t1/snapshots/before")
    sandbox.ask("GET", "/customers/2075683582", token)
    example = {"name": "t2"} if route.id == "createNamespace" else route.example
    path = route.path.format(ns="t1", name="before", id=1)
    if route.id == "putState":
        state = sandbox.control("GET", path).body
        token = {"authorization": f"Bearer {sandbox.create('t3')['control_token']}"}
        answer = sandbox.send("PUT", "/_/ns/t3/state", state, **token)
    else:
        answer = sandbox.control(route.method, path, example)
    expected = 408 if route.id == "waitForAttempts" else 204 if not route.answer else route.status
    assert answer.status == expected, answer.body


@pytest.mark.parametrize(
    "route", [pytest.param(route, id=route.id) for route in ROUTES if route.example is not None]
)
def test_a_call_with_a_wrong_body_is_refused(sandbox: SandboxWorld, route: Any) -> None:
    sandbox.create("t1")
    path = route.path.format(ns="t1")
    assert sandbox.control(route.method, path, {"unknown": 1}).status == 422
    assert sandbox.control(route.method, path, [1]).status == 422


def test_the_parameters_of_a_query_are_described_with_their_choices() -> None:
    parameters = map(found, calls()["GET", "/_/ns/{ns}/deliveries"]["parameters"])
    schemas = {one["name"]: one["schema"] for one in parameters if one["in"] == "query"}
    assert schemas["outcome"] == {"enum": ["delivered", "failed", "dropped", "held"]}
    assert schemas["attempt"] == {"type": "integer"}


def test_the_document_and_the_page_of_a_sandbox_have_the_calls(sandbox: SandboxWorld) -> None:
    sandbox.create("t1")
    for base, path in (("", "/_/"), ("/_/ns/t1", "/_/ns/t1/_/")):
        served = sandbox.send("GET", f"{path}openapi.json").json
        assert served["servers"] == [{"url": f"http://{HOST}{base}"}]
        assert {f"/_/{route.path}" for route in ROUTES} <= served["paths"].keys()
        item = served["paths"]["/_/ns/{ns}/clock"]
        assert item["servers"] == [{"url": f"http://{HOST}"}]
        for language in LANGUAGES:
            page = sandbox.send("GET", f"{path}docs?lang={language}").body.decode()
            for route in ROUTES:
                assert f'<section id="{route.id}"' in page
                assert render(route.summary, language) in page
            assert render(SCHEMES["admin"], language).partition("`")[0] in page
            assert "$SIJILL_ADMIN_TOKEN" in page


def test_a_seed_and_a_state_may_be_as_long_as_an_upload() -> None:
    long = {route.path for route in ROUTES if route.body is bytes} | {"ns"}
    for route in ROUTES:
        path = f"/_/{route.path.format(ns='t1', name='x', id=1)}".encode()
        assert bool(UPLOADS.fullmatch(path)) is (route.path in long)


def test_no_text_of_a_route_is_missing() -> None:
    for route in ROUTES:
        for text in (route.summary, *(refusal.text for refusal in route.refusals)):
            assert isinstance(text, Localized)
            assert text.ar
            assert text.en
