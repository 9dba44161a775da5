"""
One connection: requests come in, answers go out, one at a time and in order.

The application is asked once the head of a request has arrived; the body follows when the
application asks for it. Nothing more is read while requests, or bytes, wait for their turn.

The file is long, and stays whole: its methods are the steps of one machine, and each of them reads
or sets the flags that the others go by. What needs no flag stands in `parsing`, `outgoing`,
`answers` and `budget`.
"""

import asyncio
import socket
import struct
from asyncio import Task, Transport
from collections import deque
from contextlib import aclosing
from functools import partial
from typing import Any

from sijill.errors import Fault, RequestTimeout, Unavailable
from sijill.http.body import NO_BODY, Body
from sijill.http.request import Request, Response, Stream
from sijill.server import answers
from sijill.server.budget import client_of, is_loopback
from sijill.server.outgoing import MAX_SAID, Outgoing
from sijill.server.parsing import RequestParser
from sijill.server.site import Site
from sijill.server.stepping import step

LINGER = 2.0
"""Seconds that a client may go on sending after a refusal, or take to close."""

LAST_CALL = 1.0
"""Seconds that a request which is on its way has to arrive, once the server stops."""

NO_LINGER = struct.pack("ii", 1, 0)
"""Makes the kernel reset a connection that is closed. Source: socket(7), SO_LINGER."""

MAX_WAITING = 16
"""Requests of one connection, at most, that are parsed and wait for their turn."""

MAX_DRAINED = 64 * 1024
"""Bytes of a body that nobody asked for, at most, which are read to keep the connection."""


