"""A short run of `make flakes`, and another one that has to fail."""

from pathlib import Path

import pytest

from flakes.running import run

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.proves(
        "tests that run at once on one sandbox, in any order, meet what is their own alone"
    ),
]

TESTS = 40
"""Tests of a run; `make flakes` has many more, and twenty orders."""


def test_tests_at_once_in_another_order_all_pass(tmp_path: Path) -> None:
    done = run(1, TESTS, 2, tmp_path)
    assert (done.passed, done.failed) == (TESTS, 0), done.output


def test_a_value_of_another_test_would_be_seen(tmp_path: Path) -> None:
    done = run(3, 4, 1, tmp_path, planted=True)
    assert (done.passed, done.failed) == (0, 4), done.output
