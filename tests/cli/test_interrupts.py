"""Ctrl-C: it ends a command the first time, without a traceback, and with what was done so far."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import apsw
import pytest
from cli.operating import Operator
from cli.terminals import answer

from sijill.cli.interrupts import Interrupts
from sijill.cli.output import INTERRUPTED

PATIENCE = 60
"""Seconds after which a test gives up."""

INTERRUPTED_IMPORT = """
import os, signal, sys

class Finder:
    def find_spec(self, name, path=None, target=None):
        if name == {module!r}:
            sys.meta_path.remove(self)
            os.kill(os.getpid(), signal.SIGINT)

sys.meta_path.insert(0, Finder())
sys.argv = ["sijill", "store", "list"]
from sijill.cli import main
main()
"""


@pytest.mark.parametrize(
    "module",
    ["click", "sijill.cli.tree", "sijill.cli.stores", "msgspec", "asyncio", "sijill.register"],
)
def test_a_command_that_is_still_imported_ends_without_a_traceback(
    shop: Operator, module: str
) -> None:
    code = INTERRUPTED_IMPORT.format(module=module)
    environ = os.environ | {"SIJILL_DATA_DIR": str(shop.folder / "data")}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environ, capture_output=True, timeout=PATIENCE
    )
    assert done.returncode in (-signal.SIGINT, INTERRUPTED)
    assert done.stdout == b""
    assert done.stderr in (b"", b"sijill: interrupted\n")


@pytest.mark.parametrize("verb", ["create", "password"])
def test_a_prompt_for_a_password_ends_the_first_time(shop: Operator, verb: str) -> None:
    words = ["owner", verb, "--email", "sara@example.com"]
    more = ["--store", "shop", "--name", "Sara"]
    if verb == "password":
        created = ["owner", "create", "--email", "sara@example.com", *more]
        shop.type(*created, "--password-file", "-", data="correct horse battery")
        more = []
    before = shop.json("owner", "list")
    code, _ = answer(shop, *words, *more, to="Password: ", by="\x03")
    assert code == INTERRUPTED
    assert shop.json("owner", "list") == before


def start(shop: Operator, *words: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "sijill", *words],
        cwd=shop.folder,
        env=os.environ | {"SIJILL_DATA_DIR": str(shop.folder / "data")},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def customers(folder: Path) -> int:
    with closing(apsw.Connection(str(folder / "data" / "sijill.db"))) as connection:
        (count,) = connection.execute("SELECT count(*) FROM customers").fetchone()  # type: ignore[misc]
    return int(count)


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_an_import_says_which_rows_are_done(shop: Operator) -> None:
    running = start(shop, "import", "-", "--format", "jsonl")
    assert running.stdin is not None
    lines = [b'{"email": "c%d@example.com"}\n' % number for number in range(500)]
    running.stdin.write(b"".join(lines) + b" " * 2_000_000)
    running.stdin.flush()
    until(lambda: customers(shop.folder) == 500)
    running.send_signal(signal.SIGINT)
    said = running.communicate(timeout=PATIENCE)[1].decode()
    assert running.returncode == INTERRUPTED
    assert said == (
        "sijill: interrupted: the first 500 rows are done: 500 created, 0 updated, 0 rejected\n"
    )


def test_a_seeding_says_how_many_customers_are_there(shop: Operator) -> None:
    running = start(shop, "seed", "--count", "10000000")
    until(lambda: customers(shop.folder) > 0)
    running.send_signal(signal.SIGINT)
    said = running.communicate(timeout=PATIENCE)[1].decode()
    assert running.returncode == INTERRUPTED
    told = re.fullmatch(r"sijill: interrupted: (\d+) of 10000000 customers are there; .*\n", said)
    assert told is not None, said
    assert int(told[1]) == customers(shop.folder) > 0


def test_ctrl_c_waits_for_what_is_being_written_and_the_second_one_for_nothing() -> None:
    interrupts, written = Interrupts(), list[int]()

    def press() -> None:
        interrupts.press(signal.SIGINT, None)

    with pytest.raises(KeyboardInterrupt):
        press()
    with pytest.raises(KeyboardInterrupt):  # noqa: PT012 - the loop is what raises
        for number in interrupts.between([1, 2, 3]):
            if number == 2:
                press()
            written.append(number)
    assert written == [1, 2]
    again = Interrupts()
    again.hold()
    again.press(signal.SIGINT, None)
    with pytest.raises(KeyboardInterrupt):
        again.written()
    with pytest.raises(KeyboardInterrupt):
        again.press(signal.SIGINT, None)
