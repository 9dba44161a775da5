"""A whole store is copied while it changes and webhooks are lost, and over kills of the process."""

import asyncio
from pathlib import Path

import pytest
from mirror.killed import kill
from mirror.mirroring import Changes, copy

pytestmark = pytest.mark.proves(
    "a store that changes while it is copied, with webhooks lost, doubled and shuffled, is equal to"
    " its mirror after one sweep; a process that is killed loses no row and reads one page again"
)


def test_a_store_that_changes_meanwhile_is_equal_after_one_sweep() -> None:
    found = asyncio.run(copy(1_500, Changes(60, 60, 10), 90))
    assert found.tombstones > 0


def test_a_process_that_is_killed_loses_no_row_and_reads_one_page_again(tmp_path: Path) -> None:
    found = kill(tmp_path, rounds=3, seed=1)
    assert found.equal
    assert found.lost == 0
    assert len(found.asked) >= 50
    assert found.again <= found.kills
