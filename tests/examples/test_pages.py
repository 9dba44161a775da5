"""The code of the pages about testing: red before the app is repaired, green afterwards."""

import re
import subprocess
from pathlib import Path

import pytest
from fixtures.require import program

from examples.conftest import CRM, PATIENCE, ROOT, outcome_of_node
from examples.pages import NODE, PHP, blocks, write_node_project

pytestmark = pytest.mark.proves(
    "the code of the pages about testing runs: an app that does not survive a 429 fails its test"
)


START = 'sijill sandbox start\neval "$(sijill sandbox env)"\n'
"""The commands of a page that the pipelines of the page about CI run."""


def test_the_pages_have_no_other_commands_than_those_that_are_run() -> None:
    assert blocks("test-with-node.md", "sh") == [START, "node --test\n"]
    phpunit = "composer require --dev phpunit/phpunit\nvendor/bin/phpunit CustomersTest.php\n"
    commands = [START, "php test.php\n", phpunit]
    assert blocks("test-with-php.md", "sh") == commands


def test_the_page_for_node_goes_from_red_to_green(environ: dict[str, str], tmp_path: Path) -> None:
    assert len(NODE.versions["customers.js"]) == 2
    write_node_project(tmp_path, 0)
    red = outcome_of_node(tmp_path, environ, ())
    assert (red.passed, red.failed) == (0, 1), red.output
    assert "Salla answered 429" in red.output
    write_node_project(tmp_path, -1)
    green = outcome_of_node(tmp_path, environ, ())
    assert (green.passed, green.failed) == (1, 0), green.output


def run_php(folder: Path, environ: dict[str, str], *words: str) -> tuple[int, str]:
    """Run PHP in a folder; return its exit code and its output."""
    done = subprocess.run(
        words,
        cwd=folder,
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=PATIENCE,
    )
    return done.returncode, done.stdout


def test_the_page_for_php_goes_from_red_to_green(environ: dict[str, str], tmp_path: Path) -> None:
    command = (program("php"), "test.php")
    assert len(PHP.versions["customers.php"]) == 2
    PHP.write(tmp_path, 0)
    code, output = run_php(tmp_path, environ, *command)
    assert code != 0
    assert "Salla answered 429" in output
    PHP.write(tmp_path, -1)
    assert run_php(tmp_path, environ, *command) == (0, "ok\n")


def test_the_page_for_php_passes_with_phpunit(environ: dict[str, str], tmp_path: Path) -> None:
    command = (program("phpunit"), "CustomersTest.php")
    PHP.write(tmp_path, 0)
    code, output = run_php(tmp_path, environ, *command)
    assert (code, "Salla answered 429" in output) == (2, True), output
    PHP.write(tmp_path, -1)
    code, output = run_php(tmp_path, environ, *command)
    assert code == 0, output
    assert "OK (1 test, 2 assertions)" in output


@pytest.mark.parametrize("readme", ["README.md", "README.ar.md"])
def test_a_readme_shows_a_test_of_the_crm_as_it_is(readme: str) -> None:
    shown = re.findall(
        r"^```python\n(@pytest\.mark.*?)^```$", (ROOT / readme).read_text(), re.M | re.S
    )
    tests = (CRM / "python" / "tests" / "test_import.py").read_text("utf-8")
    assert len(shown) == 1
    assert shown[0] in tests
