"""How long every class of data is kept, and the job of every server that clears what is older."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from sijill.bulk.model import KEPT as KEPT_BULK
from sijill.database.columns import micros
from sijill.database.idempotency_keys import LIFETIME
from sijill.errors import Unavailable
from sijill.imports.model import KEPT
from sijill.job import Job
from sijill.limits.usage import KEPT as KEPT_USAGE
from sijill.mirror.heard.table import KEPT as HEARD
from sijill.register import Register
from sijill.settings import Settings
from sijill.telemetry.logs import log

Clear = Callable[[Register, datetime, datetime], Awaitable[object]]
"""Clears what is from before the first moment; the second one is now."""


class DataClass(NamedTuple):
    """A class of data that is kept for a while. The texts are those of the reference."""

    name: str
    lifetime: timedelta | str
    """How long, or the name of the setting that says it."""
    since: str
    """From which moment on it is kept that long."""
    cleared: str
    """What happens to the data then."""
    clear: Clear

    def before(self, settings: Settings, now: datetime) -> datetime:
        """Return the moment of which the class keeps nothing older."""
        if isinstance(self.lifetime, timedelta):
            return now - self.lifetime
        kept: timedelta = getattr(settings, self.lifetime)
        return now - kept


def _runs(*statements: str) -> Clear:
    """Return what runs statements, each a transaction that takes the moment alone."""

    async def clear(register: Register, before: datetime, _now: datetime) -> None:
        for name in statements:
            await register.driver.run(name, micros(before))

    return clear


async def _give_up(register: Register, before: datetime, now: datetime) -> None:
    if expired := await register.outbox.give_up(before, now):
        log.warning("deliveries_expired", count=expired)


async def _prune(register: Register, before: datetime, _now: datetime) -> None:
    await register.outbox.prune(before)


async def _remove_copies(register: Register, before: datetime, _now: datetime) -> None:
    await register.driver.remove_backups(before)


async def _forget_entries(register: Register, before: datetime, _now: datetime) -> None:
    await register.audit.prune(micros(before))


_END_OF_IMPORT = "the end of the import"

CLASSES: Sequence[DataClass] = (
    DataClass(
        "waiting deliveries",
        "event_retention",
        "the event",
        "given up: they are dead, and stay with their event for as long once more",
        _give_up,
    ),
    DataClass(
        "events and their deliveries",
        "event_retention",
        "the event, or the end of a delivery that was given up by age",
        "deleted; the feed remembers up to which position",
        _prune,
    ),
    DataClass(
        "idempotency keys",
        LIFETIME,
        "the request",
        "deleted",
        _runs("forget_idempotency_keys"),
    ),
    DataClass(
        "names of uploaded files",
        KEPT,
        _END_OF_IMPORT,
        "emptied; the counts of the import stay",
        _runs("forget_import_names"),
    ),
    DataClass(
        "rows of uploaded files",
        KEPT,
        _END_OF_IMPORT,
        "deleted, if they were not at once, when they were imported",
        _runs("forget_import_batches"),
    ),
    DataClass(
        "refused rows of imports",
        KEPT,
        _END_OF_IMPORT,
        "deleted",
        _runs("forget_import_rejects", "forget_rejects_sizes"),
    ),
    DataClass(
        "lists of the customers that an import created",
        KEPT,
        _END_OF_IMPORT,
        "deleted; the import can be undone no more",
        _runs("forget_import_created"),
    ),
    DataClass(
        "last values of customers that the upstream of a mirror deleted",
        "event_retention",
        "the moment at which the deletion was known",
        "emptied; the id stays",
        _runs("forget_mirror_bodies"),
    ),
    DataClass(
        "changes of all customers of a selection",
        KEPT_BULK,
        "the end of the change, or its beginning if nobody confirmed it",
        "deleted",
        _runs("forget_bulk_changes"),
    ),
    DataClass(
        "webhooks that a mirror heard",
        HEARD,
        "the webhook",
        "deleted; the body was emptied as soon as it was worked",
        _runs("forget_mirror_webhooks"),
    ),
    DataClass(
        "figures of how fresh and how complete a mirror was",
        timedelta(days=30),
        "the figure",
        "deleted",
        _runs("forget_mirror_history"),
    ),
    DataClass(
        "numbers of requests by app and ten minutes",
        KEPT_USAGE,
        "the beginning of the ten minutes",
        "deleted",
        _runs("forget_limit_usage"),
    ),
    DataClass(
        "OAuth codes, used or not",
        timedelta(days=1),
        "the expiry of the code",
        "deleted from the authorization, which stays",
        _runs("forget_codes"),
    ),
    DataClass(
        "refresh tokens, used or not",
        timedelta(days=1),
        "the expiry of the token",
        "deleted",
        _runs("forget_refresh_tokens"),
    ),
    DataClass(
        "sessions of people",
        "session_lifetime",
        "the sign-in",
        "deleted",
        _runs("forget_sessions"),
    ),
    DataClass(
        "which people see values whole",
        timedelta(0),
        "the end of the five minutes",
        "deleted; the audit log keeps who, why and whom",
        _runs("forget_reveals"),
    ),
    DataClass(
        "set-up links",
        timedelta(0),
        "the expiry of the link",
        "deleted",
        _runs("forget_expired_setup_links"),
    ),
    DataClass(
        "invitations to a store: a name, an e-mail and a link",
        timedelta(0),
        "the expiry of the link",
        "deleted",
        _runs("forget_invitations"),
    ),
    DataClass(
        "entries of the audit log: ids and names of fields alone",
        "audit_retention",
        "the last entry of their block",
        "deleted block by block; the log tells how many",
        _forget_entries,
    ),
    DataClass(
        "old states of the database, from before migrations and restores",
        timedelta(days=30),
        "the migration or the restore",
        "removed from the folder of the SQLite file",
        _remove_copies,
    ),
)
"""In the order in which they are cleared."""


class Retention(Job):
    """The job: it clears every class, then empties the log that holds what was deleted."""

    EVERY = 60.0
    FAULT = "retention_failed"

    def __init__(self, register: Register, settings: Settings, clock: Callable[[], float]) -> None:
        """`clock` gives UTC epoch seconds."""
        super().__init__()
        self._register, self._settings, self._clock = register, settings, clock

    async def turn(self) -> bool:
        """
        Clear every class; a fault of one stops no other. Return that there is no more to do.

        Raises: Unavailable.
        """
        now = datetime.fromtimestamp(self._clock(), UTC)
        for data in CLASSES:
            try:
                await data.clear(self._register, data.before(self._settings, now), now)
            except Unavailable:
                raise
            except Exception as fault:
                self.failed(fault)
        await self._register.driver.empty_log()
        return False
