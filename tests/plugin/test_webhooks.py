"""What a test sees of webhooks: deliveries, a receiver, and signatures."""

from collections.abc import Callable

import pytest

from plugin.conftest import AHMED, Run
from sijill.pytest_plugin import Salla
from sijill.testing.inbox import Received

pytestmark = pytest.mark.proves(
    "with the plugin of pytest, a test receives real deliveries and checks their signatures"
)


def rename(salla: Salla, name: str = "Omar") -> None:
    assert salla.client.put(AHMED, json={"first_name": name}).status_code == 200


def test_a_delivery_arrives_and_is_told(salla: Salla) -> None:
    inbox = salla.webhooks.receive("customer.updated")
    rename(salla)
    [told] = salla.webhooks.assert_delivered("customer.updated")
    assert (told.event, told.url, told.attempt) == ("customer.updated", inbox.url, 1)
    assert (told.status, told.outcome) == (200, "delivered")
    [came] = inbox.wait()
    assert (came.event, came.json()["data"]["first_name"]) == ("customer.updated", "Omar")
    assert came.body.decode() == told.body
    assert salla.webhooks.deliveries() == salla.webhooks.deliveries("customer.updated") == [told]
    assert salla.webhooks.deliveries("customer.created") == []


def test_a_refused_delivery_comes_again_when_the_clock_moves(salla: Salla) -> None:
    inbox = salla.webhooks.receive("customer.updated")
    inbox.status = 500
    rename(salla)
    [first] = inbox.wait()
    inbox.status = 200
    moved = salla.clock.advance(3600)
    assert len(moved.did) == 1
    [told] = salla.webhooks.assert_delivered("customer.updated", within=0)
    assert (told.attempt, told.entry["id"]) == (2, first.headers["webhook-id"])
    assert [one.outcome for one in salla.webhooks.deliveries()] == ["failed", "delivered"]


def test_several_deliveries_are_waited_for(salla: Salla) -> None:
    inbox = salla.webhooks.receive("customer.updated", "customer.created")
    for name in ("Omar", "Ali", "Zaid"):
        rename(salla, name)
    assert len(salla.webhooks.assert_delivered("customer.updated", count=3)) == 3
    assert {one.event for one in inbox.wait(3)} == {"customer.updated"}
    with pytest.raises(AssertionError, match=r"3 of 4 deliveries came within 0.01 s"):
        inbox.wait(4, within=0.01)


def tampered(came: Received) -> Received:
    return came._replace(body=came.body + b" ")


def unsigned(came: Received) -> Received:
    del came.headers["X-Salla-Signature"]
    return came


@pytest.mark.parametrize(
    ("change", "secret", "genuine"),
    [
        (lambda came: came, "the-secret-of-the-app", True),
        (lambda came: came, "another-secret-of-an-app", False),
        (tampered, "the-secret-of-the-app", False),
        (unsigned, "the-secret-of-the-app", False),
    ],
)
def test_a_signature_tells_what_is_genuine(
    salla: Salla, change: Callable[[Received], Received], secret: str, genuine: bool
) -> None:
    inbox = salla.webhooks.receive()
    assert salla.webhooks.subscribe("customer.updated", inbox.url, "the-secret-of-the-app") > 0
    rename(salla)
    [told] = salla.webhooks.assert_delivered("customer.updated")
    [came] = inbox.wait()
    assert salla.webhooks.signed(change(came), secret) == genuine
    assert salla.webhooks.signed(told, "the-secret-of-the-app")


def test_a_token_is_a_proof_too(salla: Salla) -> None:
    inbox = salla.webhooks.receive()
    hook = {
        "name": "a token",
        "event": "customer.updated",
        "url": inbox.url,
        "security_strategy": "token",
        "secret": "the-secret-of-the-app",
    }
    assert salla.client.post("/webhooks/subscribe", json=hook).status_code == 200
    rename(salla)
    [came] = inbox.wait()
    assert salla.webhooks.signed(came, "the-secret-of-the-app")
    assert not salla.webhooks.signed(came)


def test_a_webhook_that_cannot_be_is_refused(salla: Salla) -> None:
    with pytest.raises(ValueError, match=r"the webhook was refused: .*event"):
        salla.webhooks.subscribe("customer.creatd", "http://127.0.0.1:1/")


@pytest.mark.parametrize("kind", ["wrong-secret", "tampered"])
def test_a_forged_delivery_is_not_signed(salla: Salla, kind: str) -> None:
    inbox = salla.webhooks.receive("customer.updated")
    salla.webhooks.faults.add("customer.updated", kind=kind, times=1)
    rename(salla)
    rename(salla, "Ali")
    forged, genuine = sorted(inbox.wait(2), key=lambda came: b"Ali" in came.body)
    assert not salla.webhooks.signed(forged)
    assert salla.webhooks.signed(genuine)
    assert salla.webhooks.faults.unspent() == []


def test_held_deliveries_come_in_the_order_of_the_test(salla: Salla) -> None:
    inbox = salla.webhooks.receive("customer.updated")
    salla.webhooks.faults.add("*", kind="hold", times=2)
    rename(salla, "Omar")
    rename(salla, "Ali")
    assert salla.webhooks.release("last") == 2
    names = [came.json()["data"]["first_name"] for came in inbox.wait(2)]
    assert names == ["Ali", "Omar"]
    assert salla.webhooks.release() == 0


UNSPENT = """
def test_it(salla):
    salla.webhooks.faults.add("customer.updated", kind="drop", times=1)
"""


def test_an_unspent_fault_of_a_webhook_fails_the_test(run: Run) -> None:
    result = run(UNSPENT)
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["unspent fault: customer.updated drop was met 0 of 1 times"])


FAILING = """
def test_it(salla):
    inbox = salla.webhooks.receive("customer.created")
    inbox.status = 500
    salla.webhooks.subscribe("customer.updated", salla.dead_url + "?token=Zubaida")
    salla.client.post("/customers", json={"first_name": "Zubaida", "email": "z@example.com"})
    inbox.wait()
    salla.client.put("/customers/2075683582", json={"first_name": "Zubaida"})
    salla.webhooks.assert_delivered("customer.updated", within=0.01)
"""


def test_what_was_tried_is_told_masked(run: Run) -> None:
    result = run(FAILING, "--tb=line")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "*AssertionError: customer.updated was not delivered 1 x within 0.01 s; tried instead:",
            "*-- salla: deliveries --*",
            "20*Z  customer.created  to 127.0.0.1:*  attempt 1  failed  500",
            "20*Z  customer.updated  to 127.0.0.1:*  attempt 1  failed  no answer",
        ]
    )
    assert "Zubaida" not in result.stdout.str()


def test_without_a_webhook_nothing_is_tried(run: Run) -> None:
    text = "def test_it(salla): salla.webhooks.assert_delivered('customer.created', within=0)"
    run(text).stdout.fnmatch_lines(["E   nothing: is a webhook subscribed to it?"])
