"""No page with commands is left out: each has a reader, or another test that runs it."""

from e2e.readers import ELSEWHERE, NOT_RUN, READERS
from e2e.walking import name_of, sh
from fixtures.documents import ROOT, TEXTS

WITH_COMMANDS = {name for name, text in TEXTS.items() if sh(text)}


def test_each_page_with_commands_has_a_test() -> None:
    assert READERS.keys() | ELSEWHERE.keys() == WITH_COMMANDS
    assert not READERS.keys() & ELSEWHERE.keys()
    assert [path for path in ELSEWHERE.values() if not (ROOT / "tests" / path).exists()] == []


def test_what_is_not_run_or_stands_in_a_table_is_there() -> None:
    there = {(name, name_of(block)) for name, text in TEXTS.items() for block in sh(text)}
    told = {(name, block) for name, r in READERS.items() for block in (*r.first, *r.ends)}
    assert (NOT_RUN.keys() | told) - there == set()


def test_every_word_that_stands_for_something_is_on_its_page() -> None:
    told = {(name, word) for name, r in READERS.items() for word in (*r.means, *r.servers)}
    assert [(name, word) for name, word in told if word not in "".join(sh(TEXTS[name]))] == []
