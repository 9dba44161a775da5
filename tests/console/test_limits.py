"""The page of limits: what is used now and was lately, by which app; a look counts nothing."""

import html
import re
from collections.abc import Sequence
from datetime import timedelta

import pytest
from fixtures.tables import rows
from fixtures.world import World
from msgspec.structs import replace

from console.desks import Seat
from sijill.console.limits import MOST, asked_of, period_words
from sijill.console.usage import PERIODS, by_app, of_app, totals
from sijill.console.words import words
from sijill.errors import Unavailable
from sijill.limits.policy import Quota
from sijill.limits.tally import WINDOW, Used
from sijill.limits.usage import KEPT, Part
from sijill.limits.window import Count, CounterAway, Rule
from sijill.oauth.apps import App

pytestmark = pytest.mark.proves(
    "the console shows how much of each limit every app uses and has used, and the look counts"
    " nothing"
)


def text(seat: Seat, query: str = "", language: str = "en") -> str:
    answer = seat.get(f"/limits{query}", accept_language=language)
    assert answer.status == 200, answer.body
    return html.unescape(answer.body.decode())


def plain(page: str) -> str:
    """Return the words of a page, one space between two of them."""
    return " ".join(re.sub(r"<[^>]*>", " ", page.split("<main")[1]).split())


def used(world: World, app: int, passed: int, *, ago: timedelta = timedelta(0)) -> Used:
    began = int(world.clock.now - ago.total_seconds()) // WINDOW * WINDOW
    return Used(world.store.id, began, app, True, passed, 0)


def other_app(world: World, number: int = 77, name: str = "crm") -> int:
    world.run(world.register.apps.create(App(number, name, world.moment)))
    return number


def test_it_shows_what_is_used_of_each_limit_and_counts_nothing(world: World, viewer: Seat) -> None:
    world.run(world.register.stores.update(replace(world.store, plan=None)))
    world.change(policy=world.policy._replace(others=Quota(600, 60.0)))
    for _ in range(3):
        world.get("/customers")
    world.get("/countries")
    pages = {plain(text(viewer)) for _ in range(3)}
    [page] = pages
    assert "demo Customers API · 500 in 10 min 3 of 500 3 of 500 2027-01-15 11:10" in page
    assert "demo Other requests · 600 in 1 min 1 of 600 1 of 600 2027-01-15 11:01" in page
    assert world.get("/customers").headers["x-ratelimit-remaining"] == "496"


def test_a_plan_is_one_limit_of_all_apps(world: World, viewer: Seat) -> None:
    world.run(world.register.stores.update(replace(world.store, plan="pro")))
    other_app(world)
    world.mint(world.store, app_id=77)
    page = plain(text(viewer))
    assert page.count("All apps together Plan of the store · 360 in 1 min") == 1
    assert page.count("Customers API · 500 in 10 min") == 2
    assert "Other requests ·" not in page


def test_a_spent_limit_is_marked_and_refusals_are_told(world: World, viewer: Seat) -> None:
    world.change(policy=world.policy._replace(customers=Quota(2, 600.0)))
    for _ in range(5):
        world.get("/customers")
    page = plain(text(viewer))
    assert "2 of 2 Spent" in page
    assert page.endswith(
        "demo 2 3 Numbers are kept for 7 days. The oldest is from 2027-01-15 11:00 ."
        " Numbers of other processes of the server may be a minute late."
        " The period of a limit begins with the first request of an app, a column with the clock:"
        " so a column may hold requests of two periods, and rise above the limit."
        " Limits of each IP address Wrong tokens 60 in 1 min Attempts to sign in 10 in 15 min"
    )
    assert 'class="limit"' in text(viewer)
    assert 'class="limit"' not in text(viewer, "?period=24h")


def test_the_picture_is_of_the_kind_the_app_and_the_period_that_are_chosen(
    world: World, viewer: Seat
) -> None:
    crm = other_app(world)
    [demo] = [one.id for one in world.run(world.register.apps.all()) if one.id != crm]
    hours = [timedelta(hours=number) for number in (0, 5, 10, 100)]
    world.run(world.register.usage.add([used(world, demo, 5, ago=ago) for ago in hours]))
    world.run(world.register.usage.add([used(world, crm, 9)]))

    def bars(query: str) -> list[int]:
        page = text(viewer, query)
        return [page.count(f'<rect class="bar-{number}"') for number in (1, 2)]

    assert bars("") == [2, 1]
    assert bars("?period=24h") == [3, 1]
    assert bars("?period=7d") == [4, 1]
    assert bars(f"?app={crm}") == [1, 0]
    assert bars(f"?app={demo}&period=7d") == [4, 0]
    assert bars("?kind=others") == [0, 0]
    assert "No app has sent a request of this kind" in text(viewer, "?kind=others")


def test_the_name_of_an_app_is_text_in_the_title_of_its_picture(world: World, viewer: Seat) -> None:
    app = other_app(world, name="<b>&\u202e")
    world.run(world.register.usage.add([used(world, app, 5)]))
    page = viewer.get(f"/limits?app={app}", accept_language="en").body.decode()
    title = "Requests of &lt;b&gt;&amp;U+202E"
    assert f'aria-label="{title}"' in page
    assert f"<b>{title}</b>" in page


