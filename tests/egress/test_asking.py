"""Requests whose whole answer counts, among receivers of every temper."""

import asyncio
from typing import Any

import pytest

from egress.receivers import (
    Behaviour,
    Receiver,
    answers,
    drips,
    floods,
    gives,
    hangs_up,
    never_answers,
    receiving,
)
from sijill.egress.message import Answered, NotSent
from sijill.egress.sending import Sender

pytestmark = pytest.mark.usefixtures("_read_once")

HEADERS = [("Authorization", "Bearer t"), ("Accept", "application/json")]
BODY = b'{"status":200,"success":true,"data":[]}'


def whole(body: bytes, status: str = "200 OK", *fields: str) -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *fields, "", ""]
    return "\r\n".join(lines).encode() + body


def ask(
    behave: Behaviour, method: str = "GET", body: bytes = b"", **settings: Any
) -> tuple[Answered | str, Receiver]:
    """Send one request to such a receiver; return its answer or the reason, and the receiver."""

    async def run() -> tuple[Answered | str, Receiver]:
        async with receiving(behave) as receiver:
            sender = Sender(**{"local": True, "timeout": 5.0, **settings})
            try:
                url = receiver.url("/admin/v2/customers?page=2&fields[]=x")
                return await sender.ask(method, url, HEADERS, body), receiver
            except NotSent as fault:
                return fault.reason, receiver
            finally:
                await sender.close()

    return asyncio.run(run())


def test_a_get_goes_out_without_a_body_and_its_answer_comes_back_whole() -> None:
    answer, receiver = ask(answers(whole(BODY, "200 OK", "X-RateLimit-Remaining: 499")))
    assert receiver.requests == [
        b"GET /admin/v2/customers?page=2&fields[]=x HTTP/1.1\r\n"
        b"Host: 127.0.0.1:%d\r\n"
        b"Authorization: Bearer t\r\n"
        b"Accept: application/json\r\n"
        b"\r\n" % receiver.port
    ]
    assert answer == Answered(
        200, {"content-length": str(len(BODY)), "x-ratelimit-remaining": "499"}, BODY
    )


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_other_methods_state_the_length_of_their_body(method: str) -> None:
    _, receiver = ask(answers(whole(BODY)), method, b"{}")
    assert receiver.requests[0].startswith(f"{method} /admin".encode())
    assert b"Content-Length: 2\r\n" in receiver.requests[0]
    assert receiver.requests[0].endswith(b"\r\n\r\n{}")


@pytest.mark.parametrize("status", [204, 301, 401, 404, 429, 500, 503])
def test_any_status_is_an_answer(status: int) -> None:
    answer, _ = ask(answers(b"HTTP/1.1 %d X\r\nContent-Length: 0\r\n\r\n" % status))
    assert isinstance(answer, Answered)
    assert (answer.status, answer.body) == (status, b"")


def test_a_body_in_chunks_comes_back_in_one_piece() -> None:
    chunks = b"".join(b"1\r\n%c\r\n" % byte for byte in BODY) + b"0\r\n\r\n"
    answer, _ = ask(answers(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks))
    assert isinstance(answer, Answered)
    assert answer.body == BODY


@pytest.mark.parametrize(
    "raw",
    [
        whole(BODY)[:-1],
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
        b"HTTP/1.0 200 OK\r\n\r\n" + BODY,
        b"HTTP/1.1 200",
    ],
    ids=["cut", "cut chunk", "no last chunk", "until the end", "half a head"],
)
def test_an_answer_that_may_be_cut_is_none(raw: bytes) -> None:
    assert ask(answers(raw, then_close=True))[0] == "protocol"


def test_an_answer_that_is_larger_than_allowed_is_none() -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 10000000\r\n\r\n"
    answer, receiver = ask(floods(head, 10_000_000), max_answer=100_000)
    assert answer == "protocol"
    assert receiver.written < 10_000_000


@pytest.mark.parametrize(
    "behave",
    [never_answers, drips(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n", b"a")],
    ids=["silent", "dripping"],
)
def test_an_answer_that_is_late_is_none(behave: Behaviour) -> None:
    assert ask(behave, timeout=0.1)[0] == "timeout"


def test_a_connection_that_closes_is_no_answer() -> None:
    assert ask(hangs_up)[0] == "protocol"


@pytest.mark.parametrize("address", ["127.0.0.1", "169.254.169.254", "::ffff:10.0.0.1"])
def test_a_name_that_leads_inside_is_not_asked(address: str) -> None:
    async def run() -> str:
        sender = Sender(local=False, timeout=5.0, resolver=gives([address]))
        with pytest.raises(NotSent) as refused:
            await sender.ask("GET", "https://api.example.sa/admin/v2/customers", HEADERS)
        await sender.close()
        return refused.value.reason

    assert asyncio.run(run()) == "blocked"


@pytest.mark.parametrize("header", [("Content-Length", "1"), ("X", "a\r\nY: b")])
def test_no_field_may_change_the_frame_of_a_request(header: tuple[str, str]) -> None:
    async def run() -> str:
        sender = Sender(local=True, timeout=5.0)
        with pytest.raises(NotSent) as refused:
            await sender.ask("GET", "http://127.0.0.1:1/", [header])
        return refused.value.reason

    assert asyncio.run(run()) == "target"
