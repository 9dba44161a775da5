"""The page about webhooks: its receivers, run as a reader runs them, and its tables of words."""

import os
import re
import socket
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import get_args

import pytest
from e2e.conftest import until
from fixtures.documents import ROOT
from fixtures.require import program

from sijill.console.webhooks import ERRORS, OF_STATE
from sijill.console.words.webhooks import WORDS
from sijill.webhooks.model import State
from sijill.webhooks.signing import salla_signature

PAGE = (ROOT / "docs/howto/receive-webhooks.md").read_text("utf-8")
SECRET, PORT = "a-secret-of-16-or-more", "3456"
BODY = b'{"event":"customer.updated","data":{"id":1}}'
SERVERS = {
    "receiver.mjs": ("js", ["node", "receiver.mjs"]),
    "receiver.php": ("php", ["php", "-S", "127.0.0.1:3456", "receiver.php"]),
}


@contextmanager
def running(name: str, folder: Path) -> Iterator[tuple[str, Path]]:
    """Yield the address of a receiver of the page, and the file of what it prints."""
    language, command = SERVERS[name]
    program(command[0])
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    (text,) = re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)
    assert f"`{name}`" in PAGE
    assert language == "js" or f"`{' '.join(command)}`" in PAGE
    (folder / name).write_text(text.replace(PORT, port))
    words, printed = [word.replace(PORT, port) for word in command], folder / "printed"
    with printed.open("wb") as out:
        environ = os.environ | {"SALLA_WEBHOOK_SECRET": SECRET}
        process = subprocess.Popen(words, cwd=folder, env=environ, stdout=out, stderr=out)
        try:
            until(lambda: _accepts(int(port)), f"{name} accepts connections")
            yield f"http://127.0.0.1:{port}/hooks", printed
        finally:
            process.kill()
            process.wait()


def _accepts(port: int) -> bool:
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


def status_of(url: str, signature: str | None) -> int:
    headers = {} if signature is None else {"X-Salla-Signature": signature}
    asked = urllib.request.Request(url, data=BODY, headers=headers, method="POST")
    try:
        with urllib.request.urlopen(asked, timeout=30) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as refused:
        return refused.code


@pytest.mark.parametrize("name", SERVERS)
def test_a_receiver_takes_genuine_deliveries_alone(name: str, tmp_path: Path) -> None:
    with running(name, tmp_path) as (url, printed):
        for forged in (None, "", "0" * 64, salla_signature("another-secret-of-theirs", BODY)):
            assert status_of(url, forged) == 401
        assert b"customer.updated" not in printed.read_bytes()
        assert status_of(url, salla_signature(SECRET, BODY)) == 200
        until(lambda: b"customer.updated" in printed.read_bytes(), "the event is named")


def rows_of(heading: str) -> list[list[str]]:
    """Return the cells of the rows of the table with a first heading."""
    (table,) = re.findall(rf"^\| {re.escape(heading)} \|.*\n\| ---.*\n((?:\|.*\n)+)", PAGE, re.M)
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in table.splitlines()]


def test_the_page_explains_every_word_that_stands_for_an_answer() -> None:
    told = sorted(row[0] for row in rows_of("the answer"))
    assert told == sorted(f"`{one}`" for one in ERRORS)


def test_the_page_says_what_the_console_calls_each_state() -> None:
    console = {f"`{state}`": WORDS[OF_STATE[state].word].en for state in get_args(State)}
    assert {row[0]: row[1] for row in rows_of("`sijill webhook deliveries`")} == console
