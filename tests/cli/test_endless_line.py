"""A file whose line never ends: an import refuses it, in the memory that a small file takes."""

import os
import subprocess
import sys
from collections.abc import Iterable
from contextlib import suppress
from itertools import repeat

import pytest
from cli.operating import Operator

from sijill.imports.rows import MAX_LINE

pytestmark = pytest.mark.proves(
    "an import of a file with one line of a gigabyte takes no more memory than that of a small "
    "one, and a first line without an end is refused at once"
)

MORE = 24 * 1024
"""Kibibytes that a file with an endless line may take beyond a small one."""

TOO_LONG = f"is longer than {MAX_LINE} bytes"


def imported(shop: Operator, form: str, pieces: Iterable[bytes]) -> tuple[int, int, str]:
    """Pipe pieces into an import; return how many bytes it took, its memory, and what it said."""
    words = (sys.executable, "-m", "sijill", "import", "-", "--format", form, "--dry-run")
    environ = os.environ | {"SIJILL_DATA_DIR": str(shop.folder / "data")}
    theirs, ours = os.pipe()
    process = subprocess.Popen(
        words,
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        cwd=shop.folder,
        env=environ,
    )
    os.close(theirs)
    taken = 0
    with suppress(BrokenPipeError):  # the command ends before its file does
        for piece in pieces:
            taken += os.write(ours, piece)
    os.close(ours)
    assert process.stdout is not None
    with process.stdout as output:
        said = output.read().decode()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return taken, used.ru_maxrss, said


@pytest.fixture(scope="module")
def piece() -> bytes:
    return b"x" * 2**20


def test_a_line_of_a_gigabyte_is_one_refused_row(shop: Operator, piece: bytes) -> None:
    _, usual, said = imported(shop, "csv", [b"email\na@example.com\n"])
    assert "1 created" in said
    pieces = [b"email\n", *repeat(piece, 1_024), b"\na@example.com\n"]
    taken, memory, said = imported(shop, "csv", pieces)
    assert taken > 2**30
    assert f"line 2: {TOO_LONG}" in said
    assert "1 created, 0 updated, 1 rejected" in said
    assert memory < usual + MORE


@pytest.mark.parametrize("head", [b"", b'"', b"\xef\xbb\xbf"])
def test_a_first_line_without_an_end_is_refused_early(
    shop: Operator, piece: bytes, head: bytes
) -> None:
    taken, _, said = imported(shop, "csv", [head, *repeat(piece, 1_024)])
    assert f"the first line {TOO_LONG}" in said
    assert taken < 2**26


@pytest.mark.parametrize(
    ("form", "head"),
    [("jsonl", b""), ("jsonl", b'{"email":"'), ("csv", b'email\n"'), ("csv", b"email\na,")],
)
def test_every_form_of_an_endless_line_takes_no_memory(
    shop: Operator, piece: bytes, form: str, head: bytes
) -> None:
    _, usual, _ = imported(shop, form, [b""])
    _, memory, said = imported(shop, form, [head, *repeat(piece, 128)])
    assert TOO_LONG in said
    assert memory < usual + MORE
