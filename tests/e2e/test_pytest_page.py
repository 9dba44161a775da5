"""The page about pytest, from its first block to its last, as a newcomer goes through it."""

import re
from pathlib import Path

import pytest

from e2e.outside import ROOT, Outside

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.proves("each block of the page about pytest runs, and does what the page says"),
]

PAGE = (ROOT / "docs" / "howto" / "test-with-pytest.md").read_text("utf-8")

_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def test_every_block_does_what_the_page_says(outside: Outside, tmp_path: Path) -> None:
    blocks = _BLOCK.findall(PAGE)
    assert {kind for kind, _ in blocks} == {"python", "sh", "text"}
    shown = [text if kind == "text" else "" for kind, text in blocks[1:]] + [""]
    for (kind, block), output in zip(blocks, shown, strict=True):
        if kind == "python":
            name = re.match(r"# (\w+\.py)\n", block)
            assert name is not None, block
            (tmp_path / name[1]).write_text(block)
        elif kind == "sh":
            printed = outside.run(
                block, tmp_path, code=int("failed" in output or "ERROR" in output)
            )
            told = pytest.LineMatcher(printed.splitlines())
            told.fnmatch_lines([line.replace("…", "*") for line in output.splitlines()])
