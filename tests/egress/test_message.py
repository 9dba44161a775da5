"""Header fields: the wire holds exactly one request, whatever they say."""

import asyncio

import h11
import pytest
from fixtures.profiles import example_count
from hypothesis import example, given, settings
from hypothesis import strategies as st

from egress.receivers import OK, Receiver, collects, receiving
from egress.test_sending import PATIENCE, outcome
from sijill.egress.message import FRAMING, Sent, is_sendable
from sijill.egress.sending import Sender

pytestmark = pytest.mark.usefixtures("_read_once")

BREAKING = "\r\n\0:; \t\x0b\x85\u2028"
WIRE = st.characters(codec="latin-1") | st.sampled_from(BREAKING)
TOKEN = st.text("abcXYZ019!#$%&'*+.^_`|~-", min_size=1, max_size=12)
FIELD = st.tuples(TOKEN | st.text(WIRE, max_size=12), st.text(WIRE, max_size=30))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("X-Key", "value"),
        ("x", ""),
        ("Authorization", "Bearer a b\tc"),
        ("!#$%&'*+-.^_`|~09aZ", "~!"),
    ],
)
def test_a_field_by_the_grammar_is_sendable(name: str, value: str) -> None:
    assert is_sendable(name, value)


@pytest.mark.parametrize("name", ["", "a b", "a:", "a\r", "a\n", "a\0", "(a)", "é", "مفتاح", " a"])
def test_a_name_that_is_no_token_is_not(name: str) -> None:
    assert not is_sendable(name, "value")


@pytest.mark.parametrize(
    "value",
    ["a\r\nb: c", "a\nb", "a\rb", "a\0b", "a\x0bb", "a\x7f", " a", "a ", "\ta", "é", "قيمة", "a\n"],
)
def test_a_value_that_is_no_field_value_is_not(value: str) -> None:
    assert not is_sendable("X-Key", value)


@pytest.mark.parametrize("name", sorted(FRAMING))
def test_a_field_that_frames_the_message_is_not(name: str) -> None:
    assert not is_sendable(name, "1")
    assert not is_sendable(name.upper(), "1")


def test_such_a_field_stops_the_message_before_it_goes_anywhere() -> None:
    async def run() -> Receiver:
        async with receiving(collects(OK)) as receiver:
            sender = Sender(local=True, timeout=PATIENCE)
            for bad in ("a\r\nHost: b", "é"):
                headers = [("X-Good", "a"), ("X-Bad", bad)]
                assert await outcome(sender, receiver.url(), headers) == "target"
            await sender.close()
        return receiver

    assert asyncio.run(run()).connections == 0


@settings(max_examples=example_count(80))
@given(st.lists(FIELD, max_size=4), st.binary(max_size=60))
@example([("X", "a\r\n\r\nPOST / HTTP/1.1\r\nHost: b")], b"")
@example([("Transfer-Encoding", "chunked")], b"0\r\n\r\nPOST / HTTP/1.1\r\n\r\n")
@example([("X", "1"), ("x", "2")], b"\r\n")
def test_the_wire_holds_exactly_one_request_or_nothing(
    headers: list[tuple[str, str]], body: bytes
) -> None:
    async def run() -> tuple[Sent | str, Receiver, str]:
        async with receiving(collects(OK)) as receiver:
            sender = Sender(local=True, timeout=PATIENCE)
            result = await outcome(sender, receiver.url(), headers, body)
            await sender.close()
            while receiver.open:
                await asyncio.sleep(0)
        return result, receiver, f"127.0.0.1:{receiver.port}"

    result, receiver, authority = asyncio.run(asyncio.wait_for(run(), PATIENCE))
    if not all(is_sendable(name, value) for name, value in headers):
        assert (result, receiver.connections) == ("target", 0)
        return
    assert isinstance(result, Sent)
    [wire] = receiver.requests
    sent = [("Host", authority), ("Content-Length", str(len(body))), *headers]
    assert read_by_a_server(wire) == ([(name.lower(), value) for name, value in sent], body, b"")


def read_by_a_server(wire: bytes) -> tuple[list[tuple[str, str]], bytes, bytes]:
    """Return the fields and the body of the first request, and what follows it."""
    server, body = h11.Connection(h11.SERVER), b""
    server.receive_data(wire)
    request = server.next_event()
    assert isinstance(request, h11.Request)
    while isinstance(event := server.next_event(), h11.Data):
        body += event.data
    assert isinstance(event, h11.EndOfMessage)
    fields = [(name.decode(), value.decode()) for name, value in request.headers]
    return fields, body, server.trailing_data[0]
