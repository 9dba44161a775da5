"""A stream tells an answer that ended from one that has bytes behind it, and outlives its end."""

import asyncio
from ipaddress import IPv4Address
from typing import Any

import pytest
import uvloop
from fixtures.profiles import example_count
from hypothesis import given, settings
from hypothesis import strategies as st

from egress.receivers import listens, receiving
from sijill.egress import network
from sijill.egress.streams import Stream


class Transport:
    """Takes what is written, and notes whether reading was paused."""

    def __init__(self) -> None:
        self.written: list[bytes] = []
        self.paused = False

    def write(self, data: bytes) -> None:
        self.written.append(data)

    def is_closing(self) -> bool:
        return False

    def pause_reading(self) -> None:
        self.paused = True


def opened(max_answer: int) -> tuple[Stream, Any]:
    stream, transport = Stream(max_answer), Transport()
    stream.connection_made(transport)  # type: ignore[arg-type]
    return stream, transport


@settings(max_examples=example_count(200))
@given(st.binary(min_size=1, max_size=40), st.binary(max_size=5), st.data())
def test_a_connection_is_clean_only_if_its_answer_ended_with_the_last_byte(
    answer: bytes, surplus: bytes, data: st.DataObject
) -> None:
    """An HTTP parser asks for more until it has the whole answer, and no longer."""

    async def run() -> None:
        stream, _ = opened(1_000)
        left, taken = answer + surplus, b""
        while len(taken) < len(answer):
            if left:
                size = data.draw(st.integers(1, len(left)))
                stream.data_received(left[:size])
                left = left[size:]
            taken += await stream.read(1_000)
        if left:
            stream.data_received(left)
        assert (answer + surplus).startswith(taken)
        assert stream.get_extra_info("is_readable") == bool(surplus)

    asyncio.run(run())


@settings(max_examples=example_count(200))
@given(st.lists(st.binary(min_size=1, max_size=40)), st.integers(1, 100))
def test_an_answer_ends_after_as_many_bytes_as_allowed(pieces: list[bytes], most: int) -> None:
    async def run() -> None:
        stream, transport = opened(most)
        for piece in pieces:
            stream.data_received(piece)
        stream.eof_received()
        sent, taken = b"".join(pieces), b""
        while data := await stream.read(7):
            taken += data
        assert taken == sent[:most]
        assert transport.paused == (len(sent) > most)

    asyncio.run(run())


def test_a_message_goes_out_in_one_piece_when_its_answer_is_awaited() -> None:
    async def run() -> list[bytes]:
        stream, transport = opened(10)
        for part in (b"head", b"body", b""):
            await stream.write(part)
        assert transport.written == []
        stream.data_received(b"a")
        assert await stream.read(10) == b"a"
        stream.data_received(b"b")
        assert await stream.read(10) == b"b"
        written: list[bytes] = transport.written
        return written

    assert asyncio.run(run()) == [b"headbody"]


@pytest.mark.parametrize("loop", [asyncio.new_event_loop, uvloop.new_event_loop])
def test_a_message_to_a_connection_that_is_gone_has_an_empty_answer(loop: Any) -> None:
    async def run() -> bytes:
        async with receiving(listens) as receiver:
            connected = await network.connect(IPv4Address("127.0.0.1"), receiver.port)
            stream = Stream(10)
            await asyncio.get_running_loop().create_connection(lambda: stream, sock=connected)
            await stream.aclose()
            while not stream.get_extra_info("is_readable"):
                await asyncio.sleep(0.001)
            await stream.write(b"late")
            return await stream.read(10)

    with asyncio.Runner(loop_factory=loop) as runner:
        assert runner.run(run()) == b""
