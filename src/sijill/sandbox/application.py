"""The application of a sandbox: control calls, and the requests of every namespace."""

from collections.abc import Callable
from contextlib import AsyncExitStack
from urllib.parse import urlsplit

import msgspec

from sijill.app import request_ids
from sijill.errors import Fault, NotFound
from sijill.http.health import Draining
from sijill.http.request import Request, Response, Stream
from sijill.sandbox.blueprint import Keys, make_blueprint
from sijill.sandbox.choice import Disagree, choose
from sijill.sandbox.control.api import UPLOADS, Control
from sijill.sandbox.control.problems import problem
from sijill.sandbox.namespaces import DEFAULT, Namespaces, NotThere
from sijill.sandbox.new import New
from sijill.server.application import Application
from sijill.settings import Settings
from sijill.telemetry.logs import kinds, log, places
from sijill.telemetry.metrics import Metrics

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


class Sandbox:
    """Leads each request to the control API, or to the namespace that it is in."""

    def __init__(self, namespaces: Namespaces, control: Control, new_id: Callable[[], str]) -> None:
        self.namespaces, self._control, self._new_id = namespaces, control, new_id

    async def answer(self, request: Request) -> Response | Stream:
        """
        Return the answer to one request.

        Raises: CancelledError for a fault that sends no answer.
        """
        request.id = self._new_id()
        try:
            if self._control.is_control(request):
                return await self._control.answer(request)
            return await (await choose(self.namespaces, request)).answer(request)
        except Disagree:
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
        return self.namespaces.find(DEFAULT).instance.dispatcher.refuse(request, fault)


async def open_sandbox(
    settings: Settings, public_url: str, keys: Keys, document: bytes | None = None
) -> Application:
    """
    Return the application of a sandbox, with its default namespace.

    It answers control calls with the admin token of `keys`. `document` is the seed document of the
    default namespace, in JSON. Raises: SeedRefused.
    """
    base = settings.public_url or public_url
    blueprint = await make_blueprint(settings, Metrics(), keys.key, keys.password, lambda: base)
    namespaces = Namespaces(blueprint)
    async with AsyncExitStack() as closing:
        closing.push_async_callback(namespaces.close)
        await namespaces.create(New(DEFAULT, seed=msgspec.Raw(document or b"")))
        control = Control(namespaces, keys.admin_token, hosts_of(settings))
        sandbox = Sandbox(namespaces, control, request_ids())
        # Journals wait with a timeout, and faults cancel: both need a task.
        return Application(sandbox, Draining(namespaces.drain), False, closing.pop_all(), UPLOADS)


def hosts_of(settings: Settings) -> frozenset[str]:
    """Return the names, without port, by which the control API may be called."""
    public = urlsplit(settings.public_url).hostname or settings.host
    return LOOPBACK | {settings.host, public, *settings.tls_names}
