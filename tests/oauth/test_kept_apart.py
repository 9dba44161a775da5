"""Answers stay apart: for caches, those of each token; for links, whatever host a request names."""

import pytest
from fixtures.routes import ROUTES
from fixtures.world import World, customer
from oauth.test_admission import GUARDED, asked

from sijill.customers.examples import AHMED
from sijill.oauth.scopes import SCOPES

pytestmark = pytest.mark.proves(
    "no cache gives an answer to another token, and no header of a request changes a link"
)

PRIVATE = {"private, no-cache", "no-store"}
FORGED = {
    "host": "evil.example",
    "x_forwarded_host": "evil.example",
    "x_forwarded_proto": "gopher",
    "x_forwarded_prefix": "/evil.example",
    "x_original_url": "/evil.example",
    "forwarded": "host=evil.example;proto=gopher",
}


def test_every_answer_of_the_api_is_private_and_varies_by_token(world: World) -> None:
    shown, good = set(), world.mint(world.store, " ".join(SCOPES))
    for route in GUARDED:
        for token in (good, "guessed"):
            answer = asked(world, route, "", AHMED.id, token)
            shown.add(answer.status)
            assert answer.headers["cache-control"] in PRIVATE, route
            assert "Authorization" in answer.headers["vary"], route
    assert {200, 401} <= shown


def test_no_answer_names_the_host_that_its_request_names(world: World) -> None:
    world.keep(world.store, customer(5, email="five@example.com"))
    paths = [route.path for route in ROUTES if route.method == "GET" and "{" not in route.path]
    linked = 0
    for path in [*paths, f"/customers/{AHMED.id}", "/customers?per_page=1"]:
        answer = world.get(path, **FORGED)
        for text in (answer.body, *(value.encode() for value in answer.headers.values())):
            assert b"evil.example" not in text, path
            assert b"gopher" not in text, path
        linked += b"http://127.0.0.1:8466/" in answer.body.replace(rb"\/", b"/")
    assert linked > 1
