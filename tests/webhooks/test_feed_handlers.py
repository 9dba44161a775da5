"""The feed of changes: complete, in order, and the same as a page and as a stream."""

import asyncio
import base64
import json
import re
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest
from fixtures.world import Answer, World, request_of
from hypothesis import given
from hypothesis import strategies as st

from sijill.customers.examples import AHMED
from sijill.errors import Unavailable
from sijill.http.dispatcher import MAX_STREAMS
from sijill.webhooks.events import Event
from sijill.webhooks.feed_handlers import HEARTBEAT, POLL
from sijill.webhooks.feed_wire import cursor, position_of

PATH = "/_/changes"
STREAM = {"accept": "text/event-stream"}


@pytest.fixture(autouse=True)
def telling(world: World) -> World:
    world.tell()
    return world


def read(world: World, query: str = "", token: str | None = "") -> Any:
    answer = world.get(PATH + query, token)
    assert answer.status == 200, answer.body
    return answer.json


def create(world: World, number: int) -> int:
    world.clock.now += 1
    answer = world.send("POST", "/customers", {"email": f"c{number}@example.com"})
    assert answer.status == 200, answer.body
    made: int = answer.json["data"]["id"]
    return made


def customers(page: Any) -> list[int]:
    return [event["customer_id"] for event in page["events"]]


def faults(answer: Answer) -> Any:
    assert answer.status == 422, answer.body
    return answer.json["error"]["fields"]


# Page by page


def test_an_event_tells_the_body_of_its_webhook_and_when_it_was(world: World) -> None:
    made = create(world, 1)
    answer = world.get(PATH)
    ((event,), after, more) = answer.json.values()
    assert list(answer.json) == ["events", "cursor", "more"]
    assert list(event) == ["id", "event", "created_at", "customer_id", "payload"]
    assert (event["event"], event["customer_id"], more) == ("customer.created", made, False)
    assert event["created_at"] == "2027-01-15T08:00:01.250000Z"
    assert event["payload"]["data"]["email"] == "c1@example.com"
    (kept,) = world.run(world.register.outbox.changes(world.store.id, after=0, names=(), limit=9))
    assert b'"payload":' + kept.event.body + b"}" in answer.body
    assert after not in ("", "now")


def test_pages_hold_every_event_once_in_the_order_of_the_writes(world: World) -> None:
    made = [create(world, number) for number in range(7)]
    seen: list[int] = []
    page = read(world, "?limit=3")
    mores = []
    while page["events"]:
        seen += customers(page)
        mores.append(page["more"])
        page = read(world, f"?limit=3&since={page['cursor']}")
    assert seen == made
    assert mores == [True, True, False]


def test_a_cursor_is_good_as_often_as_it_is_used(world: World) -> None:
    create(world, 1)
    after = read(world)["cursor"]
    second = create(world, 2)
    first, again = read(world, f"?since={after}"), read(world, f"?since={after}")
    assert customers(first) == customers(again) == [second]
    assert first == again


def test_now_is_what_comes_from_now_on(world: World) -> None:
    create(world, 1)
    page = read(world, "?since=now")
    assert (page["events"], page["more"]) == ([], False)
    second = create(world, 2)
    assert customers(read(world, f"?since={page['cursor']}")) == [second]


def test_now_before_the_first_event_is_a_cursor_too(world: World) -> None:
    after = read(world, "?since=now")["cursor"]
    made = create(world, 1)
    assert customers(read(world, f"?since={after}")) == [made]


