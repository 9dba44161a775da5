"""The extent of a breach: by actor and action, persons counted once."""

from datetime import UTC, datetime, timedelta

from sijill.audit.model import Entry
from sijill.database.columns import micros
from sijill.privacy.breach import EVERY_FIELD, Exposure, breach_of

START = datetime(2026, 11, 1, tzinfo=UTC)


def day(number: int) -> datetime:
    return START + timedelta(days=number)


def by_app(number: int, action: str, *ids: int, **more: object) -> Entry:
    made: dict[str, object] = {"kind": "app", "actor": 7, "token": 9, "store": 1} | more
    return Entry(at=micros(day(number)), action=action, ids=ids, **made)  # type: ignore[arg-type]


def test_persons_are_counted_once_and_by_actor_and_action() -> None:
    breach = breach_of(
        [
            by_app(1, "customer.view", 1, 2, 2),
            by_app(3, "customer.view", 2, 3),
            by_app(2, "customer.update", 3, fields=("email",)),
            by_app(4, "customer.update", 3, fields=("city", "email")),
            by_app(5, "group.create", 99),
            by_app(6, "customer.view", 1, store=2),
        ]
    )
    assert (breach.persons, breach.whole_stores) == (4, ())
    assert (breach.first_at, breach.last_at) == (day(1), day(6))
    app = ("app 7", 9)
    assert breach.exposures == [
        Exposure(*app, 1, "customer.update", 1, False, ("city", "email"), day(2), day(4)),
        Exposure(*app, 1, "customer.view", 3, False, (EVERY_FIELD,), day(1), day(3)),
        Exposure(*app, 2, "customer.view", 1, False, (EVERY_FIELD,), day(6), day(6)),
    ]


def test_an_export_of_a_whole_store_says_so() -> None:
    made = {"kind": "operator", "actor": 0, "token": 0, "whole": True}
    breach = breach_of([by_app(1, "customer.export", **made)])
    assert (breach.persons, breach.whole_stores) == (0, (1,))
    assert breach.exposures[0].actor == "operator"
    assert breach.exposures[0].whole_store


def test_nothing_is_no_breach() -> None:
    assert breach_of([]).first_at is None
