"""
Four servers on one PostgreSQL and one Valkey, behind a balancer; under load something goes away.

Clients create customers, each with a key of its own, and send a request again if its connection
broke or the answer was 503. A request without an answer may have been counted, so of a window of
500 as many may be missing, and not one too many.
"""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from fixtures.postgres import PostgresServer
from fixtures.valkey import Valkey

from e2e.balancing import LIMIT
from e2e.conftest import Shell
from e2e.outages import OUTAGES, Around, run

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.postgres,
    pytest.mark.proves(
        "of four servers on one PostgreSQL and one Valkey behind a balancer, one that is killed, a "
        "restart or a crash of PostgreSQL, and a Valkey that is away, all under load, take no "
        "acknowledged write with them; every answer is a documented one, and the limit is not "
        "exceeded by one while Valkey lives or `on_counter_error` is `closed`"
    ),
]


@pytest.fixture
def kept_valkey(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Valkey]:
    """A server that has its counts again after a restart, as the guide says."""
    server = Valkey(Path(tmp_path_factory.mktemp("v")), appendonly="yes")
    server.start()
    yield server
    server.stop()


@pytest.mark.parametrize("name", OUTAGES)
def test_nothing_acknowledged_is_lost_and_the_limit_is_kept(
    name: str,
    shell: Shell,
    postgres_server: PostgresServer,
    migrated_postgres_url: str,
    kept_valkey: Valkey,
) -> None:
    outage = OUTAGES[name]
    around = Around(postgres_server, kept_valkey, random.Random(4))
    machines = run(outage, shell, around, migrated_postgres_url)
    seen, made = machines.seen, machines.made
    assert set(seen) <= outage.statuses
    if outage.on_error == "closed":
        assert LIMIT - seen[0] - seen[503] <= seen[200] <= LIMIT
    else:
        assert seen[200] <= 2 * LIMIT, "the limit, and of what it had left each server's share"
    assert len(set(made)) == len(made)
    assert set(made) <= machines.kept()
