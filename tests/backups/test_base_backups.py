"""PostgreSQL's base backup and its archive, by the commands and settings of the page."""

import json
import shutil
import signal
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from backups.homes import everything, postgres_home, settings_of
from cli.operating import Operator
from fixtures.documents import FENCE, TEXTS
from fixtures.postgres import SECONDS, PostgresServer, cluster, folder_for_servers

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.proves(
        "a PostgreSQL that is restored from a base backup and its archive, as the page says, has "
        "every row; persons who were erased after the moment of the copy are erased again before "
        "anything is served"
    ),
]

PEOPLE = [{"id": id_, "email": f"{id_}@example.com"} for id_ in (41, 42)]

_PAGE = TEXTS["docs/howto/back-up.md"].partition("For continuous copies, PostgreSQL")[2]
ARCHIVE, BASE, RESTORE, REPLAY, REST, EARLIER = (block for _, block in FENCE.findall(_PAGE))
"""The blocks of the page, in their order."""


class Copied:
    """A server that archives its log, and another one that is restored from it."""

    def __init__(self, server: PostgresServer) -> None:
        self.server, self.backups = server, folder_for_servers()
        self.restored = PostgresServer(folder_for_servers(), server.binaries.parent)
        for folder in (self.backups, self.restored.data.parent):
            server.give(folder)
        self._places = {
            "/var/backups": str(self.backups),
            "/var/lib/postgresql/old": str(server.data),
            "/var/lib/postgresql/data": str(self.restored.data),
        }
        server.shell(f"mkdir {self.backups}/wal")
        server.configure(self.here(ARCHIVE))
        server.stop()
        server.start()

    def here(self, block: str) -> str:
        """Return a block of the page with the folders of this test."""
        for place, meant in self._places.items():
            block = block.replace(place, meant)
        return block

    def archive_all(self) -> None:
        """Wait until the log up to now is archived, as it is within `archive_timeout`."""
        wanted = self.server.ask("SELECT pg_walfile_name(pg_switch_wal())")
        deadline = time.monotonic() + SECONDS
        while not (self.backups / "wal" / wanted).exists():
            assert time.monotonic() < deadline, f"{wanted} is not archived"
            time.sleep(0.02)

    def restore(self, *lines: str, and_then: str = "") -> None:
        """Restore what the page says, with more lines of configuration, and take writes."""
        self.server.stop(signal.SIGQUIT)
        self.server.shell(self.here(RESTORE + and_then))
        for file in self.restored.data.glob(".s.*"):  # the socket lies in the data
            file.unlink()
        sockets = f"unix_socket_directories = '{self.restored.data}'"
        # What is restored is archived elsewhere, or not at all.
        for line in (*lines, sockets, "archive_mode = off"):
            self.restored.configure(self.here(line))
        self.restored.start()
        deadline = time.monotonic() + SECONDS
        while self.restored.ask("SELECT pg_is_in_recovery()::text") == "true":
            assert time.monotonic() < deadline, "the replay does not end"
            time.sleep(0.02)


@pytest.fixture
def copied() -> Iterator[Copied]:
    with ExitStack() as ends:
        # Of the wheel's newest version, pg_verifybackup does not start.
        made = Copied(ends.enter_context(cluster(oldest=True)))
        for folder in (made.backups, made.restored.data.parent):
            ends.callback(shutil.rmtree, folder)
        ends.callback(made.restored.stop, signal.SIGQUIT)
        yield made


@pytest.mark.parametrize("log_is_there", [False, True])
def test_every_row_is_restored_from_the_archive_and_the_end_of_the_log(
    copied: Copied, tmp_path: Path, log_is_there: bool
) -> None:
    home = postgres_home(tmp_path, copied.server, copied.server.url())
    copied.server.shell(copied.here(BASE))
    copied.server.execute("UPDATE stores SET name = 'later' WHERE id = 1")
    before = everything(home.settings)
    if not log_is_there:
        copied.archive_all()
    copied.restore(REPLAY, and_then=REST if log_is_there else "")
    restored = settings_of(tmp_path / "data", copied.restored.url())
    assert everything(restored) == before


def test_a_person_erased_after_the_moment_is_erased_again(
    copied: Copied, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    operator = Operator(tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SIJILL_DATABASE_URL", copied.server.url())
    operator.type("store", "create", "shop")
    people = "\n".join(map(json.dumps, PEOPLE))
    operator.type("import", "-", "--format", "jsonl", data=people)
    copied.server.shell(copied.here(BASE))
    moment = copied.server.ask("SELECT clock_timestamp()::text")
    operator.type("privacy", "erase", "41", "--yes")
    copied.archive_all()
    copied.restore(REPLAY, EARLIER.replace("2026-11-29 21:30:00+03", moment))
    assert copied.restored.ask("SELECT count(*)::text FROM customers") == "2"
    monkeypatch.setenv("SIJILL_DATABASE_URL", copied.restored.url())
    told = operator.type("export", "-", "--format", "jsonl").stdout.splitlines()
    assert [json.loads(line)["id"] for line in told] == [42]
