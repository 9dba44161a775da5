"""Faults of webhooks: what a receiver gets, and what the server and its journal say of it."""

import json
from datetime import datetime, timedelta
from typing import Any

import msgspec
import pytest
from e2e.receiving import Receiver
from sandbox.conftest import ADMIN_TOKEN, SandboxWorld, sandbox_with
from sandbox.hooked import SECRET, Hooked

from sijill.sandbox.webhooks.rules import WebhookRule
from sijill.webhooks.signing import verify_salla, verify_standard

CREATED = {"event": "customer.created"}


@pytest.fixture
def made(sandbox: SandboxWorld, receiver: Receiver) -> Hooked:
    return Hooked(sandbox, receiver)


def put(made: Hooked, *rules: dict[str, Any]) -> None:
    answer = made.control("PUT", "webhook-faults", {"faults": [CREATED | rule for rule in rules]})
    assert answer.status == 200, answer.body


def names(receiver: Receiver) -> list[str]:
    return [json.loads(one.body)["data"]["first_name"] for one in receiver.received]


def told(made: Hooked, *keys: str) -> list[tuple[Any, ...]]:
    entries = made.control("GET", "deliveries").json["deliveries"]
    return [tuple(entry[key] for key in keys) for entry in entries]


def states(made: Hooked) -> list[tuple[str, int]]:
    """Return what the server itself says of its deliveries to the app."""
    listed = made.sandbox.ask("GET", "/_/deliveries", made.token).json["deliveries"]
    return [(one["state"], one["attempts"]) for one in listed]


def test_a_dropped_delivery_is_not_sent_and_taken_for_delivered(made: Hooked) -> None:
    put(made, {"kind": "drop", "times": 1})
    made.customer("sara")
    assert made.receiver.received == []
    assert states(made) == [("done", 1)]
    assert made.advance(4 * 86_400)["did"] == []
    made.customer("omar")
    assert names(made.receiver) == ["omar"]
    assert told(made, "outcome", "status", "fault") == [
        ("dropped", 0, "drop"),
        ("delivered", 200, None),
    ]


def test_a_duplicate_is_sent_twice_with_the_same_bytes(made: Hooked) -> None:
    put(made, {"kind": "duplicate", "times": 1})
    made.customer("sara")
    first, second = made.receiver.received
    assert (first.body, first.headers) == (second.body, second.headers)
    assert states(made) == [("done", 1)]
    assert told(made, "outcome", "attempt", "fault") == [("delivered", 1, "duplicate")] * 2


def test_a_wrong_secret_signs_the_right_body(made: Hooked) -> None:
    put(made, {"kind": "wrong-secret", "times": 1})
    made.customer("sara")
    made.customer("omar")
    assert [signatures(made, number) for number in (0, 1)] == [(False, False), (True, True)]
    assert names(made.receiver) == ["sara", "omar"]


def test_a_tampered_body_is_json_that_its_signature_does_not_fit(made: Hooked) -> None:
    put(made, {"kind": "tampered", "times": 1})
    made.customer("sara")
    made.customer("omar")
    assert [signatures(made, number) for number in (0, 1)] == [(False, False), (True, True)]
    assert names(made.receiver) == ["sara", "omar"]
    bodies = [body for (body,) in told(made, "body")]
    assert bodies == [one.body.decode() for one in made.receiver.received]


def signatures(made: Hooked, number: int) -> tuple[bool, bool]:
    """Return whether the signatures of a delivery are right: Salla's, and the standard's."""
    one = made.receiver.received[number]
    of_message = ("webhook-id", "webhook-timestamp", "webhook-signature")
    signed = [one.headers[name] for name in of_message]
    at = float(one.headers["webhook-timestamp"])
    salla = verify_salla(SECRET, one.body, one.headers["x-salla-signature"])
    return salla, verify_standard(SECRET, *signed, one.body, at)


@pytest.mark.parametrize(
    ("security", "header"),
    [
        ({"security_strategy": "token", "secret": SECRET}, "authorization"),
        ({"security_strategy": "none", "secret": None}, "x-salla-signature"),
        ({"security_strategy": "none", "secret": None}, "webhook-signature"),
    ],
)
def test_a_wrong_secret_is_sent_by_every_strategy(
    made: Hooked, security: dict[str, Any], header: str
) -> None:
    made.subscribe("customer.updated", **security)
    customer = made.customer("sara")
    put(made, {"event": "customer.updated", "kind": "wrong-secret", "times": 1})
    for name in ("Sarah", "Sara"):
        made.sandbox.ask("PUT", f"/customers/{customer}", made.token, {"first_name": name})
        made.control("POST", "settle")
    _, wrong, right = (one.headers.get(header) for one in made.receiver.received)
    assert wrong is not None
    assert wrong != right
    assert SECRET not in wrong


