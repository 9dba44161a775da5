"""The judgement of what is found on a server: the doctor's and that of the page of its health."""

from datetime import datetime, timedelta
from typing import Literal

Status = Literal["pass", "warn", "fail"]

SPARE = 0.05
"""Share of a disk that should be free: a full disk refuses writes."""

FULL = 16 * 2**20
"""Bytes below which a disk is as good as full: the log of writes alone may take more."""

BACKUP_DUE = timedelta(days=2)
"""Age from which on the last backup is told as too old: a day, and one that failed."""

SEAL_DUE = timedelta(minutes=1)
"""Age of an entry of the audit log that should have been sealed: it is twice a second."""


def of_disk(free: int, total: int) -> Status:
    """Judge a disk with so many bytes free of so many."""
    if free < FULL:
        return "fail"
    return "warn" if free <= SPARE * total else "pass"


def of_backup(taken_at: datetime | None, now: datetime) -> Status:
    """Judge the last backup; None before the first."""
    return "warn" if taken_at is None or now - taken_at > BACKUP_DUE else "pass"


def of_sealing(waiting_since: datetime | None, now: datetime) -> Status:
    """Judge the audit log by its oldest entry that waits to be sealed; None if none does."""
    late = waiting_since is not None and now - waiting_since > SEAL_DUE
    return "warn" if late else "pass"


def of_deliveries(paused: int, failed: int) -> Status:
    """Judge webhooks by how many endpoints are paused, and how many deliveries were given up."""
    return "warn" if paused or failed else "pass"


def worst(found: list[Status]) -> Status:
    """Return the worst of several."""
    return max(found, key=("pass", "warn", "fail").index, default="pass")
