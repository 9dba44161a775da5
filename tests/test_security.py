"""Each promise of SECURITY.md names the tests that fail when it is broken, and they exist."""

import ast
import re
from pathlib import Path

import pytest
from fixtures.documents import DOCS, ROOT, SPAN
from fixtures.routes import ROUTER

pytestmark = pytest.mark.proves("each promise of the page about security names its tests")

TEXT = (ROOT / "SECURITY.md").read_text("utf-8")
PROMISING = ("What is protected, and how", "What is promised of versions")
"""Sections that hold promises: each is a table, whose last column names tests."""

_PROOF = re.compile(r"\[([^\]]+)\]\(tests/(\S+?\.py)\)(?: `(test_\w+)`)?")


def section(title: str) -> str:
    return TEXT.split(f"\n## {title}\n")[1].split("\n## ")[0].strip()


def named_in(path: Path) -> set[str]:
    """Return the names of the tests of a file."""
    if not path.is_file():
        return set()
    nodes = ast.walk(ast.parse(path.read_text("utf-8")))
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    return {n.name for n in nodes if isinstance(n, functions) and n.name.startswith("test_")}


def faults(row: str) -> list[str]:
    """Return what is wrong with the proofs of a row of a table."""
    *promise, proofs = (cell.strip() for cell in row.strip("|").split(" | "))
    named = _PROOF.findall(proofs)
    wrong = [] if named and all(promise) else [f"no test: {row}"]
    if _PROOF.sub("", proofs).replace(",", "").strip():
        wrong.append(f"more than links to tests: {proofs}")
    for label, path, name in named:
        known = named_in(ROOT / "tests" / path)
        if label != path or not known or (name and name not in known):
            wrong.append(f"there is no test {path} {name}")
    return wrong


@pytest.mark.parametrize("title", PROMISING)
def test_every_promise_names_tests_that_exist(title: str) -> None:
    head, line, *rows = section(title).splitlines()
    assert head.endswith("| proven by |")
    assert set(line) <= set("| -")
    assert len(rows) > 4
    assert all(row.startswith("| ") and row.endswith(" |") for row in rows), "only a table"
    assert [fault for row in rows for fault in faults(row)] == []


@pytest.mark.parametrize(
    "proofs",
    [
        "",
        "soon",
        "[test_none.py](tests/test_none.py)",
        "[test_job.py](tests/test_job.py) `test_of_nothing`",
        "[job](tests/test_job.py)",
        "[test_job.py](tests/test_job.py), and more",
    ],
)
def test_a_promise_without_a_test_is_found(proofs: str) -> None:
    assert faults(f"| what | how | {proofs} |")
    assert not faults("| what | how | [test_job.py](tests/test_job.py) |")


LEADING = {"/": "to the description", "/_/": "to it too", "/_/enter": "by a link of a sandbox"}
"""Paths without a token that show nothing themselves: where they lead."""


def test_what_needs_no_token_is_named_and_kept_in_by_the_proxy_of_the_guide() -> None:
    guide = (DOCS / "howto" / "run-on-one-machine.md").read_text("utf-8")
    passed = re.search(r"location ~ (\S+) \{", guide)
    assert passed is not None
    kept = {
        route.path
        for route in ROUTER.routes
        if route.public and not re.match(passed[1], route.path)
    }
    (line,) = [line for line in section("What is yours").splitlines() if "need no token" in line]
    named = SPAN.findall(line.partition("need no token")[0])
    assert kept - LEADING.keys() == set(named)
