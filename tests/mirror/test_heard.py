"""Webhooks of upstream: proven, stored once, answered, and only then worked."""

from typing import Any

import pytest
from fixtures.world import Answer, World
from hypothesis import given
from hypothesis import strategies as st
from mirror.linked import AHMED, SECRET, SEED, Linked, linked
from msgspec import json

from sijill.errors import Unavailable
from sijill.mirror.heard.model import Told, customer_of, is_genuine, meaning_of, read
from sijill.webhooks.signing import salla_signature

__all__ = ["linked"]

pytestmark = [
    pytest.mark.salla(seed=SEED),
    pytest.mark.proves("a mirror believes no webhook that upstream did not sign"),
]


def told(linked: Linked, event: str = "customer.updated", **changes: Any) -> bytes:
    """Return a webhook of upstream about a customer, as it is now but for some changes."""
    data = json.decode(linked.original(f"/customers/{AHMED}"))["data"]
    return json.encode({"event": event, "merchant": 1, "data": data | changes})


def newer(**changes: Any) -> dict[str, Any]:
    """Return changes that are later than what is known."""
    date = {"date": "2030-01-01 00:00:00.000000", "timezone_type": 3, "timezone": "Asia/Riyadh"}
    return {"updated_at": date, **changes}


def hear(linked: Linked, body: bytes, signature: str | None = "", store: int = 0) -> Answer:
    """Deliver a body; "" signs it, None sends no signature."""
    signed = salla_signature(SECRET, body) if signature == "" else signature
    headers = {} if signed is None else {"x_salla_signature": signed}
    path = f"/_/mirror/{store or linked.store_id}/webhooks"
    return linked.world.ask("POST", path, None, body, **headers)


def work(linked: Linked) -> None:
    linked.run(linked.world.mirroring._hearing.turn())


def waiting(linked: Linked) -> int:
    return len(linked.run(linked.world.register.mirror_heard.waiting(linked.store_id, 999)))


def checks(linked: Linked) -> list[int]:
    rows = linked.run(linked.world.register.driver.all("mirror_checks_of", linked.store_id))
    return [row[0] for row in rows]


def test_a_webhook_is_stored_then_answered_then_worked(linked: Linked) -> None:
    linked.get(f"/customers/{AHMED}")
    answer = hear(linked, told(linked, **newer(first_name="Hamad")))
    assert answer.status == 200
    assert waiting(linked) == 1
    assert linked.detail(AHMED)["first_name"] == "Ahmed"
    work(linked)
    assert waiting(linked) == 0
    assert linked.detail(AHMED)["first_name"] == "Hamad"
    assert checks(linked) == [AHMED]


def test_what_a_webhook_tells_confirms_nothing(linked: Linked) -> None:
    linked.get(f"/customers/{AHMED}")
    linked.pass_time(50)
    hear(linked, told(linked, **newer(first_name="Hamad")))
    work(linked)
    assert linked.get(f"/customers/{AHMED}").headers["age"] == "50"


@pytest.mark.parametrize(
    "signature",
    [None, "0" * 64, "nonsense", "\xff" * 64, " "],
    ids=["none", "wrong", "short", "not ASCII", "blank"],
)
def test_a_body_that_is_not_proven_is_refused_and_not_stored(
    linked: Linked, signature: str | None
) -> None:
    answer = hear(linked, told(linked), signature)
    assert answer.status == 401
    assert waiting(linked) == 0


def test_a_signature_of_other_bytes_proves_nothing(linked: Linked) -> None:
    body = told(linked)
    signature = salla_signature(SECRET, body)
    assert hear(linked, body + b" ", signature).status == 401
    assert hear(linked, body.replace(b"Ahmed", b"Hamad"), signature).status == 401
    assert hear(linked, body, signature.upper()).status == 200


@pytest.mark.parametrize("secret", [None, ""])
def test_without_a_secret_nothing_is_believed(linked: Linked, secret: str | None) -> None:
    linked.relink(webhook_secret=secret)
    body = told(linked)
    for signature in ("", salla_signature("", body)):
        assert hear(linked, body, signature).status == 401
    assert waiting(linked) == 0


@pytest.mark.parametrize("store", [1, 77])
def test_a_store_that_is_not_linked_hears_nothing(linked: Linked, store: int) -> None:
    assert hear(linked, told(linked), store=store).status == 404


def test_a_repeated_body_is_answered_and_worked_once(linked: Linked) -> None:
    linked.get(f"/customers/{AHMED}")
    body = told(linked, **newer(first_name="Hamad"))
    for _ in range(100):
        assert hear(linked, body).status == 200
    assert waiting(linked) == 1
    work(linked)
    assert hear(linked, body).status == 200
    assert waiting(linked) == 0


