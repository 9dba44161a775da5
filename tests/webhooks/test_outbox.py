"""The outbox: a write is told once in its own transaction, in an order that hides nothing."""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from itertools import count

import pytest
from fixtures.databases import SECONDS, Run
from fixtures.events import (
    APP,
    DONE,
    HOOK,
    HOUR,
    OTHER,
    OTHER_APP,
    SECOND,
    another,
    append,
    claim,
    everything,
    feed,
    grant,
    happened,
    names,
    ready,
    settle,
)
from fixtures.registers import NOW, STORE, customer, opened, rekey
from msgspec import json
from msgspec.structs import replace

from sijill.customers.event_body import event_body
from sijill.customers.model import Customer, Edit, Extras
from sijill.database.driver import Transaction
from sijill.database.idempotency_keys import IdempotencyKey
from sijill.errors import Invalid
from sijill.groups.model import Group
from sijill.imports.job import HELD, performing
from sijill.imports.model import Import
from sijill.register import Register
from sijill.stores.model import Store
from sijill.webhooks.event_rows import insert_events
from sijill.webhooks.events import CREATED, DELETED, UPDATED, Event
from sijill.webhooks.model import INSTALLS, Webhook

SARA = customer(5, id=5, extras=Extras())
GROUP = Group(id=40, name="VIP")
JOB = Import(STORE.id, 7, APP.id, "a.xlsx", "ar", "queued", 2, 0, 0, 0, 0, NOW)
ROWS = '[[2,{"email":"a@b.c"},null],[3,{"email":"d@e.f"},null]]'

Step = Callable[[Register], Awaitable[object]]


def becomes(new: Customer) -> Edit:
    return Edit(new.id, lambda _: new)


def banned(is_blocked: bool) -> Edit:
    def decide(old: Customer | None) -> Customer:
        assert old is not None
        assert old.extras is not None
        return replace(old, extras=replace(old.extras, is_blocked=is_blocked))

    return Edit(SARA.id, decide)


def raising(_old: Customer | None) -> Customer:
    raise LookupError


async def changed(register: Register, *edits: Edit, **more: IdempotencyKey) -> None:
    await register.customers.change(STORE.id, edits, **more)


async def import_rows(register: Register) -> None:
    await register.imports.add(JOB, [ROWS])
    assert await register.imports.next("one", NOW, NOW + HELD)
    await register.imports.advance(JOB, "one", NOW, NOW + HELD, performing(STORE, NOW))


TELLING: dict[str, tuple[Step, list[str]]] = {
    "create": (
        lambda r: changed(r, becomes(replace(SARA, id=6, email="", mobile=None))),
        [CREATED],
    ),
    "update": (lambda r: changed(r, becomes(replace(SARA, city="x"))), [UPDATED]),
    "ban": (lambda r: changed(r, banned(True)), [UPDATED]),
    "ban, un-ban": (
        lambda r: _in_turn(changed(r, banned(True)), changed(r, banned(False))),
        [UPDATED] * 2,
    ),
    "group": (lambda r: r.groups.add_customers(STORE.id, GROUP.id, [SARA.id]), [UPDATED]),
    "import": (import_rows, [CREATED] * 2),
    "delete": (lambda r: r.customers.delete(STORE.id, SARA.id, NOW), [DELETED]),
    "made and changed at once": (
        lambda r: changed(
            r,
            becomes(customer(6, id=6)),
            becomes(customer(6, id=6, city="x")),
        ),
        [CREATED],
    ),
}


async def _in_turn(*steps: Awaitable[object]) -> None:
    for step in steps:
        await step


async def settled(register: Register) -> int:
    """Keep a customer and a group, and return the position of what that told."""
    await ready(register)
    await register.groups.create(STORE.id, GROUP)
    await changed(register, becomes(SARA))
    await settle(register)
    return await register.outbox.newest(STORE.id)


