"""What people are told of a database that is away: where it is, and why, without secrets."""

import asyncio
from inspect import signature
from typing import Any
from urllib.parse import urlsplit

import pytest
from asyncpg import connect_utils

from sijill.database.driver import DatabaseRefused
from sijill.database.reasons import place_of, reason_of
from sijill.errors import Unavailable
from sijill.register import open_register


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("postgresql://sara:topsecret@db.example:6543/x?sslmode=require", "db.example:6543"),
        ("postgres://db.example/x", "db.example:5432"),
        ("postgresql://sara:to@psecret@a:1,b/x", "a:1, b:5432"),
        ("postgresql://[::1]/x", "[::1]:5432"),
        ("postgresql://[::1]:9/x", "[::1]:9"),
        ("postgresql:///x?host=/run/postgresql", "/run/postgresql"),
        ("postgresql:///x?host=/run/a,/run/b&port=5433,5434", "/run/a:5433, /run/b:5434"),
        ("postgresql:///x?host=/run/pg,/run/pg&port=5433,5434", "/run/pg:5433, /run/pg:5434"),
        ("postgresql:///x?port=7&host=a,[::1]", "a:7, [::1]:7"),
        ("postgresql:///x?host=a:3,b&port=7", "a:7, b:7"),
        ("postgresql:///x?host=a:3,b", "a:3, b:5432"),
        ("postgresql://h/x?port=7", "h:5432"),
        ("postgresql:///x", "PGHOST or a local socket"),
        ("sqlite:///var/lib/x.db", "/var/lib/x.db"),
        ("sqlite://:memory:", "memory"),
    ],
)
def test_a_place_has_hosts_and_ports_and_no_secret(url: str, place: str) -> None:
    assert place_of(url) == place


@pytest.mark.parametrize(
    "url",
    [
        "postgresql:///x?host=/run/pg&port=5433",
        "postgresql:///x?host=a:3&port=7",
        "postgresql:///x?host=[::1]&port=7",
        "postgresql://h/x?port=7",
        "postgresql://h:9/x",
    ],
)
def test_a_place_is_where_the_driver_connects(url: str) -> None:
    parse = connect_utils._parse_connect_dsn_and_args
    nothing = dict.fromkeys(signature(parse).parameters)
    ((place, *port),) = map(_parts, parse(**nothing | {"dsn": url, "user": "u"})[0])
    host, _, shown = place_of(url).rpartition(":")
    assert [host.strip("[]"), int(shown)] == [place, *port]


def _parts(address: Any) -> list[Any]:
    """Return host and port, or folder and port, of an address of asyncpg."""
    if not isinstance(address, str):
        return [*address]
    folder, _, port = address.rpartition("/.s.PGSQL.")
    return [folder, int(port)]


def test_a_reason_is_what_to_change_or_the_systems_words_or_the_fault() -> None:
    def away(cause: BaseException) -> Unavailable:
        fault = Unavailable()
        fault.__cause__ = cause
        return fault

    assert reason_of(away(DatabaseRefused("free space"))) == "free space"
    assert reason_of(away(ConnectionRefusedError(111, "Connection refused"))) == (
        "Connection refused"
    )
    assert reason_of(away(TimeoutError())) == "TimeoutError"
    assert reason_of(Unavailable()) == "Unavailable"


@pytest.mark.postgres
@pytest.mark.parametrize(
    ("user", "name", "reason"),
    [
        ("postgres", "nowhere", "it has no such database"),
        ("nobody", "postgres", "it refuses the user or the password"),
    ],
)
def test_a_server_that_refuses_is_told_in_words(
    postgres_url: str, user: str, name: str, reason: str
) -> None:
    parts = urlsplit(postgres_url)
    host = parts.netloc.rpartition("@")[2]
    url = f"postgresql://{user}:topsecret@{host}/{name}"
    url += f"?{parts.query}" if parts.query else ""

    async def ask() -> None:
        register = await open_register(url)
        try:
            await register.stores.all()
        finally:
            await register.close()

    with pytest.raises(Unavailable) as away:
        asyncio.run(ask())
    assert reason_of(away.value) == reason
