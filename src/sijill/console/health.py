"""The health of a server, and of the webhooks and the mirror of one of its stores."""

import platform
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from sijill import __version__
from sijill.checks import Status, of_backup, of_deliveries, of_disk, of_sealing, worst
from sijill.console.answers import show
from sijill.console.desk import Desk
from sijill.console.formats import Moment, moment
from sijill.errors import Unavailable
from sijill.http.request import Request, Response
from sijill.limits.window import CounterAway
from sijill.mirror.model import State, state_of
from sijill.oauth.visits import Visit
from sijill.webhooks.queue import queue_of

PLACE = "nav_health"

MOST = 1_000
"""Waiting and failed deliveries that are counted, at most."""

OF_MIRROR: Mapping[State, tuple[Status, str]] = {
    "linked": ("pass", "health_mirror_linked"),
    "backfilling": ("pass", "health_mirror_backfilling"),
    "live": ("pass", "health_mirror_live"),
    "paused": ("warn", "health_mirror_paused"),
    "degraded": ("warn", "health_mirror_degraded"),
    "needs_authorisation": ("fail", "health_mirror_needs_authorisation"),
    "halted": ("fail", "health_mirror_halted"),
}
"""How a state of a mirror is judged, and its word."""

OF_DISK: Mapping[Status, str] = {
    "pass": "health_disk_pass",
    "warn": "health_disk_warn",
    "fail": "health_disk_fail",
}
"""The word of each judgement of a disk."""


class Check(NamedTuple):
    """One thing that was looked at."""

    word: str
    """The key of the word of what was looked at."""
    status: Status
    told: str
    """The key of the word of what was found."""
    at: Moment | None = None
    """The moment that the word is about."""
    detail: str = ""
    """A version or a size, for those who may see the server."""


class Number(NamedTuple):
    """How many there are, and from when on it was not counted any further."""

    word: str
    number: int
    is_all: bool = True


@dataclass(frozen=True)
class Health:
    """What was found."""

    store: Sequence[Check]
    """Of the store alone."""
    numbers: Sequence[Number]
    """Of its webhooks."""
    server: Sequence[Check]
    """Of the whole server."""

    @property
    def wanting(self) -> int:
        """How many checks found something that wants attention."""
        return sum(check.status != "pass" for check in (*self.store, *self.server))

    @property
    def status(self) -> Status:
        """The worst result."""
        return worst([check.status for check in (*self.store, *self.server)])

    @property
    def server_status(self) -> Status:
        """The worst result of what every store shares."""
        return worst([check.status for check in self.server])


@dataclass(frozen=True)
class HealthPage:
    """Answers with the health of the server, and of what a store has on it."""

    desk: Desk

    async def show(self, request: Request, visit: Visit) -> Response:
        """Answer with the page."""
        health = await examine(self.desk, visit)
        return show(
            visit,
            "health.html",
            PLACE,
            health=health,
            schema=await self._schema(health),
            version=__version__,
            python=platform.python_version(),
        )

    async def _schema(self, health: Health) -> int | None:
        """Return the version of the schema; None while the database does not answer."""
        is_there = health.server[0].status != "fail"
        return await self.desk.register.schema.version() if is_there else None


async def examine(desk: Desk, visit: Visit) -> Health:
    """Look at everything; nothing that is found is raised."""
    database = await _database(desk)
    if database.status == "fail":
        return Health([], [], [database, await _counter(desk)])
    webhooks, numbers = await _webhooks(desk, visit)
    server = [database, await _counter(desk), await _audit(desk, visit)]
    server += [*_replica(desk), *_backup(desk, visit), *_disk(desk)]
    return Health([webhooks, *await _mirror(desk, visit)], numbers, server)


async def _database(desk: Desk) -> Check:
    """Look at the database as `/readyz` does."""
    try:
        await desk.register.schema.ping()
        version = await desk.register.schema.server_version()
    except Unavailable:
        return Check("health_database", "fail", "health_silent")
    return Check("health_database", "pass", "health_answers", detail=version)


