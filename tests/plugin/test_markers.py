"""The marker `salla`: what it changes in a test's namespace, and what it refuses."""

import pytest

from plugin.conftest import Run

LIMITS = """
import pytest

pytestmark = pytest.mark.salla(limits={"customers": "3/10m"}, settings={"access_lifetime": "1h"})

def limit(salla):
    return salla.client.get("/customers").headers["X-RateLimit-Limit"]

def test_of_the_file(salla):
    assert limit(salla) == "3"

@pytest.mark.salla(limits={"customers": "2/10m"})
def test_of_its_own(salla):
    assert limit(salla) == "2"

class TestClass:
    pytestmark = pytest.mark.salla(settings={"customers_limit": "4/10m"})

    def test_settings_win(self, salla):
        assert limit(salla) == "4"
"""


def test_the_nearest_marker_wins(run: Run) -> None:
    result = run(LIMITS, "--strict-markers", "-W", "error")
    result.assert_outcomes(passed=3)


def test_pytest_lists_the_marker(run: Run) -> None:
    run("", "--markers").stdout.fnmatch_lines(["@pytest.mark.salla(seed=, limits=, strict=*"])


@pytest.mark.parametrize(
    ("marker", "line"),
    [
        ("salla(limit={})", "*UsageError: the marker salla has no limit"),
        ("salla({})", "*UsageError: the marker salla takes named arguments alone"),
        ("salla(strict='hard')", "*UsageError: strict of the marker salla is off, report or fail"),
        ("salla(limits={'customers': 'many'})", "POST */_/ns: 422 customers_limit: *"),
        ("salla(settings={'port': '1'})", "POST */_/ns: 422 port is not a setting of a namespace"),
    ],
)
def test_a_marker_that_asks_for_what_is_not_there_is_refused(
    run: Run, marker: str, line: str
) -> None:
    result = run(f"import pytest\n@pytest.mark.{marker}\ndef test_it(salla): pass\n")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines([line])
