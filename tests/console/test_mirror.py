"""The page of a copy: what it tells, what its forms do, and that it shows nobody."""

import html
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import cast, get_args

import pytest
from fixtures.chromium import Chromium, found
from fixtures.require import missing
from fixtures.world import World

from console import copied
from console.desks import Seat, seat
from console.driving import DIRECTIONS, Demo, demo, faults_of, signed_in
from sijill.console.mirror.lately import SPANS, lately
from sijill.console.mirror.pages import SHOWN
from sijill.console.mirror.reasons import REASONS, reason_key
from sijill.console.mirror.slices import MOST, slice_picture
from sijill.console.words import WORDS, words
from sijill.egress.message import Reason
from sijill.mirror.history import Sample
from sijill.mirror.model import MirrorStore
from sijill.mirror.progress import SliceShown
from sijill.mirror.worker import LASTING
from sijill.oauth.visits import Visit
from sijill.stores.model import SHOP

pytestmark = pytest.mark.proves(
    "a copy tells on a page how complete and how fresh it is and why it is not well, and owners "
    "pause it, have it read again and end a halt, in the audit log as by the commands"
)


@pytest.fixture
def copy(world: World) -> World:
    """The demo store as a copy in the middle of its backfill, halted."""
    world.run(copied.make(world.register, world.store.id, world.moment))
    return world


def store_of(world: World) -> MirrorStore:
    found = world.run(world.register.mirror.find(world.store.id))
    assert found is not None
    return found


def text(seat: Seat, path: str = "/mirror", status: int = 200) -> str:
    answer = seat.get(path, accept_language="en")
    assert answer.status == status, answer.body
    plain = html.unescape(re.sub(r"<[^>]+>", " ", answer.body.decode()))
    return re.sub(r"\s+", " ", plain)


def changes(world: World) -> list[tuple[str, str, tuple[str, ...]]]:
    return [
        (one.kind, one.by, one.fields) for one in world.audited() if one.action == "mirror.update"
    ]


def test_a_store_that_is_no_copy_has_neither_the_page_nor_its_entry(owner: Seat) -> None:
    assert owner.get("/mirror").status == 404
    assert owner.get("/mirror/tombstones").status == 404
    for form in ("pause", "resume", "sweep", "release"):
        assert owner.post(f"/mirror/{form}").status == 404
    assert owner.at("/mirror").encode() not in owner.get("").body


def test_the_page_tells_how_the_copy_is(copy: World, owner: Seat) -> None:
    assert f'href="{owner.at("/mirror")}"'.encode() in owner.get("").body
    page = text(owner)
    assert "Unusually many customers vanished within an hour" in page
    assert "of 2,000 upstream" in page
    assert "118 of 450 in the last 600 seconds." in page
    for lane, count in (("Backfill", 90), ("Checking customers", 25), ("Sweep", 0)):
        assert f"{lane} {count}" in page
    for state, count in (("Proven", 30), ("Being read", 1), ("Waiting to be read", 10)):
        assert f"{state}: {count}" in page
    assert "Waiting to be counted: 5" in page
    assert "data.updated_at" in page
    assert "data.loyalty_tier string" in page
    assert "Deleted 60" in page


def test_a_copy_that_is_well_says_so(world: World, owner: Seat) -> None:
    world.run(world.register.mirror.link(world.store.id, copied.UPSTREAM, "a", world.moment))
    page = text(owner)
    assert "Linked, about to read" in page
    assert "Upstream has not told the total yet" in page
    assert "The whole list is not being read now." in page
    assert "No samples of this time" in page
    assert "Every answer is shaped as it should be." in page
    assert "Nobody was deleted" in text(owner, "/mirror/tombstones")


def test_an_owner_pauses_a_copy_and_lets_it_go_on(copy: World, owner: Seat) -> None:
    assert owner.post("/mirror/pause").headers["location"] == owner.at("/mirror")
    assert store_of(copy).paused
    assert "The copy is paused" in text(owner)
    owner.post("/mirror/resume")
    assert not store_of(copy).paused
    owner.post("/mirror/sweep")
    assert store_of(copy).sweep_wanted
    assert "The whole list is being read again" in text(owner)
    assert changes(copy) == [
        ("person", "/_/console/{store}/mirror/pause", ("paused",)),
        ("person", "/_/console/{store}/mirror/resume", ("paused",)),
        ("person", "/_/console/{store}/mirror/sweep", ("sweep_wanted",)),
    ]


def test_a_halt_ends_once_that_is_confirmed(copy: World, owner: Seat) -> None:
    assert "may be deleted from this copy" in text(owner, "/mirror/release")
    assert owner.post("/mirror/release").headers["location"] == owner.at("/mirror/release")
    assert store_of(copy).trouble == "halted"
    owner.post("/mirror/release", confirmed="yes")
    assert store_of(copy).trouble == ""
    assert [fields for _, _, fields in changes(copy)] == [("trouble",)]
    assert owner.get("/mirror/release").headers["location"] == owner.at("/mirror")


def test_a_halt_is_told_as_a_fault_of_the_store_and_not_of_the_server(
    copy: World, owner: Seat
) -> None:
    page = text(owner, "/health")
    assert "A part of this store does not work." in page
    assert "tell the operator" not in page


