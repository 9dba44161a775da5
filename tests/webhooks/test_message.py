"""The message of a delivery, and the webhooks that an event is for."""

import pytest
from fixtures.events import HOOK, announce
from fixtures.registers import NOW, STORE, customer
from msgspec.structs import replace

from sijill.oauth.apps import Strategy
from sijill.webhooks.events import CREATED
from sijill.webhooks.message import headers
from sijill.webhooks.model import ClaimedDelivery, wants
from sijill.webhooks.signing import verify_salla, verify_standard

EVENT = announce(STORE, CREATED, customer(5, id=5, city="جدة", first_name="Sara"))


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (None, True),
        ("city = `جدة`", True),
        ("city = `الرياض`", False),
        ("city = `الرياض` OR first_name = Sara", True),
        ("id > 5", False),
    ],
)
def test_a_rule_decides_whether_an_event_is_wanted(rule: str | None, expected: bool) -> None:
    assert wants(replace(HOOK, rule=rule), EVENT) == expected


def test_an_event_without_a_customer_is_wanted_where_there_is_no_rule() -> None:
    assert wants(HOOK, replace(EVENT, body=b"no JSON at all"))


def test_a_delivery_is_signed_with_the_time_of_its_own_attempt() -> None:
    first, second = (
        dict(
            headers(ClaimedDelivery(HOOK, EVENT, attempt), NOW.timestamp() + attempt + 0.9, "both")
        )
        for attempt in (1, 2)
    )
    assert HOOK.secret is not None
    assert verify_salla(HOOK.secret, EVENT.body, first["X-Salla-Signature"])
    assert first["X-Salla-Signature"] == second["X-Salla-Signature"]
    assert first["webhook-id"] == second["webhook-id"] == EVENT.id
    assert int(second["webhook-timestamp"]) - int(first["webhook-timestamp"]) == 1
    for sent in (first, second):
        names = ("webhook-id", "webhook-timestamp", "webhook-signature")
        signed = [sent[name] for name in names]
        assert verify_standard(HOOK.secret, *signed, EVENT.body, NOW.timestamp())
    assert first["X-Key"] == "a header of theirs"


@pytest.mark.parametrize(
    ("strategy", "expected"),
    [
        ("signature", {"X-Salla-Security-Strategy", "X-Salla-Signature"}),
        ("token", {"X-Salla-Security-Strategy", "Authorization"}),
        ("none", set()),
    ],
)
def test_salla_style_adds_no_header_that_salla_does_not_send(
    strategy: Strategy, expected: set[str]
) -> None:
    due = ClaimedDelivery(replace(HOOK, strategy=strategy, headers=()), EVENT, 1)
    sent = dict(headers(due, NOW.timestamp(), "salla"))
    assert sent.keys() == {"Content-Type", "User-Agent"} | expected
    assert sent.get("Authorization", HOOK.secret) == HOOK.secret


def test_a_rule_that_can_no_longer_be_read_keeps_nothing_back() -> None:
    assert wants(replace(HOOK, rule="first_name LIKE `User`"), EVENT)


@pytest.mark.parametrize("strategy", ["signature", "token", "none"])
@pytest.mark.parametrize("secret", [None, "", "a secret"])
def test_an_id_and_a_time_come_with_or_without_a_secret(
    strategy: Strategy, secret: str | None
) -> None:
    hook = replace(HOOK, strategy=strategy, secret=secret)
    sent = dict(headers(ClaimedDelivery(hook, EVENT, 1), NOW.timestamp(), "both"))
    assert sent["webhook-id"] == EVENT.id
    assert sent["webhook-timestamp"] == str(int(NOW.timestamp()))
    assert ("webhook-signature" in sent) == bool(secret)


@pytest.mark.parametrize("secret", [None, "a secret"])
def test_a_header_of_theirs_replaces_neither_id_nor_time(secret: str | None) -> None:
    theirs = (("Webhook-Id", "theirs"), ("Webhook-Timestamp", "0"))
    due = ClaimedDelivery(replace(HOOK, secret=secret, headers=theirs), EVENT, 1)
    sent = headers(due, NOW.timestamp(), "both")
    assert [value for name, value in sent if name.lower() == "webhook-id"] == [EVENT.id]