@pytest.mark.proves("`GET /_/changes` (ours): complete and in order")
def test_twenty_writers_at_once_are_all_in_the_feed_and_none_behind_a_cursor(
    world: World,
) -> None:
    made: set[int] = set()
    seen: list[int] = []

    async def write(number: int) -> None:
        body = {"email": f"c{number}@example.com"}
        answer = await world.answer("POST", "/customers", world.writer, body)
        made.add(answer.json["data"]["id"])

    async def follow(writing: Any) -> None:
        query, last = "", False
        while not last:
            last = writing.done()
            acknowledged = set(made)
            page = (await world.answer("GET", f"{PATH}?limit=500{query}")).json
            seen.extend(customers(page))
            assert acknowledged <= set(seen)
            query = f"&since={page['cursor']}"

    async def everyone() -> None:
        writing = asyncio.gather(*(write(number) for number in range(20)))
        await follow(writing)

    world.run(asyncio.wait_for(everyone(), 30))
    assert len(made) == 20
    assert sorted(seen) == sorted(made)


def test_only_events_that_are_asked_for_come(world: World) -> None:
    create(world, 1)
    assert world.send("PUT", f"/customers/{AHMED.id}", {"first_name": "New"}).status == 200
    names = {
        "": ["customer.created", "customer.updated"],
        "?event=customer.updated": ["customer.updated"],
        "?event=customer.updated,customer.created": ["customer.created", "customer.updated"],
        "?event=customer.login&event=customer.created": ["customer.created"],
        "?event=customer.login": [],
    }
    for query, expected in names.items():
        assert [event["event"] for event in read(world, query)["events"]] == expected


def test_a_deletion_is_told_and_leaves_no_payload_behind_it(world: World) -> None:
    made = create(world, 1)
    before = read(world)
    assert world.send("DELETE", f"/customers/{made}").status == 200
    reader = world.mint(world.store, "webhooks.read")
    first, last = read(world)["events"]
    assert first == before["events"][0] | {"payload": None}
    assert (last["event"], last["customer_id"]) == ("customer.deleted", made)
    assert last["payload"]["data"] == {"id": made}
    assert read(world, f"?since={before['cursor']}")["events"] == [last]
    assert read(world, "?event=customer.deleted")["events"] == [last]
    assert world.get("/_/deliveries?event=customer.deleted", reader).status == 422


def test_a_feed_is_its_stores_own(world: World) -> None:
    made = create(world, 1)
    theirs = world.mint(world.other_store, "customers.read_write")
    assert read(world, token=theirs)["events"] == []
    answer = world.ask("POST", "/customers", theirs, {"email": "c1@example.com"})
    assert customers(read(world, token=theirs)) == [answer.json["data"]["id"]]
    assert customers(read(world)) == [made]


def test_an_event_for_one_app_alone_is_in_no_feed(world: World) -> None:
    (app,) = world.run(world.register.apps.all())
    told = ("evt_1", world.store.id, "app.store.authorize", world.moment, b'{"t":1}', None, app.id)
    world.run(world.register.outbox.append(Event(*told)))
    assert read(world)["events"] == []


@pytest.mark.parametrize("since", ["x", "MQ", "%00", "é", "bm93", "A" * 300, "MToxOjE="])
def test_a_faulty_cursor_is_refused_by_name(world: World, since: str) -> None:
    assert faults(world.get(f"{PATH}?since={since}")).keys() == {"since"}


def test_a_cursor_means_nothing_in_another_store(world: World) -> None:
    create(world, 1)
    after = read(world)["cursor"]
    theirs = world.mint(world.other_store)
    assert faults(world.get(f"{PATH}?since={after}", theirs)).keys() == {"since"}


def test_every_faulty_parameter_is_named_at_once(world: World) -> None:
    for limit in ("0", "501", "x", "-1", "1.5"):
        assert faults(world.get(f"{PATH}?limit={limit}")).keys() == {"limit"}
    answer = world.get(f"{PATH}?since=x&event=customer.gone&limit=0")
    assert faults(answer).keys() == {"since", "event", "limit"}


@given(st.integers(0, 2**63 - 1), st.integers(1, 2**63 - 1))
def test_a_cursor_stands_for_its_position_in_its_store(position: int, store_id: int) -> None:
    text = cursor(position, store_id)
    assert re.fullmatch(r"[A-Za-z0-9_-]+", text)
    assert position_of(text, store_id) == position
    assert position_of(text, store_id + 1) is None