def test_people_who_are_no_owners_look_and_have_no_forms(copy: World) -> None:
    viewer = seat(copy, "viewer")
    page = viewer.get("/mirror").body
    assert b"/mirror/pause" not in page
    assert b"/mirror/release" not in page
    assert viewer.post("/mirror/pause").status == 403


def test_the_deleted_are_listed_by_pages_without_a_gap(copy: World, owner: Seat) -> None:
    seen: list[int] = []
    path: str | None = owner.at("/mirror/tombstones")
    while path is not None:
        page = owner.browser.get(path).body.decode()
        rows = page[page.index("<tbody") :]
        seen += map(int, re.findall(r'class="code">(\d+)<', rows))
        following = re.search(r'rel="next" href="([^"]+)"', page)
        path = None if following is None else html.unescape(following[1])
    assert seen == list(range(60, 0, -1))
    assert SHOWN < 60
    assert str(60) in text(owner, "/mirror/tombstones?after=x")


def test_a_stream_tells_when_a_copy_changes(copy: World) -> None:
    visit = cast(Visit, SimpleNamespace(store=copy.store))
    live, states = copy.handlers.console.live, []
    for change in (copy.register.mirror.resume, copy.register.mirror.pause):
        copy.run(change(copy.store.id))
        states.append(copy.run(live._states(visit))["mirror"])
    assert states[0] != states[1]


@pytest.mark.parametrize(
    "reason", [*get_args(Reason), *LASTING, *REASONS, "status_503", "something"]
)
def test_every_reason_has_its_words(reason: str) -> None:
    key = reason_key(reason)
    assert {f"mirror_why_{key}", f"mirror_do_{key}"} <= WORDS.keys()
    assert (key == "unknown") == (reason == "something")


def test_a_reason_of_a_status_names_it(copy: World, owner: Seat) -> None:
    copy.run(copy.register.mirror.release(copy.store.id, copy.moment))
    copy.run(copy.register.mirror.set_trouble(copy.store.id, "degraded", "status_503"))
    assert "Upstream answers with status 503." in text(owner)


def pieces(count: int, run: str = "backfill") -> list[SliceShown]:
    first = datetime(2000, 1, 1, tzinfo=UTC)
    days = [(first + timedelta(n)).date().isoformat() for n in range(count)]
    return [SliceShown(run, day, day, "proven", 900) for day in days]


@pytest.mark.parametrize("count", [1, 59, 60, 61, 120, 5_000])
def test_thousands_of_slices_make_a_small_picture(count: int) -> None:
    picture = slice_picture(pieces(count))
    assert picture is not None
    assert len(picture.columns) <= MOST
    assert sum(map(sum, (column.counts for column in picture.columns))) == count
    assert picture.counts == [count, 0, 0, 0]
    for bar in picture.bars:
        assert 0 <= bar.y <= bar.y + bar.height <= 100.01


def test_a_sweep_is_shown_before_the_backfill_and_probes_are_not() -> None:
    sweep = slice_picture([*pieces(2), *pieces(3, "sweep")])
    assert sweep is not None
    assert (sweep.run, len(sweep.columns)) == ("sweep", 3)
    assert slice_picture(pieces(3, "probe")) is None


NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)


def sample(minutes_ago: int, held: int, lag: int) -> Sample:
    at = NOW - timedelta(minutes=minutes_ago)
    return Sample(at, held, 1_000, at - timedelta(seconds=lag))


def test_each_column_shows_its_worst_sample_and_nothing_where_there_is_none() -> None:
    samples = [sample(90, 999, 60), sample(70, 500, 601), sample(5, 1_000, 30)]
    shown = lately(samples, NOW, SPANS["day"], "UTC", words("en"))
    assert shown is not None
    assert [*shown.completeness.series[0].values] == [*[None] * 22, 50, 100]
    assert [*shown.age.series[0].values] == [*[None] * 22, 11, 1]
    assert shown.age.unit == "minutes"
    assert lately([sample(3_000, 1, 1)], NOW, SPANS["day"], "UTC", words("en")) is None


def test_a_copy_that_lacks_one_customer_is_not_whole_and_old_ages_are_hours() -> None:
    shown = lately([sample(5, 999, 20_000)], NOW, SPANS["week"], "UTC", words("en"))
    assert shown is not None
    assert shown.completeness.series[0].values[-1] == 99
    assert (shown.age.series[0].values[-1], shown.age.unit) == (6, "hours")


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """A demo whose store looks like a copy."""
    if found() is None:
        missing("chromium", "it is not on the path")
    folder = tmp_path_factory.mktemp("copied")
    with demo(folder, "--demo-customers", "20") as one:
        copied.make_in(folder / ".sijill" / "demo-documented", SHOP.id, datetime.now(UTC))
        yield one


@pytest.mark.browser
@pytest.mark.parametrize("language", DIRECTIONS)
def test_the_page_is_fit_for_everybody(
    chromium: Chromium, shown: Demo, axe: str, language: str
) -> None:
    page = signed_in(chromium, shown, language)
    here = f"/_/console/{SHOP.id}/mirror"
    for place in (here, f"{here}?over=month", f"{here}/tombstones", f"{here}/release"):
        assert faults_of(page, shown, place, language, axe) == [], place
