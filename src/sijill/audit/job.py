"""The background work of the audit log: every server process seals what it has in its own chain."""

from collections.abc import Callable
from contextlib import suppress

from sijill.audit.chain import Head
from sijill.audit.table import AuditTable, BrokenChain, new_head
from sijill.audit.views import ViewLog
from sijill.errors import Unavailable
from sijill.job import Job
from sijill.telemetry.logs import log

TELL_EVERY = 3600.0
"""Seconds between two lines of the log that tell the head: copies of it outside the database."""


class Auditor(Job):
    """Seals views and waiting entries until `stop`; while the database is away, views wait."""

    EVERY = 0.5
    """Seconds between two sealings: the views that a killed process may lose."""
    FAULT = "audit_failed"

    def __init__(self, table: AuditTable, views: ViewLog, monotonic: Callable[[], float]) -> None:
        super().__init__()
        self._table, self._views, self._monotonic = table, views, monotonic
        self._head, self._told = new_head(), (0, monotonic())

    async def stop(self) -> None:
        """Seal what is there, and tell the head."""
        await super().stop()
        with suppress(Unavailable):
            while await self.turn():
                pass
        self._tell()

    async def turn(self) -> bool:
        """
        Seal what is there; return whether more entries wait.

        Raises: Unavailable; the views stay in memory then.
        """
        lines = self._views.take()
        if not lines and not await self._table.has_waiting():
            return False
        try:
            self._head, more = await self._table.seal(self._head, lines)
        except BrokenChain:
            # The answer to the last commit was lost, or somebody changed the log: both chains stay.
            log.warning("audit_chain_ended", chain=self._head.chain, number=self._head.number)
            self._head = new_head()
            return True
        self._views.done()
        if self._monotonic() - self._told[1] >= TELL_EVERY:
            self._tell()
        return more or self._views.has_gap

    @property
    def head(self) -> Head:
        """The head of this process's chain."""
        return self._head

    def _tell(self) -> None:
        head = self._head
        if head.number > self._told[0]:
            log.info("audit_head", chain=head.chain, number=head.number, hash=head.hash.hex())
        self._told = head.number, self._monotonic()