def test_the_store_of_others_counts_for_itself(world: World, viewer: Seat) -> None:
    world.mint(world.other_store)
    [demo] = [one.id for one in world.run(world.register.apps.all())]
    row = used(world, demo, 7)._replace(store_id=world.other_store.id)
    world.run(world.register.usage.add([row]))
    page = plain(text(viewer))
    assert "No request has been counted yet." in page
    assert "demo 0 0" in page


def test_a_store_without_apps_is_told_what_to_do(world: World, viewer: Seat) -> None:
    for token in world.run(world.register.tokens.all(world.store.id)):
        world.run(world.register.tokens.revoke(token.id, world.moment))
    assert "sijill token create" in text(viewer)


@pytest.mark.parametrize("setting", ["local", "open", "closed"])
def test_a_counter_that_is_away_is_told_with_what_happens_meanwhile(
    world: World, viewer: Seat, monkeypatch: pytest.MonkeyPatch, setting: str
) -> None:
    async def look(rules: Sequence[Rule], now: float) -> list[Count]:
        raise CounterAway

    world.change(on_counter_error=setting)
    monkeypatch.setattr(world.counters, "look", look)
    for language in ("ar", "en"):
        page = text(viewer, language=language)
        assert words("ar" if language == "ar" else "en")[f"limits_away_{setting}"] in page


def test_a_limit_by_address_is_of_no_app(world: World, viewer: Seat) -> None:
    world.change(policy=world.policy._replace(customers_key="ip"))
    page = text(viewer)
    assert "goes by the IP address of the client" in page
    assert "500 in 10 min" not in page


def test_a_limit_of_the_store_is_shown_once(world: World, viewer: Seat) -> None:
    world.change(policy=world.policy._replace(customers_key="store"))
    other_app(world)
    world.mint(world.store, app_id=77)
    assert plain(text(viewer)).count("All apps together Customers API") == 1


def test_a_history_that_cannot_be_written_hides_no_limit(
    world: World, viewer: Seat, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def add(rows: Sequence[Used]) -> None:
        raise Unavailable

    world.get("/customers")
    monkeypatch.setattr(world.register.usage, "add", add)
    assert "1 of 500" in text(viewer)


def test_the_periods_are_whole_rows_and_as_long_as_rows_are_kept() -> None:
    spans = [period.step.total_seconds() % WINDOW for period in PERIODS.values()]
    assert spans == [0] * len(PERIODS)
    assert max(one.columns * one.step for one in PERIODS.values()) == KEPT


APPS = {5: "crm", 6: "erp", 7: "shop", 8: "bot", 9: "mail"}


def test_the_first_apps_have_a_colour_and_the_others_are_one() -> None:
    parts = [Part(app, 0, 10 * app, 1) for app in (*APPS, 99)]
    shown = by_app(parts, APPS, 2, "others")
    assert [(one.name, list(one.values)) for one in shown] == [
        ("crm", [50, 0]),
        ("erp", [60, 0]),
        ("shop", [70, 0]),
        ("others", [80 + 90 + 990, 0]),
    ]


def test_one_app_is_what_passed_and_what_was_refused() -> None:
    parts = [Part(5, 0, 3, 1), Part(5, 1, 2, 0), Part(6, 0, 9, 9), Part(5, 2, 9, 9)]
    shown = of_app(parts, 5, 2, words("en"))
    assert [list(one.values) for one in shown] == [[3, 2], [1, 0]]
    assert [(one.name, one.passed, one.refused) for one in totals(parts, APPS)][:2] == [
        ("crm", 14, 10),
        ("erp", 9, 9),
    ]


@rows(
    ("query", "app", "period"),
    [
        ({}, None, "6h"),
        ({"app": "5", "period": "7d"}, 5, "7d"),
        ({"app": "99", "period": "9y"}, None, "6h"),
        ({"app": "x", "period": ""}, None, "6h"),
    ],
)
def test_what_is_not_there_is_no_choice(
    query: dict[str, str], app: int | None, period: str
) -> None:
    asked = asked_of(query, APPS)
    assert (asked.app, asked.period) == (app, period)
    assert asked_of(query, {5: "crm"}).app == 5


@rows(
    ("seconds", "told"),
    [(1, "1 s"), (90, "90 s"), (60, "1 min"), (600, "10 min"), (3600, "1 h"), (172_800, "2 d")],
)
def test_a_period_is_told_by_its_largest_unit(seconds: float, told: str) -> None:
    assert period_words(seconds, "en") == told


@rows(
    ("seconds", "told"),
    [
        (1, "ثانية"),
        (90, "90 ثانية"),
        (60, "دقيقة"),
        (120, "دقيقتين"),
        (600, "10 دقائق"),
        (660, "11 دقيقة"),
        (3 * 3600, "3 ساعات"),
        (103 * 86_400, "103 أيام"),
    ],
)
def test_a_period_is_told_in_arabic_by_the_form_that_its_number_asks_for(
    seconds: float, told: str
) -> None:
    assert period_words(seconds, "ar") == told


def test_of_many_apps_the_busiest_are_shown(world: World, viewer: Seat) -> None:
    ids = [other_app(world, 100 + number, f"app-{number}") for number in range(MOST + 3)]
    world.run(world.register.usage.add([used(world, id_, 1 + id_) for id_ in ids]))
    page = text(viewer)
    assert f"app-{MOST + 2}" in page
    assert "app-0<" not in page