def test_a_late_delivery_comes_at_its_exact_moment_and_is_retried_like_any(made: Hooked) -> None:
    put(made, {"kind": "late", "seconds": 90})
    made.customer("sara")
    assert made.receiver.received == []
    due = made.begin + timedelta(seconds=90)
    assert datetime.fromisoformat(made.control("GET", "clock").json["next_due"]) == due
    assert states(made) == [("pending", 0)]
    assert made.advance(89.999)["did"] == []
    made.receiver.mode = "refuse"
    [did] = made.advance(0.001)["did"]
    assert (datetime.fromisoformat(did["at"]), did["attempt"], did["status"]) == (due, 1, 500)
    made.receiver.mode = "answer"
    did = made.advance(3600)["did"]
    assert [(one["outcome"], one["attempt"]) for one in did] == [("held", 2), ("delivered", 2)]
    between = [datetime.fromisoformat(one["at"]) for one in did]
    assert between[1] - between[0] == timedelta(seconds=90)
    stamps = [int(one.headers["webhook-timestamp"]) for one in made.receiver.received]
    assert stamps == [int(due.timestamp()), int(between[1].timestamp())]
    [rule] = made.control("GET", "webhook-faults").json["faults"]
    assert rule["hits"] == 2


def test_a_late_delivery_is_overtaken(made: Hooked) -> None:
    put(made, {"kind": "late", "seconds": 60, "times": 1})
    made.customer("sara")
    made.customer("omar")
    made.advance(60)
    assert names(made.receiver) == ["omar", "sara"]


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("first", ["sara", "omar", "noura", "fahad", "layan", "huda"]),
        ("last", ["huda", "layan", "fahad", "noura", "omar", "sara"]),
        ([1, 0], ["omar", "sara"]),
        ([3, 3, 1], ["fahad", "omar"]),
        ([], []),
    ],
)
def test_held_deliveries_are_released_in_a_named_order(
    made: Hooked, order: str | list[int], expected: list[str]
) -> None:
    put(made, {"kind": "hold"})
    for name in ("sara", "omar", "noura", "fahad", "layan", "huda"):  # more than a webhook's places
        made.customer(name)
    assert made.receiver.received == []
    assert made.control("GET", "clock").json["next_due"] is None
    assert made.advance(4 * 86_400)["did"] == []
    ids = [one["id"] for one in held(made)]
    asked = order if isinstance(order, str) else [ids[number] for number in order]
    released = made.control("POST", "deliveries/release", {"order": asked})
    assert (released.status, released.json) == (200, {"released": len(expected)})
    assert names(made.receiver) == expected
    rest = made.control("POST", "deliveries/release", {"order": "first"}).json
    assert rest == {"released": 6 - len(expected)}
    assert sorted(states(made)) == [("done", 1)] * 6


def held(made: Hooked) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = made.control("GET", "deliveries?outcome=held").json[
        "deliveries"
    ]
    return entries


def test_a_release_of_what_is_not_held_sends_nothing(made: Hooked) -> None:
    put(made, {"kind": "hold", "times": 1})
    made.customer("sara")
    made.customer("omar")
    [one] = held(made)
    sent = made.receiver.received[0].id
    for ids in ([sent], [one["id"], sent], ["evt_0"]):
        assert made.control("POST", "deliveries/release", {"order": ids}).status == 404
    assert made.control("POST", "deliveries/release", {"order": "middle"}).status == 422
    assert names(made.receiver) == ["omar"]
    assert (one["headers"], one["attempt"], one["fault"]) == ({}, 1, "hold")
    assert json.loads(one["body"])["data"]["first_name"] == "sara"


def test_a_released_delivery_is_retried_like_any(made: Hooked) -> None:
    put(made, {"kind": "hold", "times": 1})
    made.customer("sara")
    made.advance(86_400)
    made.receiver.mode = "refuse"
    made.control("POST", "deliveries/release")
    assert states(made) == [("pending", 1)]
    made.receiver.mode = "answer"
    [did] = made.advance(6)["did"]
    assert (did["attempt"], did["outcome"]) == (2, "delivered")
    stamps = [int(one.headers["webhook-timestamp"]) for one in made.receiver.received]
    assert stamps[0] == int((made.begin + timedelta(days=1)).timestamp())


def test_a_snapshot_keeps_what_is_held(made: Hooked) -> None:
    put(made, {"kind": "hold"})
    made.customer("sara")
    made.control("PUT", "snapshots/before")
    made.control("POST", "deliveries/release")
    assert made.control("POST", "deliveries/release").json == {"released": 0}
    assert made.control("POST", "snapshots/before").status == 200
    assert made.control("POST", "deliveries/release").json == {"released": 1}
    assert names(made.receiver) == ["sara", "sara"]


