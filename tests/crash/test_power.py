"""A short run of losses of power, and weaker settings of SQLite that it must find."""

from pathlib import Path

import pytest

from crash.test_failpoints import run

pytestmark = pytest.mark.proves(
    "whatever a disk loses of what was not synced, a loss of power takes nothing acknowledged and "
    "leaves nothing half; a run that waits less for the disk finds what is lost"
)

CODE = """
import sys
from pathlib import Path
from crash.power import losses
folder, count, synchronous = sys.argv[1:]
print(*losses(Path(folder), int(count), 8466, synchronous or "FULL"), sep="\\n")
"""


def test_a_loss_of_power_takes_nothing_acknowledged(tmp_path: Path) -> None:
    assert run(tmp_path, 60, "", CODE) == ""


def test_a_commit_that_does_not_wait_for_the_disk_is_found(tmp_path: Path) -> None:
    lost = run(tmp_path, 60, "NORMAL", CODE)
    assert "acknowledged are lost" in lost
    assert "integrity" not in lost
