"""The receiver for developers: which deliveries it calls genuine, and that it trusts none."""

import asyncio
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from fixtures.events import HOOK, happened
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from sijill.cli.receiving import MAX_BODY, Received, Receiver, json_line, line, verdict
from sijill.oauth.apps import Strategy
from sijill.webhooks.message import headers
from sijill.webhooks.model import ClaimedDelivery
from sijill.webhooks.signing import new_secret, salla_signature

NOW = datetime(2026, 11, 25, 10, tzinfo=UTC)
SECRET = new_secret()
BODY = '{"event":"customer.created","data":{"first_name":"سارة"}}'.encode()


def received(
    strategy: Strategy = "signature", *, standard: bool = True, body: bytes = BODY, **more: str
) -> Received:
    """Return a delivery as Sijill makes it, with some headers changed: `_` stands for `-`."""
    hook = replace(HOOK, strategy=strategy, secret=SECRET, headers=())
    due = ClaimedDelivery(hook, happened(1, id="evt_1", body=BODY), 1)
    ours = headers(due, NOW.timestamp(), "both" if standard else "salla")
    sent = {name.lower(): value for name, value in ours}
    return Received(NOW, sent | {k.replace("_", "-"): v for k, v in more.items()}, body)


@pytest.mark.parametrize("strategy", ["signature", "token", "none"])
@pytest.mark.parametrize("standard", [True, False])
def test_a_delivery_of_ours_is_ok_or_bears_no_proof(strategy: Strategy, standard: bool) -> None:
    one = received(strategy, standard=standard)
    assert verdict(one, SECRET) == ("none" if strategy == "none" and not standard else "ok")
    if strategy != "none" or standard:
        assert verdict(one, "another-secret-0123") == "wrong"
        assert verdict(one, None) == "unchecked"


@pytest.mark.parametrize(
    "one",
    [
        received(body=BODY + b" "),
        received("none", body=BODY + b" "),
        received(standard=False, body=BODY + b" "),
        received(x_salla_signature=salla_signature(SECRET, b"other")),
        received(webhook_signature="v1,AAAA"),
        received(webhook_id="evt_2"),
        received(webhook_timestamp=str(int(NOW.timestamp()) - 301)),
        received("token", authorization=SECRET.upper()),
        received("token", authorization=f"Bearer {SECRET}"),
        received("token", authorization=""),
    ],
)
def test_whatever_is_wrong_about_a_delivery_makes_it_wrong(one: Received) -> None:
    assert verdict(one, SECRET) == "wrong"


def test_the_name_of_a_strategy_may_be_in_any_case() -> None:
    token = received("token", standard=False, x_salla_security_strategy="token")
    assert verdict(token, SECRET) == "ok"


def test_an_authorization_of_the_receivers_own_is_no_proof() -> None:
    assert verdict(received("none", standard=False, authorization=SECRET), SECRET) == "none"


def test_a_line_says_what_came() -> None:
    size = len(BODY)
    assert line(received(), SECRET) == (
        f"10:00:00 customer.created evt_1 signature ok strategy Signature {size} bytes"
    )


def test_a_line_obeys_nothing_that_was_sent() -> None:
    body = b'{"event":"\\u001b[2J\\nx' + b"y" * 500 + b'"}'
    said = line(received(body=body, webhook_id="a\rb"), None)
    assert said.isprintable()
    assert len(said) < 300


@given(st.binary(max_size=60))
def test_any_body_is_one_line_of_json(body: bytes) -> None:
    said = json_line(received(body=body), SECRET)
    assert "\n" not in said
    assert json.loads(said)["bytes"] == len(body)


@pytest.mark.parametrize("body", [b'"\\ud800"', b"[" * 100_000, b"nul", b"\xff", b"1e999"])
def test_a_body_that_is_no_json_is_a_text(body: bytes) -> None:
    told = json.loads(json_line(received(body=body), SECRET))
    assert isinstance(told["body"], str)
    assert told["event"] is None


def test_a_line_of_json_has_the_body_as_it_was_said() -> None:
    told = json.loads(json_line(received(), SECRET))
    assert told["body"] == json.loads(BODY)
    assert (told["event"], told["webhook_id"]) == ("customer.created", "evt_1")
    assert (told["signature"], told["strategy"]) == ("ok", "Signature")


def ask(
    *pieces: bytes, method: str = "POST", headers: list[tuple[bytes, bytes]] | None = None
) -> tuple[int, list[Received]]:
    """Return the status of one request, and what was told of it."""
    came: list[Received] = []
    sent: list[Any] = []
    waiting = [
        {"type": "http.request", "body": piece, "more_body": number < len(pieces)}
        for number, piece in enumerate(pieces, 1)
    ]

    async def receive() -> Any:
        return waiting.pop(0) if waiting else {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)

    receiver = Receiver(204, came.append, NOW.timestamp)
    scope = {"type": "http", "method": method, "headers": headers or []}
    asyncio.run(receiver(scope, receive, send))
    return sent[0]["status"], came


def test_a_post_is_answered_with_the_status_that_was_asked_for() -> None:
    status, (one,) = ask(b"ab", b"c", headers=[(b"X-A", b"1"), (b"x-a", b"2")])
    assert (status, one.body, one.at) == (204, b"abc", NOW)
    assert one.headers == {"x-a": "1, 2"}


def test_a_request_that_is_no_delivery_is_refused_and_not_shown() -> None:
    assert ask(b"", method="GET") == (405, [])
    assert ask(b"a" * MAX_BODY, b"a") == (413, [])
    assert ask(b"a" * MAX_BODY)[0] == 204
