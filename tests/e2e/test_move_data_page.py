"""The page about moving data, from its first block to its last, as an operator pastes it."""

import asyncio
import re
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fixtures.documents import FENCE, ROOT

from e2e.walking import KNOWN, Terminal
from sijill.imports.job import Importer
from sijill.imports.model import Import
from sijill.imports.uploads import batches
from sijill.register import open_register

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.proves("each command of the page about moving data says what the page says"),
]

PAGE = (ROOT / "docs" / "howto" / "move-data.md").read_text("utf-8")

UPLOADED = 1048576
"""The id of the import of which the page speaks."""

_REFUSED, _REJECTED = re.compile(r"sijill: the f"), re.compile(r"[1-9] rejected$", re.MULTILINE)


def code_of(shown: str) -> int:
    """Return the exit code of a command that prints what the page shows."""
    if _REFUSED.match(shown):
        return 64
    return 1 if _REJECTED.search(shown) else 0


def upload(folder: Path) -> None:
    """Import a file of which one row is refused, as if an app had sent it."""

    async def whole() -> None:
        register = await open_register(f"sqlite://{folder}/.sijill/sijill.db")
        (store,), (app,) = await register.stores.all(), await register.apps.all()
        now, data = datetime.now(UTC), b"email\nupload@example.com\nnobody\n"
        job = Import(store.id, UPLOADED, app.id, "a.csv", "ar", "queued", 2, 0, 0, 0, 0, now)
        await register.imports.add(job, [text.decode() for _, text in batches(data)])
        await Importer(register.imports, register.stores, now.timestamp).turn()
        await register.close()

    asyncio.run(whole())


def test_the_page_in_arabic_has_the_same_blocks() -> None:
    arabic = (ROOT / "docs" / "ar" / "move-data.md").read_text("utf-8")
    assert FENCE.findall(arabic) == FENCE.findall(PAGE)


def test_every_block_runs_and_says_what_the_page_shows(tmp_path: Path) -> None:
    clone = tmp_path / "clone"
    clone.mkdir()
    terminal = Terminal((), clone)
    (clone / ".venv").symlink_to(sys.prefix)
    terminal.environ = KNOWN | {"HOME": str(tmp_path)}
    terminal.paste(". .venv/bin/activate\nsijill store create shop\nsijill app create crm")
    blocks = FENCE.findall(PAGE)
    assert {kind for kind, _ in blocks} == {"sh", "text"}
    for (kind, block), (follows, text) in zip(blocks, [*blocks[1:], ("", "")], strict=True):
        if kind == "text":
            continue
        if str(UPLOADED) in block:
            upload(clone)
        shown = text if follows == "text" else ""
        printed = terminal.paste(block, code_of(shown)).splitlines()
        lines = [line.replace("[", "[[]").replace("…", "*") for line in shown.splitlines()]
        told = pytest.LineMatcher(printed)
        told.fnmatch_lines(lines, consecutive=True)
        assert not lines or len(printed) == len(lines), printed
