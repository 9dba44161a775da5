"""The access log: its lines, when they are written, and what becomes of them in trouble."""

import asyncio
import errno
import json
import os
import select
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from fixtures.logs import WrittenLog
from hypothesis import given
from hypothesis import strategies as st

from sijill.telemetry.access_log import AccessLine, AccessLog, json_lines, write_lines
from sijill.telemetry.logs import RequestLog, access_log, log

pytestmark = pytest.mark.proves(
    "a slow reader of the log gets every line whole, of several workers too, and "
    "one that is gone stops nobody"
)

NOW = datetime(2026, 11, 24, 22, 30, 16, 689164, UTC)
FULL = 200_000
"""More bytes than a pipe holds."""


class Pipe:
    """A pipe, and all that was read from it."""

    def __init__(self) -> None:
        self.reading, self.writing = os.pipe()
        self.read = b""

    def read_all(self) -> bytes:
        """Read until every writing end is closed."""
        while piece := os.read(self.reading, 4096):
            self.read += piece
        return self.read

    def fill(self) -> bytes:
        """Write until nothing more fits, and return that."""
        os.set_blocking(self.writing, False)
        filled = b""
        try:
            while True:
                filled += b"x" * os.write(self.writing, b"x" * 4096)
        except BlockingIOError:
            return filled

    def close_reading(self) -> None:
        os.close(self.reading)
        self.reading = -1

    def close(self) -> None:
        for end in (self.reading, self.writing):
            if end >= 0:
                os.close(end)


@pytest.fixture
def pipe() -> Iterator[Pipe]:
    made = Pipe()
    yield made
    made.close()


def line(number: int = 0) -> AccessLine:
    return AccessLine(f"{number:016x}", "GET", "/customers/{customer}", 200, 0.412)


def answer(journal: RequestLog, count: int) -> None:
    for number in range(count):
        journal.answered(f"{number:016x}", "GET", "/customers/{customer}", 200, 0.41234)


def test_a_line_has_its_keys_in_their_order(pipe: Pipe) -> None:
    json_lines(pipe.writing, lambda: NOW)([line()])
    assert os.read(pipe.reading, 4096) == (
        b'{"request_id":"0000000000000000","method":"GET","route":"/customers/{customer}",'
        b'"status":200,"ms":0.412,"event":"request","level":"info",'
        b'"timestamp":"2026-11-24T22:30:16.689164Z"}\n'
    )


@pytest.mark.parametrize("written", ["json", "text"], indirect=True)
def test_it_is_as_the_log_of_all_else_would_write_it(written: WrittenLog) -> None:
    """But for the time, which is that of the end of the turn."""

    async def turn() -> None:
        answer(written.journal, 1)
        log.info(
            "request",
            request_id="0" * 16,
            method="GET",
            route="/customers/{customer}",
            status=200,
            ms=0.412,
        )

    asyncio.run(turn())
    one, other = written.text.splitlines()
    if one.startswith("{"):
        first, second = json.loads(one), json.loads(other)
        assert [*first] == [*second]
        assert first.pop("timestamp").translate(DIGITS) == second.pop("timestamp").translate(DIGITS)
        assert first == second
    else:
        assert one.translate(DIGITS) == other.translate(DIGITS)


DIGITS = str.maketrans("123456789", "000000000")


@given(st.datetimes(timezones=st.just(UTC)))
def test_its_time_is_written_as_that_of_other_lines(moment: datetime) -> None:
    written: list[AccessLine] = []
    made = line()
    with open(os.devnull, "wb") as nowhere:
        json_lines(nowhere.fileno(), lambda: moment)([made])
    written.append(made)
    # As structlog's TimeStamper(fmt="iso", utc=True) does.
    assert made.timestamp == moment.replace(tzinfo=None).isoformat() + "Z"


def test_lines_of_one_turn_are_written_together_at_its_end() -> None:
    written: list[int] = []
    journal = RequestLog(AccessLog(lambda lines: written.append(len(lines))))

    async def turns() -> None:
        for count in (1, 30):
            answer(journal, count)
            assert written[-1:] != [count]
            await asyncio.sleep(0)

    asyncio.run(turns())
    assert written == [1, 30]


def test_a_flush_writes_what_waits_for_the_end_of_the_turn() -> None:
    written: list[int] = []
    journal = RequestLog(AccessLog(lambda lines: written.append(len(lines))))

    async def turn() -> None:
        answer(journal, 3)
        journal.flush()
        assert written == [3]

    asyncio.run(turn())
    journal.flush()
    assert written == [3]


@pytest.mark.parametrize(("level", "lines"), [("debug", 1), ("info", 1), ("warning", 0)])
def test_it_is_of_level_info(level: str, lines: int, capfd: pytest.CaptureFixture[str]) -> None:
    async def turn() -> None:
        answer(RequestLog(access_log(level, "json")), 1)

    asyncio.run(turn())
    assert len(capfd.readouterr().err.splitlines()) == lines


# What the reader does


