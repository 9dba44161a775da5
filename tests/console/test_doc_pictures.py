"""The pictures of the console in the documents: each is taken by the command, shown, and small."""

import re

import pytest
from fixtures.documents import ROOT, TEXTS
from fixtures.tables import rows

from console.pictures import DOCS, PICTURES, doc_file

SHOWN = re.compile(r"!\[([^\]]*)\]\(([^)\s]+)\)")
MOST = 150 * 1024
FILES = sorted(doc_file(name, language, width) for name, language, _, width in DOCS)
LEAST_WORDS = 5


def shown(name: str) -> list[tuple[str, str]]:
    """Return the alternative text and the path of each picture of a page."""
    return SHOWN.findall(TEXTS[name])


def test_every_picture_is_one_that_the_command_takes() -> None:
    assert sorted(path.name for path in PICTURES.iterdir()) == FILES


def test_every_picture_is_shown_by_a_page() -> None:
    named = {path.rpartition("/")[2] for name in TEXTS for _, path in shown(name)}
    assert sorted(named & set(FILES)) == FILES


@rows("file", FILES)
def test_a_picture_is_small(file: str) -> None:
    data = (PICTURES / file).read_bytes()
    assert data.startswith(b"\x89PNG")
    assert len(data) < MOST


@pytest.mark.parametrize("name", [name for name in TEXTS if shown(name)])
def test_a_picture_exists_and_is_told_in_words(name: str) -> None:
    for words, path in shown(name):
        assert ((ROOT / name).parent / path).is_file(), path
        assert len(words.split()) >= LEAST_WORDS, path
        is_arabic = bool(re.search(r"[\u0600-\u06ff]", words))
        assert is_arabic == (name == "README.ar.md" or name.startswith("docs/ar/"))
