"""The checks of an installation: each says its finding, and the remedy."""

import shutil
import stat
import sys
import time
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from sijill.backups.last import LastBackup, last_backup
from sijill.checks import Status, of_backup, of_deliveries, of_disk
from sijill.counting import APART, counter_kind, servers_apart
from sijill.database.migrate import SchemaRefused
from sijill.database.reasons import place_of, reason_of
from sijill.database.sealing import Unsealable, key_id
from sijill.errors import Unavailable
from sijill.opening import KEY_FILE, NoRegister, database_url, open_register
from sijill.register import Register
from sijill.replicas import UNMEASURED, troubles_of
from sijill.settings import SETTINGS, Settings
from sijill.telemetry.unnamed_proxy import is_noted

SOUND_SQLITE = (3, 51, 3)
"""The first SQLite without the WAL-reset bug, which can corrupt a file with several writers."""

MOST_DEAD = 1_000
"""Dead deliveries that the check counts, at most."""

_NAMED = 5
"""Apps that a sentence names at most."""

_SPACE = {
    "pass": "",
    "warn": ": free space, a full disk refuses writes",
    "fail": ": writes fail, free space",
}
"""The advice behind the finding about a disk."""

_IGNORED = {
    *("SIJILL_CONFIG", "SIJILL_REQUIRE", "SIJILL_NAMESPACE"),
    *("SIJILL_URL", "SIJILL_TOKEN", "SIJILL_CLIENT_ID", "SIJILL_CLIENT_SECRET"),
}


class Finding(NamedTuple):
    """One check: its name, its result, and a sentence for people."""

    check: str
    status: Status
    sentence: str


async def examine(settings: Settings, environ: Mapping[str, str]) -> list[Finding]:
    """Return every finding. The checks change nothing, and go on after a failed one."""
    findings = [_python(), _data(settings), _variables(environ)]
    findings += [_workers(settings), _key(settings)]
    findings.append(_proxy(settings, time.time()))
    findings.append(_backup(last_backup(settings.data_dir), datetime.now(UTC)))
    findings += [finding async for finding in _database(settings)]
    if not settings.database_url or settings.database_url.startswith("sqlite"):
        findings += [_sqlite(), *_files(Path(settings.data_dir))]
    findings.append(await _counter(settings))
    return findings


def _python() -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    return Finding("python", "pass", version)


def _data(settings: Settings) -> Finding:
    """Name the folder, whole: an operator in another one sees it."""
    folder = Path(settings.data_dir).absolute()
    if not folder.is_dir():
        return Finding("data_dir", "warn", f"{folder} does not exist yet: serving creates it")
    return Finding("data_dir", "pass", str(folder))


def _variables(environ: Mapping[str, str]) -> Finding:
    """Name mistyped variables, which have no effect."""
    known = {f"SIJILL_{name.upper()}" for name in SETTINGS}
    known |= {f"SIJILL_{name.upper()}_FILE" for name, row in SETTINGS.items() if row.secret}
    strange = sorted(n for n in environ if n.startswith("SIJILL_") and n not in known | _IGNORED)
    if strange:
        return Finding("variables", "warn", f"no setting has these names: {', '.join(strange)}")
    return Finding("variables", "pass", "every SIJILL_ variable is a setting")


def _workers(settings: Settings) -> Finding:
    kind = counter_kind(settings)
    if settings.nodes > 1 and kind != "redis":
        return Finding("counter", "fail", f"{settings.nodes} nodes need redis_url: {kind} is local")
    if servers_apart(settings.data_dir):
        return Finding("counter", "warn", APART)
    return Finding("counter", "pass", f"{kind}, for {settings.workers} worker(s)")


def _key(settings: Settings) -> Finding:
    """Check who can read the key, and that several machines have one key."""
    if settings.secret_key:
        return Finding("secret_key", "pass", "from the settings")
    path = Path(settings.data_dir) / KEY_FILE
    if path.exists() and stat.S_IMODE(path.stat().st_mode) & 0o077:
        return Finding("secret_key", "fail", f"{path} can be read by others: chmod go= it")
    if settings.nodes > 1:
        each = "every machine would make its own key: give all of them one secret_key"
        return Finding("secret_key", "warn", each)
    if not path.exists():
        return Finding(
            "secret_key",
            "pass",
            "not made yet: the first secret of a webhook, or the first sign-in, makes it",
        )
    return Finding("secret_key", "pass", f"{path}: back it up beside the database")


