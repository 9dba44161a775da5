"""The deliveries of an app that wait are bounded, and the feed has what was not made."""

from collections import Counter
from datetime import timedelta

import pytest
import structlog
from fixtures.databases import Run
from fixtures.events import (
    APP,
    DONE,
    HOOK,
    OTHER,
    OTHER_APP,
    SECOND,
    another,
    append,
    claim,
    happened,
    ready,
    settle,
)
from fixtures.registers import NOW, STORE
from msgspec.structs import replace

from sijill.register import Register
from sijill.webhooks.backlog_log import TOLD_EVERY, BacklogLog
from sijill.webhooks.model import INSTALLS, Subscriber, Webhook

pytestmark = pytest.mark.proves(
    "the deliveries of an app that wait are bounded; those beyond are counted and told"
)

MOST = 4
OURS, THEIRS = (STORE.id, APP.id), (STORE.id, OTHER_APP.id)
SECOND_HOOK = another(101)
OF_OTHER_APP = another(102, app_id=OTHER_APP.id)
ELSEWHERE = another(103, store_id=OTHER.id)
INSTALL = another(104, event=INSTALLS)


async def bounded(register: Register, *hooks: Webhook) -> Counter[Subscriber]:
    """Subscribe; return the count of deliveries that are not made from now on."""
    told: Counter[Subscriber] = Counter()
    await ready(register, *hooks)
    register.outbox.backlog.most = MOST
    register.outbox.backlog.tell = told.update
    return told


async def waiting(register: Register) -> Counter[int]:
    found = await register.deliveries.all(state="pending", limit=1_000)
    return Counter(one.webhook_id for one in found)


@pytest.mark.parametrize(
    ("hooks", "events", "made", "withheld"),
    [
        ((HOOK,), 3, {100: 3}, {}),
        ((HOOK,), 4, {100: 4}, {}),
        ((HOOK,), 9, {100: 4}, {OURS: 5}),
        ((HOOK, SECOND_HOOK), 2, {100: 2, 101: 2}, {}),
        ((HOOK, SECOND_HOOK), 3, {100: 2, 101: 2}, {OURS: 2}),
        ((HOOK, OF_OTHER_APP), 5, {100: 4, 102: 4}, {OURS: 1, THEIRS: 1}),
    ],
)
@pytest.mark.parametrize("at_once", [True, False])
def test_no_more_deliveries_of_an_app_wait_than_may(
    run: Run,
    hooks: tuple[Webhook, ...],
    events: int,
    made: dict[int, int],
    withheld: dict[Subscriber, int],
    at_once: bool,
) -> None:
    async def scenario(register: Register) -> None:
        told = await bounded(register, *hooks)
        for number in range(events):
            await register.outbox.append(happened(number))
            if not at_once:
                await settle(register, NOW + number * SECOND)
        await settle(register, NOW + events * SECOND)
        assert await waiting(register) == made
        assert told == withheld
        feed = await register.outbox.changes(STORE.id, after=0, names=(), limit=100)
        assert [one.event.id for one in feed] == [happened(number).id for number in range(events)]

    run(scenario)


def test_another_store_of_the_app_has_room_of_its_own(run: Run) -> None:
    async def scenario(register: Register) -> None:
        told = await bounded(register, HOOK, ELSEWHERE)
        await append(register, *(happened(number) for number in range(9)))
        await append(register, *(happened(20 + n, store_id=OTHER.id) for n in range(3)))
        assert await waiting(register) == {HOOK.id: MOST, ELSEWHERE.id: 3}
        assert told == {OURS: 5}

    run(scenario)


def test_the_installs_of_an_app_are_told_beside_a_full_backlog(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await bounded(register, HOOK, INSTALL)
        await append(register, *(happened(number) for number in range(9)))
        await append(register, happened(20, name="app.uninstalled", app_id=APP.id))
        assert await waiting(register) == {HOOK.id: MOST, INSTALL.id: 1}

    run(scenario)


def test_what_is_delivered_makes_room(run: Run) -> None:
    async def scenario(register: Register) -> None:
        told = await bounded(register, HOOK)
        await append(register, *(happened(number) for number in range(9)))
        for due in (await claim(register))[:3]:
            await register.deliveries.finish(due, DONE, NOW)
        later = NOW + timedelta(minutes=1)
        for number in range(10, 15):
            await register.outbox.append(happened(number))
        await settle(register, later)
        assert await waiting(register) == {HOOK.id: MOST}
        assert told == {OURS: 5 + 2}

    run(scenario)


def test_an_app_whose_backlog_is_full_is_found(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await bounded(register, HOOK, OF_OTHER_APP, replace(INSTALL, app_id=OTHER_APP.id))
        assert await register.deliveries.crowded(MOST) == []
        await append(register, *(happened(number) for number in range(3)))
        await append(register, happened(20, name="app.uninstalled", app_id=OTHER_APP.id))
        assert await register.deliveries.crowded(MOST) == []
        await append(register, happened(21))
        assert await register.deliveries.crowded(MOST) == [OURS, THEIRS]

    run(scenario)


def test_the_log_has_a_line_at_once_and_then_one_a_minute_for_each_app() -> None:
    now, counted = [0.0], list[int]()
    tell = BacklogLog(counted.append, lambda: now[0])
    with structlog.testing.capture_logs() as lines:
        tell(Counter({OURS: 2}))
        now[0] = TOLD_EVERY / 2
        tell(Counter({OURS: 3, THEIRS: 1}))
        now[0] = TOLD_EVERY
        tell(Counter({OURS: 4}))
        tell(Counter({OURS: 5}))
    assert [(line["event"], line["store"], line["app"], line["count"]) for line in lines] == [
        ("deliveries_withheld", *OURS, 2),
        ("deliveries_withheld", *THEIRS, 1),
        ("deliveries_withheld", *OURS, 7),
    ]
    assert sum(counted) == 15
