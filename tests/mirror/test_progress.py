"""A linked store fills, and its progress and figures tell so, beside a namespace."""

from datetime import UTC, datetime

import pytest
from fixtures.templates import NOW
from mirror.linked import AHMED, SEED, Linked, linked, status_of
from msgspec import json

from sijill.database.columns import micros
from sijill.mirror.checks import Checker
from sijill.mirror.figures import worst
from sijill.mirror.history import Sample
from sijill.mirror.progress import Progress, SliceShown, pages_left, progress
from sijill.mirror.reading import Reader
from sijill.mirror.slices import Slice
from sijill.mirror.worker import Parts, Worker

__all__ = ["linked"]

pytestmark = pytest.mark.salla(seed=SEED)


def work(linked: Linked, steps: int = 200) -> None:
    """Let the worker of the store work until it is live, as fast as time passes here."""
    register, client = linked.world.register, linked.world.mirroring.upstreams.of(linked.store)
    reader = Reader(register.driver, register.applier, client)
    checker = Checker(register.driver, register.customers, register.applier, client)
    parts = Parts(register.driver, register.mirror, reader, checker)
    worker = Worker(linked.store_id, parts, linked.clock, "worker")
    for _ in range(steps):
        wait = linked.run(worker.step())
        if linked.store.stage == "live":
            return
        linked.pass_time(max(wait, 0.01))
    raise AssertionError(linked.store)


def test_a_linked_store_fills_and_then_answers_alone(linked: Linked) -> None:
    work(linked)
    linked.pass_time(1)
    asked = linked.asked()
    answer = linked.get("/customers")
    assert answer.headers["sijill-completeness"] == "1"
    assert len(json.decode(answer.body)["data"]) == 3
    for number in (AHMED, 2, 3):
        assert status_of(linked.get(f"/customers/{number}")).startswith("sijill; hit")
    assert linked.asked() == asked
    assert (linked.store.trouble, linked.store.reason) == ("", "")


def test_progress_tells_what_is_there(linked: Linked) -> None:
    driver = linked.world.register.driver
    before = linked.run(progress(driver, linked.store, linked.clock()))
    assert (before.state, before.completeness, before.has_gap) == ("linked", 0.0, True)
    work(linked)
    found = linked.run(progress(driver, linked.store, linked.clock()))
    assert (found.state, found.held, found.total) == ("live", 3, 3)
    assert (found.completeness, found.has_gap, found.pages_left) == (1.0, False, 0)
    assert set(found.slice_states) == {"proven"}
    assert 400 < found.budget_remaining < 450
    assert found.lag(linked.clock()) <= found.oldest(linked.clock()) + 60
    linked.spend()
    assert linked.run(progress(driver, linked.store, linked.clock())).budget_remaining == 0


def test_figures_are_shown_and_kept(linked: Linked) -> None:
    work(linked)
    mirroring = linked.world.mirroring
    linked.run(mirroring._figures.turn())
    linked.pass_time(100)
    linked.run(mirroring._figures.turn())
    linked.pass_time(250)
    linked.run(mirroring._figures.turn())
    text = linked.world.metrics.exposition()[0].decode()
    assert "mirror_completeness_ratio 1.0" in text
    assert 'mirror_upstream_requests_total{lane="backfill",outcome="2xx"}' in text
    begin = datetime.fromtimestamp(0, UTC)
    samples = linked.run(linked.world.register.mirror_history.since(linked.store_id, begin))
    assert [(sample.held, sample.completeness) for sample in samples] == [(3, 1.0), (3, 1.0)]
    assert samples[1].lag > samples[0].lag >= 0


def test_without_a_linked_store_there_are_no_figures(linked: Linked) -> None:
    metrics, mirror = linked.world.metrics, linked.world.register.mirror
    linked.run(mirror.unlink(linked.store_id))
    linked.run(linked.world.mirroring._figures.turn())
    assert b"mirror_" not in metrics.exposition()[0]


def one(**changes: object) -> Progress:
    plain = Progress(
        state="live",
        reason="",
        held=50,
        total=100,
        total_at=0,
        slices=[SliceShown("backfill", "", "", "proven", 100)],
        pages_left=0,
        oldest_confirmed_at=0,
        waiting=1,
        gone=2,
        refused=3,
        budget_remaining=450,
    )
    return plain._replace(**changes)


def test_of_several_stores_the_worst_is_shown() -> None:
    other = one(held=100, total_at=5_000_000, budget_remaining=7, oldest_confirmed_at=9_000_000)
    figures = worst([one(), other], [60.0, 5.0], 10.0)
    assert figures == (10.0, 0.5, 7, {"proven": 2}, 10.0, 2, 4, 6, 5.0)
    assert worst([other], [], 10.0).token_seconds_left is None


def piece(**changes: object) -> Slice:
    values: dict[str, object] = {
        "number": 1,
        "run": "backfill",
        "first_day": "",
        "last_day": "",
        "state": "counted",
        "total": 900,
        "next_page": 0,
        "reading": 0,
        "begun_at": None,
        "attempts": 0,
        "due_at": 0,
    }
    return Slice(**(values | changes))


@pytest.mark.parametrize(
    ("slices", "total", "left"),
    [
        ([], 100, 0),
        ([piece()], 900, 15),
        ([piece(state="proven")], 900, 0),
        ([piece(state="reading", next_page=4)], 900, 4),
        ([piece(state="uncounted", total=None)], 100_000, 1_667),
        ([piece(), piece(state="uncounted", total=None)], 1_500, 26),
        ([piece(run="probe")], 900, 0),
    ],
)
def test_pages_that_are_left_are_counted(slices: list[Slice], total: int, left: int) -> None:
    assert pages_left(slices, total) == left


def test_a_hundred_thousand_customers_take_37_minutes() -> None:
    left = pages_left([piece(state="uncounted", total=None)], 100_000)
    assert 36 <= one(pages_left=left).seconds_left / 60 <= 38


def test_a_sample_of_nothing_is_no_lag() -> None:
    sample = Sample(NOW, 0, None, None)
    assert (sample.lag, sample.completeness) == (0.0, 0.0)
    assert micros(sample.at) == micros(NOW)
