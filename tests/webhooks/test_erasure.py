"""A deleted customer is erased from events at once, and no waiting delivery is sent any more."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

import pytest
from fixtures.databases import Run
from fixtures.events import DONE, HOOK, HOUR, another, claim, everything, feed, ready, settle
from fixtures.registers import NOW, STORE, customer
from msgspec import json
from msgspec.structs import replace

from sijill.customers.model import Customer, Edit, Extras
from sijill.egress.sending import Sender
from sijill.errors import NotFound
from sijill.register import Register
from sijill.webhooks.events import CREATED, DELETED, OTP, UPDATED, Event
from sijill.webhooks.message import Post
from sijill.webhooks.model import AttemptResult, State
from sijill.webhooks.schedule import DURABLE
from sijill.webhooks.worker import Deliverer, DeliveryObserver, Plan

pytestmark = pytest.mark.proves(
    "a deleted customer is gone from every event, on both databases: no waiting delivery is sent "
    "any more, and the feed tells of the deletion"
)

SARA = customer(5, id=5, first_name="Sara", extras=Extras())
OMAR = customer(6, id=6, first_name="Omar", extras=Extras())


async def create(register: Register, *people: Customer) -> None:
    """Create customers of whom the webhooks hear, HOOK if there is no other."""
    if not await register.webhooks.all():
        await ready(register, HOOK)
    for one in people:
        await register.customers.change(STORE.id, [Edit(one.id, lambda _, one=one: one)])


async def delete(register: Register) -> None:
    await register.customers.delete(STORE.id, SARA.id, NOW)


async def states(register: Register) -> list[tuple[str, State]]:
    return [(one.event, one.state) for one in await register.deliveries.all()]


async def attempted(register: Register, result: AttemptResult) -> None:
    [due] = await claim(register)
    await register.deliveries.finish(due, result, NOW)


Step = Callable[[Register], Awaitable[object]]

WAITING: dict[str, tuple[Step, State]] = {
    "not attempted": (settle, "erased"),
    "claimed": (claim, "erased"),
    "to be tried again": (
        lambda r: attempted(r, AttemptResult("pending", 503, None, NOW + HOUR)),
        "erased",
    ),
    "received": (lambda r: attempted(r, DONE), "done"),
    "dead": (lambda r: attempted(r, AttemptResult("dead", 503, None, NOW)), "dead"),
    "captured": (lambda r: attempted(r, AttemptResult("captured", None, None, NOW)), "captured"),
}
"""What became of a delivery before the deletion, and its state afterwards."""


@pytest.mark.parametrize("kind", WAITING)
def test_a_delivery_of_a_deleted_customer_is_never_sent_again(run: Run, kind: str) -> None:
    step, state = WAITING[kind]

    async def scenario(register: Register) -> None:
        await create(register, SARA)
        await settle(register)
        await step(register)
        await delete(register)
        assert await states(register) == [(CREATED, state)]
        event_id = (await register.deliveries.all())[0].event_id
        again: dict[str, Any] = {"since": None, "until": None, "at": NOW}
        assert await register.deliveries.redeliver(event_id=event_id, **again) == 0
        assert await register.deliveries.redeliver(event_id=None, **again) == 0
        assert await claim(register, NOW + 9 * HOUR) == []
        assert await states(register) == [(CREATED, state)]

    run(scenario)


def test_an_event_that_has_no_place_yet_makes_no_delivery(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await create(register, SARA)
        await delete(register)
        await settle(register)
        assert await states(register) == []

    run(scenario)


def test_an_answer_that_comes_after_the_deletion_changes_nothing(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await create(register, SARA)
        await settle(register)
        [due] = await claim(register)
        await delete(register)
        await register.deliveries.finish(due, AttemptResult("pending", 503, None, NOW), NOW)
        assert await states(register) == [(CREATED, "erased")]
        assert await claim(register, NOW + 9 * HOUR) == []

    run(scenario)


def test_the_feed_keeps_which_events_there_were_and_tells_of_the_deletion(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await create(register, SARA, OMAR)
        changed = replace(SARA, city="Jeddah")
        await register.customers.change(STORE.id, [Edit(SARA.id, lambda _: changed)])
        before = await feed(register)
        await delete(register)
        after = await feed(register)
        gone = [replace(one, body=b"") if one.customer_id == SARA.id else one for one in before]
        assert after[:3] == gone
        assert [one.name for one in after] == [CREATED, CREATED, UPDATED, DELETED]
        assert after[3].customer_id == SARA.id
        told = json.decode(after[3].body)
        assert (told["event"], told["data"]) == (DELETED, {"id": SARA.id})

    run(scenario)


def test_a_deletion_that_is_refused_erases_nothing(run: Run) -> None:
    def refuse(_customer: Customer) -> None:
        raise NotFound

    async def scenario(register: Register) -> None:
        await create(register, SARA)
        before = await feed(register)
        with pytest.raises(NotFound):
            await register.customers.delete(STORE.id, SARA.id, NOW, refuse)
        assert await feed(register) == before
        assert await states(register) == [(CREATED, "pending")]

    run(scenario)


def test_a_register_that_tells_nothing_erases_all_the_same(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await create(register, SARA)
        await settle(register)
        register.customer_events.make = None
        await delete(register)
        assert [(one.name, one.body) for one in await feed(register)] == [(CREATED, b"")]
        assert await states(register) == [(CREATED, "erased")]

    run(scenario)


def test_no_event_of_a_deleted_customer_is_stored_any_more(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await create(register, SARA)
        await delete(register)
        with pytest.raises(NotFound):
            await register.outbox.append(
                Event("evt_late", STORE.id, OTP, NOW, b'{"code":1}', SARA.id)
            )
        assert "evt_late" not in [one.id for one in await feed(register)]

    run(scenario)


def test_customers_deleted_while_events_get_their_places_leave_nothing(run: Run) -> None:
    people = [customer(n, id=n, email=f"c{n}@example.com", mobile=None) for n in range(10, 30)]

    async def scenario(register: Register) -> None:
        await create(register, *people)
        deletions = [register.customers.delete(STORE.id, one.id, NOW) for one in people]
        await asyncio.gather(settle(register), *deletions, claim(register), settle(register))
        told = await feed(register)
        assert [one.body for one in told if one.name == CREATED] == [b""] * len(people)
        assert {state for _, state in await states(register)} <= {"erased"}
        assert await claim(register, NOW + 9 * HOUR) == []

    run(scenario)


@asynccontextmanager
async def failing_receiver() -> AsyncIterator[tuple[int, list[bytes]]]:
    """Yield the port of a server that answers every POST with 503, and the bodies that it got."""
    got: list[bytes] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        length = int(head.partition(b"content-length:")[2].split(b"\r\n")[0])
        got.append(await reader.readexactly(length))
        writer.write(b"HTTP/1.1 503 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1], got


def test_a_retry_that_is_due_is_posted_for_those_who_are_there_alone(run: Run) -> None:
    async def delivered(register: Register, at: datetime) -> None:
        """Deliver what is due at a time, and wait for the answers."""
        worker = Deliverer(
            *(register.outbox, register.deliveries, Post(Sender(local=True), "both"), everything),
            *(DeliveryObserver(lambda _event, _state: None), PLAN, at.timestamp),
        )
        await worker.turn()
        await worker.stop()

    async def scenario(register: Register) -> None:
        async with failing_receiver() as (port, posted):
            await ready(register, another(101, url=f"http://127.0.0.1:{port}/"))
            await create(register, SARA, OMAR)
            await delivered(register, NOW)
            assert sorted(map(first_name, posted)) == ["Omar", "Sara"]
            posted.clear()
            await delete(register)
            await delivered(register, NOW + HOUR)
            assert [*map(first_name, posted)] == ["Omar"]
            assert {state for _, state in await states(register)} == {"pending", "erased"}

    run(scenario)


PLAN = Plan(DURABLE, "send")


def first_name(body: bytes) -> str:
    name: str = json.decode(body)["data"]["first_name"]
    return name
