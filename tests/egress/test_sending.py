"""The sender among receivers of every temper."""

import asyncio
import gzip
import logging
import time
from asyncio import StreamReader, StreamWriter
from collections.abc import Sequence
from contextlib import AsyncExitStack
from typing import Any

import pytest
import uvloop

from egress.receivers import (
    OK,
    Behaviour,
    Receiver,
    answers,
    drips,
    floods,
    gives,
    hangs_up,
    listens,
    never_answers,
    never_reads,
    read_request,
    receiving,
    resets,
)
from sijill.egress import network
from sijill.egress.message import NotSent, Sent
from sijill.egress.network import PER_HOST
from sijill.egress.sending import Sender

pytestmark = pytest.mark.usefixtures("_read_once")

PATIENCE = 5.0
"""Seconds of a message that is expected to be answered."""

HEADERS = [("Content-Type", "application/json"), ("X-Salla-Signature", "0f")]


def head(status: str, *fields: str) -> bytes:
    return "\r\n".join([f"HTTP/1.1 {status}", *fields, "", ""]).encode()


async def outcome(
    sender: Sender, url: str, headers: Sequence[tuple[str, str]] = HEADERS, body: bytes = b"{}"
) -> Sent | str:
    try:
        return await sender.post(url, headers, body)
    except NotSent as fault:
        return fault.reason


def send(behave: Behaviour, *, body: bytes = b"{}", **settings: Any) -> tuple[Any, Receiver]:
    """Send one message to such a receiver; return what came of it, and what the receiver saw."""

    async def run() -> tuple[Any, Receiver]:
        async with receiving(behave) as receiver:
            sender = Sender(**{"local": True, "timeout": PATIENCE, **settings})
            result = await outcome(sender, receiver.url("/hooks?a=b"), body=body)
            await sender.close()
        return result, receiver

    return asyncio.run(run())


def test_a_message_arrives_as_one_post_with_its_fields_and_body() -> None:
    _, receiver = send(answers(OK), body=b'{"event":"customer.created"}')
    assert receiver.requests == [
        b"POST /hooks?a=b HTTP/1.1\r\n"
        b"Host: 127.0.0.1:%d\r\n"
        b"Content-Length: 28\r\n"
        b"Content-Type: application/json\r\n"
        b"X-Salla-Signature: 0f\r\n"
        b"\r\n"
        b'{"event":"customer.created"}' % receiver.port
    ]


@pytest.mark.parametrize(
    "status",
    [
        "200 OK",
        "201 Created",
        "204 No Content",
        "301 Moved Permanently",
        "400 Bad Request",
        "410 Gone",
        "429 Too Many Requests",
        "500 Internal Server Error",
    ],
)
@pytest.mark.parametrize("loop", [asyncio.new_event_loop, uvloop.new_event_loop])
def test_any_status_is_an_answer_on_either_loop(status: str, loop: Any) -> None:
    async def run() -> Sent | str:
        async with receiving(answers(head(status, "Content-Length: 0"))) as receiver:
            sender = Sender(local=True, timeout=PATIENCE)
            result = await outcome(sender, receiver.url())
            await sender.close()
        return result

    with asyncio.Runner(loop_factory=loop) as runner:
        result = runner.run(run())
    assert isinstance(result, Sent)
    assert result.status == int(status[:3])


def test_the_fields_of_an_answer_have_lower_case_names_and_are_joined() -> None:
    fields = ["Retry-After: 120", "X-Seen: a", "x-seen: b", "Content-Length: 0", "X-Name: caf\xe9"]
    sent, _ = send(answers("\r\n".join(["HTTP/1.1 429 ", *fields, "", ""]).encode("latin-1")))
    assert sent.headers == {
        "retry-after": "120",
        "x-seen": "a, b",
        "content-length": "0",
        "x-name": "caf\xe9",
    }


