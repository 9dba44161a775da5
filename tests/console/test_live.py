"""The stream of the console: it names what has changed, and keeps nobody signed in."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from fixtures.world import World, request_of

import sijill
from console.desks import Seat
from sijill.console.live import LOOKS
from sijill.http.request import Request, Stream
from sijill.wiring import event_sequencer

BODY = b'{"first_name": "Sara", "last_name": "Ali", "mobile": "512345678",' + (
    b'"mobile_code_country": "966", "country_code": "SA"}'
)


def asked(seat: Seat) -> Request:
    cookies = "; ".join(f"{name}={value}" for name, value in seat.browser.cookies.items())
    headers = {"host": "127.0.0.1:8466", "cookie": cookies, "accept": "text/event-stream"}
    request = request_of("GET", seat.at("/live"), headers)
    request.is_local = seat.world.is_local
    return request


async def read(world: World, seat: Seat) -> list[bytes]:
    stream = await world.api.answer(asked(seat))
    assert isinstance(stream, Stream)
    return [piece async for piece in stream.pieces]


def test_a_change_of_customers_is_named_once(
    world: World, viewer: Seat, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.tell()
    looks: list[float] = []

    async def sleep(seconds: float) -> None:
        looks.append(seconds)
        if len(looks) == 2:
            headers = {"content_type": "application/json"}
            answer = await world.answer("POST", "/customers", world.writer, BODY, **headers)
            assert answer.status == 200, answer.body
            await event_sequencer(world.register, world.clock)(world.store.id)

    monkeypatch.setattr(world.draining, "sleep", sleep)
    pieces = world.run(read(world, viewer))
    assert len(looks) == LOOKS
    assert pieces[0] == b"retry: 1000\n\n"
    assert [piece for piece in pieces[1:] if piece != b":\n\n"] == [b"data: customers\n\n"]
    assert b"Sara" not in b"".join(pieces)


def test_a_minute_that_passes_is_named(
    world: World, viewer: Seat, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def sleep(seconds: float) -> None:
        world.clock.now += seconds

    monkeypatch.setattr(world.draining, "sleep", sleep)
    pieces = world.run(read(world, viewer))
    assert [piece for piece in pieces[1:] if piece != b":\n\n"] == [b"data: minute\n\n"]


def test_a_stream_ends_with_the_server(
    world: World, viewer: Seat, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def sleep(seconds: float) -> None:
        world.draining.begin()

    monkeypatch.setattr(world.draining, "sleep", sleep)
    assert world.run(read(world, viewer)) == [b"retry: 1000\n\n"]


def test_a_stream_keeps_no_session_alive(world: World, viewer: Seat) -> None:
    for _ in range(4):
        world.clock.now += timedelta(minutes=9).total_seconds()
        viewer.browser.head(viewer.at("/live"), accept="text/event-stream")
    assert viewer.get().status == 303


def test_a_page_keeps_a_session_alive(world: World, viewer: Seat) -> None:
    for _ in range(4):
        world.clock.now += timedelta(minutes=9).total_seconds()
        assert viewer.get().status == 200


TEMPLATES = sorted(Path(sijill.__file__).parent.rglob("templates/*.html"))
MARKUP = "".join(path.read_text() for path in TEMPLATES)


def test_every_topic_that_a_page_waits_for_is_named_by_the_stream() -> None:
    waited = set(re.findall(r'data-topic="(\w+)"', MARKUP))
    source = "".join(
        (Path(sijill.__file__).parent / path).read_text()
        for path in ("console/live.py", "sandbox/console/pages.py")
    )
    assert waited == set(re.findall(r'^            "(\w+)":', source, re.MULTILINE))
