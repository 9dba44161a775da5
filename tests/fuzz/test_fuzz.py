"""A short run of `make fuzz`: no clock decides, only the answers."""

from pathlib import Path

import pytest

from fuzz.making import made, operations
from fuzz.running import TOKEN, described, fuzz, serving

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.proves(
        "made-up bodies, forms, queries and headers get an answer each, and never a 5xx"
    ),
]

LIMIT = 1_000
"""Requests: some for each operation; `make fuzz` sends many more."""


def test_made_up_requests_are_answered_and_never_with_a_fault_of_ours(tmp_path: Path) -> None:
    with serving(tmp_path) as port:
        report = fuzz(port, seed=2, first=0, limit=LIMIT, connections=4)
        known = operations(described(port))
    assert report.faults == []
    assert report.statuses.total() == LIMIT
    assert {200, 400, 401, 404, 422} <= report.statuses.keys()
    shown = [made(2, number, known, TOKEN).shape for number in range(LIMIT)]
    assert all(any(one.path in shape for shape in shown) for one in known)
    assert not any(TOKEN in shape or "@" in shape for shape in shown)