def test_a_redirect_is_an_answer_and_is_not_followed() -> None:
    async def run() -> tuple[Any, Receiver]:
        async with receiving(listens) as canary:
            moved = head("301 Moved", f"Location: {canary.url()}", "Content-Length: 0")
            async with receiving(answers(moved)) as receiver:
                sender = Sender(local=True, timeout=PATIENCE)
                result = await outcome(sender, receiver.url())
                await sender.close()
            return result, canary

    sent, canary = asyncio.run(run())
    assert sent.status == 301
    assert canary.connections == 0


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x16\x03\x01\x00\xa5garbage\r\n\r\n",
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"HTTP/1.1 200",
        b"HTTP/1.1 9999 What\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nbad name: 1\r\n\r\n",
    ],
)
def test_garbage_is_no_answer(raw: bytes) -> None:
    result, receiver = send(answers(raw, then_close=True))
    assert result == "protocol"
    assert len(receiver.requests) == 1


@pytest.mark.parametrize("behave", [hangs_up, resets])
def test_a_connection_closed_before_the_head_is_no_answer(behave: Behaviour) -> None:
    assert send(behave)[0] == "protocol"


@pytest.mark.parametrize(
    "raw",
    [
        head("200 OK", "Content-Length: 10"),
        head("200 OK", "Content-Length: 10") + b"half",
        head("200 OK", "Transfer-Encoding: chunked") + b"5\r\nhel",
        head("200 OK", "Transfer-Encoding: chunked") + b"no length\r\n",
    ],
)
def test_a_head_is_an_answer_whatever_becomes_of_its_body(raw: bytes) -> None:
    assert send(answers(raw, then_close=True))[0].status == 200


def test_a_body_may_end_with_its_connection() -> None:
    assert send(answers(b"HTTP/1.0 200 OK\r\n\r\nuntil the end", then_close=True))[0].status == 200


def test_a_body_is_not_decoded() -> None:
    bomb = gzip.compress(bytes(1_000_000))
    sent, _ = send(
        answers(head("200 OK", "Content-Encoding: gzip", f"Content-Length: {len(bomb)}") + bomb)
    )
    assert sent.status == 200


@pytest.mark.parametrize("behave", [never_answers, never_reads])
def test_a_receiver_that_never_answers_is_given_up_at_the_deadline(behave: Behaviour) -> None:
    begun = time.monotonic()
    result, receiver = send(behave, timeout=0.1)
    assert result == "timeout"
    assert receiver.connections == 1
    assert 0.1 <= time.monotonic() - begun < 2


def test_a_receiver_that_never_reads_a_large_message_is_given_up_too() -> None:
    assert send(never_reads, timeout=0.1, body=bytes(30_000_000))[0] == "timeout"


@pytest.mark.parametrize(
    "behave",
    [
        drips(b"HTTP/1.1 200 OK\r\nX-Slow: ", b"a"),
        drips(b"", b"HTTP/1.1 103 Early Hints\r\n\r\n"),
    ],
)
def test_a_head_that_drips_is_cut_at_the_deadline_of_the_whole(behave: Behaviour) -> None:
    begun = time.monotonic()
    result, receiver = send(behave, timeout=0.2)
    assert result == "timeout"
    assert receiver.written > 1  # bytes did come: it was no single wait that took too long
    assert time.monotonic() - begun < 2


def test_a_body_that_drips_is_cut_and_its_head_counts() -> None:
    begun = time.monotonic()
    result, receiver = send(drips(head("200 OK", "Content-Length: 1000000"), b"a"), timeout=0.2)
    assert result.status == 200
    assert receiver.written > 1
    assert time.monotonic() - begun < 2


@pytest.mark.parametrize("field", ["Content-Length: 104857600", "Connection: close"])
def test_a_body_of_100_mb_is_cut_and_its_head_counts(field: str) -> None:
    begun = time.monotonic()
    result, receiver = send(floods(head("200 OK", field), 104_857_600))
    assert result.status == 200
    assert receiver.written < 20_000_000  # what the buffers of the kernel took
    assert time.monotonic() - begun < PATIENCE


def test_a_head_longer_than_an_answer_may_be_is_no_answer() -> None:
    raw = head("200 OK", f"X-Long: {'a' * 2_000}", "Content-Length: 0")
    assert send(answers(raw), max_answer=1_000)[0] == "protocol"
    assert send(answers(raw), max_answer=10_000)[0].status == 200


def test_a_port_where_nobody_listens_is_not_connected() -> None:
    async def run() -> Sent | str:
        async with receiving(listens) as receiver:
            pass
        return await outcome(Sender(local=True, timeout=PATIENCE), receiver.url())

    assert asyncio.run(run()) == "connect"


