"""The code of the pages about testing, as the files that a reader would make of it."""

import re
from pathlib import Path

from examples.conftest import ROOT

_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_NAME = re.compile(r"(?:<\?php )?(?://|#) (\S+)\n")
"""The first line of a block that is a file: a comment with its name."""


def blocks(page: str, language: str) -> list[str]:
    """Return the blocks of a page under docs/howto that are in one language."""
    text = (ROOT / "docs" / "howto" / page).read_text("utf-8")
    return [block for found, block in _BLOCK.findall(text) if found == language]


class Files:
    """The files of a page, some of them in several versions."""

    def __init__(self, page: str, language: str) -> None:
        """Raises: AssertionError for a block that is no file."""
        self.versions: dict[str, list[str]] = {}
        for block in blocks(page, language):
            name = _NAME.match(block)
            assert name, f"{page} has a block that no test runs: {block}"
            self.versions.setdefault(name[1], []).append(block)

    def write(self, folder: Path, version: int) -> None:
        """Write all files; of those in several versions the one with this index."""
        for name, texts in self.versions.items():
            (folder / name).write_text(texts[version], "utf-8")


NODE = Files("test-with-node.md", "js")
PHP = Files("test-with-php.md", "php")


def write_node_project(folder: Path, version: int) -> None:
    """Write the app of the page about Node, and its test: first red (0), then green (-1)."""
    (folder / "package.json").write_text('{"type": "module"}')
    NODE.write(folder, version)