def _replica(desk: Desk) -> list[Check]:
    """Look at the replica as `/readyz` does, where there is one."""
    is_readable = desk.replica()
    if is_readable is None:
        return []
    if is_readable:
        return [Check("health_replica", "pass", "health_answers")]
    return [Check("health_replica", "warn", "health_replica_left_out")]


async def _counter(desk: Desk) -> Check:
    try:
        about = await desk.limiter.counters.about()
    except CounterAway:
        return Check("health_counter", "fail", "health_silent")
    told = "health_answers" if about else "health_counter_here"
    return Check("health_counter", "pass", told, detail=about)


async def _audit(desk: Desk, visit: Visit) -> Check:
    audit = desk.register.audit
    if audit.level == "off":
        return Check("health_audit", "warn", "health_audit_off")
    sealed_at, waiting_since = await audit.sealing()
    status = of_sealing(waiting_since, desk.now())
    if status != "pass" and waiting_since is not None:
        at = moment(waiting_since, visit.store.timezone)
        return Check("health_audit", status, "health_audit_waits", at)
    if sealed_at is None:
        return Check("health_audit", status, "health_audit_empty")
    at = moment(sealed_at, visit.store.timezone)
    return Check("health_audit", status, "health_audit_sealed", at)


def _backup(desk: Desk, visit: Visit) -> list[Check]:
    """Look at the note of the last backup; a sandbox has none."""
    if desk.last_backup is None:
        return []
    last = desk.last_backup()
    taken_at = datetime.fromtimestamp(last, UTC) if last else None
    status = of_backup(taken_at, desk.now())
    if taken_at is None:
        return [Check("health_backup", status, "health_no_backup")]
    told = "health_backup_taken" if status == "pass" else "health_backup_old"
    return [Check("health_backup", status, told, moment(taken_at, visit.store.timezone))]


def _disk(desk: Desk) -> list[Check]:
    """Look at the disk of a SQLite file; that of a server of PostgreSQL is not here."""
    folder = Path(desk.settings.data_dir)
    if desk.last_backup is None or desk.register.driver.dialect != "sqlite" or not folder.is_dir():
        return []
    usage = shutil.disk_usage(folder)
    status = of_disk(usage.free, usage.total)
    detail = f"{usage.free / 2**30:,.1f} / {usage.total / 2**30:,.1f} GiB"
    return [Check("health_disk", status, OF_DISK[status], detail=detail)]


async def _webhooks(desk: Desk, visit: Visit) -> tuple[Check, list[Number]]:
    queue = await queue_of(desk.register.driver, visit.store.id, MOST)
    silent = await desk.register.webhooks.without_grant(desk.now(), visit.store.id)
    paused = queue.paused + len(silent)
    status = of_deliveries(paused + queue.failing, queue.failed)
    numbers = [
        Number("health_endpoints", queue.webhooks),
        Number("health_paused", paused),
        Number("health_failing", queue.failing),
        Number("health_waiting", queue.waiting, queue.waiting < MOST),
        Number("health_failed", queue.failed, queue.failed < MOST),
    ]
    if queue.failing and not (paused or queue.failed):
        return Check("health_webhooks", status, "health_webhooks_failing"), numbers
    if queue.oldest is not None:
        at = moment(queue.oldest, visit.store.timezone)
        return Check("health_webhooks", status, "health_webhooks_wait", at), numbers
    told = "health_webhooks_rest" if status == "pass" else "health_webhooks_trouble"
    return Check("health_webhooks", status, told), numbers


async def _mirror(desk: Desk, visit: Visit) -> list[Check]:
    """Look at the mirror of a store that is linked."""
    linked = await desk.register.mirror.find(visit.store.id)
    if linked is None:
        return []
    return [Check("health_mirror", *OF_MIRROR[state_of(linked)])]