def test_the_next_address_is_tried_when_the_first_takes_no_connection() -> None:
    async def run() -> tuple[Any, Receiver]:
        async with receiving(answers(OK)) as receiver:
            sender = Sender(
                local=True, timeout=PATIENCE, resolver=gives(["127.0.0.9", "127.0.0.1"])
            )
            result = await outcome(sender, receiver.url(host="hooks.example"))
            await sender.close()
        return result, receiver

    sent, receiver = asyncio.run(run())
    assert sent.status == 200
    assert b"Host: hooks.example:" in receiver.requests[0]


def test_a_name_without_addresses_is_not_resolved() -> None:
    async def unknown(name: str) -> Any:
        raise OSError(f"no such name: {name}")

    async def run(resolver: Any) -> Sent | str:
        sender = Sender(local=True, timeout=PATIENCE, resolver=resolver)
        return await outcome(sender, "http://hooks.example/")

    assert asyncio.run(run(unknown)) == "resolve"
    assert asyncio.run(run(gives([]))) == "resolve"


def test_a_look_up_counts_against_the_deadline() -> None:
    async def hang(name: str) -> Any:
        await asyncio.Event().wait()

    async def run() -> Sent | str:
        sender = Sender(local=True, timeout=0.1, resolver=hang)
        return await outcome(sender, "http://hooks.example/")

    assert asyncio.run(run()) == "timeout"


def repeat(behave: Behaviour, times: int) -> tuple[list[Any], Receiver]:
    async def run() -> tuple[list[Any], Receiver]:
        async with receiving(behave) as receiver:
            sender = Sender(local=True, timeout=PATIENCE)
            results = [await outcome(sender, receiver.url()) for _ in range(times)]
            await sender.close()
        return results, receiver

    return asyncio.run(run())


def test_a_connection_serves_again_when_the_answer_was_read_to_its_end() -> None:
    results, receiver = repeat(answers(OK), 5)
    assert [result.status for result in results] == [200] * 5
    assert receiver.connections == 1


def test_each_answer_on_a_connection_may_be_as_long_as_any() -> None:
    raw = head("200 OK", "Content-Length: 60000") + bytes(60_000)
    _, receiver = repeat(answers(raw), 3)
    assert receiver.connections == 1


def test_a_connection_whose_answer_was_cut_does_not_serve_again() -> None:
    raw = head("200 OK", "Content-Length: 70000") + bytes(70_000)
    results, receiver = repeat(answers(raw), 3)
    assert [result.status for result in results] == [200] * 3
    assert receiver.connections == 3


def test_a_connection_the_receiver_closes_does_not_serve_again() -> None:
    results, receiver = repeat(
        answers(head("200 OK", "Connection: close", "Content-Length: 0"), then_close=True), 3
    )
    assert [result.status for result in results] == [200] * 3
    assert receiver.connections == 3


@pytest.mark.parametrize(
    "raw",
    [
        OK + head("500 Smuggled", "Content-Length: 0"),
        OK + b"HTTP/1.1 500 Half",
        head("204 No Content") + b"a body all the same",
        head("200 OK", "Transfer-Encoding: chunked") + b"0\r\n\r\nmore",
        head("100 Continue") + head("200 OK", "Content-Length: 2") + "تم".encode(),
    ],
)
def test_bytes_after_an_answer_do_not_become_the_next_one(raw: bytes) -> None:
    results, receiver = repeat(answers(raw), 3)
    assert {result.status for result in results} <= {200, 204}
    assert receiver.connections == 3


def test_bytes_that_come_while_a_connection_waits_do_not_become_an_answer() -> None:
    answered = asyncio.Event()

    async def goes_on(receiver: Receiver, reader: StreamReader, writer: StreamWriter) -> None:
        await read_request(receiver, reader)
        writer.write(OK)
        await answered.wait()
        writer.write(head("500 Smuggled", "Content-Length: 0"))
        await reader.read()

    async def run() -> tuple[list[Any], Receiver]:
        async with receiving(goes_on) as receiver:
            sender = Sender(local=True, timeout=PATIENCE)
            results = [await outcome(sender, receiver.url())]
            answered.set()
            [waiting] = sender._network._idle
            while not waiting.has_expired():  # there is nothing to read yet
                await asyncio.sleep(0.001)
            results.append(await outcome(sender, receiver.url()))
            await sender.close()
        return results, receiver

    results, receiver = asyncio.run(asyncio.wait_for(run(), PATIENCE))
    assert [result.status for result in results] == [200, 200]
    assert receiver.connections == 2