def _proxy(settings: Settings, now: float) -> Finding:
    """Warn of requests with X-Forwarded-For from an address that is not a trusted proxy."""
    if not is_noted(Path(settings.data_dir), settings.trusted_proxies, now):
        return Finding(
            "proxies",
            "pass",
            settings.trusted_proxies or "no proxy is named, and no request came through one",
        )
    return Finding(
        "proxies",
        "warn",
        "requests with X-Forwarded-For come from an address that trusted_proxies does not name: "
        "name the proxy, or its clients share one address and its limits",
    )


def _backup(last: LastBackup | None, now: datetime) -> Finding:
    if last is None:
        advice = "sijill backup FOLDER takes one; PostgreSQL's own means leave no note here"
        return Finding("backup", "warn", f"no backup has been taken from here: {advice}")
    told = f"the last one was taken at {last.taken_at:%Y-%m-%d %H:%M} UTC: {last.folder}"
    status = of_backup(last.taken_at, now)
    advice = "" if status == "pass" else "; take one each day with sijill backup"
    return Finding("backup", status, told + advice)


def _sqlite() -> Finding:
    import apsw

    version = apsw.sqlite_lib_version()
    sound = tuple(map(int, version.split("."))) >= SOUND_SQLITE
    wanted = "" if sound else "; install an apsw with 3.51.3 or newer"
    return Finding("sqlite", "pass" if sound else "fail", version + wanted)


async def _database(settings: Settings) -> AsyncIterator[Finding]:
    try:
        register = await open_register(settings, migrated=False, create=False)
    except NoRegister as fault:
        yield Finding("database", "warn", f"{reason_of(fault)}: serving makes an empty one")
        return
    except (Unavailable, ValueError, OSError) as fault:
        yield Finding("database", "fail", _away(settings, fault))
        return
    try:
        due = await register.schema.pending()
        if due:
            yield Finding("schema", "warn", f"due: {', '.join(due)} (serving applies them)")
            return
        yield Finding("schema", "pass", f"version {await register.schema.version()}")
        stores = await register.stores.all()
        tokens = [token for token in await register.tokens.all() if token.revoked_at is None]
        status: Status = "pass" if stores and tokens else "warn"
        yield Finding("stores", status, f"{len(stores)} store(s), {len(tokens)} token(s) in use")
        yield await _sealed(register)
        yield await _webhooks(register)
        yield await _grants(register, datetime.now(UTC))
        yield await _waiting(register, settings.webhook_waiting)
        for finding in await _replica(settings, register):
            yield finding
        for seen in await register.schema.examine():
            yield Finding(seen.name, "pass" if seen.sound else "fail", seen.sentence)
    except SchemaRefused as fault:
        yield Finding("schema", "fail", str(fault))
    except Unavailable as fault:
        yield Finding("database", "fail", _away(settings, fault))
    finally:
        await register.close()


async def _sealed(register: Register) -> Finding:
    """Name what is sealed under a key that is about to go, or is gone."""
    try:
        *older, newest = [*map(key_id, register.sealed.sealer.keyring.all())] or [b""]
    except (ValueError, OSError) as fault:
        return Finding("sealed", "fail", f"the keys cannot be read: {_reason(fault)}")
    counts = await register.sealed.counts()
    old, missing = sum(counts[id_] for id_ in older), counts.keys() - {*older, newest}
    if missing:
        ids = ", ".join(sorted(id_.hex() for id_ in missing))
        return Finding("sealed", "fail", f"{sum(counts[i] for i in missing)} value(s) need {ids}")
    if old or older:
        advice = "sijill keys rotate --retire seals them again and takes older keys out"
        return Finding("sealed", "warn", f"{old} value(s) under an older key: {advice}")
    return Finding("sealed", "pass", f"{counts.total()} value(s), all under the newest key")