@given(st.text(max_size=40) | st.binary(max_size=40).map(lambda b: base64.b64encode(b).decode()))
def test_whatever_is_sent_as_a_cursor_is_read_or_refused(text: str) -> None:
    position = position_of(text, 1)
    assert position is None or cursor(position, 1) == text


# Events that are no longer kept


def prune(world: World) -> None:
    world.run(world.register.outbox.prune(world.moment))


@pytest.mark.proves("410 (ours)")
def test_a_cursor_older_than_what_is_kept_is_gone(world: World) -> None:
    begin = read(world, "?since=now")["cursor"]
    create(world, 1)
    after = read(world)["cursor"]
    create(world, 2)
    latest = read(world)["cursor"]
    world.clock.now += 1
    prune(world)
    for old in (begin, after):
        answer = world.get(f"{PATH}?since={old}", accept_language="en")
        assert answer.status == 410
        assert answer.json["error"]["code"] == "gone"
        assert "list all customers again" in answer.json["error"]["message"]
    assert read(world, f"?since={latest}")["events"] == []
    assert read(world)["events"] == []


def test_the_oldest_that_is_kept_comes_first_without_a_cursor(world: World) -> None:
    create(world, 1)
    read(world)
    world.clock.now += 1
    prune(world)
    second = create(world, 2)
    assert customers(read(world)) == [second]


def test_the_cursor_of_who_is_told_nothing_does_not_age(world: World) -> None:
    theirs = world.mint(world.other_store)
    after = read(world, "?since=now", theirs)["cursor"]
    filtered = read(world, "?event=customer.login")["cursor"]
    create(world, 1)
    after = read(world, f"?since={after}", theirs)["cursor"]
    filtered = read(world, f"?event=customer.login&since={filtered}")["cursor"]
    world.clock.now += 1
    prune(world)
    assert read(world, f"?since={after}", theirs)["events"] == []
    assert read(world, f"?since={filtered}&event=customer.login")["events"] == []


def test_a_cursor_before_the_feed_is_of_a_copy_that_was_put_back(world: World) -> None:
    create(world, 1)
    ahead = cursor(1_000, world.store.id)
    assert world.get(f"{PATH}?since={ahead}").status == 410


def test_an_event_dropped_while_a_page_is_read_is_noticed(world: World) -> None:
    begin = read(world, "?since=now")["cursor"]
    create(world, 1)
    read(world)
    create(world, 2)
    outbox = world.register.outbox

    class Pruning:
        """Drops events after the newest position is read, before the events are."""

        newest, dropped = outbox.newest, outbox.dropped
        sequence_events = outbox.sequence_events

        async def changes(self, *args: Any, **named: Any) -> Any:
            await outbox.prune(world.moment)
            return await outbox.changes(*args, **named)

    world.change(outbox=Pruning())
    assert world.get(f"{PATH}?since={begin}").status == 410


# As a stream


class Steps:
    """A sleep that ends when it is told to: each poll waits for the test."""

    def __init__(self) -> None:
        self.asleep: asyncio.Queue[float] = asyncio.Queue()
        self._go: asyncio.Queue[None] = asyncio.Queue()

    async def __call__(self, seconds: float) -> None:
        self.asleep.put_nowait(seconds)
        await self._go.get()

    async def reached(self) -> None:
        """Wait until the stream has nothing more to say."""
        assert await asyncio.wait_for(self.asleep.get(), 10) == POLL

    async def next(self) -> None:
        self._go.put_nowait(None)
        await self.reached()

    def last(self) -> None:
        self._go.put_nowait(None)


