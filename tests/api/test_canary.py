"""Unique secrets and personal values go through every route; none comes out where it must not."""

import io
import json
import logging
import re
import secrets
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from fixtures.world import POLICY, World, customer

from sijill import logs
from sijill.api.routes import ROUTES
from sijill.domain.errors import Unavailable
from sijill.logs import Lines
from sijill.wire.bodies import FORM

MOBILE = 500_000_000 + secrets.randbelow(99_999_999)
CANARIES = {
    "first_name": "Cn" + secrets.token_hex(8),
    "last_name": "Cl" + secrets.token_hex(8),
    "email": f"{secrets.token_hex(8)}@canary.example",
    "city": "Cc" + secrets.token_hex(8),
    "location": "Co" + secrets.token_hex(8),
    "mobile": str(MOBILE),
    "id": str(1_500_000_000 + secrets.randbelow(99_999_999)),
    "guess": "guess-" + secrets.token_hex(12),
    "query": "q" + secrets.token_hex(8),
    "sent": "s" + secrets.token_hex(8),
}
SENT = CANARIES["sent"]
FIELDS = (
    *("first_name", "last_name", "mobile", "mobile_code_country", "email", "gender", "birthday"),
    *("country_code", "reason", "name", "customers", "points", "amount"),
)
"""Names of fields that routes read, with values that most of them refuse."""

BODIES: list[tuple[str, bytes]] = [
    ("application/json", json.dumps(body).encode())
    for body in (
        dict.fromkeys(FIELDS, SENT + "\u202e@" * 200),
        {name: [SENT] for name in FIELDS},
        {"groups": [SENT], "first_name": SENT + "\0"},
        {"mobile": CANARIES["mobile"] + "5" * 20, "mobile_code_country": SENT},
        {"email": CANARIES["email"], "first_name": CANARIES["first_name"]},
        [SENT],
    )
]
BODIES += [
    ("application/json", b'{"email": "' + SENT.encode()),
    (FORM, b"email=%s&email=%%ff" % SENT.encode()),
    (FORM, b"email=%s&reason[]=x" % SENT.encode()),
]
"""Bodies that hold canaries, most of them refused: by rule, as no JSON, as no form."""


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """Everything that is logged, at the most talkative level, by us and by libraries."""
    root, mine = logging.getLogger(), logging.getLogger("sijill")
    before = (root.handlers[:], root.level, mine.level)
    logs.configure("debug", "json")
    stream = io.StringIO()
    handler = root.handlers[0]
    assert isinstance(handler, logging.StreamHandler)
    handler.setStream(stream)
    yield stream
    root.handlers[:], root.level, mine.level = before
    structlog.reset_defaults()


class Failing:
    """A database whose words hold a customer's data, as PostgreSQL's do."""

    def __init__(self, away: bool) -> None:
        self.away = away

    async def find(self, *_: Any, **__: Any) -> None:
        try:
            raise RuntimeError(f"Key (email_key)=({CANARIES['email']}) already exists")
        except RuntimeError as error:
            if self.away:
                raise Unavailable from error
            raise ValueError(CANARIES["first_name"]) from error

    page = find
    change = find
    delete = find


def send_everything(world: World) -> list[bytes]:
    """Send every body to every route that writes, and return the bodies of the refusals."""
    refusals = []
    for route in ROUTES:
        if route.method not in ("POST", "PUT"):
            continue
        path = re.sub(r"\{\w+\}", CANARIES["id"], route.path)
        for content_type, body in BODIES:
            for headers in ({}, {"if_match": SENT, "idempotency_key": SENT + " "}):
                answer = world.send(route.method, path, body, content_type=content_type, **headers)
                if answer.status >= 400:
                    refusals.append(answer.body)
    return refusals


def ask_everything(world: World) -> list[bytes]:
    """Ask every route in every way that is refused, and return the bodies of the refusals."""
    refusals = []
    tokens = ["", None, CANARIES["guess"], world.mint(world.store, "")]
    tokens.append(world.mint(world.other_store))
    paths = [re.sub(r"\{\w+\}", CANARIES["id"], route.path) for route in ROUTES]
    paths += [f"/customers/{CANARIES['query']}", f"/{CANARIES['query']}"]
    for path in paths:
        for query in ("", f"?keyword={CANARIES['query']}&date_from={CANARIES['query']}"):
            for method in ("GET", "HEAD", "DELETE"):
                for token in tokens:
                    answer = world.ask(
                        method,
                        path + query,
                        token,
                        x_request_id=CANARIES["mobile"],
                        accept_language=CANARIES["query"],
                        user_agent=CANARIES["query"],
                    )
                    if answer.status >= 400:
                        refusals.append(answer.body)
    return refusals


def test_no_canary_is_in_a_log_line_a_metric_or_an_error_body(
    world: World, written: io.StringIO
) -> None:
    kept = customer(
        int(CANARIES["id"]),
        mobile=MOBILE,
        mobile_code="966",
        **{n: CANARIES[n] for n in ("first_name", "last_name", "email", "city", "location")},
    )
    world.keep(world.store, kept)
    world.change(journal=Lines(access_log=True))
    shown = world.get(f"/customers/{CANARIES['id']}").body.decode()
    assert CANARIES["email"] in shown  # the canaries do sing where they may
    world.change(policy=POLICY._replace(customers=None, plans=False))
    bodies = ask_everything(world) + send_everything(world)
    assert any(b'"status":422' in body for body in bodies)
    assert any(b'"status":400' in body for body in bodies)
    for away in (False, True):
        world.change(customers=Failing(away))
        bodies += ask_everything(world) + send_everything(world)
    logging.getLogger("asyncio").error("a task with %s", CANARIES["email"])
    logging.getLogger("a.library").warning(CANARIES["mobile"], exc_info=ValueError(CANARIES["id"]))

    log, metrics = written.getvalue(), world.get("/metrics", None).body.decode()
    assert len(log.splitlines()) > 200
    assert '"status": 500' in log
    assert '"status": 503' in log
    assert "ValueError" in log
    secret = [world.token, world.writer, *CANARIES.values()]
    for place, text in (("log", log), ("metrics", metrics), ("errors", str(bodies))):
        assert [value for value in secret if value in text] == [], place


def test_a_line_of_the_log_is_json_with_the_request_id(world: World, written: io.StringIO) -> None:
    world.change(journal=Lines(access_log=True))
    answer = world.get("/customers/1")
    (line,) = [json.loads(text) for text in written.getvalue().splitlines()]
    assert line["request_id"] == answer.headers["x-request-id"]
    assert (line["event"], line["route"], line["status"]) == (
        "request",
        "/customers/{customer}",
        404,
    )


def test_the_access_log_is_a_setting(world: World, written: io.StringIO) -> None:
    world.change(journal=Lines(access_log=False))
    world.get("/customers/1")
    assert written.getvalue() == ""
