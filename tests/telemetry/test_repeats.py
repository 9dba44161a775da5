"""A storm of lines of one kind is a line, and then a count now and then."""

import ast
import asyncio
import json
import logging
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
import structlog
from fixtures.logs import WrittenLog

import sijill
from sijill.telemetry.logs import RequestLog, log
from sijill.telemetry.repeats import LONGEST, PERIOD, SAME, Kind, Repeats

pytestmark = pytest.mark.proves(
    "a storm of faults or of refused connections is a line and then a count, at last one a minute"
)

BOUNDED = {
    "audit_head": "once an hour, and at a stop",
    "audit_chain_ended": "twice a second at most",
    "bulk_change_failed": "a change's, which ends with it",
    "counter_away": "the counter's state changed",
    "counter_away_at_start": "a start's",
    "counter_back": "the same",
    "crashed": "an end of a process or a thread",
    "database_unsound": "a start's",
    "deliveries_expired": "the turns of one job, a minute apart",
    "deliveries_withheld": "one a minute for each app",
    "import_failed": "an upload's, which the limiter and its store's share admit",
    "limits_counted_apart": "a start's",
    "migrating": "a start's",
    "mirror_shape": "the first of each shape",
    "mirror_uninstalled": "a webhook's, which upstream signs and is kept once",
    "proxy_unnamed": "once a process",
    "replica_away": "a measurement's, one a second at most",
    "replica_back": "the same",
    "webhook_paused": "a webhook's, which fails for days before",
    "worker_ready": "a process that started",
    "worker_restarted": "a process that died",
    "workers_starting": "a start's",
}
"""Every other event, and what bounds the number of its lines."""


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


def test_the_first_of_a_kind_is_written_and_the_others_are_counted() -> None:
    scene = Scene()
    scene.fault(1000)
    scene.pass_time(0.5)
    scene.fault(500)
    scene.pass_time(1.0)
    scene.fault(7)
    scene.pass_time(10.0)
    assert scene.seen == [(0.0, "here"), (1.0, 1499), (3.0, 7)]


def test_a_storm_that_lasts_is_counted_ever_more_rarely() -> None:
    scene = Scene()
    for _ in range(86_400):
        scene.fault(2)
        scene.pass_time(1.0)
    moments = [at for at, _ in scene.seen]
    assert moments[:8] == [0, 1, 3, 7, 15, 31, 63, 123]
    assert {later - at for at, later in pairwise(moments[7:])} == {LONGEST}
    assert len(moments) == 1445  # lines of a day


def test_after_a_while_without_it_a_fault_is_written_again() -> None:
    scene = Scene()
    scene.fault()
    scene.pass_time(PERIOD)
    scene.fault()
    scene.pass_time(PERIOD)
    scene.fault(2)
    assert scene.seen == [(0.0, "here"), (1.0, "here"), (2.0, "here")]
    scene.pass_time(3 * PERIOD)
    assert scene.seen[3:] == [(3.0, 1)]
    assert scene.timers == []


def events() -> set[str]:
    """Return the events of all lines that the package logs; the access log names its own."""
    found = set[str]()
    for file in Path(sijill.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            match node:
                case ast.Call(func=ast.Attribute(value=value, attr=level), args=[event, *_]):
                    if ast.unparse(value).endswith("log") and level in ("info", "warning", "error"):
                        texts = [n.value for n in ast.walk(event) if isinstance(n, ast.Constant)]
                        found |= {text for text in texts if isinstance(text, str)}
                case ast.Assign(targets=[ast.Name("FAULT")], value=ast.Constant(str(fault))):
                    found.add(fault)  # that of a job, which `job` logs
    return found


def test_every_event_is_counted_when_it_repeats_or_is_bounded_by_what_it_tells() -> None:
    assert not SAME.keys() & BOUNDED.keys()
    assert events() | {"library_warning"} == SAME.keys() | BOUNDED.keys()


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


def test_a_storm_is_two_lines_for_each_kind(
    written: WrittenLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sijill.telemetry.repeats.PERIOD", 0.0)

    async def storm() -> None:
        journal, told = RequestLog(None), written.journal
        for number in range(100):
            try:
                raise ValueError
            except ValueError as fault:
                journal.failed(str(number), "/customers", fault)
            logging.getLogger("asyncio").error("lost")
            told.refused(str(number), 400)
        await asyncio.sleep(0.01)

    asyncio.run(storm())
    lines = [json.loads(text) for text in written.text.splitlines()]
    assert [(line["event"], line.get("more")) for line in lines] == [
        ("fault", None),
        ("library_warning", None),
        ("refused", None),
        ("fault", 99),
        ("library_warning", 99),
        ("refused", 99),
    ]
    first, library, refused, more, _, _ = lines
    assert [*refused] == ["request_id", "status", "event", "level", "timestamp"]
    assert [*first] == ["request_id", "route", "fault", "at", "event", "level", "timestamp"]
    assert (more["fault"], more["at"], more["level"]) == (first["fault"], first["at"], "error")
    assert [*library] == ["logger", "event", "level", "timestamp"]


def test_outside_of_an_event_loop_every_fault_is_written(written: WrittenLog) -> None:
    for _ in range(3):
        log.error("fault", fault="E", at=[])
    assert len(written.text.splitlines()) == 3
