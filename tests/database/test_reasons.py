"""What people are told of a database that is away: where it is, and why, without secrets."""

import asyncio
from urllib.parse import urlsplit

import pytest

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
        ("postgresql:///x", "PGHOST or a local socket"),
        ("sqlite:///var/lib/x.db", "/var/lib/x.db"),
        ("sqlite://:memory:", "memory"),
    ],
)
def test_a_place_has_hosts_and_ports_and_no_secret(url: str, place: str) -> None:
    assert place_of(url) == place


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
