"""The page of the audit log: what it shows, its filters, and who may look."""

import html
from datetime import UTC, datetime, timedelta

import pytest
from fixtures.world import World

from console.desks import Seat
from sijill.audit.actions import ACTIONS
from sijill.console import audit
from sijill.console.audit import selected
from sijill.customers.examples import AHMED
from sijill.database.columns import micros

CANARY = "Zubaida"


def text(seat: Seat, path: str, language: str = "en", status: int = 200) -> str:
    answer = seat.get(path, accept_language=language)
    assert answer.status == status, answer.body
    return html.unescape(answer.body.decode())


@pytest.fixture
def changed(world: World, owner: Seat) -> World:
    """A world in which an app has changed a customer's name."""
    body = {"first_name": CANARY}
    assert world.send("PUT", f"/admin/v2/customers/{AHMED.id}", body).status == 200
    world.audited()
    return world


@pytest.mark.parametrize("language", ["ar", "en"])
def test_an_entry_says_what_was_done_by_whom_and_no_value(
    changed: World, owner: Seat, language: str
) -> None:
    page = text(owner, "/audit?action=customer.update", language)
    sentence = ACTIONS["customer.update"].sentence
    said = (sentence.ar if language == "ar" else sentence.en).removesuffix(".")
    assert f">{said}</td>" in page
    assert str(AHMED.id) in page
    assert "first_name" in page
    assert "demo" in page
    assert CANARY not in page


def test_filters_select_and_stay_in_the_form(changed: World, owner: Seat) -> None:
    today = changed.moment.date().isoformat()
    row = "first_name"
    assert row in text(owner, f"/audit?customer={AHMED.id}&from={today}&to={today}")
    assert row not in text(owner, "/audit?customer=12345")
    assert row not in text(owner, "/audit?to=2020-01-01")
    assert row not in text(owner, "/audit?action=customer.delete")
    assert f'value="{AHMED.id}"' in text(owner, f"/audit?customer={AHMED.id}")


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("from=31-01-2026", "Write a day"),
        ("to=<script>", "Write a day"),
        ("customer=Ahmed", "Write the id"),
    ],
)
def test_a_faulty_filter_is_named_and_finds_nothing(
    changed: World, owner: Seat, query: str, sentence: str
) -> None:
    page = text(owner, f"/audit?{query}", status=422)
    assert sentence in page
    assert "first_name" not in page


def test_days_are_those_of_the_store_and_read_either_digits() -> None:
    wanted, faults = selected({"from": "٢٠٢٦-٠٣-٠١", "to": "2026-03-01"}, 7, "Asia/Riyadh")
    assert faults == {}
    begin = datetime(2026, 2, 28, 21, tzinfo=UTC)
    assert (wanted.since, wanted.until) == (micros(begin), micros(begin + timedelta(days=1)))
    assert wanted.store == 7


def test_the_newest_entries_are_shown_and_more_are_told(
    changed: World, owner: Seat, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit, "SHOWN", 1)
    page = text(owner, "/audit")
    assert page.count('role="row"') == 2
    assert "The newest 1 entries are shown" in page


def test_entries_of_another_store_are_not_shown(changed: World, owner: Seat) -> None:
    note = changed.register.note("customer.delete", changed.other_store.id, [424242])
    changed.run(note)
    changed.audited()
    assert "424242" not in text(owner, "/audit")


def test_a_look_at_the_log_is_in_the_log(changed: World, owner: Seat) -> None:
    text(owner, "/audit")
    seen = [entry for entry in changed.audited() if entry.action == "audit.view"]
    assert [(entry.kind, entry.actor) for entry in seen] == [("person", owner.person.id)]


def test_only_an_owner_sees_the_log(viewer: Seat, support: Seat) -> None:
    for seat in (viewer, support):
        assert seat.get("/audit").status == 403
        assert '/audit"' not in text(seat, "")
