"""Views in memory: gathered by viewer, bounded, sealed in the background, and never in the way."""

import asyncio
import shutil
from pathlib import Path

import pytest
from fixtures.databases import Run
from fixtures.registers import NOW, STORE, opened

from sijill.audit.actions import VIEW
from sijill.audit.copies import verify
from sijill.audit.job import Auditor
from sijill.audit.model import decode
from sijill.audit.search import EntryFilter
from sijill.audit.views import Viewer, ViewLog
from sijill.database.columns import micros
from sijill.errors import Unavailable
from sijill.register import Register

pytestmark = pytest.mark.proves(
    "views go on while the audit log cannot be written, and the gap is recorded afterwards"
)

AT = micros(NOW)
APP = Viewer("app", 7, 9, "api", "/customers/{customer}", STORE.id, VIEW)


class Clock:
    def __init__(self) -> None:
        self.now = NOW.timestamp()

    def __call__(self) -> float:
        return self.now


def test_the_views_of_one_viewer_are_one_entry_with_every_id_and_request() -> None:
    clock = Clock()
    views = ViewLog(clock)
    views.add(APP, [1, 2], "r1")
    clock.now += 0.25
    views.add(APP._replace(token=10), [3], "r2")
    views.add(APP, [1], "r3")
    first, second = (decode(line.text) for line in views.take())
    assert (first.ids, first.requests, first.at) == ((1, 2, 1), ("r1", "r3"), AT)
    assert (second.token, second.ids, second.at) == (10, (3,), AT + 250_000)
    assert (first.actor, first.through, first.by, first.store) == (
        *(7, "api", "/customers/{customer}", STORE.id),
    )


def test_what_was_taken_stays_until_it_is_done() -> None:
    views = ViewLog(Clock())
    views.add(APP, [1], "r1")
    assert len(views.take()) == 1
    views.add(APP, [2], "r2")
    assert [decode(line.text).ids for line in views.take()] == [(1,), (2,)]
    views.done()
    assert views.take() == []


def test_views_beyond_the_bound_are_a_gap_that_is_told_once_there_is_room() -> None:
    clock = Clock()
    views = ViewLog(clock, most=3)
    views.add(APP, [1, 2, 3], "r1")
    assert len(views.take()) == 1
    views.add(APP, [4, 5], "r2")
    clock.now += 2
    views.add(APP, [6], "r3")
    assert len(views.take()) == 1
    assert views.has_gap
    views.done()
    views.add(APP, [7], "r4")
    gap, view = (decode(line.text) for line in views.take())
    assert (gap.action, gap.count, gap.at, gap.until) == ("audit.gap", 3, AT, AT + 2_000_000)
    assert (view.ids, view.requests) == ((7,), ("r4",))
    assert not views.has_gap


def test_the_auditor_seals_views_and_changes_in_one_chain(run: Run) -> None:
    async def scenario(register: Register) -> None:
        views = ViewLog(NOW.timestamp)
        auditor = Auditor(register.audit, views, lambda: 0.0)
        assert not await auditor.turn()
        assert await register.audit.heads() == []
        views.add(APP, [1], "r1")
        await register.note("audit.view")
        await auditor.turn()
        views.add(APP, [2], "r2")
        await auditor.stop()
        (head,) = await register.audit.heads()
        assert head == auditor.head
        entries = [one async for one in register.audit.entries(EntryFilter())]
        assert [(one.action, one.ids) for one in entries] == [
            *((VIEW, (1,)), ("audit.view", ()), (VIEW, (2,))),
        ]
        assert (await verify(register.audit)).findings == []

    run(scenario, audit="all")


def test_while_the_database_is_away_views_wait_and_nobody_waits_for_them(tmp_path: Path) -> None:
    file = tmp_path / "data" / "sijill.db"

    async def scenario() -> None:
        async with opened(f"sqlite://{file}", audit="all") as register:
            views = ViewLog(NOW.timestamp, most=2)
            auditor = Auditor(register.audit, views, lambda: 0.0)
            aside = tmp_path / "aside"
            shutil.move(file.parent, aside)
            views.add(APP, [1, 2], "r1")
            with pytest.raises(Unavailable):
                await auditor.turn()
            views.add(APP, [3], "r2")
            with pytest.raises(Unavailable):
                await auditor.turn()
            shutil.move(aside, file.parent)
            while await auditor.turn():
                pass
            entries = [one async for one in register.audit.entries(EntryFilter())]
            assert [(one.action, one.ids, one.count) for one in entries] == [
                *((VIEW, (1, 2), 0), ("audit.gap", (), 1)),
            ]

    asyncio.run(scenario())


def test_on_a_full_disk_reads_go_on_and_the_gap_is_told_once_there_is_room(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with opened(f"sqlite://{tmp_path}/sijill.db", audit="all") as register:
            views = ViewLog(NOW.timestamp, most=5_000)
            auditor = Auditor(register.audit, views, lambda: 0.0)
            connection = register.driver._writer._connection  # type: ignore[attr-defined]

            def bound(pages: str) -> None:
                connection.handle.execute(f"PRAGMA max_page_count = {pages}").fetchall()

            await register.driver.run("delete_migration", 0)  # opens the connection
            bound("1")  # SQLite takes the present size: as a disk without a byte left
            views.add(APP, [*range(100_000, 105_000)], "r1")
            with pytest.raises(Unavailable):
                await auditor.turn()
            assert await register.stores.find(STORE.id) == STORE
            views.add(APP, [1], "r2")
            bound("1000000")
            while await auditor.turn():
                pass
            entries = [one async for one in register.audit.entries(EntryFilter())]
            assert [(one.action, len(one.ids), one.count) for one in entries] == [
                *((VIEW, 5_000, 0), ("audit.gap", 0, 1)),
            ]

    asyncio.run(scenario())
