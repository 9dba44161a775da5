"""`sijill import` where the file of rejects cannot be written: nothing that it did is lost."""

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest
from cli.operating import Operator
from fixtures.tables import rows
from fixtures.unprivileged import typed_without

from sijill.errors import Unavailable
from sijill.imports.importing import Report
from sijill.register import Register

LINES = b"first_name,mobile\nSara,0551234567\nAli,12\nOmar,0557654321\n"
REPORT = Report(created=2, rejected=1)


def count(shop: Operator) -> int:
    """Return how many customers the only store has."""

    async def asked(register: Register) -> int:
        (store,) = await register.stores.all()
        return len([one async for one in register.customers.each(store.id)])

    return shop.ask(asked)


@rows("place", [".", "missing/rejects.csv", "data/sijill.db/rejects.csv"])
def test_a_file_that_cannot_be_written_stops_the_import_before_its_first_row(
    shop: Operator, place: str
) -> None:
    file = str(shop.folder / place)
    for more in ([], ["--dry-run"]):
        words = ("import", "-", "--format", "csv", "--rejects", file, *more)
        told = shop.type(*words, data=LINES, code=64).stderr
        assert told.startswith(f"sijill: --rejects: {file}: ")
        assert told.endswith("; name another file\n")
        assert count(shop) == 0


def test_a_folder_that_this_user_may_not_write_stops_it_too(shop: Operator) -> None:
    file, locked = shop.folder / "customers.csv", shop.folder / "locked"
    file.write_bytes(LINES)
    locked.mkdir()
    words = ("import", "customers.csv", "--rejects", "locked/r.csv", "--data-dir", "data")
    done = typed_without(locked, shop.folder, *words)
    told = "--rejects: locked/r.csv: Permission denied; name another file"
    assert (done.returncode, done.stderr) == (64, f"sijill: {told}\n")
    assert count(shop) == 0


def test_a_good_file_leaves_no_file_of_rejects_and_an_older_one_as_it_is(shop: Operator) -> None:
    good, older = LINES.replace(b"Ali,12\n", b""), shop.folder / "rejects.csv"
    words = ("import", "-", "--format", "csv", "--match", "mobile")
    shop.type(*words, data=good)
    assert not older.exists()
    older.write_text("kept")
    shop.type(*words, data=good)
    assert older.read_text() == "kept"


def test_a_link_to_no_file_stays_and_the_first_refused_row_makes_its_file(shop: Operator) -> None:
    good, link = LINES.replace(b"Ali,12\n", b""), shop.folder / "rejects.csv"
    link.symlink_to("target.csv")
    words = ("import", "-", "--format", "csv", "--match", "mobile", "--rejects", str(link))
    shop.type(*words, data=good)
    assert (link.is_symlink(), link.exists()) == (True, False)
    shop.type(*words, data=LINES, code=1)
    assert link.is_symlink()
    assert b"Ali" in (shop.folder / "target.csv").read_bytes()


def test_a_link_into_no_folder_stops_the_import(shop: Operator) -> None:
    link = shop.folder / "rejects.csv"
    link.symlink_to("missing/target.csv")
    words = ("import", "-", "--format", "csv", "--rejects", str(link))
    told = shop.type(*words, data=LINES, code=64).stderr
    assert "No such file or directory; name another file" in told
    assert link.is_symlink()


def test_a_reader_of_a_pipe_gets_every_refused_row(shop: Operator) -> None:
    pipe, done = shop.folder / "rejects.fifo", Event()
    os.mkfifo(pipe)

    def read() -> bytes:
        with pipe.open("rb") as stream:
            came = stream.read()  # to the first end of the pipe
            done.wait()  # while a reader is there, an import does not wait for another
            return came

    with ThreadPoolExecutor(1) as threads:
        reading = threads.submit(read)
        try:
            words = ("import", "-", "--format", "csv", "--rejects", str(pipe))
            shop.type(*words, data=LINES, code=1)
        finally:
            done.set()
            os.close(os.open(pipe, os.O_RDWR))  # lets a reader go that found no writer
    assert b"Ali" in reading.result()
    assert pipe.is_fifo()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
def test_a_disk_that_is_full_costs_no_row_no_count_and_no_reason(shop: Operator) -> None:
    mode = Path("/dev/full").stat().st_mode
    words = ("import", "-", "--format", "csv", "--rejects", "/dev/full")
    done = shop.type(*words, data=LINES, code=1)
    assert count(shop) == REPORT.created
    assert done.stdout.endswith("2 created, 0 updated, 1 rejected\n")
    assert "line 3: mobile has too few or too many digits" in done.stderr
    full = "sijill: /dev/full does not have every rejected row: No space left on device\n"
    assert done.stderr.endswith(full)
    assert Path("/dev/full").stat().st_mode == mode


def test_a_database_that_goes_away_leaves_the_count_of_what_was_done(
    shop: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def ends(customers, store, rows, now, *, on_progress, **more):
        on_progress(REPORT)
        raise Unavailable

    monkeypatch.setattr("sijill.cli.importing.import_customers", ends)
    told = shop.type("import", "-", "--format", "csv", data=LINES, code=1).stderr
    assert "cannot be used" in told
    assert "the first 3 rows are done: 2 created, 0 updated, 1 rejected" in told