@pytest.mark.parametrize("kind", TELLING)
def test_a_write_that_changes_something_is_told_once(run: Run, kind: str) -> None:
    step, expected = TELLING[kind]

    async def scenario(register: Register) -> None:
        before = await settled(register)
        await step(register)
        await settle(register)
        found = await register.outbox.changes(STORE.id, after=before, names=(), limit=10)
        assert [one.event.name for one in found] == expected
        assert await register.outbox.changes(OTHER.id, after=0, names=(), limit=10) == []

    run(scenario)


def test_an_event_tells_of_the_customer_as_its_transaction_left_it(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await settled(register)
        await register.groups.add_customers(STORE.id, GROUP.id, [SARA.id])
        kept = await register.customers.find(STORE.id, SARA.id, extras=True)
        assert kept.groups == (GROUP.id,)
        await changed(register, becomes(replace(kept, city="later")))
        _, joined, _ = await feed(register)
        assert joined.body == event_body(STORE, UPDATED, NOW, kept)
        assert (joined.customer_id, joined.app_id) == (SARA.id, None)

    run(scenario)


ONCE = IdempotencyKey(APP.id, "key", b"same", NOW)

SILENT: dict[str, Step] = {
    "nothing new": lambda r: changed(r, becomes(SARA)),
    "refused": lambda r: changed(r, becomes(customer(6, id=6, email=SARA.email))),
    "no such group": lambda r: changed(r, Edit(SARA.id, lambda _: SARA, groups=(1,))),
    "no such customer": lambda r: r.groups.add_customers(STORE.id, GROUP.id, [SARA.id, 999]),
    "undone": lambda r: changed(r, becomes(customer(6, id=6)), Edit(SARA.id, raising)),
}


@pytest.mark.parametrize("kind", SILENT)
def test_a_write_that_changes_nothing_is_told_to_nobody(run: Run, kind: str) -> None:
    async def scenario(register: Register) -> None:
        await settled(register)
        with suppress(Invalid, LookupError):
            await SILENT[kind](register)
        assert await settle(register) == 0

    run(scenario)


def test_a_write_sent_twice_with_one_key_is_told_once(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await settled(register)
        edit = Edit(None, lambda _: customer(6))
        for _ in range(2):
            await changed(register, edit, key=ONCE)
        assert await settle(register) == 1

    run(scenario)


def test_a_quiet_register_tells_nobody(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await ready(register)
        register.customer_events.make = None
        await changed(register, becomes(SARA))
        assert await settle(register) == 0

    run(scenario)


def test_positions_follow_each_other_without_a_gap(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await ready(register)
        for number in (3, 1, 2, 5, 4):
            await register.outbox.append(happened(number))
        assert await register.outbox.newest(STORE.id) == 0
        assert [await register.outbox.sequence_events(everything, NOW, 2) for _ in range(4)] == [
            2,
            2,
            1,
            0,
        ]
        found = await register.outbox.changes(STORE.id, after=0, names=(), limit=10)
        assert [one.position for one in found] == [1, 2, 3, 4, 5]
        assert [one.event for one in found] == [happened(number) for number in (3, 1, 2, 5, 4)]
        assert await register.outbox.newest(STORE.id) == 5
        await append(register, happened(0))
        [last] = await register.outbox.changes(STORE.id, after=5, names=(), limit=10)
        assert (last.position, last.event) == (6, happened(0))

    run(scenario)


def test_changes_are_of_one_store_of_the_names_asked_for_and_no_more_than_asked_for(
    run: Run,
) -> None:
    async def scenario(register: Register) -> None:
        await ready(register)
        theirs = happened(2, store_id=OTHER.id)
        ours = [happened(1), happened(3, name=UPDATED), happened(4)]
        await append(register, *ours, theirs)

        async def seen(after: int, limit: int, *wanted: str) -> list[Event]:
            found = await register.outbox.changes(STORE.id, after=after, names=wanted, limit=limit)
            return [one.event for one in found]

        assert await seen(0, 10) == ours
        assert await seen(1, 1) == ours[1:2]
        assert await seen(0, 10, UPDATED) == ours[1:2]
        assert await seen(0, 10, UPDATED, CREATED) == ours
        assert await seen(0, 10, "') OR 1=1 --") == []

    run(scenario)


def test_an_event_is_delivered_once_to_each_webhook_that_wants_it(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await ready(register, HOOK, another(101), another(102, event=UPDATED))
        await ready(register, another(103, app_id=OTHER_APP.id), another(104, store_id=OTHER.id))

        def wants(hook: Webhook, event: Event) -> bool:
            return (hook.id, event.customer_id) != (101, 2)

        for number in (1, 2):
            await register.outbox.append(happened(number))
        assert await register.outbox.sequence_events(wants, NOW, 10) == 2
        assert sorted(names(await claim(register))) == [
            (100, "evt_0001"),
            (100, "evt_0002"),
            (101, "evt_0001"),
            (103, "evt_0001"),
            (103, "evt_0002"),
        ]

    run(scenario)


def test_an_event_for_one_app_goes_to_its_own_webhook_and_into_no_feed(run: Run) -> None:
    async def scenario(register: Register) -> None:
        hidden = another(101, event=INSTALLS)
        await ready(register, HOOK, hidden, replace(hidden, id=102, app_id=OTHER_APP.id))
        told = happened(1, name="app.installed", app_id=APP.id, body=b'{"data":"token"}')
        await append(register, told)
        [due] = await claim(register)
        assert (due.webhook, due.event) == (hidden, told)
        assert await feed(register) == []

    run(scenario)


def test_the_events_of_one_customer_keep_their_order_whatever_the_clock_says(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await ready(register)
        cities = [f"city {number}" for number in range(8)]  # all in one moment of the clock
        for city in cities:
            await changed(register, becomes(replace(SARA, city=city)))
        told = [json.decode(event.body)["data"]["city"] for event in await feed(register)]
        assert told == cities

    run(scenario)


@asynccontextmanager
async def beside(url: str, register: Register) -> AsyncIterator[Register]:
    """Yield another register of the same database, which in memory nobody can have."""
    if url.endswith(":memory:"):
        yield register
    else:
        async with opened(url) as other:
            rekey(other, register.apps._sealer)
            yield other


CHANCE = random.Random(8466)


async def write(register: Register, event: Event, positions: Iterator[int] | None = None) -> None:
    """
    Write an event in a transaction that takes a while.

    With `positions` it gets its own as it is written, before it is committed.
    """
    wait = CHANCE.uniform(0, 0.01)

    async def work(transaction: Transaction) -> None:
        await insert_events(transaction, [event])
        if positions is not None:
            place = f"UPDATE events SET position = {next(positions)} WHERE id = '{event.id}'"
            await transaction.script(place)
        if register.driver.dialect == "postgres":
            await asyncio.sleep(wait)  # on SQLite the writer is alone anyway

    await register.driver.write(work)


def test_of_two_who_settle_at_once_none_gives_a_second_place_or_delivery(
    run: Run, register_url: str
) -> None:
    async def scenario(register: Register) -> None:
        await ready(register, HOOK, another(101))
        left = [4]

        async def writer(start: int) -> None:
            for number in range(start, start + 15):
                await write(register, happened(number))
            left[0] -= 1

        async def settler(one: Register) -> None:
            last = False
            while await one.outbox.sequence_events(everything, NOW, 3) or not last:
                last = left[0] == 0
                await asyncio.sleep(0.001)  # from memory nothing else lets the writers go on

        async with beside(register_url, register) as other:
            await asyncio.gather(
                *(writer(start) for start in range(0, 60, 15)),
                *(settler(one) for one in (register, other) * 2),
            )
        found = await register.outbox.changes(STORE.id, after=0, names=(), limit=1_000)
        assert [one.position for one in found] == list(range(1, 61))
        assert len({one.event.id for one in found}) == 60
        assert len(set(names(await claim(register)))) == 120

    run(scenario)


async def missed(register: Register, positions: Iterator[int] | None = None) -> set[str]:
    """Write from 20 tasks while a reader follows the feed; return what it did not see."""
    written = [0]

    async def writer(start: int) -> None:
        for number in range(start, start + 10):
            await write(register, happened(number), positions)
        written[0] += 1

    async def reader() -> set[str]:
        seen, cursor = set[str](), 0
        while True:
            last = written[0] == 20
            await register.outbox.sequence_events(everything, NOW, 3)
            found = await register.outbox.changes(STORE.id, after=cursor, names=(), limit=50)
            seen |= {one.event.id for one in found}
            cursor = found[-1].position if found else cursor
            if last and not found:
                return seen

    *_, seen = await asyncio.gather(*(writer(start) for start in range(0, 200, 10)), reader())
    return {happened(number).id for number in range(200)} - seen


def test_a_reader_of_the_feed_misses_nothing_while_others_write(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await ready(register)
        assert await missed(register) == set()

    run(scenario)


def test_the_feeds_of_several_stores_hide_nothing_while_all_of_them_are_written(
    run: Run, register_url: str
) -> None:
    stores = [Store(number, f"Store {number}") for number in range(11, 16)]

    async def scenario(register: Register) -> None:
        await ready(register)
        for number, store in enumerate(stores):
            await register.stores.create(store)
            await grant(register, store_id=store.id)
            await register.webhooks.subscribe(another(200 + number, store_id=store.id))
        writing = [20]

        async def writer(number: int) -> None:
            for turn in range(5):
                told = happened(number * 5 + turn, store_id=stores[number % 5].id)
                await write(register, told)
            writing[0] -= 1

        async def settler(one: Register) -> None:
            last = False
            while await one.outbox.sequence_events(everything, NOW, 3) or not last:
                last = not writing[0]
                await asyncio.sleep(0.001)

        async def reader(one: Register, store_id: int) -> list[int]:
            """Settle this store alone, as a request for its feed does, and follow it."""
            seen: list[int] = []
            while True:
                last = not writing[0]
                await one.outbox.sequence_events(everything, NOW, 100, store_id)
                after = seen[-1] if seen else 0
                found = await one.outbox.changes(store_id, after=after, names=(), limit=4)
                seen += [each.position for each in found]
                if last and not found:
                    return seen
                await asyncio.sleep(0)

        async with beside(register_url, register) as other:
            _, _, *seen = await asyncio.gather(
                *(settler(one) for one in (register, other)),
                *(reader((register, other)[store.id % 2], store.id) for store in stores),
                *(writer(number) for number in range(20)),
            )
        assert seen[:5] == [list(range(1, 21))] * 5
        deliveries = await register.deliveries.all(limit=1_000)
        assert len({(each.webhook_id, each.event_id) for each in deliveries}) == 100
        for store in stores:
            assert await register.outbox.newest(store.id) == 20

    run(scenario)


@pytest.mark.postgres
def test_a_store_is_settled_while_another_process_is_at_a_second_one(
    migrated_postgres_url: str,
) -> None:
    async def scenario() -> None:
        async with asyncio.timeout(SECONDS), opened(migrated_postgres_url) as register:
            await ready(register)
            await register.outbox.append(happened(1))
            await register.outbox.append(happened(2, store_id=OTHER.id))
            held, leave = asyncio.Event(), asyncio.Event()

            async def hold(transaction: Transaction) -> None:
                assert await transaction.one("lock_feed", STORE.id)
                held.set()
                await leave.wait()

            holding = asyncio.create_task(register.driver.write(hold))
            await held.wait()
            assert await register.outbox.sequence_events(everything, NOW, 10) == 1
            assert await register.outbox.newest(OTHER.id) == 1
            waiting = asyncio.create_task(
                register.outbox.sequence_events(everything, NOW, 10, STORE.id)
            )
            leave.set()
            await holding
            assert await waiting == 1
            assert await register.outbox.newest(STORE.id) == 1

    asyncio.run(scenario())


@pytest.mark.postgres
def test_positions_given_before_the_commit_would_be_missed(migrated_postgres_url: str) -> None:
    async def scenario() -> None:
        async with asyncio.timeout(SECONDS), opened(migrated_postgres_url) as register:
            await ready(register)
            assert await missed(register, count(1))

    asyncio.run(scenario())


def test_events_are_dropped_a_few_at_a_time_and_each_feed_says_how_far(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sijill.webhooks.outbox.PRUNED", 3)

    async def scenario(register: Register) -> None:
        await ready(register)
        theirs = [happened(number, store_id=OTHER.id) for number in range(10, 14)]
        await append(register, *(happened(number) for number in range(8)), *theirs)
        assert await register.outbox.prune(NOW + 12 * SECOND) == 10
        assert await register.outbox.dropped(STORE.id) == 8
        assert await register.outbox.dropped(OTHER.id) == 2
        assert await feed(register) == []
        assert await feed(register, OTHER.id) == theirs[2:]

    run(scenario)


def test_old_events_are_dropped_with_their_deliveries_and_the_feed_says_so(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await ready(register, HOOK)
        await append(register, *(happened(number) for number in range(4)))
        for due in await claim(register):
            await register.deliveries.finish(due, DONE, NOW)
        unseen = happened(1, id="evt_new")
        await register.outbox.append(unseen)
        assert await register.outbox.dropped(STORE.id) == 0
        assert await register.outbox.prune(NOW + 2 * SECOND) == 2
        assert await register.outbox.dropped(STORE.id) == 2
        left = await register.deliveries.all()
        assert {one.event_id for one in left} == {"evt_0002", "evt_0003"}
        assert await register.outbox.prune(NOW + 2 * SECOND) == 0
        assert (
            await register.outbox.dropped(STORE.id),
            await register.outbox.newest(STORE.id),
        ) == (2, 4)
        assert await feed(register) == [happened(2), happened(3), unseen]

    run(scenario)


def test_an_undelivered_event_is_given_up_by_age_and_kept_as_long_again(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await ready(register, HOOK)
        await append(register, happened(1), happened(9))
        assert await register.outbox.prune(NOW + HOUR) == 0
        assert await register.outbox.give_up(NOW + 5 * SECOND, NOW + HOUR) == 1
        [dead] = await register.deliveries.all(state="dead")
        assert (dead.event_id, dead.error) == ("evt_0001", "expired")
        assert await register.outbox.prune(NOW + HOUR) == 0
        assert (
            await register.deliveries.redeliver(event_id="evt_0001", since=None, until=None, at=NOW)
            == 1
        )
        assert await register.outbox.give_up(NOW + 5 * SECOND, NOW + HOUR) == 1
        assert await register.outbox.prune(NOW + HOUR + SECOND) == 1

    run(scenario)


def test_a_position_that_was_dropped_stays_dropped(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await ready(register)
        await append(register, happened(9))
        await append(register, happened(1))  # begun first, committed last
        assert await register.outbox.prune(NOW + 5 * SECOND) == 1
        assert await register.outbox.dropped(STORE.id) == 2
        assert await register.outbox.prune(NOW + HOUR) == 1
        assert await register.outbox.dropped(STORE.id) == 2

    run(scenario)


def test_an_event_in_another_stores_name_is_not_told_here(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await ready(register, HOOK, another(104, store_id=OTHER.id))
        await register.customers.change(OTHER.id, [becomes(SARA)])
        [event] = await feed(register, OTHER.id)
        assert json.decode(event.body)["merchant"] == OTHER.id
        assert names(await claim(register)) == [(104, event.id)]
        assert await feed(register) == []

    run(scenario)


def test_nothing_is_dropped_by_age_before_it_was_settled(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await ready(register, HOOK)
        await register.outbox.append(happened(1))
        assert await register.outbox.prune(NOW + timedelta(days=99)) == 0
        assert await settle(register) == 1

    run(scenario)
