"""The order in which the tests begin."""

import pytest
from fixtures.documents import ROOT
from fixtures.order import LONGEST, rank


@pytest.mark.parametrize("file", LONGEST)
def test_each_of_the_longest_is_a_file_of_tests(file: str) -> None:
    assert (ROOT / "tests" / file).is_file()


def test_the_longest_come_first_then_processes_and_browsers_then_the_others() -> None:
    found = [
        rank(f"/tests/{LONGEST[0]}", {"e2e"}),
        rank(f"/tests/{LONGEST[1]}", {"e2e"}),
        rank("/tests/e2e/test_process.py", {"e2e"}),
        rank("/tests/values/test_ids.py", {"proves"}),
    ]
    assert found == sorted({*found})
