"""The overview of a store: its figures, its picture, what happened lately, and health."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from fixtures.world import World
from msgspec.structs import replace

from console.desks import Seat
from sijill.console import overview
from sijill.console.overview import DAYS, SHOWN, days
from sijill.customers.examples import AHMED
from sijill.customers.model import Customer
from sijill.errors import Unavailable


def created(world: World, number: int, ago: timedelta) -> Customer:
    return replace(
        AHMED,
        id=number,
        email=f"{number}@example.com",
        mobile=500000000 + number,
        created_at=world.moment - ago,
    )


def test_the_figures_and_the_picture_are_those_of_the_store(world: World, owner: Seat) -> None:
    ages = [timedelta(0), timedelta(days=1), timedelta(days=20), timedelta(days=40)]
    world.keep(world.store, *(created(world, 100 + n, ago) for n, ago in enumerate(ages)))
    world.keep(world.other_store, created(world, 200, timedelta(0)))
    page = owner.get("?lang=en").body.decode()
    for label, number in (("Customers", 5), ("New in the last 30 days", 3), ("Groups", 3)):
        assert f'{label}</span><span class="value"><bdi>{number}</bdi>' in page
    assert page.count('<rect class="bar-1"') == 2
    assert "No new customers" not in page


def test_a_quiet_store_is_told_in_words(owner: Seat) -> None:
    page = owner.get("?lang=en").body
    assert b"No new customers in the last 14 days." in page
    assert b"bar-1" not in page


def test_an_owner_sees_who_changed_what_and_others_do_not(
    world: World, owner: Seat, viewer: Seat
) -> None:
    for number in range(SHOWN + 2):
        name = {"first_name": f"Made{number}", "last_name": "Up"}
        mobile = {"mobile": f"51234567{number}", "mobile_code_country": "966", "country_code": "SA"}
        body = json.dumps(name | mobile).encode()
        answer = world.send("POST", "/customers", body, content_type="application/json")
        assert answer.status == 200, answer.body
    world.audited()
    page = owner.get("?lang=en").body.decode()
    assert page.count("Created customers<") == SHOWN
    assert "App <bdi>demo</bdi>" in page
    assert "Made0" not in page
    assert b"Recent changes" not in viewer.get("?lang=en").body


def test_a_search_for_changes_that_ended_early_says_no_more_than_it_knows(
    world: World, owner: Seat, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.clock.now += 60
    assert owner.get("/customers").status == 200
    world.audited()
    monkeypatch.setattr(overview, "PATIENCE", -1)
    page = owner.get("?lang=en").body
    assert b"Nothing has changed" not in page
    assert b"The newest lines of the audit log are views." in page
    monkeypatch.setattr(overview, "PATIENCE", 60)
    monkeypatch.setattr(overview, "LATELY", timedelta(seconds=-1))
    assert b"Nothing has changed" in owner.get("?lang=en").body


def test_a_database_that_is_away_is_told(world: World, owner: Seat) -> None:
    async def away() -> None:
        raise Unavailable

    world.register.schema.ping = away  # type: ignore[method-assign]
    page = owner.get("?lang=en").body
    assert b"tell the operator" in page


def test_the_days_are_those_of_a_calendar() -> None:
    now = datetime(2026, 10, 26, 12, tzinfo=UTC)
    berlin = days(now, "Europe/Berlin")  # 25 October has 25 hours there
    assert len(berlin) == DAYS + 1
    assert {bound.hour for bound in berlin} == {0}
    assert [bound.day for bound in berlin] == list(range(13, 28))
    assert (berlin[13] - berlin[12].astimezone(UTC)) == timedelta(hours=25)