class Connection(asyncio.Protocol):
    """One connection of a site. asyncio, uvicorn's server and the site call its public methods."""

    transport: Transport

    def __init__(self, site: Site) -> None:
        self._site, self._loop = site, site.loop
        self._unparsed, self._at = b"", 0  # bytes, and how many of them are parsed
        self._waiting: deque[Request] = deque()  # requests behind the current one
        self._current: Request | None = None  # the request that is being answered
        self._task: Task[Any] | None = None  # what answers it, if something is waited for
        self._streams = False  # the answer is a stream that has begun
        self._refusal: tuple[Request, Response] | None = None  # comes after all other answers
        self._is_last = False  # no request is taken after those that are here
        self._is_leaving = False  # the server stops, and the next request is the last
        self._is_deaf = False  # further bytes are dropped
        self._half_closed = False  # the client sends nothing more
        self._is_scheduled = False  # `_work` goes on in the next turn
        self._paused_reading = False
        self._body_bytes = self._backlog = 0  # taken from the budget of the site
        self._since = self._loop.time()  # when the wait began that `check` looks at
        self._was_open = self._has_answered = False
        self._unread = 0  # bytes that the client had not read at the last look

    # asyncio calls

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        name = transport.get_extra_info("peername")
        peer = name[0] if isinstance(name, tuple) else ""
        self._is_tls = transport.get_extra_info("sslcontext") is not None
        self._is_local = self._site.plain and not self._is_tls and is_loopback(peer)
        self._client = client_of(peer, self._site.proxies)
        self._parser = RequestParser(self._site.limits, peer)
        self._out = Outgoing(self._site, transport, self._client)
        self._places = self._site.place_for(self._client)
        self._site.connections.add(self)
        if self._places is None:
            transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        self._site.connections.discard(self)
        if self._places is not None:
            self._places.give_back(self._client)
        self._is_last = self._is_deaf = True
        self._waiting.clear()
        self._unparsed, self._refusal = b"", None
        self._parser.close()
        self._release_backlog()
        self._out.resume()
        if self._task is None:
            self._let_go()
        elif self._streams or self._awaits_body():
            self._task.cancel()

    def data_received(self, data: bytes) -> None:
        if self._hears():
            self._unparsed = self._unparsed[self._at :] + data if self._unparsed else data
            self._at = 0
            self._work()

    def eof_received(self) -> bool:
        """
        A client that has finished sending still gets its pending answers (except under TLS).

        A client of a stream counts as gone: that answer has begun and has no end.
        """
        self._half_closed = self._is_last = True
        self._out.flush()
        pending = (self._current and not self._streams) or self._refusal
        return bool(pending) and not (self._awaits_body() or self._out.lingers or self._is_tls)

    def pause_writing(self) -> None:
        self._out.pause()

    def resume_writing(self) -> None:
        self._out.resume()
        self._work()

    # uvicorn and the site call

    def shutdown(self) -> None:
        """
        Finish the answers that are due, and take no other request.

        A client that has come and has no answer yet, or whose request is arriving, is heard first:
        its request is on its way, and would be lost.
        """
        if self._is_last or (self._has_answered and not self._parser.is_open) or self._is_busy():
            self._end_idle()
        else:
            self._is_leaving = True
            self._loop.call_later(LAST_CALL, self._end_idle)

    def _is_busy(self) -> bool:
        return bool(self._current or self._waiting or self._refusal or self._out.lingers)

    def _end_idle(self) -> None:
        """Take no other request, and close the connection unless an answer is due."""
        self._is_last = True
        if not self._is_busy():
            self._out.flush()
            self.transport.close()

    def check(self, now: float) -> None:
        """End a wait that is too long: for the client to send, to read, or to close."""
        limit, unread = self._site.limits.receive, self._out.unread()
        if unread != self._unread:  # the client reads
            self._unread, self._since = unread, now
        waited = now - self._since
        if unread:
            if waited >= limit:
                self.transport.abort()
        elif self._out.lingers or self.transport.is_closing():
            if waited >= LINGER:
                self.transport.abort()
        elif self._current is not None and not self._awaits_body():
            return
        elif self._parser.is_open:
            if waited >= limit:
                self._refuse(RequestTimeout())
                self._work()
        elif waited >= self._patience():
            self.transport.close()

    def _patience(self) -> float:
        """Return how long the client may send nothing, in seconds."""
        if self._places is self._site.spare_places:
            return LINGER
        return self._site.keep_alive if self._has_answered else self._site.limits.receive

    # Bytes become requests

    def _work(self) -> None:
        """Parse and answer until something has to be waited for, or others have their turn."""
        self._parse()
        while self._waiting and self._may_begin():
            self._begin(self._waiting.popleft())
        if self._refusal is not None and not self._waiting and self._may_begin():
            (request, response), self._refusal = self._refusal, None
            self._write(request, response)
        self._tend_reading()
        more = self._waiting or self._refusal or (self._unparsed and self._may_parse())
        if more and not self._is_scheduled and self._current is None and not self._out.is_paused:
            self._is_scheduled = True
            self._loop.call_soon(self._work_on)

    def _work_on(self) -> None:
        self._is_scheduled = False
        self._work()

    def _may_begin(self) -> bool:
        """Return whether another answer may be made in this turn."""
        return self._current is None and not self._out.is_paused and self._out.size < MAX_SAID

    def _parse(self) -> None:
        parser = self._parser
        try:
            while self._at < len(self._unparsed) and self._may_parse():
                known = parser.request
                self._at = parser.feed(self._unparsed, self._at)
                if parser.request is not None and parser.request is not known:
                    self._accept(parser.request)
        except Fault as fault:
            self._refuse(fault)
        except OSError:  # there is no room for the file of a body
            self._refuse(Unavailable())
        if self._at == len(self._unparsed):
            self._unparsed, self._at = b"", 0

    def _hears(self) -> bool:
        return not self._is_deaf and (not self._is_last or self._parser.arriving is not None)

    def _may_parse(self) -> bool:
        """Return whether what comes next may be parsed now."""
        if not self._hears():
            return False
        if self._parser.arriving is not None:
            return self._parser.arriving.content.is_taken
        return len(self._waiting) < MAX_WAITING

    def _accept(self, request: Request) -> None:
        if request.content is not NO_BODY:
            request.content.on_wanted = partial(self._receive, request.content)
        request.is_local = self._is_local
        request.crowded = self._places is self._site.spare_places
        self._is_last = self._is_last or self._parser.is_last or request.crowded or self._is_leaving
        self._waiting.append(request)

    def _receive(self, body: Body) -> None:
        """
        Take in the body of the current request.

        Raises: Unavailable if the site holds too many bytes already; CancelledError if the client
        has left.
        """
        if not self._site.bodies.take(self._client, body.most):
            raise Unavailable
        self._body_bytes = body.most
        self._parse()
        if not body.whole and (self._half_closed or self.transport.is_closing()):
            raise asyncio.CancelledError
        if not body.whole and self._parser.expects_continue and self._hears():
            self._out.say(answers.CONTINUE)
        self._tend_reading()

    def _awaits_body(self) -> bool:
        return self._current is not None and self._current.content.is_awaited

    def _tend_reading(self) -> None:
        """Read on unless something waits; the client has its time from then on."""
        if not self._hears():
            self._unparsed, self._at = b"", 0
        pause = bool(self._waiting or self._unparsed)
        if pause != self._paused_reading and not self.transport.is_closing():
            self._paused_reading = pause
            if pause:
                self.transport.pause_reading()
                self._hold_backlog()
            else:
                self._was_open = False
                self._release_backlog()
                self.transport.resume_reading()
        if self._parser.is_open and not self._was_open:
            self._since = self._loop.time()
        self._was_open = self._parser.is_open

    def _hold_backlog(self) -> None:
        size = len(self._unparsed)
        if self._site.memory.take(self._client, size):
            self._backlog = size
        else:
            self._unparsed, self._at = b"", 0
            self._refuse(Unavailable())

    def _release_backlog(self) -> None:
        self._site.memory.give_back(self._client, self._backlog)
        self._backlog = 0

    def _refuse(self, fault: Fault) -> None:
        """Refuse the request that is arriving, in its turn, and all that would come after it."""
        self._is_last = self._is_deaf = True
        arriving = self._parser.arriving
        if self._current is not None and self._current.content.is_awaited:
            self._current.content.fail(fault)
        elif arriving is None or arriving in self._waiting:
            request = self._parser.partial() if arriving is None else self._waiting.pop()
            self._refusal = request, self._site.application.refuse(request, fault)
        else:
            self.transport.close()  # its answer is given already

    # Requests become answers

    def _begin(self, request: Request) -> None:
        self._current = request
        coroutine = self._site.application.answer(request)
        if self._site.eager:
            try:
                response, task = step(self._loop, coroutine)
            except asyncio.CancelledError:
                self._abort(request)
                return
        else:
            response, task = None, self._loop.create_task(coroutine)
        if response is not None:
            self._finish(request, response)
        elif task is not None:
            self._watch(task, partial(self._answered, request))

    def _watch(self, task: Task[Any], on_done: Any) -> None:
        self._task = task
        self._site.tasks.add(task)
        task.add_done_callback(self._site.tasks.discard)
        task.add_done_callback(on_done)

    def _answered(self, request: Request, task: Task[Response | Stream]) -> None:
        self._task = None
        if task.cancelled():
            self._abort(request)
        else:
            self._finish(request, task.result())
            self._work()

    def _abort(self, request: Request) -> None:
        """End the connection without an answer to the current request, or to any behind it."""
        self._is_last = self._is_deaf = True
        self._waiting.clear()
        self._let_go()
        if request.resets:
            connection = self.transport.get_extra_info("socket")
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, NO_LINGER)
        self.transport.abort()

    def _finish(self, request: Request, response: Response | Stream) -> None:
        if not isinstance(response, Stream):
            self._let_go()
            self._write(request, response)
            return
        self._streams = True
        task = self._loop.create_task(self._send_stream(request, response))
        self._watch(task, partial(self._stream_ended, response))
        if self.transport.is_closing():
            task.cancel()

    def _let_go(self) -> None:
        """
        Release the current request.

        A body that has not arrived whole ends the connection, unless at most MAX_DRAINED bytes, of
        a known length, are left to drop.
        """
        request, self._current = self._current, None
        if request is None or request.content is NO_BODY:
            return
        if not request.content.whole:
            rest = 0 if self._parser.expects_continue else self._parser.missing
            self._is_deaf = self._is_deaf or not 0 < rest <= MAX_DRAINED
            self._is_last = self._is_last or self._is_deaf
        request.content.close()
        self._site.bodies.give_back(self._client, self._body_bytes)
        self._body_bytes = 0

    def _write(self, request: Request, response: Response) -> None:
        closes = self._is_last and not self._waiting and self._refusal is None
        date = request.date or self._site.date
        self._out.say(answers.whole(request, response, date, closes=closes))
        self._settle(closes)

    def _settle(self, closes: bool) -> None:
        """Wait for the next request, or for the end of the connection."""
        self._since, self._has_answered = self._loop.time(), True
        if closes:
            more = not self._half_closed and (self._is_deaf or self._parser.is_open)
            self._is_deaf = True
            self._out.end(reads=more)

    async def _send_stream(self, request: Request, stream: Stream) -> None:
        chunked, closes = request.version != "1.0", self._is_last
        date = request.date or self._site.date
        self._out.say(answers.beginning(request, stream, date, chunked=chunked, closes=closes))
        async with aclosing(stream.pieces) as pieces:
            async for piece in pieces:
                if piece:
                    self._out.say(answers.chunk(piece) if chunked else piece)
                    self._out.flush()
                await self._out.readable()
        if chunked:
            self._out.say(answers.LAST_CHUNK)

    def _stream_ended(self, stream: Stream, task: Task[None]) -> None:
        self._task, self._streams = None, False
        stream.on_end()
        self._let_go()
        if task.cancelled():
            self.transport.abort()
            return
        self._settle(self._is_last and not self._waiting and self._refusal is None)
        self._work()
        task.result()