class Reader:
    """A client of a stream, as the server sees it: it takes each piece, and may leave."""

    def __init__(self, world: World, query: str, token: str, headers: dict[str, str]) -> None:
        self.response: Any = None
        self.pieces: list[bytes] = []
        self.takes = asyncio.Event()
        self.takes.set()
        headers = STREAM | {"authorization": f"Bearer {token or world.token}"} | headers
        self._request = request_of("GET", PATH + query, headers)
        self.task = asyncio.ensure_future(self._read(world))

    async def _read(self, world: World) -> None:
        self.response = await world.respond(self._request)
        try:
            async with aclosing(self.response.pieces) as pieces:
                async for piece in pieces:
                    await self.takes.wait()
                    self.pieces.append(piece)
        finally:
            self.response.on_end()

    async def leave(self) -> None:
        self.task.cancel()
        await asyncio.wait([self.task], timeout=10)
        assert self.task.cancelled()

    async def ended(self) -> None:
        await asyncio.wait_for(self.task, 10)

    @property
    def text(self) -> str:
        return b"".join(self.pieces).decode()

    @property
    def events(self) -> list[dict[str, str]]:
        """Return the blocks that a browser would dispatch: those that have data."""
        blocks = [
            dict(line.split(": ", 1) for line in block.splitlines() if not line.startswith(":"))
            for block in self.text.split("\n\n")
        ]
        return [block for block in blocks if "data" in block]

    @property
    def last_id(self) -> str:
        return re.findall(r"^id: (.+)$", self.text, re.MULTILINE)[-1]


@asynccontextmanager
async def streaming(
    world: World, query: str = "", token: str = "", **headers: str
) -> AsyncIterator[tuple[Reader, Steps]]:
    steps = Steps()
    world.change(sleep=steps)
    reader = Reader(world, query, token, {n.replace("_", "-"): v for n, v in headers.items()})
    try:
        yield reader, steps
    finally:
        reader.task.cancel()
        await asyncio.gather(reader.task, return_exceptions=True)


async def written(world: World, number: int) -> int:
    body = {"email": f"c{number}@example.com"}
    answer = await world.answer("POST", "/customers", world.writer, body)
    made: int = answer.json["data"]["id"]
    return made


@pytest.mark.proves("the same as a stream (ours)")
def test_a_stream_tells_what_was_and_goes_on_with_what_comes(world: World) -> None:
    async def work() -> None:
        first = await written(world, 1)
        async with streaming(world) as (reader, steps):
            await steps.reached()
            second = await written(world, 2)
            await steps.next()
            told = [json.loads(event["data"]) for event in reader.events]
            assert [event["customer_id"] for event in told] == [first, second]
            page = (await world.answer("GET", PATH)).json
            assert told == page["events"]
            assert {event["event"] for event in reader.events} == {"customer.created"}
            assert reader.last_id == page["cursor"]
            headers = dict(reader.response.headers)
            assert headers[b"content-type"] == b"text/event-stream"
            assert headers[b"cache-control"] == b"private, no-cache"
            await reader.leave()

    world.run(work())


def test_a_stream_goes_on_behind_the_last_id_whatever_since_says(world: World) -> None:
    async def work() -> None:
        await written(world, 1)
        after = (await world.answer("GET", PATH)).json["cursor"]
        second = await written(world, 2)
        async with streaming(world, "?since=now", last_event_id=after) as (reader, steps):
            await steps.reached()
            (event,) = reader.events
            assert json.loads(event["data"])["customer_id"] == second

    world.run(work())


def test_more_than_a_page_comes_without_a_pause(world: World) -> None:
    async def work() -> None:
        made = [await written(world, number) for number in range(5)]
        async with streaming(world, "?limit=2") as (reader, steps):
            await steps.reached()
            told = [json.loads(event["data"])["customer_id"] for event in reader.events]
            assert told == made
            assert steps.asleep.empty()

    world.run(work())


