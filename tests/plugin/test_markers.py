"""The marker `salla`: what it changes in a test's namespace, and what it refuses."""

import pytest

from plugin.conftest import Run

LIMITS = """
import pytest

LIMITS = {"customers_limit": "3/10m"}
pytestmark = pytest.mark.salla(limits=LIMITS, settings={"access_lifetime": "1h"})

def limit(salla):
    return salla.client.get("/customers").headers["X-RateLimit-Limit"]

def test_of_the_file(salla):
    assert limit(salla) == "3"

@pytest.mark.salla(limits={"customers_limit": "2/10m"})
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
        ("salla(limits={'customers_limit': 'many'})", "POST */_/ns: 422 customers_limit: *"),
        ("salla(settings={'port': '1'})", "POST */_/ns: 422 port is not a setting of a namespace"),
    ],
)
def test_a_marker_that_asks_for_what_is_not_there_is_refused(
    run: Run, marker: str, line: str
) -> None:
    result = run(f"import pytest\n@pytest.mark.{marker}\ndef test_it(salla): pass\n")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines([line])


SEEDS = """
import pytest

@pytest.fixture
def salla_seed():
    return {"customers": [{"id": 7, "first_name": "Sara", "email": "sara@example.com"}]}

def names(salla):
    return [one["first_name"] for one in salla.client.get("/customers").json()["data"]]

def test_the_fixture_is_taken(salla):
    assert names(salla) == ["Sara"]

@pytest.mark.salla(seed={"customers": []})
def test_the_marker_wins(salla):
    assert names(salla) == []

@pytest.mark.salla(seed={"customers": [{"emial": "sara@example.com"}]})
def test_a_faulty_seed(salla):
    pass
"""


def test_a_seed_says_who_is_in_the_store(run: Run) -> None:
    result = run(SEEDS)
    result.assert_outcomes(passed=2, errors=1)
    result.stdout.fnmatch_lines(["POST */_/ns: 422 *emial: unknown; did you mean email*"])
