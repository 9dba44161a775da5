"""Requests to upstream: within the budget, with a token that lives, their answers looked at."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

import msgspec

from sijill.egress.message import Answered, NotSent
from sijill.egress.sending import Sender
from sijill.mirror.budget import Budget
from sijill.mirror.model import (
    MICROS,
    Lane,
    MirrorStore,
    NeedsAuthorisation,
    Reply,
    UpstreamAway,
    retry_after,
)
from sijill.mirror.upstream.model import Link
from sijill.mirror.upstream.shapes import Endpoint, endpoint_of
from sijill.mirror.upstream.tokens import Tokens

TIMEOUT = 30.0
"""Seconds for one request of upstream, its answer included."""

MAX_ANSWER = 4_194_304
"""Bytes of one answer: a page of 60 customers has some 60,000."""

OK, UNAUTHORIZED = 200, 401

OnRequest = Callable[[Lane, str], None]
"""Counts a request of a lane, with its outcome: the class of the status, or why no answer came."""

OnAnswer = Callable[[int, Endpoint, Any], Any]
"""Looks at the decoded answer of a store's endpoint; awaited."""


def _uncounted(lane: Lane, outcome: str) -> None:
    """Count nothing."""


class Client:
    """Asks the upstream of one linked store."""

    def __init__(
        self,
        store: MirrorStore,
        sender: Sender,
        tokens: Tokens,
        budget: Budget,
        clock: Callable[[], float],
        look: OnAnswer,
        on_request: OnRequest = _uncounted,
    ) -> None:
        """`clock` gives UTC epoch seconds."""
        self._store, self._sender, self._tokens = store, sender, tokens
        self._budget, self._clock = budget, clock
        self._look, self._on_request = look, on_request

    async def get(self, path: str, parameters: Sequence[tuple[str, str]], lane: Lane) -> Reply:
        """
        Return the answer to a GET of a path below `/admin/v2`.

        Raises: NoBudget; UpstreamAway; NeedsAuthorisation; Unavailable.
        """
        query = f"?{urlencode(parameters)}" if parameters else ""
        return await self.send("GET", path + query, lane)

    async def send(
        self, method: str, target: str, lane: Lane, body: bytes = b"", media_type: str = ""
    ) -> Reply:
        """
        Return the answer to a request; one whose token upstream refuses is sent again with another.

        Raises: as `get`.
        """
        reply = await self._sent(method, target, lane, body, media_type)
        endpoint = endpoint_of(target.partition("?")[0])
        if method == "GET" and reply.status == OK and endpoint is not None:
            await self._look(self._store.store_id, endpoint, _document(reply.body))
        return reply

    async def _sent(
        self, method: str, target: str, lane: Lane, body: bytes, media_type: str
    ) -> Reply:
        link = await self._tokens.current(self._store.store_id)
        reply = await self._once(link, method, target, lane, body, media_type)
        if reply.status != UNAUTHORIZED:
            return reply
        link = await self._tokens.after_refusal(link)
        reply = await self._once(link, method, target, lane, body, media_type)
        if reply.status == UNAUTHORIZED:
            raise NeedsAuthorisation
        return reply

    async def _once(
        self, link: Link, method: str, target: str, lane: Lane, body: bytes, media_type: str
    ) -> Reply:
        store = self._store
        admitted = await self._budget.admit(store.egress, store.store_id, lane)
        try:
            answer = await self._sender.ask(
                method, store.address + target, _headers(link, media_type), body
            )
        except NotSent as fault:
            self._on_request(lane, fault.reason)
            raise UpstreamAway(fault.reason) from None
        self._on_request(lane, f"{answer.status // 100}xx")
        await self._budget.told(store.egress, answer.status, retry_after(answer.headers))
        return self._reply(answer, admitted.sequence, admitted.at)

    def _reply(self, answer: Answered, sequence: int, sent_at: int) -> Reply:
        received_at = int(self._clock() * MICROS)
        return Reply(*answer, sequence=sequence, sent_at=sent_at, received_at=received_at)


def _headers(link: Link, media_type: str) -> list[tuple[str, str]]:
    """Return the header fields of a request; its answer comes as it is, not compressed."""
    fields = [
        ("Authorization", f"Bearer {link.access}"),
        ("Accept", "application/json"),
        ("Accept-Encoding", "identity"),
    ]
    return [*fields, ("Content-Type", media_type)] if media_type else fields


def _document(body: bytes) -> Mapping[str, Any]:
    """Return the JSON object of an answer. Raises: UpstreamAway for any other body."""
    try:
        document = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise UpstreamAway("body") from None
    if not isinstance(document, dict):
        raise UpstreamAway("body")
    return document