def test_a_stream_from_now_says_at_once_where_to_go_on(world: World) -> None:
    async def work() -> None:
        await written(world, 1)
        async with streaming(world, "?since=now") as (reader, steps):
            await steps.reached()
            assert reader.events == []
            second = await written(world, 2)
            query = f"?since={reader.last_id}"
            page = (await world.answer("GET", PATH + query)).json
            assert customers(page) == [second]

    world.run(work())


def test_silence_is_broken_by_a_comment_that_moves_the_cursor(world: World) -> None:
    async def work() -> None:
        async with streaming(world, "?event=customer.login") as (reader, steps):
            await steps.reached()
            begun = reader.text
            await written(world, 1)
            await steps.next()
            assert reader.text == begun
            world.clock.now += HEARTBEAT
            await steps.next()
            beat = reader.text.removeprefix(begun)
            assert re.fullmatch(r":\nid: \S+\n\n", beat)
            assert reader.last_id == (await world.answer("GET", PATH)).json["cursor"]
            await steps.next()
            assert reader.text == begun + beat
            assert reader.events == []

    world.run(work())


def test_a_stream_ends_when_the_client_leaves_and_is_counted_then(world: World) -> None:
    async def work() -> None:
        async with streaming(world) as (reader, steps):
            await steps.reached()
            lines = len(world.notes.lines)
            await reader.leave()
            (line,) = world.notes.lines[lines:]
            assert line[0] == "answered"
            assert line[2:5] == ("GET", PATH, 200)

    world.run(work())


def test_a_stream_ends_when_the_server_stops(world: World) -> None:
    async def work() -> None:
        async with streaming(world) as (reader, steps):
            await steps.reached()
            world.draining.begin()
            steps.last()
            await reader.ended()

    world.run(work())


async def revoked(world: World) -> None:
    for info in await world.register.tokens.all():
        await world.register.tokens.revoke(info.id, world.moment)


@pytest.mark.proves("a revoked token reads nothing from a stream after one second")
@pytest.mark.parametrize("event", [True, False])
def test_a_stream_ends_within_a_second_of_its_token(world: World, event: bool) -> None:
    async def work() -> None:
        async with streaming(world) as (reader, steps):
            await steps.reached()
            before = list(reader.pieces)
            if event:
                await written(world, 1)
            await revoked(world)
            world.clock.now += 1
            steps.last()
            await reader.ended()
            assert reader.pieces == before
            assert reader.response.status == 200
            assert not [line for line in world.notes.lines if line[0] == "failed"]

    world.run(work())


def test_a_revoked_token_reads_none_of_a_page_that_was_found_before(world: World) -> None:
    async def work() -> None:
        for number in range(5):
            await written(world, number)
        async with streaming(world) as (reader, _):
            reader.takes.clear()
            while reader.response is None:
                await asyncio.sleep(0)
            for _ in range(50):
                await asyncio.sleep(0)
            await revoked(world)
            world.clock.now += 1
            reader.takes.set()
            await reader.ended()
            assert len(reader.events) == 1  # the piece that waited for the reader

    world.run(work())


def test_a_silent_stream_of_a_revoked_token_has_no_heartbeat(world: World) -> None:
    async def work() -> None:
        async with streaming(world, "?since=now") as (reader, steps):
            await steps.reached()
            before = list(reader.pieces)
            await revoked(world)
            world.clock.now += HEARTBEAT
            steps.last()
            await reader.ended()
            assert reader.pieces == before

    world.run(work())


def test_an_expired_token_ends_its_stream(world: World) -> None:
    ends = world.moment + timedelta(seconds=10)
    token = world.mint(world.store, expires_at=ends)

    async def work() -> None:
        async with streaming(world, token=token) as (reader, steps):
            await steps.reached()
            before = list(reader.pieces)
            await written(world, 1)
            world.clock.now += 10
            steps.last()
            await reader.ended()
            assert reader.pieces == before

    world.run(work())