async def _webhooks(register: Register) -> Finding:
    try:
        hooks = await register.webhooks.all()
        await register.apps.all()
    except Unsealable:
        return Finding("webhooks", "fail", "their secrets are sealed under another secret_key")
    except (ValueError, OSError) as fault:
        return Finding("webhooks", "fail", f"their secrets cannot be read: {_reason(fault)}")
    paused = sum(hook.paused is not None for hook in hooks)
    dead = len(await register.deliveries.all(state="dead", limit=MOST_DEAD))
    more = " or more" if dead == MOST_DEAD else ""
    counts = f"{len(hooks)} webhook(s), {paused} paused, {dead}{more} dead deliveries"
    status = of_deliveries(paused, dead)
    advice = "" if status == "pass" else ": see sijill webhook list and deliveries"
    return Finding("webhooks", status, counts + advice)


async def _grants(register: Register, now: datetime) -> Finding:
    """Count the webhooks that wait for a grant of their app."""
    count = len(await register.webhooks.without_grant(now))
    if not count:
        return Finding("grants", "pass", "the app of every webhook has a living grant")
    waiting = f"{count} webhook(s) are paused: their apps have no living token in the store"
    return Finding("grants", "warn", f"{waiting}, see sijill webhook list")


async def _waiting(register: Register, most: int) -> Finding:
    """Name the apps of which no more deliveries may wait."""
    crowded = await register.deliveries.crowded(most)
    if not crowded:
        return Finding("waiting", "pass", f"fewer than {most} deliveries of each app wait")
    apps = ", ".join(f"app {app} in store {store}" for store, app in crowded[:_NAMED])
    more = f" and {len(crowded) - _NAMED} more" if len(crowded) > _NAMED else ""
    made = f"{most} deliveries wait, no more are made (webhook_waiting); the feed has every event"
    return Finding("waiting", "warn", f"{apps}{more}: {made}")


async def _replica(settings: Settings, register: Register) -> list[Finding]:
    """Look whether each replica is a standby of the database, and answers."""
    if not settings.replica_url:
        return [Finding("replica", "pass", "not used")]
    try:
        troubles = await troubles_of(settings, register)
    except ValueError as fault:
        return [Finding("replica", "fail", str(fault))]
    return [_of_replica(place, trouble) for place, trouble in troubles.items()]


def _of_replica(place: str, trouble: str | None) -> Finding:
    if trouble is None:
        return Finding("replica", "pass", f"{place} replays the log")
    effect = "" if trouble == UNMEASURED else "; it is not read"
    return Finding("replica", "warn", f"{place}: {trouble}{effect}")


def _files(folder: Path) -> list[Finding]:
    if not folder.is_dir():
        return []
    findings = [
        Finding("modes", "fail", f"{path} can be read by others: chmod go= it")
        for path in (folder, *sorted(folder.glob("*.db")))
        if stat.S_IMODE(path.stat().st_mode) & 0o077
    ]
    usage = shutil.disk_usage(folder)
    findings = findings or [Finding("modes", "pass", "only the owner can read the files")]
    return [*findings, disk(usage.free, usage.total)]


def disk(free: int, total: int) -> Finding:
    """Return the finding about a disk with so many bytes free."""
    found = f"{free / 2**30:.1f} GiB of {total / 2**30:.1f} GiB free"
    status = of_disk(free, total)
    return Finding("disk", status, found + _SPACE[status])


async def _counter(settings: Settings) -> Finding:
    if counter_kind(settings) != "redis":
        return Finding("redis", "pass", "not used")
    from sijill.limits.redis import trouble
    from sijill.limits.window import CounterAway

    try:
        found = await trouble(settings.redis_url)
    except CounterAway:
        return Finding("redis", "fail", "cannot be reached: limits are counted per process")
    return Finding("redis", "fail" if found else "pass", found or "answers")


def _away(settings: Settings, fault: Exception) -> str:
    if isinstance(fault, ValueError):
        return f"cannot be used: {fault}"
    return f"{place_of(database_url(settings))} cannot be used: {reason_of(fault)}"


def _reason(fault: Exception) -> str:
    return str(fault) if isinstance(fault, ValueError) else reason_of(fault)
