"""
Four servers on one PostgreSQL and one Valkey, behind a balancer; under load something goes away.

Clients create customers, each with a key of its own, and send a request again if its connection
broke or the answer was 503. A request without an answer may have been counted, so of a window of
500 as many may be missing, and not one too many.
"""

import random
from collections.abc import Iterator

import pytest
from fixtures.postgres import PostgresServer
from fixtures.standby import both, pair
from fixtures.valkey import Valkey

from e2e import outages
from e2e.balancing import LIMIT
from e2e.conftest import Shell
from e2e.outages import FAILOVERS, OUTAGES, Around, Outage, run

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.postgres,
    pytest.mark.proves(
        "of four servers on one PostgreSQL and one Valkey behind a balancer, one that is killed, a "
        "restart, a crash or a failover of PostgreSQL, and a Valkey that is away, all under load, "
        "take no acknowledged write with them; every answer is a documented one, and the limit is "
        "not exceeded by one while Valkey lives or `on_counter_error` is `closed`"
    ),
]


@pytest.fixture
def kept_valkey(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Valkey]:
    """A Valkey that has its counts again after a restart."""
    with outages.kept_valkey(tmp_path_factory.mktemp("v")) as server:
        yield server


@pytest.mark.parametrize("name", OUTAGES)
def test_nothing_acknowledged_is_lost_and_the_limit_is_kept(
    name: str,
    shell: Shell,
    postgres_server: PostgresServer,
    migrated_postgres_url: str,
    kept_valkey: Valkey,
) -> None:
    around = Around(postgres_server, kept_valkey, random.Random(4))
    nothing_is_lost(OUTAGES[name], shell, around, migrated_postgres_url)


@pytest.mark.parametrize("name", FAILOVERS)
def test_servers_that_know_two_hosts_go_on_where_the_standby_is_promoted(
    name: str, shell: Shell, kept_valkey: Valkey
) -> None:
    with pair() as (primary, standby):
        around = Around(primary, kept_valkey, random.Random(4), standby)
        nothing_is_lost(FAILOVERS[name], shell, around, both(primary, standby))


def nothing_is_lost(outage: Outage, shell: Shell, around: Around, url: str) -> None:
    machines = run(outage, shell, around, url)
    seen, made = machines.seen, machines.made
    assert set(seen) <= outage.statuses
    if outage.on_error == "closed":
        assert LIMIT - seen[0] - seen[503] <= seen[200] <= LIMIT
    else:
        assert seen[200] <= 2 * LIMIT, "the limit, and of what it had left each server's share"
    assert len(set(made)) == len(made)
    assert set(made) <= machines.kept()
