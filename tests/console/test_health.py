"""The page of health: each part works or is told, by store and of the server, without secrets."""

import html
import re
from datetime import timedelta
from pathlib import Path

import pytest
from fixtures.world import World

from console.desks import Seat
from sijill import __version__
from sijill.console import health
from sijill.demo import APP
from sijill.errors import Unavailable
from sijill.limits.window import CounterAway
from sijill.mirror.model import State
from sijill.webhooks.events import CREATED, Event
from sijill.webhooks.model import AttemptResult, Webhook, blank
from sijill.webhooks.places import Places

pytestmark = pytest.mark.proves(
    "the console shows whether each part of the server works, apart from what is of the store, and"
    " versions and sizes to owners alone"
)

HOUR = timedelta(hours=1)


def plain(seat: Seat, path: str = "/health", language: str = "en") -> str:
    """Return the words of a page, one space between two of them."""
    answer = seat.get(path, accept_language=language)
    assert answer.status == 200, answer.body
    page = html.unescape(answer.body.decode())
    return " ".join(re.sub(r"<[^>]*>", " ", page.split("<main")[1]).split())


def test_a_server_that_is_well_says_so_for_the_store_and_for_the_server(
    world: World, owner: Seat
) -> None:
    world.audited()
    page = plain(owner)
    assert "Everything works as it should." in page
    store, server = page.split("This store")[1].split("The whole server")
    assert store.startswith(
        " Webhooks Nothing waits Endpoints 0 Paused endpoints 0 Failing endpoints 0"
        " Waiting deliveries 0"
    )
    assert re.search(r"Database Connected SQLite 3\.\d+\.\d+ Counter of limits In this", server)
    assert re.search(r"Audit log Last sealed 2027-01-15 11:00", server)
    assert re.search(rf"Sijill {__version__} Python 3\.\d+\.\d+ Schema of the database \d+", server)
    assert "Last backup" not in server  # of a sandbox, and of this world, none is taken


def test_a_database_that_does_not_answer_hides_no_other_part(world: World, owner: Seat) -> None:
    async def away() -> None:
        raise Unavailable

    world.register.schema.ping = away  # type: ignore[method-assign]
    page = plain(owner)
    assert "tell the operator" in page
    assert "Database Does not answer Counter of limits In this process" in page
    assert "This store" not in page
    assert "tell the operator" in plain(owner, "")


