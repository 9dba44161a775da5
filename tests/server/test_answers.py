"""Answers as bytes."""

import pytest

from sijill.http.request import Request, Response, Stream
from sijill.server.answers import beginning, chunk, date_line, whole

DATE = b"date: -\r\n"


def request(method: str = "GET") -> Request:
    made = Request(method, b"/", b"", {})
    made.id = "7"
    return made


OK = b"HTTP/1.1 200 OK\r\ndate: -\r\na: b\r\nx-request-id: 7\r\ncontent-length: 2\r\n"


@pytest.mark.parametrize(
    ("method", "closes", "sent"),
    [
        ("GET", False, OK + b"\r\nhi"),
        ("HEAD", False, OK + b"\r\n"),
        ("GET", True, OK + b"connection: close\r\n\r\nhi"),
    ],
)
def test_an_answer_is_its_head_and_its_body(method: str, closes: bool, sent: bytes) -> None:
    assert whole(request(method), Response(200, b"hi", [(b"a", b"b")]), DATE, closes=closes) == sent


@pytest.mark.parametrize("status", [204, 304])
def test_an_answer_without_a_body_states_no_length(status: int) -> None:
    sent = whole(request(), Response(status, b"dropped", []), DATE, closes=False)
    assert b"content-length" not in sent
    assert sent.endswith(b"\r\n\r\n")


@pytest.mark.parametrize("value", [b"b\r\nc: d", b"b\nc: d", b"b\rc", b"\r\n"])
@pytest.mark.parametrize("place", ["name", "value"])
def test_no_header_breaks_its_line(value: bytes, place: str) -> None:
    header = (value, b"b") if place == "name" else (b"a", value)
    with pytest.raises(ValueError, match="line break"):
        whole(request(), Response(200, b"", [header]), DATE, closes=False)


def test_a_stream_is_chunked_or_ends_with_its_connection() -> None:
    stream = Stream(200, None, [(b"a", b"b")], (1, 2))  # type: ignore[arg-type]
    head = b"HTTP/1.1 200 OK\r\ndate: -\r\na: b\r\nx-request-id: 7\r\n"
    chunked = head + b"transfer-encoding: chunked\r\n"
    assert beginning(request(), stream, DATE, chunked=True, closes=False) == chunked + b"\r\n"
    closing = chunked + b"connection: close\r\n\r\n"
    assert beginning(request(), stream, DATE, chunked=True, closes=True) == closing
    plain = head + b"connection: close\r\n\r\n"
    assert beginning(request(), stream, DATE, chunked=False, closes=False) == plain
    assert chunk(b"sixteen letters.") == b"10\r\nsixteen letters.\r\n"


def test_a_date_line_is_in_gmt() -> None:
    assert date_line(1_800_000_000.9) == b"date: Fri, 15 Jan 2027 08:00:00 GMT\r\n"
