"""Seconds of a soak: everything of it works, and what it looks at would tell."""

import os
from collections import Counter
from contextlib import ExitStack
from mmap import PAGESIZE, mmap
from pathlib import Path

import httpx
import pytest
from anyio import ClosedResourceError

from soak.load import causes
from soak.report import failed, judged, written
from soak.running import Outcome, Plan, run
from soak.sampling import Answers, held, percentile
from soak.slopes import Point

pytestmark = pytest.mark.proves(
    "the verdict of `make soak` finds a leak of a megabyte a minute, of a descriptor in ten "
    "minutes and of a thread in half an hour under noise, and none in noise alone"
)

FLAT: list[Point] = [(at * 10.0, 80.0) for at in range(400)]


BUSY = ("503", "TimeoutError")
"""In the faults of a machine that gives the database no time for seconds, which a test may meet."""


@pytest.mark.postgres
@pytest.mark.parametrize("closed", [False, True])
def test_seconds_of_it_lose_nothing_and_sample_everything(tmp_path: Path, closed: bool) -> None:
    plan = Plan(*(5.0, 20.0, 0.5), flap=2.0, outage=0.5, upload=60.0, customers=200, closed=closed)
    outcome = run(tmp_path, plan)
    assert [fault for fault in outcome.faults if not any(word in fault for word in BUSY)] == []
    assert {"memory", "descriptors", "threads", "p99 details"} <= outcome.series.keys()
    assert len(outcome.series["memory"]) > 3
    assert outcome.counted["outages of the counter"] > 0
    assert outcome.counted["imports"] > 0
    assert "memory MB" in written(outcome, judged(outcome, 0))


def test_a_process_is_seen_with_what_it_holds(tmp_path: Path) -> None:
    before = held(os.getpid())
    with ExitStack() as ends:
        for number in range(20):
            ends.enter_context((tmp_path / str(number)).open("w"))
        block = ends.enter_context(mmap(-1, 20 << 20))  # pages of its own, never freed ones
        for place in range(0, len(block), PAGESIZE):  # and no copy of them in the heap
            block[place] = 1
        now = held(os.getpid())
        assert now.descriptors == before.descriptors + 20
        assert now.memory - before.memory == pytest.approx(20, abs=3)
        assert now.threads == before.threads


def test_percentiles_are_of_what_came_since_the_last_look() -> None:
    answers = Answers()
    for seconds in (0.001, 0.002, 0.9):
        answers.add("list", 200, seconds)
    assert answers.slowest() == {"list": pytest.approx(900)}
    assert answers.slowest() == {}
    assert answers.statuses == {("list", 200): 3}
    assert percentile([float(one) for one in range(1, 1001)], 99) == 990


LEAK = [(at, 80 + at / 60) for at, _ in FLAT]

OUTCOMES = {
    "flat": (Outcome({"memory": FLAT}, Counter(), [], {}), False),
    "growing": (Outcome({"memory": LEAK}, Counter(), [], {}), True),
    "a fault": (Outcome({"memory": FLAT}, Counter(), ["list: 500"], {}), True),
}


@pytest.mark.parametrize("name", OUTCOMES)
def test_growth_and_faults_fail_a_soak_and_stand_in_its_report(name: str) -> None:
    outcome, bad = OUTCOMES[name]
    lines = judged(outcome, 900)
    assert failed(outcome, lines) is bad
    assert ("GROWS" in written(outcome, lines) or "FAULT" in written(outcome, lines)) is bad


def test_a_request_without_an_answer_names_every_cause() -> None:
    own, reset = httpx.ReadError("no"), httpx.ReadError("no")
    own.__context__, reset.__cause__ = ClosedResourceError(), ConnectionResetError()
    assert causes(own) == "ReadError < ClosedResourceError"
    assert causes(reset) == "ReadError < ConnectionResetError"