def test_a_stream_holds_nobodys_place(world: World) -> None:
    world.change(max_in_flight=1)

    async def work() -> None:
        async with streaming(world) as (_, steps):
            await steps.reached()
            assert (await world.answer("GET", "/customers")).status == 200

    world.run(work())


def test_an_app_has_only_so_many_streams(world: World) -> None:
    async def work() -> None:
        async with streaming(world) as (reader, steps):
            await steps.reached()
            more = [Reader(world, "", "", {}) for _ in range(MAX_STREAMS - 1)]
            while not all(one.pieces for one in more):
                await asyncio.sleep(0)
            refused = await world.answer("GET", PATH, accept="text/event-stream")
            assert refused.status == 429
            assert int(refused.headers["retry-after"]) > 0
            await reader.leave()
            again = Reader(world, "", "", {})
            while not again.pieces:
                await asyncio.sleep(0)
            assert again.response.status == 200
            for one in [*more, again]:
                one.task.cancel()
            await asyncio.gather(*(one.task for one in [*more, again]), return_exceptions=True)

    world.run(work())


@pytest.mark.parametrize(
    ("accept", "streams"),
    [
        ("application/json, text/event-stream;q=0", False),
        ("text/event-stream; q=0.0", False),
        ("TEXT/Event-Stream", True),
        ("application/json;q=0.5, text/event-stream;q=0.1", True),
        ("text/event-streams", False),
    ],
)
def test_a_stream_is_for_those_who_name_its_type(world: World, accept: str, streams: bool) -> None:
    answer = world.ask("HEAD", PATH, accept=accept)
    assert answer.headers["content-type"].startswith("text/event-stream") == streams


def test_nothing_is_read_ahead_of_a_reader_that_takes_nothing(world: World) -> None:
    pages = 0
    outbox = world.register.outbox

    class Counting:
        newest, dropped = outbox.newest, outbox.dropped
        sequence_events = outbox.sequence_events

        async def changes(self, *args: Any, **named: Any) -> Any:
            nonlocal pages
            pages += 1
            return await outbox.changes(*args, **named)

    async def work() -> None:
        made = [await written(world, number) for number in range(6)]
        world.change(outbox=Counting())
        async with streaming(world, "?limit=2") as (reader, steps):
            reader.takes.clear()
            for _ in range(200):
                await asyncio.sleep(0)
            while not pages:
                await asyncio.sleep(0)
            for _ in range(200):
                await asyncio.sleep(0)
            assert (pages, reader.pieces) == (1, [])
            reader.takes.set()
            await steps.reached()
            assert len(reader.events) == len(made)

    world.run(work())


@pytest.mark.parametrize(
    ("fault", "noted"), [(Unavailable(), []), (RuntimeError("c1@example.com"), ["RuntimeError"])]
)
def test_a_fault_in_a_stream_ends_it(world: World, fault: Exception, noted: list[str]) -> None:
    async def fails(_store_id: int) -> None:
        raise fault

    async def work() -> None:
        async with streaming(world) as (reader, steps):
            await steps.reached()
            world.handlers.feed._sequence = fails
            steps.last()
            await reader.ended()
            assert [line[-1] for line in world.notes.lines if line[0] == "failed"] == noted

    world.run(work())


def test_a_faulty_start_of_a_stream_is_refused_as_a_page_is(world: World) -> None:
    create(world, 1)
    old = read(world, "?since=now")["cursor"]
    create(world, 2)
    read(world)
    world.clock.now += 1
    prune(world)
    assert world.get(f"{PATH}?since={old}", **STREAM).status == 410
    assert world.get(PATH, last_event_id="x", **STREAM).status == 422
    assert world.get(PATH, world.mint(world.store, ""), **STREAM).status == 401


def test_the_head_of_a_stream_ends_at_once(world: World) -> None:
    answer = world.ask("HEAD", PATH, **STREAM)
    assert (answer.status, answer.headers["content-type"]) == (200, "text/event-stream")
