"""The application of a sandbox: control calls, and the requests of every namespace."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import AsyncExitStack
from datetime import datetime
from secrets import randbits
from typing import Any
from urllib.parse import urlsplit

import msgspec

from sijill.database.sealing import Sealer
from sijill.demo_credentials import Credentials
from sijill.errors import Fault, NotFound, NotHTTP
from sijill.http.body import NO_BODY
from sijill.http.health import Draining
from sijill.http.request import Request, Response, Stream
from sijill.opening import sealer
from sijill.sandbox.blueprint import SEALING_KEY, Keys, make_blueprint
from sijill.sandbox.choice import Disagree, choose, choose_at_once, choose_refused
from sijill.sandbox.control.api import UPLOADS, Control
from sijill.sandbox.control.description import ControlDescription
from sijill.sandbox.control.problems import problem, problem_of
from sijill.sandbox.home import open_home
from sijill.sandbox.instance import LOOPBACK
from sijill.sandbox.namespaces import DEFAULT, Namespaces, NotThere
from sijill.sandbox.new import New
from sijill.sandbox.source import Source
from sijill.sandbox.terminal import Terminal
from sijill.server.application import Application
from sijill.settings import Settings
from sijill.telemetry.logs import RequestLog, access_log, kinds, log, places
from sijill.values.urls import canonical_host

CONTROL = " control"
"""The name by which the ids of control calls are drawn: no namespace can have it."""


class Sandbox:
    """Leads each request to the control API, or to the namespace that it is in."""

    def __init__(
        self,
        namespaces: Namespaces,
        control: Control,
        new_id: Callable[[], str],
        terminal: Terminal | None,
    ) -> None:
        self.namespaces, self._control, self._new_id = namespaces, control, new_id
        self._terminal = terminal

    def answer(self, request: Request) -> Coroutine[Any, Any, Response | Stream]:
        """
        Return the answer to one request, and write its line on the terminal.

        Raises: CancelledError for a fault that sends no answer.
        """
        if self._terminal is None and request.content is NO_BODY:  # a plain read
            found = choose_at_once(self.namespaces, request)
            if found is not None:
                return found.answer(request)
        return self._answer(request)

    async def _answer(self, request: Request) -> Response | Stream:
        """Return the answer to any request."""
        if self._control.is_control(request):
            request.id = self._new_id()
            return await self._guarded(request, self._control.answer(request))
        try:
            response = await self._guarded(request, self._in_namespace(request))
        except asyncio.CancelledError:
            if self._terminal is not None:
                self._terminal.unanswered(request)
            raise
        if self._terminal is not None:
            self._terminal.answered(request, response)
        return response

    async def _in_namespace(self, request: Request) -> Response | Stream:
        return await (await choose(self.namespaces, request)).answer(request)

    async def _guarded(
        self, request: Request, answer: Awaitable[Response | Stream]
    ) -> Response | Stream:
        """Return an answer, or the refusal if it fails."""
        try:
            return await answer
        except Disagree:
            request.id = self._new_id()
            return problem(409, "the request names two namespaces")
        except NotThere:
            return self.refuse(request, NotFound())
        except Fault as fault:
            return self.refuse(request, fault)
        except Exception as fault:
            log.error("sandbox_failed", fault=kinds(fault), at=places(fault))
            return self.refuse(request, Fault())

    def refuse(self, request: Request, fault: Fault) -> Response:
        """Return the answer to a request that the server refuses by itself."""
        request.fault = fault
        # A head that is not complete is not taken apart yet.
        request.path, _, query = request.path.partition(b"?")
        request.query = request.query or query
        if self._control.is_control(request) and not isinstance(fault, NotHTTP):
            request.id = self._new_id()
            return problem_of(fault)
        namespace = choose_refused(self.namespaces, request)
        if not request.path:  # nothing has arrived that a journal could tell
            return namespace.instance.dispatcher.refuse(request, fault)
        return namespace.refuse(request, fault)


async def open_sandbox(
    settings: Settings,
    public_url: str,
    keys: Keys,
    document: bytes | None = None,
    login: Credentials | None = None,
    terminal: Callable[[str], None] | None = None,
    on_progress: Callable[[int], None] = lambda done: None,
) -> Application:
    """
    Return the application of a sandbox, with its default namespace.

    It answers control calls with the admin token of `keys`. `document` is the seed document of the
    default namespace, in JSON. With what is to log in to it, that namespace lies in the data
    folder; else it is in memory too. `terminal` gets a line for each request, and
    `on_progress` the number of made-up customers done so far.
    Raises: SeedRefused; as `open_home`.
    """
    base = settings.public_url or public_url
    own, sealing = None, Sealer(SEALING_KEY)
    if login is not None:
        own, sealing = await open_home(settings, login), sealer(settings)
        keys = keys._replace(password=login.password)
    answers = access_log(settings.log_level, settings.log_format)
    journal = RequestLog(answers if settings.access_log else None)
    describe = ControlDescription(lambda: base)
    blueprint = await make_blueprint(
        *(settings, journal, keys, sealing, lambda: base, on_progress, describe)
    )
    namespaces = Namespaces(blueprint)
    async with AsyncExitStack() as closing:
        closing.callback(journal.flush)
        closing.push_async_callback(namespaces.close)
        # Ids of kept rows are taken: others come now.
        random = 0 if own is None or own.driver is None else randbits(62)
        default = New(DEFAULT, random, seed=msgspec.Raw(document or b""))
        await namespaces.create(default, own)
        control = Control(namespaces, keys.admin_token, hosts_of(settings))
        lines = None
        if terminal is not None:
            token = namespaces.find(DEFAULT).identity.credentials.token
            lines = Terminal(terminal, datetime.now, token)
            closing.callback(lines.flush)
        sandbox = Sandbox(namespaces, control, Source(keys.key, CONTROL, 0).request_id, lines)
        return Application(sandbox, Draining(namespaces.drain), True, closing.pop_all(), UPLOADS)


def hosts_of(settings: Settings) -> frozenset[str]:
    """Return the names, without port, by which the control API may be called."""
    public = urlsplit(settings.public_url).hostname or settings.host
    own = {canonical_host(name) for name in (settings.host, public)}
    return LOOPBACK | own | {*settings.tls_names, *settings.allowed_hosts}
