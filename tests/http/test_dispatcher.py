"""Every answer that is not a success, the request id, and the way out for our own faults."""

import errno
from typing import Any

import pytest
from fixtures.world import World, request_of

from sijill.customers.examples import AHMED
from sijill.errors import MethodNotAllowed, NotFound, RequestTimeout
from sijill.http.body import Body
from sijill.http.request import Request, Response
from sijill.http.router import Route, Router

PATH = f"/customers/{AHMED.id}"


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/nothing",
        "/customers/",
        "//customers",
        "/customers//1",
        f"{PATH}/",
        f"{PATH}/x",
        "/admin/v2",
        "/admin/v2/",
        "/admin/v2/healthz",
        "/admin/v2/admin/v2/customers",
        "/Customers",
        "/admin/v1/customers",
    ],
)
def test_an_unknown_path_is_not_found_with_or_without_a_token(world: World, path: str) -> None:
    for token in ("", None):
        answer = world.get(path, token)
        assert answer.status == 404
        assert answer.json == {
            "success": False,
            "status": 404,
            "error": {
                "code": 404,
                "message": "The content you are trying to access is no longer available",
            },
        }
        assert "x-ratelimit-limit" not in answer.headers
        assert "location" not in answer.headers


@pytest.mark.parametrize("method", ["OPTIONS", "PATCH", "TRACE", "BREW"])
@pytest.mark.parametrize("path", [PATH, "/customers", "/admin/v2/customers", "/healthz"])
def test_a_wrong_method_names_every_method_of_the_path(
    world: World, method: str, path: str
) -> None:
    answer = world.ask(method, path, None)
    assert answer.status == 405
    assert {"GET", "HEAD"} <= set(answer.headers["allow"].split(", "))
    assert answer.json["error"]["code"] == "method_not_allowed"
    assert answer.headers["content-language"] == "ar"
    english = world.ask(method, path, None, accept_language="en-GB,en;q=0.8")
    assert english.headers["content-language"] == "en"
    assert english.body != answer.body


async def _handler(request: Request) -> Response:
    return Response(200, request.captured.encode(), [])


def test_a_fixed_segment_wins_over_a_parameter_whatever_the_method() -> None:
    router = Router(
        [
            Route("GET", "/customers/{customer}", _handler, scopes=("s",)),
            Route("DELETE", "/customers/{customer}", _handler, scopes=("s",)),
            Route("POST", "/customers/import", _handler, scopes=("s",)),
            Route("PUT", "/customers/blacklist/{customer}", _handler, scopes=("s",)),
        ],
        ["", "/admin/v2"],
    )
    assert router.find("GET", b"/customers/5")[1] == "5"
    assert router.find("POST", b"/admin/v2/customers/import")[0].path == "/customers/import"
    with pytest.raises(MethodNotAllowed) as refused:
        router.find("GET", b"/customers/import")
    assert refused.value.allowed == ("POST",)
    with pytest.raises(MethodNotAllowed) as refused:
        router.find("GET", b"/customers/blacklist/5")
    assert refused.value.allowed == ("PUT",)
    with pytest.raises(NotFound):
        router.find("GET", b"/customers/blacklist")
    with pytest.raises(MethodNotAllowed) as refused:
        router.find("POST", b"/customers/5")
    assert refused.value.allowed == ("DELETE", "GET", "HEAD")


class Broken:
    async def row(self, *_: Any, **__: Any) -> None:
        raise RuntimeError("a secret of the customer")


def test_our_own_fault_is_a_fixed_sentence_and_the_log_has_the_rest(world: World) -> None:
    world.change(customers=Broken())
    answer = world.get(PATH, accept_language="en")
    assert answer.status == 500
    assert answer.json["error"] == {
        "code": "server_error",
        "message": "The server had an error, try again later",
    }
    assert answer.headers["x-ratelimit-remaining"] == "499"
    failed = [line for line in world.notes.lines if line[0] == "failed"]
    assert failed == [
        ("failed", answer.headers["x-request-id"], "/customers/{customer}", "RuntimeError")
    ]


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("0123456789abcdef", True),
        ("01234567-89ab-cdef-0123-456789ABCDEF", True),
        ("0123456789abcdef" * 2, True),
        ("0123456789abcdef" * 3, False),
        ("966551234567", False),
        ("ahmed", False),
        ("", False),
        ("0123456789abcde\n", False),
    ],
)
def test_a_request_id_is_taken_over_if_it_cannot_hold_personal_data(
    world: World, sent: str, kept: bool
) -> None:
    answer = world.get(PATH, x_request_id=sent)
    assert (answer.headers["x-request-id"] == sent) is kept
    assert answer.headers["x-request-id"]


def test_request_ids_differ(world: World) -> None:
    assert len({world.get(PATH).headers["x-request-id"] for _ in range(5)}) == 5


