"""Writes to a linked store: refused, or passed on to upstream, whose answer is then the answer."""

from collections.abc import Callable, Sequence
from datetime import datetime

import msgspec
from msgspec import Struct

from sijill.errors import MethodNotAllowed
from sijill.http.request import Request, Response
from sijill.mirror.answers.asking import Clients, NoAnswer, ask, passed_on, target_of, unavailable
from sijill.mirror.answers.handlers import OK, MirrorAnswers
from sijill.mirror.answers.headers import forwarded
from sijill.mirror.model import MirrorStore, Reply
from sijill.mirror.table import MirrorTable


class _Subject(Struct):
    id: int


class _Written(Struct):
    data: _Subject


class MirrorWrites:
    """Answers writes to linked stores."""

    def __init__(
        self,
        answers: MirrorAnswers,
        mirror: MirrorTable,
        clients: Clients,
        now: Callable[[], datetime],
        *,
        through: bool,
    ) -> None:
        """`through` passes writes on."""
        self._answers, self._mirror, self._clients = answers, mirror, clients
        self._now, self._through = now, through

    async def write(self, request: Request, store: MirrorStore, reads: Sequence[str]) -> Response:
        """
        Answer a write with upstream's answer, and ask for what it wrote.

        Raises: MethodNotAllowed, which names the `reads` of the path, if writes are not passed on.
        """
        if not self._through:
            raise MethodNotAllowed(reads)
        reply = await ask(self._clients, store, request, request.method, target_of(request))
        if isinstance(reply, NoAnswer):
            return unavailable(request, reply, forwarded("method", None, detail=reply.why))
        if 200 <= reply.status < 300:
            await self._follow(request, store, reply.body)
        status = forwarded("method", reply.status)
        return passed_on(reply, [(b"cache-status", status.encode("ascii"))])

    async def _follow(self, request: Request, store: MirrorStore, body: bytes) -> None:
        """Ask for the customer that was written; one that was deleted is checked with proof."""
        customer_id = _subject_of(request, body)
        if customer_id is None:
            return
        if request.method != "DELETE" or "blacklist" in request.route:
            reply = await self._answers.refresh(store, request, customer_id)
            if isinstance(reply, Reply) and reply.status == OK:
                return
        await self._mirror.queue_check(store.store_id, customer_id, self._now())


def _subject_of(request: Request, body: bytes) -> int | None:
    """Return the id of the customer that a write was about, or None."""
    if "{customer}" in request.route:
        return request.found_id
    if request.route != "/customers":
        return None
    try:
        return _written.decode(body).data.id
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None


_written = msgspec.json.Decoder(_Written)