def test_no_more_connections_wait_than_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(network, "MAX_IDLE", 2)

    async def run() -> list[Receiver]:
        async with AsyncExitStack() as stack:
            receivers = [await stack.enter_async_context(receiving(answers(OK))) for _ in range(3)]
            sender = Sender(local=True, timeout=PATIENCE)
            for receiver in (*receivers, *reversed(receivers)):
                assert isinstance(await outcome(sender, receiver.url()), Sent)
            while sum(receiver.open for receiver in receivers) > 2:
                await asyncio.sleep(0.001)
            await sender.close()
        return receivers

    receivers = asyncio.run(asyncio.wait_for(run(), PATIENCE))
    assert [receiver.connections for receiver in receivers] == [2, 1, 1]


def test_a_connection_that_has_waited_too_long_does_not_serve_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(network, "IDLE", 0.0)
    results, receiver = repeat(answers(OK), 3)
    assert [result.status for result in results] == [200] * 3
    assert receiver.connections == 3


def test_a_cookie_is_not_kept() -> None:
    _, receiver = repeat(answers(head("200 OK", "Set-Cookie: a=b", "Content-Length: 0")), 2)
    assert receiver.requests[0] == receiver.requests[1]


def test_one_host_meets_few_connections_at_once_and_delays_no_other() -> None:
    async def run() -> list[Any]:
        async with receiving(never_answers) as slow, receiving(answers(OK)) as quick:
            sender = Sender(local=True, timeout=3.0)
            stuck = [asyncio.create_task(outcome(sender, slow.url())) for _ in range(3 * PER_HOST)]
            while slow.connections < PER_HOST:
                await asyncio.sleep(0.001)
            sent = await outcome(sender, quick.url())
            assert not any(each.done() for each in stuck)
            # Later, when the first are given up, the receiver may see new ones before these end.
            assert slow.most_open == PER_HOST
            results = [sent, *await asyncio.gather(*stuck)]
            await sender.close()
        return results

    results = asyncio.run(asyncio.wait_for(run(), PATIENCE))
    assert results[0].status == 200
    assert results[1:] == ["timeout"] * 3 * PER_HOST


def test_a_sender_given_up_from_outside_leaves_no_connection_behind() -> None:
    async def run() -> Receiver:
        async with receiving(never_answers) as receiver:
            sender = Sender(local=True, timeout=PATIENCE)
            task = asyncio.create_task(outcome(sender, receiver.url()))
            while not receiver.requests:
                await asyncio.sleep(0.001)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            while receiver.open:
                await asyncio.sleep(0.001)
            await sender.close()
        return receiver

    asyncio.run(asyncio.wait_for(run(), PATIENCE))


def test_proxies_of_the_environment_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    async def run() -> tuple[Any, Receiver]:
        async with receiving(listens) as canary, receiving(answers(OK)) as receiver:
            for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "ALL_PROXY"):
                monkeypatch.setenv(name, canary.url())
            sender = Sender(local=True, timeout=PATIENCE)
            result = await outcome(sender, receiver.url())
            await sender.close()
        return result, canary

    sent, canary = asyncio.run(run())
    assert sent.status == 200
    assert canary.connections == 0


@pytest.mark.parametrize("behave", [answers(OK), hangs_up, never_answers, answers(b"x\r\n\r\n")])
def test_nothing_of_a_message_shows_in_faults_or_logs(
    behave: Behaviour, caplog: pytest.LogCaptureFixture
) -> None:
    async def run() -> BaseException | None:
        async with receiving(behave) as receiver:
            sender = Sender(local=True, timeout=0.1, resolver=gives(["127.0.0.1"]))
            url = receiver.url("/canary?canary", host="canary.example")
            try:
                await sender.post(url, [("X-Canary", "canary")], b"canary")
            except NotSent as fault:
                return fault
            finally:
                await sender.close()
        return None

    with caplog.at_level(logging.DEBUG):
        fault = asyncio.run(run())
    assert "canary" not in caplog.text.lower()
    if fault is not None:
        assert str(fault) in {"protocol", "timeout"}
        assert (fault.__context__, fault.__cause__) == (None, None)
