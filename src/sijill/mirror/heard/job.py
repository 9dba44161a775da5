"""The job that works the webhooks that were heard, each in the order in which it was heard."""

from collections.abc import Callable

from sijill.database.columns import moment
from sijill.errors import Unavailable
from sijill.job import Job
from sijill.mirror.applying import Applier
from sijill.mirror.heard.model import Heard, Told, customer_of, meaning_of, read
from sijill.mirror.heard.table import HeardTable
from sijill.mirror.model import MICROS, Misshapen
from sijill.mirror.table import COALESCED, MirrorTable
from sijill.mirror.upstream.table import LinkTable
from sijill.telemetry.logs import log

BATCH = 100
"""Bodies in memory at once."""


class Hearing(Job):
    """Works webhooks until it is stopped. Several may run: each body is merged in its own order."""

    FAULT = "mirror_hearing_failed"

    def __init__(
        self,
        heard: HeardTable,
        links: LinkTable,
        mirror: MirrorTable,
        applier: Applier,
        clock: Callable[[], float],
        on_row: Callable[[float], None],
    ) -> None:
        """`on_row` gets the seconds from a webhook to its row; `clock` gives UTC seconds."""
        super().__init__()
        self._heard, self._links, self._mirror = heard, links, mirror
        self._applier, self._clock, self._on_row = applier, clock, on_row

    async def turn(self) -> bool:
        """Work what waits; return whether there is more. Raises: Unavailable."""
        more = False
        for store in await self._mirror.all():
            waiting = await self._heard.waiting(store.store_id, BATCH)
            for heard in waiting:
                await self._work(heard)
            more = more or len(waiting) == BATCH
        return more

    async def _work(self, heard: Heard) -> None:
        """Work one body; one that cannot be worked is a hint lost, which a sweep makes good."""
        told = read(heard.body)
        try:
            if told is not None:
                await self._follow(heard, told)
        except Unavailable:
            raise
        except Exception as fault:
            self.failed(fault)
        await self._heard.worked(heard)

    async def _follow(self, heard: Heard, told: Told) -> None:
        link = await self._links.find(heard.store_id)
        match meaning_of(told, None if link is None else link.merchant):
            case "merge":
                await self._merge(heard, bytes(told.data))
            case "uninstalled":
                log.error("mirror_uninstalled", store=heard.store_id)
                await self._mirror.set_trouble(heard.store_id, "needs_authorisation", "uninstalled")

    async def _merge(self, heard: Heard, data: bytes) -> None:
        """Merge a partial body; one that cannot be read is only a hint to ask."""
        try:
            outcome = await self._applier.merge(
                heard.store_id, data, heard.sequence, heard.heard_at
            )
        except Misshapen:
            customer_id = customer_of(data)
            if customer_id is not None:
                due = moment(heard.heard_at + COALESCED * MICROS)
                await self._mirror.queue_check(heard.store_id, customer_id, due)
            return
        if outcome == "changed":
            self._on_row(self._clock() - heard.heard_at / MICROS)
