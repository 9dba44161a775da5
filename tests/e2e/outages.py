"""
What happens to servers on several machines: one dies, PostgreSQL restarts, Valkey goes away.

`PYTHONPATH=tests .venv/bin/python -m e2e.outages` prints how long nobody was served each time.
"""

import random
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from fixtures.postgres import PostgresServer, cluster
from fixtures.standby import StandbyServer, both, pair
from fixtures.valkey import Valkey

from e2e.balancing import Machines
from e2e.conftest import ROOT, Shell


class Around(NamedTuple):
    """What the servers stand on."""

    postgres: PostgresServer
    valkey: Valkey
    chance: random.Random
    standby: StandbyServer | None = None


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


def fail_over(machines: Machines, around: Around) -> None:
    """Stop the primary at once, and promote its standby."""
    around.postgres.stop(signal.SIGQUIT)
    _promote(machines, around)


def vanish(machines: Machines, around: Around) -> None:
    """Let the primary answer nothing any more, as a machine without power, and do the same."""
    with around.postgres.frozen():
        _promote(machines, around)
        around.postgres.kill()


def _promote(machines: Machines, around: Around) -> None:
    assert around.standby is not None
    machines.more(503, 1)
    around.standby.promote()
    machines.more(200, 50)


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

FAILOVERS = {
    "a standby takes over": Outage(fail_over, "closed", frozenset({200, 429, 503})),
    "the same, no connection was closed": Outage(vanish, "closed", frozenset({200, 429, 503})),
}
"""Those whose servers know a primary and a standby."""


def run(outage: Outage, shell: Shell, around: Around, database_url: str) -> Machines:
    """Let it happen under load; return the machines once the limit refused every client."""
    machines = Machines(shell, database_url, around.valkey.url, outage.on_error)
    with machines.asked():
        machines.more(200, around.chance.randint(50, 150))
        outage.happen(machines, around)
    return machines


@contextmanager
def kept_valkey(folder: Path) -> Iterator[Valkey]:
    """Yield a server that has its counts again after a restart, as the guide says."""
    server = Valkey(folder, appendonly="yes")
    server.start()
    try:
        yield server
    finally:
        server.stop()


def measure(name: str, outage: Outage, url: str, around: Around, folder: Path) -> None:
    """Let it happen, and print how long nobody was served."""
    shell = Shell(ROOT / "src", folder)
    try:
        machines = run(outage, shell, around, url)
        sys.stdout.write(f"{name}: {machines.gap:.2f} s, {dict(machines.seen)}\n")
    finally:
        for process in shell.started:
            process.destroy()


def main() -> None:
    """Measure each of them once."""
    for name, outage in (OUTAGES | FAILOVERS).items():
        with tempfile.TemporaryDirectory() as folder, kept_valkey(Path(folder)) as valkey:
            chance = random.Random(4)
            if name in FAILOVERS:
                with pair() as (primary, standby):
                    around = Around(primary, valkey, chance, standby)
                    measure(name, outage, both(primary, standby), around, Path(folder))
            else:
                with cluster() as postgres:
                    around = Around(postgres, valkey, chance)
                    measure(name, outage, postgres.url(), around, Path(folder))


if __name__ == "__main__":
    main()