def test_nothing_is_answered_before_it_is_durable(
    linked: Linked, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: object) -> None:
        raise Unavailable

    body = told(linked)
    with monkeypatch.context() as patch:
        patch.setattr(linked.world.register.driver, "write", away)
        assert hear(linked, body).status == 503
    assert hear(linked, body).status == 200
    assert waiting(linked) == 1


def test_webhooks_in_any_order_leave_the_latest(linked: Linked) -> None:
    linked.get(f"/customers/{AHMED}")
    bodies = [
        told(
            linked,
            first_name=f"Hamad {hour}",
            updated_at={
                "date": f"2030-01-01 {hour:02}:00:00.000000",
                "timezone_type": 3,
                "timezone": "Asia/Riyadh",
            },
        )
        for hour in range(10)
    ]
    for number in (3, 9, 0, 7, 1, 9, 2, 8):
        hear(linked, bodies[number])
        work(linked)
    assert linked.detail(AHMED)["first_name"] == "Hamad 9"
    assert checks(linked) == [AHMED]


@pytest.mark.parametrize("event", ["customer.login", "customer.otp.request", "order.created"])
def test_other_events_cost_no_request(linked: Linked, event: str) -> None:
    linked.get(f"/customers/{AHMED}")
    assert hear(linked, told(linked, event, **newer(first_name="Hamad"))).status == 200
    work(linked)
    assert checks(linked) == []
    assert linked.detail(AHMED)["first_name"] == "Ahmed"


def test_an_unknown_customer_is_asked_for(linked: Linked) -> None:
    hear(linked, told(linked, "customer.created"))
    work(linked)
    assert linked.row(AHMED) is None
    assert checks(linked) == [AHMED]


def test_a_body_without_what_the_mirror_reads_is_only_a_hint(linked: Linked) -> None:
    body = json.encode({"event": "customer.updated", "merchant": 1, "data": {"id": AHMED}})
    hear(linked, body)
    work(linked)
    assert checks(linked) == [AHMED]


def test_another_store_of_the_same_app_is_not_ours(linked: Linked) -> None:
    linked.relink(merchant=1)
    linked.get(f"/customers/{AHMED}")
    body = told(linked, **newer(first_name="Hamad"))
    hear(linked, body.replace(b'"merchant":1', b'"merchant":2'))
    work(linked)
    assert linked.detail(AHMED)["first_name"] == "Ahmed"
    hear(linked, body)
    work(linked)
    assert linked.detail(AHMED)["first_name"] == "Hamad"


def test_an_app_that_was_uninstalled_needs_a_person(linked: Linked) -> None:
    hear(linked, json.encode({"event": "app.uninstalled", "merchant": 1, "data": {}}))
    work(linked)
    assert linked.store.trouble == "needs_authorisation"


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"\xff", b"\0", b'{"event":5}', b"[" * 9_999])
def test_a_signed_body_that_is_no_event_does_nothing(linked: Linked, body: bytes) -> None:
    assert hear(linked, body).status == 200
    work(linked)
    assert waiting(linked) == 0


def test_an_erased_person_is_gone_from_what_waits(linked: Linked) -> None:
    linked.get(f"/customers/{AHMED}")
    hear(linked, told(linked))
    register = linked.world.register
    linked.run(register.eraser.erase(linked.store_id, AHMED, linked.world.moment))
    assert waiting(linked) == 0


@given(st.binary(max_size=80))
def test_any_body_can_be_read(body: bytes) -> None:
    told = read(body)
    assert told is None or isinstance(told.event, str)
    assert customer_of(body) is None or customer_of(body) is not None


@given(st.binary(max_size=40), st.text(max_size=70), st.text(min_size=1, max_size=20))
def test_no_text_but_the_signature_is_one(body: bytes, text: str, secret: str) -> None:
    right = salla_signature(secret, body)
    assert is_genuine(secret, body, text) == (text.strip().lower() == right)
    assert is_genuine(secret, body, right)


@pytest.mark.parametrize(
    ("event", "merchant", "known", "meaning"),
    [
        ("customer.updated", 5, 5, "merge"),
        ("customer.updated", "5", 5, "merge"),
        ("customer.updated", 5, None, "merge"),
        ("customer.updated", 6, 5, "nothing"),
        ("customer.updated", None, 5, "nothing"),
        ("customer.deleted", 5, 5, "nothing"),
        ("app.uninstalled", 5, 5, "uninstalled"),
        ("app.uninstalled", 6, 5, "nothing"),
    ],
)
def test_each_event_has_one_meaning(
    event: str, merchant: int | str | None, known: int | None, meaning: str
) -> None:
    assert meaning_of(Told(event, merchant), known) == meaning


def test_the_route_is_not_in_the_description_of_the_api(world: World) -> None:
    answer = world.get("/_/openapi.json", token=None)
    assert answer.status == 200
    assert not [path for path in answer.json["paths"] if "mirror" in path]
