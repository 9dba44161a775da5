"""Deliveries of a namespace: every attempt is listed as it was sent, and can be waited for."""

import asyncio
import socket
from typing import Any

import pytest
from e2e.receiving import Receiver, receiving
from sandbox.conftest import ADMIN_TOKEN, SandboxWorld
from sandbox.hooked import SECRET, Hooked

from sijill.webhooks.signing import verify_salla

NAMES = ("event", "webhook", "attempt", "outcome", "status", "error", "fault")


@pytest.fixture
def made(sandbox: SandboxWorld, receiver: Receiver) -> Hooked:
    return Hooked(sandbox, receiver)


def rows(entries: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    return [tuple(entry[name] for name in NAMES) for entry in entries]


def test_an_attempt_is_listed_as_its_receiver_got_it(made: Hooked) -> None:
    made.customer("sara")
    told = made.control("GET", "deliveries").json
    assert told["overflowed"] is False
    [entry], [received] = told["deliveries"], made.receiver.received
    assert rows([entry]) == [("customer.created", made.hook, 1, "delivered", 200, None, None)]
    assert (entry["id"], entry["body"].encode()) == (received.id, received.body)
    assert entry["url"] == f"http://127.0.0.1:{received.port}/"
    sent = {name.lower(): value for name, value in entry["headers"].items()}
    assert sent.items() <= received.headers.items()
    assert received.headers.keys() - sent.keys() == {"host", "content-length"}
    assert verify_salla(SECRET, received.body, sent["x-salla-signature"])
    assert entry["took"] >= 0


def test_every_attempt_is_an_entry_and_told_by_the_move_that_made_it(made: Hooked) -> None:
    made.receiver.mode = "refuse"
    made.customer("sara")
    moved = made.advance(600)
    made.receiver.mode = "answer"
    later = made.advance(3600)
    entries = made.control("GET", "deliveries").json["deliveries"]
    of_hook = ("customer.created", made.hook)
    failed = [(*of_hook, attempt, "failed", 500, None, None) for attempt in (1, 2, 3)]
    assert rows(entries) == [*failed, (*of_hook, 4, "delivered", 200, None, None)]
    assert len({entry["id"] for entry in entries}) == 1
    did = [*moved["did"], *later["did"]]
    assert {one["what"] for one in did} == {"delivery"}
    names = ("at", "id", "event", "webhook", "attempt", "outcome", "status", "fault")
    assert [[one[name] for name in names] for one in did] == [
        [entry[name] for name in names] for entry in entries[1:]
    ]


def test_an_attempt_without_an_answer_says_why(made: Hooked) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    hook = made.subscribe("customer.updated", url=f"http://127.0.0.1:{port}/")
    customer = made.customer("sara")
    body = {"first_name": "Sarah"}
    made.sandbox.ask("PUT", f"/customers/{customer}", made.token, body)
    made.control("POST", "settle")
    entries = made.control("GET", "deliveries?event=customer.updated").json["deliveries"]
    assert rows(entries) == [("customer.updated", hook, 1, "failed", 0, "connect", None)]


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("", 2),
        ("?event=customer.created", 2),
        ("?event=customer.updated", 0),
        ("?outcome=delivered", 1),
        ("?outcome=failed&attempt=1", 1),
        ("?status=500", 1),
    ],
)
def test_deliveries_can_be_asked_for(made: Hooked, query: str, count: int) -> None:
    made.receiver.mode = "refuse"
    made.customer("sara")
    made.receiver.mode = "answer"
    made.advance(6)
    assert len(made.control("GET", f"deliveries{query}").json["deliveries"]) == count


@pytest.mark.parametrize("query", ["?outcome=lost", "?status=x", "?evnt=customer.created"])
def test_a_question_that_matches_nothing_by_mistake_is_refused(made: Hooked, query: str) -> None:
    assert made.control("GET", f"deliveries{query}").status == 422


def test_a_wait_ends_with_the_delivery_that_it_is_for(made: Hooked) -> None:
    body = {"match": {"event": "customer.created"}, "count": 2, "within": 60}
    path = f"/_/ns/{made.name}/deliveries/wait"

    async def scenario() -> Any:
        answer = made.sandbox.answer
        waiting = asyncio.create_task(answer("POST", path, ADMIN_TOKEN, body))
        for name in ("sara", "omar"):
            await asyncio.sleep(0)
            assert not waiting.done()
            new = {"email": f"{name}@example.com"}
            await answer("POST", "/customers", made.token, new)
        return await waiting

    answer = made.sandbox.run(scenario())
    assert (answer.status, len(answer.json["deliveries"])) == (200, 2)


def test_a_wait_in_vain_says_how_many_came(made: Hooked) -> None:
    made.customer("sara")
    body = {"match": {"outcome": "delivered"}, "count": 2, "within": 0}
    answer = made.control("POST", "deliveries/wait", body)
    assert answer.status == 408
    assert answer.json["detail"] == "1 of 2 deliveries came in time"
    wrong = made.control("POST", "deliveries/wait", {"match": {"evnt": "customer.created"}})
    assert wrong.status == 422


def test_a_reset_forgets_deliveries_and_another_namespace_knows_none(made: Hooked) -> None:
    other = Hooked(made.sandbox, made.receiver, "two")
    made.customer("sara")
    assert other.control("GET", "deliveries").json["deliveries"] == []
    assert made.control("POST", "reset").status == 204
    assert made.control("GET", "deliveries").json["deliveries"] == []


@pytest.mark.parametrize("name", ["one", "two", "three"])  # ids of webhooks follow from it
def test_what_is_due_at_one_moment_is_sent_in_one_order(
    sandbox: SandboxWorld, receiver: Receiver, name: str
) -> None:
    """By the id of the webhook, and of one webhook by the order of the events."""
    made = Hooked(sandbox, receiver, name)
    url = f"http://127.0.0.1:{receiver.ports[0]}/"
    hooks = [made.hook, *(made.subscribe("customer.created", url=f"{url}{n}") for n in range(4))]
    receiver.mode = "refuse"
    for customer in ("a", "b"):
        made.customer(customer)
    receiver.mode = "answer"
    made.advance(86_400)
    entries = made.control("GET", "deliveries").json["deliveries"]
    assert [one["webhook"] for one in entries][:10] == sorted(hooks) * 2
    assert [one["body"].encode() for one in entries] == [one.body for one in receiver.received]
    assert [one["at"] for one in entries] == sorted(one["at"] for one in entries)


def test_a_receiver_that_takes_long_holds_no_other_one_up(
    sandbox: SandboxWorld, receiver: Receiver
) -> None:
    with receiving() as slow:
        slow.mode = "hold"
        made = Hooked(sandbox, receiver)
        url = f"http://127.0.0.1:{slow.ports[0]}/"
        for n in range(3):  # one of their ids may come before that of the other
            made.subscribe("customer.created", url=f"{url}{n}")
        made.sandbox.ask("POST", "/customers", made.token, {"email": "sara@example.com"})
        body = {"match": {"outcome": "delivered"}, "within": 60}
        assert made.control("POST", "deliveries/wait", body).status == 200
        assert made.control("GET", "deliveries").json["deliveries"][0]["webhook"] == made.hook
        made.control("POST", "reset")
