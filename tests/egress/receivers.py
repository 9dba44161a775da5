"""Receivers of every temper, on real sockets of 127.0.0.1."""

import asyncio
import ssl
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

Behaviour = Callable[["Receiver", StreamReader, StreamWriter], Awaitable[None]]

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


@dataclass
class Receiver:
    """The requests and connections that a receiver saw."""

    port: int = 0
    connections: int = 0
    open: int = 0
    most_open: int = 0
    requests: list[bytes] = field(default_factory=list)
    written: int = 0

    def url(self, path: str = "/", *, scheme: str = "http", host: str = "127.0.0.1") -> str:
        return f"{scheme}://{host}:{self.port}{path}"


@asynccontextmanager
async def receiving(
    behave: Behaviour, *, tls: ssl.SSLContext | None = None
) -> AsyncIterator[Receiver]:
    """Open a receiver; at the end wait until all its connections are done."""
    receiver = Receiver()
    serving: dict[asyncio.Task[None], StreamWriter] = {}

    async def serve(reader: StreamReader, writer: StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError, ssl.SSLError):
            await behave(receiver, reader, writer)
        await gone(writer)
        receiver.open -= 1

    def accept(reader: StreamReader, writer: StreamWriter) -> None:
        receiver.connections += 1
        receiver.open += 1
        receiver.most_open = max(receiver.most_open, receiver.open)
        serving[asyncio.get_running_loop().create_task(serve(reader, writer))] = writer

    server = await asyncio.start_server(accept, "127.0.0.1", 0, ssl=tls)
    receiver.port = server.sockets[0].getsockname()[1]
    try:
        yield receiver
    finally:
        server.close()
        for task, writer in serving.items():
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            await gone(writer)
        await server.wait_closed()


async def gone(writer: StreamWriter) -> None:
    writer.close()
    with suppress(OSError):
        await asyncio.shield(writer.wait_closed())  # a task cut here leaves the wait to the next


async def read_request(receiver: Receiver, reader: StreamReader) -> None:
    """Read one request to its end, as its Content-Length says."""
    head = await reader.readuntil(b"\r\n\r\n")
    lines = head.lower().split(b"\r\n")
    lengths = [int(line[15:]) for line in lines if line.startswith(b"content-length:")]
    receiver.requests.append(head + await reader.readexactly(sum(lengths)))


def answers(raw: bytes, *, then_close: bool = False) -> Behaviour:
    """Answer every request with these bytes, and stay, or close after the first."""

    async def behave(receiver: Receiver, reader: StreamReader, writer: StreamWriter) -> None:
        while True:
            await read_request(receiver, reader)
            writer.write(raw)
            await writer.drain()
            if then_close:
                writer.close()
                return

    return behave


def drips(head: bytes, drop: bytes, *, every: float = 0.01) -> Behaviour:
    """Answer a head at once, and drop after drop for as long as somebody listens."""

    async def behave(receiver: Receiver, reader: StreamReader, writer: StreamWriter) -> None:
        await read_request(receiver, reader)
        writer.write(head)
        while True:
            writer.write(drop)
            await writer.drain()
            receiver.written += len(drop)
            await asyncio.sleep(every)

    return behave


def floods(head: bytes, size: int) -> Behaviour:
    """Answer a head and a body of this size, as fast as it is taken."""

    async def behave(receiver: Receiver, reader: StreamReader, writer: StreamWriter) -> None:
        await read_request(receiver, reader)
        writer.write(head)
        while receiver.written < size:
            writer.write(bytes(65_536))
            await writer.drain()
            receiver.written += 65_536

    return behave


async def hangs_up(receiver: Receiver, reader: StreamReader, writer: StreamWriter) -> None:
    """Read the request, and close without a word."""
    await read_request(receiver, reader)
    writer.close()


async def resets(receiver: Receiver, reader: StreamReader, writer: StreamWriter) -> None:
    """Break the connection as soon as it is there."""
    writer.transport.abort()


async def never_answers(receiver: Receiver, reader: StreamReader, writer: StreamWriter) -> None:
    """Read the request, and say nothing."""
    await read_request(receiver, reader)
    await reader.read()


async def never_reads(receiver: Receiver, reader: StreamReader, writer: StreamWriter) -> None:
    """Accept, and do nothing more."""
    await asyncio.Event().wait()


async def listens(receiver: Receiver, reader: StreamReader, writer: StreamWriter) -> None:
    """Take down whatever comes, to the end."""
    receiver.requests.append(await reader.read())


def collects(answer: bytes) -> Behaviour:
    """Take down everything that comes on a connection; answer once, when a request is there."""

    async def behave(receiver: Receiver, reader: StreamReader, writer: StreamWriter) -> None:
        await read_request(receiver, reader)
        writer.write(answer)
        receiver.requests[-1] += await reader.read()

    return behave


def gives(*addresses: Sequence[str]) -> "Names":
    """Return a resolver that gives these answers in turn, the last one for ever."""
    return Names(list(addresses))


class Names:
    """A resolver, and the names it was asked for."""

    def __init__(self, answers: list[Sequence[str]]) -> None:
        self.asked: list[str] = []
        self._answers = answers

    async def __call__(self, name: str) -> list:
        from ipaddress import ip_address

        self.asked.append(name)
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        return [ip_address(each) for each in answer]