def test_a_counter_is_named_and_told_when_it_is_away(
    world: World, owner: Seat, viewer: Seat, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def about() -> str:
        return "Valkey 9.1.0"

    async def away() -> str:
        raise CounterAway

    monkeypatch.setattr(world.counters, "about", about)
    assert "Counter of limits Connected Valkey 9.1.0" in plain(owner)
    assert "Valkey" not in plain(viewer)
    monkeypatch.setattr(world.counters, "about", away)
    assert "Counter of limits Does not answer" in plain(viewer)


def test_the_last_backup_is_told_and_judged(world: World, owner: Seat, tmp_path: Path) -> None:
    at = 0.0
    world.change(last_backup=lambda: at, data_dir=str(tmp_path))
    assert "Last backup Never taken" in plain(owner)
    assert "Needs attention: 1." in plain(owner)
    at = world.clock.now - timedelta(hours=5).total_seconds()
    page = plain(owner)
    assert "Last backup Taken 2027-01-15 06:00" in page
    assert "Everything works as it should." in page
    at = world.clock.now - timedelta(days=3).total_seconds()
    assert "Last backup Too old, taken 2027-01-12 11:00" in plain(owner)


@pytest.mark.parametrize(
    ("free", "told"),
    [(50, "There is room 50.0 / 100.0 GiB"), (4, "It is nearly full 4.0 / 100.0 GiB"), (0, "Full")],
)
def test_the_disk_is_told_and_no_folder(
    world: World, owner: Seat, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, free: int, told: str
) -> None:
    class Usage:
        def __init__(self) -> None:
            self.free, self.total = free * 2**30, 100 * 2**30

    monkeypatch.setattr(health.shutil, "disk_usage", lambda folder: Usage())
    world.change(last_backup=lambda: world.clock.now, data_dir=str(tmp_path))
    page = plain(owner)
    assert f"Disk {told}" in page
    assert str(tmp_path) not in page


def hook_of(world: World, number: int, store: int) -> Webhook:
    return blank(number, store, APP.id, CREATED, "https://crm.example/hook", world.moment)


def test_deliveries_that_wait_and_that_failed_are_counted_of_this_store_alone(
    world: World, owner: Seat
) -> None:
    register = world.register

    async def happen(number: int, store: int) -> None:
        await register.outbox.append(Event(f"evt_{number}", store, CREATED, world.moment, b"{}", 5))
        await register.outbox.sequence_events(lambda *_: True, world.moment, 10)

    for number, store in ((100, world.store.id), (101, world.other_store.id)):
        world.run(register.webhooks.subscribe(hook_of(world, number, store)))
        world.run(happen(number, store))
    assert (
        "Webhooks The oldest waits since 2027-01-15 11:00 Endpoints 1 Paused endpoints 0"
        in plain(owner)
    )
    due = world.run(register.deliveries.claim(world.moment, world.moment + HOUR, Places()))
    dead = AttemptResult("dead", 503, None, world.moment)
    for one in due:
        world.run(register.deliveries.finish(one, dead, world.moment, world.moment))
    page = plain(owner)
    assert "Needs attention: 1." in page
    assert "Webhooks Some are paused, or failed Endpoints 1 Paused endpoints 0" in page
    assert "Waiting deliveries 0 Failed deliveries 1" in page


def test_an_endpoint_that_fails_keeps_all_from_being_well(world: World, owner: Seat) -> None:
    register = world.register
    world.run(register.webhooks.subscribe(hook_of(world, 100, world.store.id)))
    event = Event("evt_1", world.store.id, CREATED, world.moment, b"{}", 5)
    world.run(register.outbox.append(event))
    world.run(register.outbox.sequence_events(lambda *_: True, world.moment, 10))
    [due] = world.run(register.deliveries.claim(world.moment, world.moment + HOUR, Places()))
    again = AttemptResult("pending", 503, None, world.moment + HOUR)
    world.run(register.deliveries.finish(due, again, world.moment, world.moment))
    page = plain(owner)
    assert "Needs attention: 1." in page
    assert "Webhooks Deliveries to some endpoints fail Endpoints 1" in page
    assert "Failing endpoints 1" in page


@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_state_of_a_mirror_is_told_in_a_line(world: World, viewer: Seat, language: str) -> None:
    assert "Copy of the upstream store" not in plain(viewer)
    link = (world.store.id, "https://secret.example/admin/v2", "way", world.moment)
    world.run(world.register.mirror.link(*link))
    page = plain(viewer, language=language)
    assert ("مربوطة" if language == "ar" else "Linked") in page
    assert "secret.example" not in page


def test_every_state_of_a_mirror_has_its_judgement() -> None:
    assert health.OF_MIRROR.keys() == {*State.__args__}  # type: ignore[attr-defined]


def test_entries_that_nobody_seals_are_told(world: World, owner: Seat) -> None:
    world.audited()
    body = {"first_name": "Sara", "mobile": "512345678", "mobile_code_country": "966"}
    assert world.send("POST", "/customers", body).status in (200, 201)
    world.clock.now += 300
    assert "Audit log Entries wait to be sealed since 2027-01-15 11:00" in plain(owner)


def test_people_who_are_no_owners_see_neither_versions_nor_sizes(
    world: World, viewer: Seat, support: Seat, tmp_path: Path
) -> None:
    world.change(last_backup=lambda: world.clock.now, data_dir=str(tmp_path))
    for seat in (viewer, support):
        page = plain(seat)
        assert "Database Connected Counter" in page
        for hidden in ("SQLite", "GiB", "Python", __version__, "Schema of"):
            assert hidden not in page


def test_the_overview_says_it_in_a_line_and_leads_there(world: World, viewer: Seat) -> None:
    page = viewer.get(accept_language="en").body.decode()
    assert "Everything works as it should." in page
    assert f'<a href="{viewer.at("/health")}">Health details</a>' in page
