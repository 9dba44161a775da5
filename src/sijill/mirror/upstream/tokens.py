"""
The tokens of linked stores: renewed at half of their life, and no refresh token is sent twice.

A refresh token is marked as spent, in the database, before it is sent. Where its answer is lost,
nobody can know whether upstream has taken it: a second sending could be that of a used token,
which ends the whole grant. The access token then serves for as long as it lives, and a person
links again.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable
from typing import NamedTuple

from sijill.errors import Unavailable
from sijill.mirror.model import MICROS, NeedsAuthorisation, UpstreamAway
from sijill.mirror.upstream.exchange import Exchange
from sijill.mirror.upstream.model import (
    PATIENCE,
    Issued,
    Link,
    Lost,
    Next,
    Unsent,
    decide,
    decide_refused,
    without_renewal,
)
from sijill.mirror.upstream.table import LinkTable
from sijill.telemetry.logs import log


class _Unsaved(NamedTuple):
    """A pair that the database did not take yet; nobody has used it."""

    link: Link
    issued: Issued
    received_at: int


class Tokens:
    """The tokens of every linked store, for one process. Every method may raise Unavailable."""

    def __init__(self, links: LinkTable, exchange: Exchange, clock: Callable[[], float]) -> None:
        """`clock` gives UTC epoch seconds."""
        self._links, self._exchange, self._clock = links, exchange, clock
        self._turns: defaultdict[int, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._unsaved: dict[int, _Unsaved] = {}

    async def current(self, store_id: int) -> Link:
        """
        Return the link of a store, with an access token that lives; renew it if that is due.

        Raises: NeedsAuthorisation; UpstreamAway while another process renews a dead one.
        """
        async with self._turns[store_id]:
            link = await self._read(store_id)
            return await self._follow(link, decide(link, self._now()))

    async def after_refusal(self, refused: Link) -> Link:
        """
        Return a link with another access token than the one that upstream refused.

        Raises: as `current`.
        """
        async with self._turns[refused.store_id]:
            link = await self._read(refused.store_id)
            if link.pair != refused.pair:
                return link
            renewed = await self._follow(link, decide_refused(link, self._now()))
            if renewed.pair != refused.pair:
                return renewed
            if renewed.spent_at is None or decide_refused(renewed, self._now()) == "wait":
                raise UpstreamAway("renewal")
            raise NeedsAuthorisation

    async def _follow(self, link: Link, then: Next) -> Link:
        match then:
            case "renew":
                return await self._renew(link)
            case "wait":
                raise UpstreamAway("renewal")
            case "authorise":
                raise NeedsAuthorisation
            case _:
                return link

    async def _renew(self, link: Link) -> Link:
        """Send the refresh token, once in its life, and return the link that then serves."""
        now = self._now()
        if not await self._links.spend(link, now):  # another process was faster
            link = await self._read(link.store_id)
            return await self._follow(link, without_renewal(link, now))
        outcome = await self._exchange.renew(link)
        if isinstance(outcome, Unsent):
            await self._links.unspend(link, now)
            log.warning("mirror_renewal_unsent", store=link.store_id, reason=outcome.reason)
            return await self._follow(link, without_renewal(link, now))
        if isinstance(outcome, Lost):
            log.error("mirror_renewal_lost", store=link.store_id, reason=outcome.reason)
            lost = link._replace(spent_at=now - PATIENCE)
            return await self._follow(lost, decide(lost, self._now()))
        self._unsaved[link.store_id] = _Unsaved(link, outcome, self._now())
        return await self._read(link.store_id)

    async def _read(self, store_id: int) -> Link:
        """Return the link as the database has it, after a pair that waits was written."""
        unsaved = self._unsaved.get(store_id)
        if unsaved is not None:
            await self._links.replace(*unsaved)
            del self._unsaved[store_id]
        link = await self._links.find(store_id)
        if link is None:
            raise NeedsAuthorisation
        return link

    async def flush(self) -> None:
        """Write the pairs that wait; called before the process ends. Raises: Unavailable."""
        for store_id in list(self._unsaved):
            try:
                await self._read(store_id)
            except NeedsAuthorisation:
                continue
            except Unavailable:
                log.error("mirror_renewal_lost", store=store_id, reason="unsaved")
                raise

    def _now(self) -> int:
        return int(self._clock() * MICROS)
