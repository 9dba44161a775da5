"""The route that upstream's webhooks come in by."""

from collections.abc import Callable
from typing import Literal

from sijill.errors import InvalidToken, NotFound
from sijill.http.request import Request, Response, json_response
from sijill.mirror.heard.model import SIGNATURE, is_genuine
from sijill.mirror.heard.table import HeardTable
from sijill.mirror.model import MICROS
from sijill.mirror.upstream.table import LinkTable

Outcome = Literal["stored", "repeated", "refused"]

HEARD = json_response(b'{"status":200,"success":true}')
"""Every answer to a genuine webhook, also to a repeated one."""


class HeardHandlers:
    """Answers webhooks of upstream."""

    def __init__(
        self,
        links: LinkTable,
        heard: HeardTable,
        clock: Callable[[], float],
        on_heard: Callable[[Outcome], None],
        wake: Callable[[], None],
    ) -> None:
        """`clock` gives UTC epoch seconds; `on_heard` counts; `wake` wakes what works bodies."""
        self._links, self._heard, self._clock = links, heard, clock
        self._on_heard, self._wake = on_heard, wake

    async def hear(self, request: Request) -> Response:
        """
        Store a webhook that upstream signed, and answer 200; it is worked later.

        Raises: NotFound for a store that is not linked; InvalidToken for a body that was not
        signed with its secret, and whenever the store has none; Unavailable.
        """
        at = int(self._clock() * MICROS)
        store_id, body = request.found_id, await request.body()
        link = await self._links.find(store_id)
        if link is None:
            raise NotFound
        if not is_genuine(link.webhook_secret, body, request.header(SIGNATURE)):
            self._on_heard("refused")
            raise InvalidToken("no signature of upstream")
        is_new = await self._heard.hear(store_id, body, at)
        self._on_heard("stored" if is_new else "repeated")
        self._wake()
        return HEARD._replace(headers=[*HEARD.headers])
