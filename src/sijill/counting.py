"""
The counter of the settings: for one process, for those of a machine, or for several machines.

Servers of one data folder share its limits unless they count apart, which the log says.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from sijill.folders import make_private
from sijill.limits.fallback import Fallback
from sijill.limits.memory import MemoryCounters
from sijill.limits.sqlite import SQLiteCounters
from sijill.limits.window import Counters, SharedCounters
from sijill.settings import Settings
from sijill.telemetry.logs import log
from sijill.telemetry.metrics import Metrics
from sijill.temporary import claimed
from sijill.temporary import count as count_held


async def open_counters(settings: Settings, metrics: Metrics) -> Counters:
    """
    Return the counter of the settings: memory for one process, else a shared one.

    A shared one that is away is stood in for by this process's share of what was left: that
    divided by the number of processes that count.
    Raises: ValueError if redis_url is a cluster, or no address of Redis.
    """
    kind = counter_kind(settings)
    if kind == "memory":
        return MemoryCounters()
    shared = await _redis(settings) if kind == "redis" else _sqlite(settings)
    return Fallback(
        shared,
        share=settings.nodes * settings.workers,
        on_error=settings.on_counter_error,
        monotonic=time.monotonic,
        on_change=_log_counter,
        on_degraded=metrics.degraded,
    )


async def _redis(settings: Settings) -> SharedCounters:
    from sijill.limits.redis import RedisCounters  # 8 MB: loaded where it is used

    counters = RedisCounters(settings.redis_url)
    if not await counters.prepare():
        place = urlsplit(settings.redis_url)
        log.warning(
            "counter_away_at_start",
            host=place.hostname or place.path,
            port=place.port or REDIS_PORT,
            meanwhile=_MEANWHILE[settings.on_counter_error],
        )
    return counters


REDIS_PORT = 6379

_MEANWHILE = {
    "local": "each process counts its share of every limit",
    "open": "every request passes",
    "closed": "every request that a limit counts is refused",
}
"""The behaviour while the shared counter is away, by on_counter_error."""


def _sqlite(settings: Settings) -> SharedCounters:
    folder = Path(settings.data_dir)
    make_private(folder)
    return SQLiteCounters(folder / "limiter.db")


def counter_kind(settings: Settings) -> str:
    """Return where limits are counted: memory, sqlite or redis."""
    if settings.counters != "auto":
        return settings.counters
    if settings.redis_url:
        return "redis"
    return "sqlite" if settings.workers > 1 else "memory"


APART = (
    "another server uses this data_dir, and one of them counts in memory: each admits the whole of"
    " every limit; give both counters = sqlite, or serve with workers instead"
)


def counted_apart(settings: Settings) -> bool:
    """Return whether the servers of the data folder and one of these settings count apart."""
    in_memory = counter_kind(settings) == "memory"
    return count_held(settings.data_dir, "server" if in_memory else "server-memory") > 0


def servers_apart(data_dir: str) -> bool:
    """Return whether servers that run on the data folder count apart."""
    return count_held(data_dir, "server-memory") > 0 and count_held(data_dir, "server") > 1


@contextmanager
def place(settings: Settings) -> Iterator[None]:
    """Hold a place among the servers of the data folder; the log says if they count apart."""
    if counted_apart(settings):
        log.warning("limits_counted_apart", advice=APART)
    with claimed(settings.data_dir, f"server-{counter_kind(settings)}"):
        yield


def _log_counter(away: bool) -> None:
    log.warning("counter_away" if away else "counter_back")
