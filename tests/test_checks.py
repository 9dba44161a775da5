"""The judgements that the doctor and the page of health share."""

from datetime import UTC, datetime, timedelta

from fixtures.tables import rows

from sijill.checks import (
    BACKUP_DUE,
    FULL,
    SEAL_DUE,
    Status,
    of_backup,
    of_deliveries,
    of_disk,
    of_sealing,
    worst,
)

NOW = datetime(2026, 11, 30, tzinfo=UTC)
MOMENT = timedelta(microseconds=1)
GIB = 2**30


@rows(
    ("free", "total", "status"),
    [
        (FULL - 1, 100 * GIB, "fail"),
        (FULL, 100 * GIB, "warn"),
        (5 * GIB, 100 * GIB, "warn"),
        (5 * GIB + 1, 100 * GIB, "pass"),
    ],
)
def test_a_disk_is_full_or_nearly_so(free: int, total: int, status: Status) -> None:
    assert of_disk(free, total) == status


@rows(
    ("age", "status"),
    [(None, "warn"), (timedelta(0), "pass"), (BACKUP_DUE, "pass"), (BACKUP_DUE + MOMENT, "warn")],
)
def test_a_backup_is_due(age: timedelta | None, status: Status) -> None:
    assert of_backup(None if age is None else NOW - age, NOW) == status


@rows(("age", "status"), [(None, "pass"), (SEAL_DUE, "pass"), (SEAL_DUE + MOMENT, "warn")])
def test_an_entry_should_be_sealed_soon(age: timedelta | None, status: Status) -> None:
    assert of_sealing(None if age is None else NOW - age, NOW) == status


@rows(("paused", "failed", "status"), [(0, 0, "pass"), (1, 0, "warn"), (0, 1, "warn")])
def test_deliveries_that_are_not_made_are_told(paused: int, failed: int, status: Status) -> None:
    assert of_deliveries(paused, failed) == status


@rows(
    ("found", "status"),
    [([], "pass"), (["pass", "warn"], "warn"), (["warn", "fail", "pass"], "fail")],
)
def test_the_worst_counts(found: list[Status], status: Status) -> None:
    assert worst(found) == status