def test_too_many_in_flight_are_refused_before_anything_is_done(world: World) -> None:
    world.change(max_in_flight=0)
    answer = world.get(PATH)
    assert (answer.status, answer.headers["retry-after"]) == (503, "1")
    assert "x-ratelimit-limit" not in answer.headers
    world.change(max_in_flight=1)
    assert [world.get(PATH).status for _ in range(3)] == [200] * 3


def test_only_readyz_tells_of_a_shutdown(world: World) -> None:
    world.draining.begin()
    ready = world.get("/readyz", None)
    assert (ready.status, ready.json["checks"]["server"]) == (503, [{"status": "fail"}])
    assert world.get("/healthz", None).status == 200
    assert world.get(PATH).status == 200


def test_metrics_count_by_route_template(world: World) -> None:
    world.get(PATH)
    world.get("/customers/1")
    world.ask("BREW", "/nothing/at/all")
    text = world.get("/metrics", None).body.decode()
    assert (
        'http_requests_total{method="GET",route="/customers/{customer}",status="200"} 1.0' in text
    )
    assert (
        'http_requests_total{method="GET",route="/customers/{customer}",status="404"} 1.0' in text
    )
    assert 'http_requests_total{method="other",route="(none)",status="404"} 1.0' in text
    assert str(AHMED.id) not in text


def test_labels_of_metrics_stay_few_whatever_is_asked(world: World) -> None:
    for number in range(300):
        world.ask(f"M{number}", f"/customers/{number}")
        world.get(f"/{number}")
    lines = world.get("/metrics", None).body.decode().splitlines()
    assert len([line for line in lines if not line.startswith("#")]) < 200


def test_every_answer_is_a_line_of_the_journal_without_the_path(world: World) -> None:
    answer = world.get(f"{PATH}?keyword=966551234567")
    (line,) = world.notes.lines
    assert line[:5] == (
        "answered",
        answer.headers["x-request-id"],
        "GET",
        "/customers/{customer}",
        200,
    )


def test_a_route_cannot_be_there_twice() -> None:
    twice = [Route("GET", "/x/{one}", _handler, public=True)] * 2
    with pytest.raises(ValueError, match="is there twice"):
        Router(twice, [""])


def test_health_is_answered_over_every_capacity(world: World) -> None:
    world.change(max_in_flight=0)
    for path in ("/healthz", "/readyz"):
        request = request_of("GET", path, {})
        request.crowded = True
        assert world.run(world.respond(request)).status == 200


def test_a_request_whose_connection_has_no_place_is_refused_uncounted(world: World) -> None:
    request = request_of("GET", PATH, {"authorization": f"Bearer {world.token}"})
    request.crowded = True
    response = world.run(world.respond(request))
    assert (response.status, dict(response.headers)[b"retry-after"]) == (503, b"1")
    assert world.get(PATH).headers["x-ratelimit-remaining"] == "499"


def test_want_of_files_or_space_is_a_503_and_is_logged(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise OSError(errno.EMFILE, "too many open files: /somebody's/name")

    monkeypatch.setattr(world.admission.bearers, "grant", fail)
    answer = world.get(PATH)
    assert (answer.status, answer.headers["retry-after"]) == (503, "1")
    assert [line[-1] for line in world.notes.lines if line[0] == "failed"] == ["OSError"]


def test_a_head_that_is_refused_leaves_its_body_unread(world: World) -> None:
    for token, path, status in [(None, "/customers", 401), (world.token, "/customers", 401)]:
        headers = {} if token is None else {"authorization": f"Bearer {token}"}
        request = request_of("POST", path, headers)
        request.content = Body(10)
        assert world.run(world.respond(request)).status == status
        assert not request.content.is_taken


def test_a_body_that_fails_to_arrive_is_refused_with_the_numbers_of_the_limits(
    world: World,
) -> None:
    request = request_of("POST", "/customers", {"authorization": f"Bearer {world.writer}"})
    body = request.content = Body(10)
    body.on_wanted = lambda: body.fail(RequestTimeout())
    response = world.run(world.respond(request))
    assert response.status == 408
    assert dict(response.headers)[b"x-ratelimit-remaining"] == b"499"


@pytest.mark.parametrize(
    ("path", "hinted"),
    [
        (f"//customers/{AHMED.id}", True),
        (f"/admin/v2//customers/{AHMED.id}", True),
        (f"/admin/v2///customers/{AHMED.id}", True),
        ("/oauth2//token", False),  # no GET
        ("//nothing", False),
        ("/nothing", False),
        (f"{PATH}/", False),
    ],
)
def test_a_base_url_that_ends_in_a_slash_is_named_in_a_hint(
    world: World, path: str, hinted: bool
) -> None:
    answer, plain = world.get(path), world.get("/nothing")
    assert (answer.status, answer.body) == (404, plain.body)
    hint = answer.headers.get("sijill-hint", "")
    assert ("slash at the end of the base URL" in hint) is hinted
