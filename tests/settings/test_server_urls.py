"""Addresses of servers: a password that moves their parts is refused, without a word of it."""

from pathlib import Path

import pytest

from sijill.settings import SettingsFaulty, load

SETTINGS = {
    "database_url": "postgresql",
    "replica_url": "postgresql",
    "redis_url": "redis",
}
"""The settings, and the scheme of each."""

SECRETS = [
    *("sec/ret", "sec?ret", "sec#ret", "sec[ret", "sec]ret", "sec@ret", "sec?ret=x", "/", "?", "#"),
    *("12/ret", "12?ret", "12#ret", "12?ret=x", "12/ret?x", "sec//ret", "@sec", "#ret", "sec/"),
]
BROKEN = [
    "h:port/d",
    "h:65536/d",
    "h:-1/d",
    "u:sec:ret/d",
    "[::1/d",
    "[::1]x/d",
    "h/d?sslmode",
    "h/d?port=many",
    "h/d#x",
    "h/a@b",
]
WHOLE = [
    "h/d",
    "u:sec%2Fret@h/d",
    "u:sec:ret@h/d",
    "u:sec%40ret@h:1,i/d?sslmode=require",
    "u:p@[::1]:9/d",
    "u@/d?host=/x,/y&port=1,2",
    "/d?host=/run&user=me@tenant",
    "u:p@%2Frun%2Fpg/d",
    "h:/d?port=,7",
    "/0",
]


def faults(name: str, value: str, folder: Path) -> list[str]:
    try:
        load({name: value}, {}, folder)
    except SettingsFaulty as faulty:
        return faulty.faults
    return []


@pytest.mark.parametrize("name", SETTINGS)
@pytest.mark.parametrize("secret", SECRETS)
def test_an_unescaped_password_is_refused_and_never_told(
    tmp_path: Path, name: str, secret: str
) -> None:
    (told,) = faults(name, f"{SETTINGS[name]}://user:{secret}@host/d", tmp_path)
    assert told.startswith(f"{name} (--{name.replace('_', '-')}): write ports in digits, and in ")
    assert "sec" not in told
    assert "ret" not in told


@pytest.mark.parametrize("name", SETTINGS)
@pytest.mark.parametrize("rest", BROKEN)
def test_an_address_whose_parts_cannot_be_is_refused(tmp_path: Path, name: str, rest: str) -> None:
    assert len(faults(name, f"{SETTINGS[name]}://{rest}", tmp_path)) == 1


@pytest.mark.parametrize("name", SETTINGS)
@pytest.mark.parametrize("rest", WHOLE)
def test_other_addresses_are_taken(tmp_path: Path, name: str, rest: str) -> None:
    assert faults(name, f"{SETTINGS[name]}://{rest}", tmp_path) == []


@pytest.mark.parametrize("url", ["", "sqlite:////x/a#b@c.db", "sqlite://:memory:", "/x/a@b.db"])
def test_a_file_may_have_any_name(tmp_path: Path, url: str) -> None:
    assert faults("database_url", url, tmp_path) == []