def test_what_a_state_holds_is_released_before_what_is_held_afterwards(
    made: Hooked, receiver: Receiver
) -> None:
    put(made, {"kind": "hold"})
    for name in ("a", "b"):
        made.customer(name)
    state = made.control("GET", "state").body
    with sandbox_with() as other:
        token = other.create("two")["token"]
        key = {"authorization": f"Bearer {ADMIN_TOKEN}"}
        assert other.send("PUT", "/_/ns/two/state", state, **key).status == 200
        rules = {"faults": [CREATED | {"kind": "hold"}]}
        assert other.control("PUT", "ns/two/webhook-faults", rules).status == 200
        for name in ("c", "d"):
            body = {"first_name": name, "email": f"{name}@example.com"}
            assert other.ask("POST", "/customers", token, body).status == 200
            other.control("POST", "ns/two/settle")
        assert other.control("POST", "ns/two/deliveries/release").json == {"released": 4}
    assert names(receiver) == ["a", "b", "c", "d"]


def test_rules_decide_about_what_is_late_in_a_snapshot_once_more(made: Hooked) -> None:
    put(made, {"kind": "late", "seconds": 60, "times": 1})
    made.customer("sara")
    made.control("PUT", "snapshots/before")
    for rules in ([], [{"kind": "drop"}]):
        made.control("POST", "snapshots/before")
        put(made, *rules)
        made.advance(60)
    assert told(made, "outcome", "fault") == [
        ("held", "late"),
        ("delivered", None),
        ("dropped", "drop"),
    ]


def test_a_reset_forgets_rules_and_what_is_held(made: Hooked) -> None:
    put(made, {"kind": "hold"})
    made.customer("sara")
    made.control("POST", "reset")
    assert made.control("GET", "webhook-faults").json == {"faults": []}
    assert made.control("POST", "deliveries/release").json == {"released": 0}


def test_rules_count_attempts_of_their_event_alone(made: Hooked) -> None:
    made.subscribe("customer.updated")
    skipped = {"kind": "drop", "skip": 1, "times": 1}
    every = {"event": "*", "kind": "duplicate", "every": 2}
    put(made, skipped, every)
    customer = made.customer("sara")
    for name in ("Sarah", "Sara"):
        made.sandbox.ask("PUT", f"/customers/{customer}", made.token, {"first_name": name})
        made.control("POST", "settle")
    made.customer("omar")
    assert told(made, "event", "fault") == [
        ("customer.created", "duplicate"),
        ("customer.created", "duplicate"),
        ("customer.updated", None),
        ("customer.updated", "duplicate"),
        ("customer.updated", "duplicate"),
        ("customer.created", "drop"),
    ]
    reported = made.control("GET", "webhook-faults").json["faults"]
    assert [(rule["hits"], rule["spent"]) for rule in reported] == [(1, True), (2, False)]
    assert made.control("DELETE", "webhook-faults").status == 204
    assert made.control("GET", "webhook-faults").json == {"faults": []}


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        ({"event": "customer.deleted"}, "event is [*], or one of app.installed, "),
        ({"event": "customers.create"}, "event is [*]"),
        ({"kind": "lost"}, "lost"),
        ({"kind": "late"}, "has seconds"),
        ({"seconds": 5}, "has seconds"),
        ({"kind": "late", "seconds": -1}, "seconds"),
        ({"op": "customers.create"}, "op"),
        ({"rate": 0.5, "every": 2}, "exclude each other"),
    ],
)
def test_a_set_with_a_faulty_rule_is_refused_whole(rule: dict[str, Any], sentence: str) -> None:
    good = CREATED | {"kind": "drop"}
    with pytest.raises(msgspec.ValidationError, match=sentence):
        msgspec.convert([good, good | rule], list[WebhookRule])


def test_a_faulty_set_changes_nothing_and_an_idle_namespace_takes_none(
    sandbox: SandboxWorld, made: Hooked
) -> None:
    put(made, {"kind": "drop"})
    bad = made.control("PUT", "webhook-faults", {"faults": [CREATED | {"kind": "lost"}]})
    assert bad.status == 422
    assert len(made.control("GET", "webhook-faults").json["faults"]) == 1
    sandbox.create("idle", settings={"webhooks": "capture"})
    rules = {"faults": [CREATED | {"kind": "drop"}]}
    assert sandbox.control("PUT", "ns/idle/webhook-faults", rules).status == 409
    assert sandbox.control("GET", "ns/idle/webhook-faults").json == {"faults": []}
