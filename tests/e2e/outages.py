"""
What happens to servers on several machines: one dies, PostgreSQL restarts, Valkey goes away.

`PYTHONPATH=tests .venv/bin/python -m e2e.outages` prints how long nobody was served each time.
"""

import random
import signal
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from fixtures.postgres import PostgresServer, cluster
from fixtures.valkey import Valkey

from e2e.balancing import Machines
from e2e.conftest import ROOT, Shell


class Around(NamedTuple):
    """What the servers stand on."""

    postgres: PostgresServer
    valkey: Valkey
    chance: random.Random


def kill(machines: Machines, around: Around) -> None:
    """Kill one server."""
    around.chance.choice(machines.servers).end(signal.SIGKILL)


def _restart(machines: Machines, around: Around, how: signal.Signals) -> None:
    around.postgres.stop(how)
    try:
        machines.more(503, 1)
    finally:
        around.postgres.start()
    machines.more(200, 50)


def restart(machines: Machines, around: Around) -> None:
    """Stop PostgreSQL as `pg_ctl stop -m fast` does, and start it again."""
    _restart(machines, around, signal.SIGINT)


def crash(machines: Machines, around: Around) -> None:
    """Stop it as `pg_ctl stop -m immediate` does, and start it again."""
    _restart(machines, around, signal.SIGQUIT)


def refuse(machines: Machines, around: Around) -> None:
    """Stop Valkey until it was missed, and start it on the data that it had."""
    around.valkey.stop()
    try:
        machines.more(503, 1)
    finally:
        around.valkey.start()
    machines.more(200, 50)


def share(machines: Machines, around: Around) -> None:
    """Stop Valkey while each server admits its share, and start it on the data that it had."""
    around.valkey.stop()
    try:
        machines.more(200, 30)
    finally:
        around.valkey.start()
    machines.more(200, 30)


class Outage(NamedTuple):
    """What happens, under which setting of `on_counter_error`, and which answers may come."""

    happen: Callable[[Machines, Around], None]
    on_error: str
    statuses: frozenset[int]


OUTAGES = {
    "a server is killed": Outage(kill, "closed", frozenset({0, 200, 429, 503})),
    "PostgreSQL restarts": Outage(restart, "closed", frozenset({200, 429, 503})),
    "PostgreSQL crashes": Outage(crash, "closed", frozenset({200, 429, 503})),
    "Valkey is away, closed": Outage(refuse, "closed", frozenset({200, 429, 503})),
    "Valkey is away, local": Outage(share, "local", frozenset({200, 429})),
}


def run(outage: Outage, shell: Shell, around: Around, database_url: str) -> Machines:
    """Let it happen under load; return the machines once the limit refused every client."""
    machines = Machines(shell, database_url, around.valkey.url, outage.on_error)
    with machines.asked():
        machines.more(200, around.chance.randint(50, 150))
        outage.happen(machines, around)
    return machines


def main() -> None:
    """Measure each of them once."""
    for name, outage in OUTAGES.items():
        with cluster() as postgres, tempfile.TemporaryDirectory() as folder:
            shell = Shell(ROOT / "src", Path(folder))
            valkey = Valkey(Path(folder), appendonly="yes")
            valkey.start()
            try:
                around = Around(postgres, valkey, random.Random(4))
                machines = run(outage, shell, around, postgres.url())
                sys.stdout.write(f"{name}: {machines.gap:.2f} s, {dict(machines.seen)}\n")
            finally:
                for process in shell.started:
                    process.destroy()
                valkey.stop()


if __name__ == "__main__":
    main()
