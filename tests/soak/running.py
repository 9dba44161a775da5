"""One soak: servers, load, a counter that flaps, samples, and what must hold at the end."""

import asyncio
import json
import re
import subprocess
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, NamedTuple

import asyncpg
from fixtures.postgres import cluster
from fixtures.valkey import Valkey

from soak.house import House, house, name_of, settings_of, sijill
from soak.known import Known
from soak.load import WEIGHTS, Load
from soak.receiver import Receiver
from soak.sampling import held
from soak.slopes import Point

CONFIG = "autovacuum = on\nautovacuum_naptime = 15s\nfsync = on\nfull_page_writes = on"
"""What a server of years has, and those of the other tests do without."""

AT_ONCE = 32
"""Requests without an answer: as many connections at most, or a slow machine would need more."""

LATE = 1.0
"""Seconds of requests that are made good for; a machine that is busy for longer gets fewer."""


class Plan(NamedTuple):
    """How long and how hard; times in seconds."""

    seconds: float
    rate: float = 40.0
    """Requests a second."""
    every: float = 10.0
    """Between two samples."""
    flap: float = 180.0
    """Between two outages of the counter."""
    outage: float = 10.0
    upload: float = 600.0
    """Between two imports."""
    customers: int = 5_000
    closed: bool = False
    """Whether requests are refused while the counter is away, in place of counted apart."""
    seed: int = 1
    patience: float = 120.0
    """For what happens in the background to end."""


class Outcome(NamedTuple):
    """The samples by name, the answers by kind and status, and what was wrong, in words."""

    series: dict[str, list[Point]]
    statuses: Counter[tuple[str, int]]
    faults: list[str]
    counted: dict[str, int]


def run(folder: Path, plan: Plan) -> Outcome:
    """Run a soak in a folder. Raises: RuntimeError if a server does not start."""
    with cluster(CONFIG) as postgres:
        valkey = Valkey(folder)
        valkey.start()
        try:
            on_error = "closed" if plan.closed else "local"
            settings = settings_of(folder, postgres.url(), valkey.url, on_error)
            with house(folder, settings, plan.customers) as made:
                return asyncio.run(Soak(plan, made, valkey).run())
        finally:
            valkey.stop()


