"""A storm of one fault is a line, and a count each second."""

import asyncio
import json
import logging
from collections.abc import Callable

import pytest
import structlog
from fixtures.logs import WrittenLog

from sijill.telemetry.logs import RequestLog, log
from sijill.telemetry.repeats import PERIOD, Kind, Repeats

pytestmark = pytest.mark.proves("a storm of one fault is a line and then a count each second")


class Scene:
    """A processor with a clock that the test moves, and what it let through and told."""

    def __init__(self) -> None:
        self.now = 0.0
        self.timers: list[tuple[float, Callable[[], None]]] = []
        self.seen: list[object] = []
        self.repeats = Repeats(self._tell, self._later)

    def _later(self, seconds: float, callback: Callable[[], None]) -> None:
        self.timers.append((self.now + seconds, callback))

    def _tell(self, kind: Kind, more: int) -> None:
        self.seen.append((self.now, more))

    def fault(self, count: int = 1, *, at: str = "here", event: str = "fault") -> None:
        for number in range(count):
            fields = {"request_id": str(number), "fault": "E", "at": [at], "event": event}
            try:
                self.repeats(None, "error", fields)
            except structlog.DropEvent:
                continue
            self.seen.append((self.now, at))

    def pass_time(self, seconds: float) -> None:
        end = self.now + seconds
        while due := sorted(
            (timer for timer in self.timers if timer[0] <= end), key=lambda t: t[0]
        ):
            self.timers.remove(due[0])
            self.now = due[0][0]
            due[0][1]()
        self.now = end


def test_the_first_of_a_kind_is_written_and_the_others_are_counted_each_second() -> None:
    scene = Scene()
    scene.fault(1000)
    scene.pass_time(0.5)
    scene.fault(500)
    scene.pass_time(1.0)
    scene.fault(7)
    scene.pass_time(10.0)
    assert scene.seen == [(0.0, "here"), (1.0, 1499), (2.0, 7)]


def test_after_a_second_without_it_a_fault_is_written_again() -> None:
    scene = Scene()
    scene.fault()
    scene.pass_time(PERIOD)
    scene.fault()
    scene.pass_time(PERIOD)
    scene.fault(2)
    assert scene.seen == [(0.0, "here"), (1.0, "here"), (2.0, "here")]
    scene.pass_time(2 * PERIOD)
    assert scene.seen[3:] == [(3.0, 1)]
    assert scene.timers == []


def test_kinds_are_told_apart() -> None:
    scene = Scene()
    scene.fault(3, at="here")
    scene.fault(4, at="there")
    scene.pass_time(5.0)
    assert scene.seen == [(0.0, "here"), (0.0, "there"), (1.0, 2), (1.0, 3)]


def test_lines_that_say_something_of_their_own_are_all_written() -> None:
    scene = Scene()
    scene.fault(3, event="import_failed")
    assert scene.seen == [(0.0, "here")] * 3


def test_a_storm_is_two_lines_of_the_log(
    written: WrittenLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sijill.telemetry.repeats.PERIOD", 0.0)

    async def storm() -> None:
        journal = RequestLog(None)
        for number in range(100):
            try:
                raise ValueError
            except ValueError as fault:
                journal.failed(str(number), "/customers", fault)
            logging.getLogger("asyncio").error("lost")
        await asyncio.sleep(0.01)

    asyncio.run(storm())
    lines = [json.loads(text) for text in written.text.splitlines()]
    assert [(line["event"], line.get("more")) for line in lines] == [
        ("fault", None),
        ("library_warning", None),
        ("fault", 99),
        ("library_warning", 99),
    ]
    first, library, more, _ = lines
    assert [*first] == ["request_id", "route", "fault", "at", "event", "level", "timestamp"]
    assert (more["fault"], more["at"], more["level"]) == (first["fault"], first["at"], "error")
    assert [*library] == ["logger", "event", "level", "timestamp"]


def test_outside_of_an_event_loop_every_fault_is_written(written: WrittenLog) -> None:
    for _ in range(3):
        log.error("fault", fault="E", at=[])
    assert len(written.text.splitlines()) == 3