class Partly:
    """Stands for a descriptor that takes a few bytes at a time, and is now and then full."""

    def __init__(self, sizes: list[int]) -> None:
        self._sizes = sizes
        self.written = b""
        self.waits = 0

    def write(self, descriptor: int, data: bytes) -> int:
        size = self._sizes.pop() if self._sizes else len(data)
        if size == 0:
            raise BlockingIOError(errno.EAGAIN, "full")
        self.written += data[:size]
        return min(size, len(data))

    def select(self, *_: object) -> None:
        self.waits += 1


@given(st.lists(st.integers(0, 300), max_size=60), st.integers(1, 60))
def test_a_descriptor_that_takes_a_part_gets_the_rest(sizes: list[int], count: int) -> None:
    partly, full = Partly(list(sizes)), sizes.count(0)
    data = b"".join(b"%d " % n + b"y" * (7 * n) + b"\n" for n in range(count))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "write", partly.write)
        patch.setattr(select, "select", partly.select)
        write_lines(3, data)
    assert partly.written == data
    assert partly.waits <= full


def test_no_write_to_a_pipe_cuts_a_line_in_two(monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[bytes] = []

    def write(descriptor: int, data: bytes) -> int:
        written.append(data)
        return len(data)

    monkeypatch.setattr(os, "write", write)
    json_lines(3, lambda: NOW)([line(number) for number in range(1000)])
    assert len(written) < 60
    assert all(len(data) <= select.PIPE_BUF and data.endswith(b"\n") for data in written)
    assert len(b"".join(written).splitlines()) == 1000


@pytest.mark.parametrize("blocking", [True, False])
def test_a_reader_that_is_behind_gets_every_line(pipe: Pipe, blocking: bool) -> None:
    filled = pipe.fill()
    os.set_blocking(pipe.writing, blocking)
    reader = threading.Thread(target=pipe.read_all)
    lines = [line(number) for number in range(FULL // 150)]
    writer = threading.Thread(target=json_lines(pipe.writing, lambda: NOW), args=(lines,))
    writer.start()
    reader.start()
    writer.join(30)
    os.close(pipe.writing)
    pipe.writing = -1
    reader.join(30)
    read = pipe.read.removeprefix(filled).splitlines()
    assert [json.loads(text)["request_id"] for text in read] == [one.request_id for one in lines]


def test_a_reader_that_is_gone_stops_nobody(pipe: Pipe) -> None:
    journal = RequestLog(AccessLog(json_lines(pipe.writing, lambda: NOW)))
    pipe.close_reading()

    async def turns() -> None:
        for _ in range(3):
            answer(journal, 50)
            await asyncio.sleep(0)

    asyncio.run(turns())


def test_a_reader_that_leaves_while_a_line_waits_stops_nobody(pipe: Pipe) -> None:
    pipe.fill()
    writer = threading.Thread(target=json_lines(pipe.writing, lambda: NOW), args=([line()],))
    writer.start()
    pipe.close_reading()
    writer.join(30)
    assert not writer.is_alive()


def test_a_full_disk_loses_lines_and_stops_nobody() -> None:
    with open("/dev/full", "wb", buffering=0) as full:
        json_lines(full.fileno(), lambda: NOW)([line()])


def test_without_standard_error_nothing_is_written_in_its_place() -> None:
    """The next file that such a process opens has its number: it may be the database."""
    script = (
        "import asyncio, sys, tempfile\n"
        "from sijill.telemetry import logs\n"
        "with tempfile.TemporaryFile(buffering=0) as file:\n"
        "    assert file.fileno() == 2, file.fileno()\n"
        "    for form in ('json', 'text'):\n"
        "        logs.configure('info', form)\n"
        "        journal = logs.RequestLog(logs.access_log('info', form))\n"
        "        async def turn():\n"
        "            journal.answered('1', 'GET', '/customers', 200, 0.1)\n"
        "            journal.failed('1', '/customers', ValueError())\n"
        "        asyncio.run(turn())\n"
        "    sys.exit(file.seek(0, 2))\n"
    )
    command = [sys.executable, "-c", script]
    done = subprocess.run(
        command, check=False, preexec_fn=lambda: os.close(2), stdout=subprocess.PIPE
    )
    assert done.returncode == 0


def test_lines_of_several_processes_keep_apart(pipe: Pipe) -> None:
    script = (
        "import sys\n"
        "from datetime import UTC, datetime\n"
        "from sijill.telemetry.access_log import AccessLine, json_lines\n"
        "write = json_lines(2, lambda: datetime.now(UTC))\n"
        "for turn in range(30):\n"
        "    write([AccessLine(sys.argv[1] * 16, 'GET', '/x', 200, 0.1) for _ in range(50)])\n"
    )
    workers = [
        subprocess.Popen([sys.executable, "-c", script, name], stderr=pipe.writing) for name in "ab"
    ]
    os.close(pipe.writing)
    pipe.writing = -1
    read = [json.loads(text)["request_id"] for text in pipe.read_all().splitlines()]
    assert [worker.wait(30) for worker in workers] == [0, 0]
    assert sorted(read) == ["a" * 16] * 1500 + ["b" * 16] * 1500