class Soak:
    """The run of one plan."""

    def __init__(self, plan: Plan, made: House, valkey: Valkey) -> None:
        self._plan, self._house, self._valkey = plan, made, valkey
        known = Known(plan.seed)
        for number in range(1, plan.customers + 1):
            known.made(number, name_of(number))
        self._load = Load(made, known, plan.seed, closed=plan.closed)
        self._receiver = Receiver(plan.seed)
        self._series: dict[str, list[Point]] = defaultdict(list)
        self._outages = self._uploads = self._degraded = 0
        self._begun = time.monotonic()
        self._end = self._begun + plan.seconds

    async def run(self) -> Outcome:
        """Run to the end, and return the outcome."""
        url = await self._receiver.start()
        for event in ("customer.created", "customer.updated"):
            body = {"event": event, "url": url, "secret": "a secret of both"}
            await self._load.ask("subscribe", "POST", "/webhooks/subscribe", json=body)
        try:
            async with asyncio.TaskGroup() as group:
                for work in (self._requests, self._flap, self._import, self._sample):
                    group.create_task(work())
            await self._check()
        finally:
            await self._load.close()
            await self._receiver.stop()
        return Outcome(
            dict(self._series), self._load.answers.statuses, self._faults(), self._counted()
        )

    async def _requests(self) -> None:
        """Begin requests at an even pace, AT_ONCE of them without an answer at most."""
        names, weights = [*WEIGHTS], [weight for weight, _ in WEIGHTS.values()]
        places = asyncio.Semaphore(AT_ONCE)
        async with asyncio.TaskGroup() as group:
            due = time.monotonic()
            while (now := time.monotonic()) < self._end:
                await asyncio.sleep(due - now)
                await places.acquire()
                (name,) = self._load.chance.choices(names, weights)
                act: Callable[[Load], Coroutine[Any, Any, None]] = WEIGHTS[name][1]  # type: ignore[assignment]
                group.create_task(act(self._load)).add_done_callback(lambda _: places.release())
                due = max(due, now - LATE) + 1 / self._plan.rate

    async def _sleep(self, seconds: float) -> bool:
        """Sleep; return whether there is time left."""
        await asyncio.sleep(max(0.0, min(seconds, self._end - time.monotonic())))
        return time.monotonic() < self._end

    async def _flap(self) -> None:
        while await self._sleep(self._plan.flap):
            await asyncio.to_thread(self._valkey.stop)
            await self._sleep(self._plan.outage)
            await asyncio.to_thread(self._valkey.start)
            self._outages += 1

    async def _import(self) -> None:
        await self._load.upload(self._plan.patience)
        self._uploads = 1
        while await self._sleep(self._plan.upload):
            await self._load.upload(self._plan.patience)
            self._uploads += 1

    async def _sample(self) -> None:
        while await self._sleep(self._plan.every):
            at, now = time.monotonic() - self._begun, held(self._house.pid)
            for name, value in now._asdict().items():
                self._series[name].append((at, float(value)))
            for kind, value in self._load.answers.slowest().items():
                self._series[f"p99 {kind}"].append((at, value))

    async def _check(self) -> None:
        """Look whether all that was acknowledged is there."""
        load, wrong = self._load, self._load.faults
        there = load.known.names | load.imported
        await self._check_refusals()
        answer = await load.insist("check", "GET", "/customers", params={"per_page": 1})
        total = answer.json()["pagination"]["total"] if answer else None
        if total != len(there):
            wrong.append(f"{total} customers are there, and {len(there)} were acknowledged")
        for id_ in [*load.known.some(300), *list(load.imported)[:50]]:
            answer = await load.insist("check", "GET", f"/customers/{id_}")
            if answer is None or answer.json()["data"]["first_name"] != there[id_]:
                wrong.append(f"customer {id_} is not as acknowledged")
        for id_ in sorted(load.known.deleted)[-100:]:
            await load.insist("check", "GET", f"/customers/{id_}", 404)
        await self._check_feed()
        if lost := await self._lost():
            wrong.append(f"{lost} events are neither received nor waiting")
        if told := await asyncio.to_thread(_unverified, self._house):
            wrong.append(f"the audit log: {told}")

    async def _check_refusals(self) -> None:
        """Look whether it was the limiter that refused, by 503, and nothing else."""
        told = await self._load.ask("metrics", "GET", "/metrics")
        found = re.search(r"^limiter_degraded_total (\S+)", told.text if told else "", re.MULTILINE)
        self._degraded = int(float(found[1])) if found else 0
        refused = sum(n for (_, status), n in self._load.answers.statuses.items() if status == 503)
        if refused > self._degraded:
            self._load.faults.append(f"{refused} answers 503, {self._degraded} by the limiter")

    async def _check_feed(self) -> None:
        """Wait until the feed has every creation and deletion that was acknowledged."""
        load, deadline = self._load, time.monotonic() + self._plan.patience
        while True:
            await load.feed()
            told = {name: set[int]() for name in ("customer.created", "customer.deleted")}
            for name, id_ in load.events.values():
                told.setdefault(name, set()).add(id_)
            left = load.created - told["customer.created"]
            left |= load.known.deleted - told["customer.deleted"]
            if not left:
                return
            if time.monotonic() > deadline:
                load.faults.append(f"{len(left)} changes are not in the feed")
                return
            await asyncio.sleep(0.2)

    async def _lost(self) -> int:
        """Return how many events the receiver has not got and nobody will send."""
        heard = {
            id_
            for id_, (name, _) in self._load.events.items()
            if name in ("customer.created", "customer.updated")
        }
        deadline = time.monotonic() + self._plan.patience
        while True:
            connection = await asyncpg.connect(self._house.settings.database_url)
            rows = await connection.fetch(
                "SELECT event_id FROM deliveries WHERE state IN ('pending', 'erased')"
            )
            await connection.close()
            lost = heard - self._receiver.taken - {row[0] for row in rows}
            if not lost or time.monotonic() > deadline:
                return len(lost)
            await asyncio.sleep(0.5)

    def _faults(self) -> list[str]:
        """Return every fault with how often it came, those in the log of the server too."""
        logged: Counter[str] = Counter()
        for line in self._house.log.read_text("utf-8").splitlines():
            entry = json.loads(line)
            away = self._plan.closed and "CounterAway" in entry.get("fault", "")
            if entry["level"] in ("error", "critical") and not away:
                logged[f"in the log: {entry['event']} {entry.get('fault', '')}"] += 1
        return [
            f"{fault} ({count} times)"
            for fault, count in (Counter(self._load.faults) + logged).most_common()
        ]

    def _counted(self) -> dict[str, int]:
        return {
            "requests": sum(self._load.answers.statuses.values()),
            "outages of the counter": self._outages,
            "decisions without it": self._degraded,
            "imports": self._uploads,
            "webhooks received": self._receiver.received,
            "webhooks refused by the receiver": self._receiver.failed,
            "events in the feed": len(self._load.events),
            "customers acknowledged": len(self._load.known.names) + len(self._load.imported),
            "deletions acknowledged": len(self._load.known.deleted),
        }


def _unverified(made: House) -> str:
    """Return what is wrong with the chain of the audit log, or nothing."""
    command = sijill("audit verify", made.settings)
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    return "" if done.returncode == 0 else (done.stdout + done.stderr)[-500:]
