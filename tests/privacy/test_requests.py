"""The clock of 30 days: when a request is due, and when it is overdue."""

from datetime import UTC, datetime, timedelta

import pytest
from fixtures.databases import Run
from fixtures.registers import STORE, customer
from msgspec.structs import replace

from sijill.customers.model import Edit
from sijill.errors import NotFound
from sijill.privacy.requests import TERM, opened
from sijill.register import Register

ARRIVED = datetime(2026, 11, 1, 9, 30, tzinfo=UTC)
MOMENT = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("after", "state", "days"),
    [
        (timedelta(0), "open", 30),
        (timedelta(days=1), "open", 29),
        (TERM - MOMENT, "open", 0),
        (TERM, "overdue", 0),
        (TERM + MOMENT, "overdue", -1),
        (TERM + timedelta(days=3), "overdue", -3),
    ],
)
def test_a_request_is_due_30_days_after_it_arrived(after: timedelta, state: str, days: int) -> None:
    request = opened(STORE.id, 5, 7, "access", ARRIVED)
    assert (request.state(ARRIVED + after), request.days_left(ARRIVED + after)) == (state, days)


def test_a_closed_request_is_never_overdue() -> None:
    request = replace(opened(STORE.id, 5, 7, "erase", ARRIVED), closed_at=ARRIVED, outcome="done")
    assert request.state(ARRIVED + 2 * TERM) == "closed"
    assert request.days_left(ARRIVED + 2 * TERM) is None


def test_open_requests_come_first_the_first_to_be_due_first(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await register.customers.change(STORE.id, [Edit(7, lambda _: customer(7, id=7))])
        requests = [
            opened(STORE.id, number, 7, "access", ARRIVED + timedelta(days=day))
            for number, day in ((1, 3), (2, 1), (3, 2))
        ]
        for one in requests:
            await register.person_requests.add(one)
        await register.person_requests.close(STORE.id, 2, "refused", ARRIVED + TERM)
        kept = await register.person_requests.all(STORE.id)
        assert [one.id for one in kept] == [3, 1, 2]
        assert kept[0] == requests[2]
        assert (kept[2].outcome, kept[2].closed_at) == ("refused", ARRIVED + TERM)
        with pytest.raises(NotFound):
            await register.person_requests.close(STORE.id, 2, "done", ARRIVED)
        with pytest.raises(NotFound):
            await register.person_requests.add(opened(STORE.id, 9, 8, "access", ARRIVED))
        await register.customers.delete(STORE.id, 7, ARRIVED)
        await register.person_requests.add(opened(STORE.id, 9, 7, "access", ARRIVED))

    run(scenario)
